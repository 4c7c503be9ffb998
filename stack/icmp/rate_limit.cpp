#include "stack/icmp/rate_limit.hpp"

#include <algorithm>

namespace hop {

TokenBucket::Level TokenBucket::level(Instant now) noexcept {
  refill(now);
  if (credit_ < kToken) return Level::empty;
  if (credit_ < full_ / 8) return Level::reserve;
  return credit_ < full_ / 4 ? Level::low : Level::ample;
}

void TokenBucket::charge(Random& random) noexcept {
  credit_ -= random.below(3) * kToken;  // may leave a debt, so that the average is exact
}

bool TokenBucket::take(Instant now, Random& random) noexcept {
  if (level(now) == Level::empty) return false;
  charge(random);
  return true;
}

void TokenBucket::refill(Instant now) noexcept {
  const std::int64_t elapsed = (now - last_).count();
  last_ = now;
  if (rate_ == 0 || elapsed <= 0) return;
  // Compared before multiplying: an hour at a high rate does not fit into 64 bits.
  const std::int64_t missing = full_ - credit_;
  credit_ = elapsed > missing / rate_ ? full_ : credit_ + elapsed * rate_;
}

bool PeerBucket::take(Instant now, const PeerRate& limit) noexcept {
  constexpr Duration kSecond = std::chrono::seconds{1};
  const Duration interval = kSecond / limit.rate;
  const Instant free = std::max(until, now);
  if (free - now > (std::int64_t{limit.burst} - 1) * interval) return false;
  until = free + interval;
  return true;
}

}  // namespace hop
