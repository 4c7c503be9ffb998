#pragma once
// Which ports are in use.

#include <array>
#include <cstdint>
#include <optional>

#include "stack/ip/filter.hpp"

namespace hop {

/// A set of ports in which 64 are looked at in one step, so that to find that none is free costs
/// about as much as to find one.
class PortSet {
 public:
  /// Which ports are wanted: a bit for each of 64 in a row.
  enum class Among : std::uint64_t {
    all = ~0ULL,
    even = 0x5555555555555555ULL,
    odd = ~0x5555555555555555ULL
  };
  [[nodiscard]] static Among alike(std::uint16_t port) {
    return port % 2 == 0 ? Among::even : Among::odd;
  }

  void add(std::uint16_t port) { words_[port / 64] |= bit(port); }
  void remove(std::uint16_t port) { words_[port / 64] &= ~bit(port); }

  /// The first that is not in the set, of those wanted in `range`.
  [[nodiscard]] std::optional<std::uint16_t> first_free(PortRange range, Among among) const;
  /// The same from `start`, one of the range, on and round.
  [[nodiscard]] std::optional<std::uint16_t> first_free_from(std::uint16_t start, PortRange range,
                                                             Among among) const;

 private:
  static std::uint64_t bit(std::uint16_t port) { return 1ULL << (port % 64); }

  std::array<std::uint64_t, 1024> words_{};
};

}  // namespace hop
