#include "stack/net/link.hpp"

#include <algorithm>

namespace hop {

// Packets that are under way arrive when they would have; those that follow wait for what the link
// has still to send, which is the same number of bits.
void LinkEnd::change_rate(std::uint64_t to, Instant now) {
  if (to != 0 && rate != 0 && busy_until > now) {
    const auto left = static_cast<double>((busy_until - now).count());
    const double then = left * static_cast<double>(rate) / static_cast<double>(to);
    busy_until = now + Duration{static_cast<std::int64_t>(std::min(then, 86400e9))};
  }
  rate = to;
}

Instant LinkEnd::transmit(std::size_t size, Instant now) {
  if (rate == 0) return now;
  constexpr std::uint64_t kNanoseconds = 1'000'000'000;
  const std::uint64_t bits = std::uint64_t{size} * 8;
  const Duration time{static_cast<std::int64_t>(bits * kNanoseconds / rate)};
  busy_until = std::max(busy_until, now) + time;
  return busy_until;
}

}  // namespace hop
