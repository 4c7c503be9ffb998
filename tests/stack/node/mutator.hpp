#pragma once
// Packets that are almost right.

#include <vector>

#include "stack/base/random.hpp"
#include "tests/stack/node/bench.hpp"

namespace hop {

/// Of every kind that the router of the bench has something to say about.
[[nodiscard]] std::vector<Wire> mutator_seeds();

/// Packets that are almost right: some bytes changed, some cut, most with a right header checksum.
class Mutator {
 public:
  explicit Mutator(std::uint64_t seed) : random_(seed) {}

  Wire next() {
    Wire packet = seeds_[random_.below(static_cast<std::uint32_t>(seeds_.size()))];
    const std::uint32_t changes = random_.below(5);
    for (std::uint32_t i = 0; i < changes; ++i) packet = changed(packet);
    if (random_.below(8) == 0) packet = packet.truncated(random_.below(as_u32(packet.size()) + 1));
    const bool resum = packet.size() >= 20 && random_.below(8) != 0;
    return resum ? packet.resummed() : packet;
  }
  Wire noise() {
    std::vector<std::byte> bytes(random_.below(200));
    for (std::byte& byte : bytes) byte = static_cast<std::byte>(random_.below(256));
    return Wire{std::move(bytes)};
  }
  std::uint32_t below(std::uint32_t bound) { return random_.below(bound); }

 private:
  static std::uint32_t as_u32(std::size_t n) { return static_cast<std::uint32_t>(n); }
  Wire changed(const Wire& packet) {
    const std::uint32_t reach = random_.below(2) == 0 ? 60 : as_u32(packet.size());
    const std::size_t at = random_.below(std::min(reach, as_u32(packet.size())));
    return patched(packet, at, static_cast<std::uint8_t>(random_.below(256)));
  }

  Random random_;
  std::vector<Wire> seeds_ = mutator_seeds();
};

}  // namespace hop
