#include "stack/net/link.hpp"

#include <algorithm>

namespace hop {

Instant LinkEnd::transmit(std::size_t size, Instant now) {
  if (rate == 0) return now;
  constexpr std::uint64_t kNanoseconds = 1'000'000'000;
  const std::uint64_t bits = std::uint64_t{size} * 8;
  const Duration time{static_cast<std::int64_t>(bits * kNanoseconds / rate)};
  busy_until = std::max(busy_until, now) + time;
  return busy_until;
}

}  // namespace hop
