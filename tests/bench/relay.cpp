#include "tests/bench/relay.hpp"

#include <poll.h>
#include <unistd.h>

#include <array>
#include <cstddef>
#include <vector>

#include "tests/bench/raw.hpp"
#include "tests/bench/tun_file.hpp"

namespace hop::bench {
namespace {

constexpr int kBatch = 64;
constexpr std::size_t kLargest = 65536 + 64;

// What is no IPv4 or has no TTL left goes nowhere.
bool pass_on(std::byte* packet, std::size_t size) {
  if (size < raw::kHeader || packet[0] != std::byte{0x45} || packet[raw::kTtl] <= std::byte{1}) {
    return false;
  }
  raw::decrement_ttl(packet);
  return true;
}

// A batch in one direction; were there any packets?
bool move(int from, int to, std::vector<std::byte>& buffer, std::size_t in_front) {
  int count = 0;
  for (; count < kBatch; ++count) {
    const ssize_t got = ::read(from, buffer.data(), buffer.size());
    if (got <= 0) break;
    const auto size = static_cast<std::size_t>(got);
    const bool passes = size > in_front && pass_on(buffer.data() + in_front, size - in_front);
    if (passes && ::write(to, buffer.data(), size) < 0) continue;  // dropped, as routers do
  }
  return count > 0;
}

}  // namespace

void relay(int one, int other, bool super_packets) {
  const std::size_t in_front = super_packets ? kVnetHeader : 0;
  std::vector<std::byte> buffer(kLargest);
  for (;;) {
    const bool there = move(one, other, buffer, in_front);
    const bool back = move(other, one, buffer, in_front);
    std::array<pollfd, 2> waiting{{{one, POLLIN, 0}, {other, POLLIN, 0}}};
    if (!there && !back) ::poll(waiting.data(), waiting.size(), -1);
  }
}

}  // namespace hop::bench
