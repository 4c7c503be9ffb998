#include "stack/net/link.hpp"

#include <algorithm>

namespace hop {

Instant Link::transmit(LinkAddress from, std::size_t size, Instant now) {
  if (rate == 0) return now;
  constexpr std::uint64_t kNanoseconds = 1'000'000'000;
  const std::uint64_t bits = std::uint64_t{size} * 8;
  const Duration time{static_cast<std::int64_t>(bits * kNanoseconds / rate)};
  Instant& busy = ends[from].busy_until;
  busy = std::max(busy, now) + time;
  return busy;
}

}  // namespace hop
