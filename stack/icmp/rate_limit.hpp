#pragma once
// Token buckets (RFC 1812 section 4.3.2.8).

#include <cstdint>

#include "stack/base/clock.hpp"
#include "stack/base/random.hpp"

namespace hop {

/// A token bucket whose messages cost 0, 1 or 2 tokens at random, 1 on average: the rate holds,
/// but nobody can count the bucket from outside to learn whether an error was sent to somebody
/// else (CVE-2020-25705).
class TokenBucket {
 public:
  /// How much is left.
  enum class Level : std::uint8_t {
    empty,    ///< nothing to take
    reserve,  ///< less than an eighth
    low,      ///< less than a quarter
    ample,
  };

  /// `rate` in tokens per second; `burst` tokens are there at the start and at most.
  TokenBucket(std::uint32_t rate, std::uint32_t burst) noexcept
      : rate_(rate), full_(std::int64_t{burst} * kToken), credit_(full_) {}

  /// What is left at `now`.
  [[nodiscard]] Level level(Instant now) noexcept;
  /// Takes the cost of one message, from a bucket that is not empty.
  void charge(Random& random) noexcept;
  /// Takes the cost of one message. False when the bucket is empty.
  [[nodiscard]] bool take(Instant now, Random& random) noexcept;

 private:
  static constexpr std::int64_t kToken = 1'000'000'000;  // so that a nanosecond adds `rate`

  void refill(Instant now) noexcept;

  std::int64_t rate_;
  std::int64_t full_;
  std::int64_t credit_;
  Instant last_{};
};

/// `rate` messages per second and `burst` at once, each at the same cost: for the limit of one
/// peer, who can count only what it is sent itself.
struct PeerRate {
  std::uint32_t rate;
  std::uint32_t burst;
};

/// A token bucket in one number: when it will be full again (the generic cell rate algorithm).
struct PeerBucket {
  Instant until{};

  /// Takes one message. False when the bucket is empty.
  [[nodiscard]] bool take(Instant now, const PeerRate& limit) noexcept;
};

}  // namespace hop
