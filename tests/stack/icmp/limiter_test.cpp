// Limits by class and by peer (RFC 1812 section 4.3.2.8).

#include "stack/icmp/limiter.hpp"

#include <gtest/gtest.h>

#include "stack/icmp/redirect_backoff.hpp"

namespace hop {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;

constexpr Instant kStart{std::chrono::hours{24} * 365 * 55};
constexpr Ipv4Address kA{10, 0, 0, 1};
constexpr Ipv4Address kB{10, 0, 0, 2};
constexpr std::uint64_t kKey = 0x9e3779b97f4a7c15;

/// A limiter at an instant.
struct Limited {
  explicit Limited(const IcmpPolicy& policy) : limiter(policy, kKey) {}

  NotTold take(IcmpType type, Ipv4Address peer) { return limiter.take(type, peer, now, random); }
  /// How many of `offered` messages to a peer pass.
  int passed(IcmpType type, Ipv4Address peer, int offered) {
    int count = 0;
    for (int i = 0; i < offered; ++i) count += take(type, peer) == NotTold::told ? 1 : 0;
    return count;
  }

  IcmpLimiter limiter;
  Random random{1};
  Instant now = kStart;
};

IcmpPolicy limit(std::uint32_t rate, std::uint32_t burst) {
  IcmpPolicy policy;
  policy.rate = rate;
  policy.burst = burst;
  return policy;
}

IcmpPolicy per_peer(std::uint32_t rate, std::uint32_t burst) {
  IcmpPolicy policy = limit(IcmpPolicy::kUnlimited, 0);
  policy.peer_rate = rate;
  policy.peer_burst = burst;
  return policy;
}

constexpr IcmpType kErrors[] = {IcmpType::dest_unreachable, IcmpType::source_quench,
                                IcmpType::redirect, IcmpType::time_exceeded,
                                IcmpType::parameter_problem};
constexpr IcmpType kReplies[] = {IcmpType::echo_reply, IcmpType::timestamp_reply,
                                 IcmpType::information_reply, IcmpType::address_mask_reply};

TEST(IcmpLimiter, HasOneBucketForAllErrorsAndNoneForReplies) {
  Limited limited{limit(1, 1)};
  for (const IcmpType type : kErrors) EXPECT_TRUE(limited.limiter.applies_to(type));
  for (const IcmpType type : kReplies) EXPECT_FALSE(limited.limiter.applies_to(type));
  (void)limited.passed(IcmpType::time_exceeded, kA, 100);
  for (const IcmpType type : kErrors) {
    EXPECT_EQ(limited.take(type, kB), NotTold::rate_limited) << name(type);
  }
}

TEST(IcmpLimiter, GivesAClassItsOwnBucket) {
  IcmpPolicy policy = limit(1, 1);
  policy.class_limit(IcmpType::dest_unreachable).burst = 200;
  policy.class_limit(IcmpType::echo_reply) = {IcmpType::echo_reply, 10, 20};
  Limited limited{policy};
  (void)limited.passed(IcmpType::time_exceeded, kA, 100);
  EXPECT_GE(limited.passed(IcmpType::dest_unreachable, kB, 1000), 75);
  EXPECT_EQ(limited.take(IcmpType::dest_unreachable, kB), NotTold::rate_limited);
  const int replies = limited.passed(IcmpType::echo_reply, kB, 1000);
  EXPECT_GE(replies, 7);
  EXPECT_LE(replies, 40);
}

TEST(IcmpLimiter, LeavesAClassUnlimitedThatIsSaidToBe) {
  IcmpPolicy policy = limit(1, 1);
  policy.peer_rate = 1;
  policy.peer_burst = 1;
  policy.class_limit(IcmpType::redirect).rate = IcmpPolicy::kUnlimited;
  Limited limited{policy};
  EXPECT_EQ(limited.passed(IcmpType::redirect, kA, 1000), 1000);
}

TEST(PeerLimit, LetsItsBurstPassAndThenItsRate) {
  Limited limited{per_peer(10, 6)};
  EXPECT_EQ(limited.passed(IcmpType::time_exceeded, kA, 100), 6);
  EXPECT_EQ(limited.take(IcmpType::time_exceeded, kA), NotTold::peer_limited);
  limited.now += milliseconds{99};
  EXPECT_EQ(limited.passed(IcmpType::time_exceeded, kA, 100), 0);
  limited.now += milliseconds{1};
  EXPECT_EQ(limited.passed(IcmpType::time_exceeded, kA, 100), 1);
  limited.now += seconds{100};
  EXPECT_EQ(limited.passed(IcmpType::time_exceeded, kA, 100), 6) << "no more than the burst";
}

TEST(PeerLimit, IsEachPeersOwnAndOneForAllErrors) {
  Limited limited{per_peer(1, 3)};
  EXPECT_EQ(limited.passed(IcmpType::time_exceeded, kA, 10), 3);
  EXPECT_EQ(limited.passed(IcmpType::dest_unreachable, kA, 10), 0);
  EXPECT_EQ(limited.passed(IcmpType::dest_unreachable, kB, 10), 3);
  EXPECT_EQ(limited.passed(IcmpType::echo_reply, kA, 10), 10) << "a reply is not an error";
}

TEST(PeerLimit, DoesNotUseUpTheNodesCredit) {
  IcmpPolicy policy = limit(1, 100);
  policy.peer_rate = 1;
  policy.peer_burst = 2;
  Limited limited{policy};
  (void)limited.passed(IcmpType::time_exceeded, kA, 100'000);
  int told = 0;
  for (std::uint8_t i = 0; i < 40; ++i) {
    told += limited.passed(IcmpType::time_exceeded, Ipv4Address{10, 0, 1, i}, 1);
  }
  EXPECT_EQ(told, 40);
}

TEST(PeerLimit, IsNotUsedUpWhileTheNodeIsSilent) {
  IcmpPolicy policy = limit(1000, 20);
  policy.peer_rate = 1;
  policy.peer_burst = 3;
  Limited limited{policy};
  Ipv4Address other{10, 0, 1, 0};
  while (limited.take(IcmpType::time_exceeded, other) == NotTold::told) ++other.value;
  EXPECT_EQ(limited.take(IcmpType::time_exceeded, kB), NotTold::rate_limited);
  limited.now += milliseconds{100};
  EXPECT_EQ(limited.passed(IcmpType::time_exceeded, kB, 10), 3);
}

TEST(PeerLimit, RemembersTheBusiestWhenThereAreMoreThanItHasRoomFor) {
  Limited limited{per_peer(1, 2)};
  // A has used up its burst; every newcomer uses one message and is forgotten first.
  EXPECT_EQ(limited.passed(IcmpType::time_exceeded, kA, 10), 2);
  for (std::uint32_t i = 0; i < 100'000; ++i) {
    (void)limited.take(IcmpType::time_exceeded, Ipv4Address{0x0b000000 + i});
  }
  EXPECT_EQ(limited.passed(IcmpType::time_exceeded, kA, 10), 0);
}

TEST(PeerLimit, SurvivesTheGreatestRateAndBurst) {
  Limited limited{per_peer(0xfffffffe, 0xffffffff)};
  EXPECT_EQ(limited.passed(IcmpType::time_exceeded, kA, 10'000), 10'000);
}

// X9 of no RFC: one who is flooded with errors must not silence the node for the others.
TEST(Reserve, IsForThoseWhoHaveBeenToldLittle) {
  for (const std::uint32_t burst : {48U, 50U, 1000U}) {
    for (std::uint64_t seed = 0; seed < 200; ++seed) {
      Limited limited{limit(100, burst)};
      limited.random = Random{seed};
      (void)limited.passed(IcmpType::time_exceeded, kA, 5000);
      EXPECT_EQ(limited.take(IcmpType::time_exceeded, kA), NotTold::rate_limited);
      EXPECT_EQ(limited.take(IcmpType::time_exceeded, kB), NotTold::told) << burst << ' ' << seed;
    }
  }
}

TEST(Reserve, OutlastsALongFlood) {
  Limited limited{limit(1000, 1000)};
  int told = 0;
  for (int i = 0; i < 600'000; ++i) {  // a minute at ten times the rate
    limited.now += std::chrono::microseconds{100};
    told += limited.passed(IcmpType::time_exceeded, kA, 1);
    if (i % 10'000 == 9'999) {
      EXPECT_EQ(limited.take(IcmpType::time_exceeded, kB), NotTold::told) << i;
    }
  }
  EXPECT_NEAR(told, 60'875, 2'000) << "and the flooder gets what the rate allows";
}

TEST(Reserve, LetsATracerouteOfThreeProbesPass) {
  Limited limited{limit(1000, 1000)};
  (void)limited.passed(IcmpType::time_exceeded, kA, 5000);
  EXPECT_EQ(limited.passed(IcmpType::time_exceeded, kB, 5), 3);
}

TEST(Reserve, CostsNothingWhileThereIsPlenty) {
  Limited limited{limit(1000, 1000)};
  EXPECT_EQ(limited.passed(IcmpType::time_exceeded, kA, 250), 250);
}

TEST(RedirectBackoff, DoublesThePauseUntilItFallsSilent) {
  RedirectBackoff backoff{kKey};
  std::vector<std::int64_t> sent;  // milliseconds
  for (std::int64_t ms = 0; ms < 60'000; ++ms) {
    if (backoff.due(kA, kStart + milliseconds{ms})) sent.push_back(ms);
  }
  // 20 ms shifted by the number sent, passed by one tick.
  EXPECT_EQ(sent, (std::vector<std::int64_t>{0, 41, 122, 283, 604, 1245, 2526, 5087, 10208}));
}

TEST(RedirectBackoff, BeginsAnewAfterTheSourceWasQuietFor20Seconds) {
  RedirectBackoff backoff{kKey};
  Instant now = kStart;
  for (; now < kStart + seconds{30}; now += milliseconds{10}) (void)backoff.due(kA, now);
  EXPECT_FALSE(backoff.due(kA, now + milliseconds{20'470}));
  EXPECT_TRUE(backoff.due(kA, now + milliseconds{20'470 + 20'481}));
}

TEST(RedirectBackoff, IsEachSourcesOwn) {
  RedirectBackoff backoff{kKey};
  EXPECT_TRUE(backoff.due(kA, kStart));
  EXPECT_FALSE(backoff.due(kA, kStart));
  EXPECT_TRUE(backoff.due(kB, kStart));
}

}  // namespace
}  // namespace hop
