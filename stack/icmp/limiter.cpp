#include "stack/icmp/limiter.hpp"

#include <algorithm>
#include <utility>

namespace hop {
namespace {

// Of the reserve: the three probes that traceroute sends to a hop, and one more each second.
// Whoever empties a bucket of at least 48 has had its share by then, even at a cost of 2 for each.
constexpr PeerRate kShare{.rate = 1, .burst = 3};

std::optional<TokenBucket> bucket_for(std::uint32_t rate, std::uint32_t burst) {
  if (rate == IcmpPolicy::kUnlimited) return std::nullopt;
  return TokenBucket{rate, burst};
}

std::optional<PeerRate> peer_rate_of(const IcmpPolicy& policy) {
  if (policy.peer_rate == IcmpPolicy::kUnlimited) return std::nullopt;
  return PeerRate{.rate = policy.peer_rate, .burst = policy.peer_burst};
}

// What a node tells without having been asked: the errors, and the reports of RFC 1393.
bool is_report(IcmpType type) { return is_error(type) || type == IcmpType::traceroute; }

}  // namespace

IcmpLimiter::IcmpLimiter(const IcmpPolicy& policy, std::uint64_t key)
    : errors_(bucket_for(policy.rate, policy.burst)),
      peer_rate_(peer_rate_of(policy)),
      peers_(key) {
  for (const ClassLimit& limit : policy.class_limits) {
    classes_.push_back({.type = limit.type,
                        .bucket = bucket_for(limit.rate.value_or(policy.rate),
                                             limit.burst.value_or(policy.burst))});
  }
  // RFC 8335 section 8: limited, whether or not there is a rate for it among the others.
  const bool answers = policy.answers[std::to_underlying(IcmpType::extended_echo)];
  if (answers && class_of(IcmpType::extended_echo_reply) == nullptr) {
    const std::uint32_t rate = policy.extended_echo.rate;
    classes_.push_back({.type = IcmpType::extended_echo_reply, .bucket = bucket_for(rate, rate)});
  }
}

const IcmpLimiter::Class* IcmpLimiter::class_of(IcmpType type) const noexcept {
  const auto at = std::ranges::find(classes_, type, &Class::type);
  return at == classes_.end() ? nullptr : &*at;
}

// A class that is unlimited by name is not limited per peer either.
bool IcmpLimiter::applies_to(IcmpType type) const noexcept {
  if (const Class* const own = class_of(type)) return own->bucket.has_value();
  return is_report(type) && (errors_ || peer_rate_);
}

TokenBucket* IcmpLimiter::bucket_of(IcmpType type) noexcept {
  const auto at = std::ranges::find(classes_, type, &Class::type);
  std::optional<TokenBucket>& bucket = at == classes_.end() ? errors_ : at->bucket;
  return bucket ? &*bucket : nullptr;
}

NotTold IcmpLimiter::take(IcmpType type, Ipv4Address peer, Instant now, Random& random) {
  if (!applies_to(type)) return NotTold::told;
  TokenBucket* const bucket = bucket_of(type);
  const auto level = bucket != nullptr ? bucket->level(now) : TokenBucket::Level::ample;
  if (level == TokenBucket::Level::empty) return NotTold::rate_limited;
  if (const NotTold why = take_share(level, peer, now); why != NotTold::told) return why;
  if (bucket != nullptr) bucket->charge(random);
  return NotTold::told;
}

NotTold IcmpLimiter::take_share(TokenBucket::Level level, Ipv4Address peer, Instant now) {
  if (peer_rate_) {
    return peers_.of(peer).take(now, *peer_rate_) ? NotTold::told : NotTold::peer_limited;
  }
  if (level == TokenBucket::Level::ample) return NotTold::told;
  const bool has_share = peers_.of(peer).take(now, kShare);
  return has_share || level == TokenBucket::Level::low ? NotTold::told : NotTold::rate_limited;
}

}  // namespace hop
