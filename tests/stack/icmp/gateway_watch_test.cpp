// Dead gateway detection (RFC 1122 section 3.3.1.4).

#include "stack/icmp/gateway_watch.hpp"

#include <gtest/gtest.h>

namespace hop {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;

constexpr Instant kNow{seconds{1'735'689'600}};
constexpr Ipv4Address kGateway{10, 0, 1, 1};
constexpr Ipv4Address kOther{10, 0, 1, 3};
constexpr Instant kDoubt = kNow + GatewayWatch::kTrust;

/// The next request, when it is due; a failure if none is.
GatewayWatch::Request request_at(GatewayWatch& watch, Instant at) {
  EXPECT_EQ(watch.next(), at);
  const auto request = watch.take_due(at);
  EXPECT_TRUE(request.has_value());
  EXPECT_FALSE(watch.take_due(at).has_value()) << "one at a time";
  return request.value_or(GatewayWatch::Request{});
}

/// Lets kGateway, used first at kNow, be asked in vain from `at` on.
void lose_at(GatewayWatch& watch, Instant at) {
  for (int i = 0; i < GatewayWatch::kRequests; ++i) request_at(watch, at + i * seconds{1});
  EXPECT_EQ(watch.next(), at + seconds{3});
  EXPECT_FALSE(watch.is_dead(kGateway));
  EXPECT_FALSE(watch.take_due(at + seconds{3}).has_value());
  EXPECT_TRUE(watch.is_dead(kGateway));
  EXPECT_EQ(watch.next(), std::nullopt);
}

TEST(DeadGateway, IsNotLookedForWithoutTraffic) {
  // "pinging MUST be used only when traffic is being sent to the gateway".
  GatewayWatch watch;
  watch.used(kGateway, 0, kNow);
  EXPECT_EQ(watch.next(), std::nullopt);
  EXPECT_FALSE(watch.take_due(kNow + seconds{3600}).has_value());
}

TEST(DeadGateway, IsNotLookedForWhileItsTimerRuns) {
  GatewayWatch watch;
  watch.used(kGateway, 0, kNow);
  watch.used(kGateway, 0, kDoubt - milliseconds{1});
  EXPECT_EQ(watch.next(), std::nullopt);
}

TEST(DeadGateway, IsAskedThreeTimesAndThenGivenUp) {
  GatewayWatch watch;
  watch.used(kGateway, 4, kNow);
  watch.used(kGateway, 4, kDoubt);
  GatewayWatch copy = watch;
  const auto first = request_at(copy, kDoubt);
  EXPECT_EQ(first.gateway, kGateway);
  EXPECT_EQ(first.out, 4);
  lose_at(watch, kDoubt);
}

TEST(DeadGateway, IsNotLookedForWhereThereIsNewsOfIt) {
  // "and when there is no other positive indication to suggest that the gateway is functioning".
  GatewayWatch watch;
  watch.used(kGateway, 0, kNow);
  watch.heard(kGateway, kDoubt - seconds{1});
  watch.used(kGateway, 0, kDoubt);
  EXPECT_EQ(watch.next(), std::nullopt);
  watch.used(kGateway, 0, kDoubt - seconds{1} + GatewayWatch::kTrust);
  EXPECT_TRUE(watch.next().has_value());
}

TEST(DeadGateway, IsLookedForAtOnceAfterBadNews) {
  // "Negative advice would reduce or zero the reroute timer."
  GatewayWatch watch;
  watch.used(kGateway, 0, kNow);
  watch.doubted(kGateway, kNow);
  EXPECT_EQ(watch.next(), std::nullopt) << "only when something is sent there";
  watch.used(kGateway, 0, kNow + seconds{1});
  EXPECT_EQ(watch.next(), kNow + seconds{1});
}

TEST(DeadGateway, IsOneThatDoesNotAnswer) {
  GatewayWatch watch;
  watch.used(kGateway, 0, kNow);
  watch.used(kGateway, 0, kDoubt);
  const auto request = request_at(watch, kDoubt);
  EXPECT_FALSE(watch.answered(kOther, request.sequence, kDoubt)) << "of somebody else";
  EXPECT_FALSE(watch.answered(kGateway, request.sequence + 1U, kDoubt)) << "of another request";
  EXPECT_TRUE(watch.answered(kGateway, request.sequence, kDoubt + milliseconds{5}));
  EXPECT_EQ(watch.next(), std::nullopt);
  EXPECT_FALSE(watch.answered(kGateway, request.sequence, kDoubt + milliseconds{6})) << "again";
}

TEST(DeadGateway, IsNotOneThatIsSlow) {
  GatewayWatch watch;
  watch.used(kGateway, 0, kNow);
  watch.used(kGateway, 0, kDoubt);
  const auto first = request_at(watch, kDoubt);
  const auto second = request_at(watch, kDoubt + seconds{1});
  EXPECT_EQ(first.sequence, second.sequence);
  EXPECT_TRUE(watch.answered(kGateway, first.sequence, kDoubt + milliseconds{1500}));
  EXPECT_EQ(watch.next(), std::nullopt);
}

TEST(DeadGateway, IsRememberedWhenThereAreTooMany) {
  GatewayWatch watch;
  watch.used(kGateway, 0, kNow);
  watch.used(kGateway, 0, kDoubt);
  lose_at(watch, kDoubt);
  for (std::uint8_t i = 0; i < 40; ++i) watch.used({10, 0, 2, i}, 0, kDoubt + seconds{i + 4});
  EXPECT_TRUE(watch.is_dead(kGateway));
}

TEST(DeadGateway, IsAskedOnceInAWhileAndLivesWhenItAnswers) {
  // Section 3.3.1.5: "ping the higher-priority gateways slowly to detect when they return".
  GatewayWatch watch;
  watch.used(kGateway, 0, kNow);
  watch.used(kGateway, 0, kDoubt);
  lose_at(watch, kDoubt);
  const Instant again = kDoubt + seconds{3} + GatewayWatch::kRevival;
  watch.used(kOther, 0, again - seconds{1});
  EXPECT_EQ(watch.next(), std::nullopt);
  watch.used(kOther, 0, again);
  const auto request = request_at(watch, again);
  EXPECT_EQ(request.gateway, kGateway);
  GatewayWatch silent = watch;
  EXPECT_FALSE(silent.take_due(again + seconds{1}).has_value()) << "one request is enough";
  EXPECT_EQ(silent.next(), std::nullopt);
  EXPECT_TRUE(silent.is_dead(kGateway));
  EXPECT_TRUE(watch.answered(kGateway, request.sequence, again + milliseconds{5}));
  EXPECT_FALSE(watch.is_dead(kGateway));
}

TEST(DeadGateway, IsOneOfAsManyAsThereIsRoomFor) {
  GatewayWatch watch;
  for (std::uint8_t i = 0; i < 40; ++i) watch.used({10, 0, 2, i}, 0, kNow + seconds{i});
  EXPECT_EQ(watch.next(), std::nullopt);
  watch.used({10, 0, 2, 0}, 0, kNow + seconds{100});
  EXPECT_EQ(watch.next(), std::nullopt) << "it was forgotten, and is new";
  watch.used({10, 0, 2, 39}, 0, kNow + seconds{100});
  EXPECT_EQ(watch.next(), kNow + seconds{100});
}

}  // namespace
}  // namespace hop
