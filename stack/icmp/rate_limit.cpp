#include "stack/icmp/rate_limit.hpp"

#include <algorithm>

namespace hop {

bool TokenBucket::take(Instant now, Random& random) noexcept {
  refill(now);
  if (credit_ < kToken) return false;
  credit_ -= random.below(3) * kToken;  // may leave a debt, so that the average is exact
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

}  // namespace hop
