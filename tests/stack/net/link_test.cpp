// Links in virtual time: delay, rate and queue limit, exact to the nanosecond.

#include "stack/net/link.hpp"

#include <gmock/gmock.h>

#include "tests/stack/net/lab.hpp"
#include "tests/support/matchers.hpp"

namespace hop {
namespace {

using std::chrono::microseconds;
using std::chrono::milliseconds;
using std::chrono::nanoseconds;
using testing::icmp_echo;
using testing::IcmpIs;
using testing::udp;

constexpr std::size_t kHeaders = 28;

TEST(Delay, IsAddedExactlyInEachDirection) {
  Lab lab = line();
  lab.topology.links[1].delay = milliseconds{5};
  lab.topology.links[2].delay = nanoseconds{7};
  Running running{lab};
  running.send(from_tun0("10.0.1.2") / icmp_echo({}));
  EXPECT_EQ(running.network.next_event(), kNow + milliseconds{5});
  running.finish();
  EXPECT_EQ(running.only().at, kNow + milliseconds{10});
  running.clear();
  const Instant later = kNow + milliseconds{50};
  running.send_at(later, from_tun0("10.0.2.2") / icmp_echo({}));
  running.finish();
  EXPECT_EQ(running.only().at, later + milliseconds{10} + nanoseconds{14});
}

TEST(Delay, HoldsBetweenAPortAndANode) {
  Lab lab = line();
  lab.topology.links[0].delay = microseconds{3};
  Running running{lab};
  running.send(from_tun0("198.18.0.2") / icmp_echo({}));
  EXPECT_TRUE(running.left().empty());
  running.run_until(kNow + microseconds{6} - nanoseconds{1});
  EXPECT_TRUE(running.left().empty());
  running.run_until(kNow + microseconds{6});
  EXPECT_EQ(running.only().at, kNow + microseconds{6});
}

TEST(Delay, OfNothingIsNothing) {
  Running running{line()};
  running.send(from_tun0("10.0.2.2") / icmp_echo({}));
  EXPECT_EQ(running.only().at, kNow) << "without a further call";
  EXPECT_EQ(running.network.next_event(), std::nullopt);
}

TEST(Delay, IsTakenWhenSeveralEventsAreDueAtOnce) {
  // A late call sees everything happen at its own time.
  Lab lab = line();
  lab.topology.links[1].delay = milliseconds{5};
  Running running{lab};
  running.send(from_tun0("10.0.1.2") / icmp_echo({}));
  running.run_until(kNow + milliseconds{1000});
  EXPECT_EQ(running.only().at, kNow + milliseconds{10});
}

/// A line whose link between r1 and r2 has a rate of 1 Mbit/s: 125 bytes take a millisecond.
Lab slow() {
  Lab lab = line();
  lab.topology.links[1].rate = 1'000'000;
  return lab;
}
Wire echo_of(std::size_t size, std::uint16_t seq = 0) {
  return from_tun0("10.0.1.2") / icmp_echo({.id = 1, .seq = seq}, counting(size - kHeaders));
}

TEST(Rate, TakesTheTimeOfItsBits) {
  Running running{slow()};
  running.send(echo_of(125));
  running.finish();
  EXPECT_EQ(running.only().at, kNow + milliseconds{2}) << "there and back";
  running.clear();
  const Instant later = kNow + milliseconds{10};
  running.send_at(later, echo_of(28));
  running.finish();
  EXPECT_EQ(running.only().at, later + microseconds{448}) << "28 bytes are 224 bits";
}

TEST(Rate, LetsPacketsFollowEachOther) {
  Running running{slow()};
  for (std::uint16_t i = 0; i < 10; ++i) running.send(echo_of(125, i));
  running.finish();
  ASSERT_EQ(running.left().size(), 10U);
  for (std::size_t i = 0; i < 10; ++i) {
    EXPECT_EQ(running.left()[i].at, kNow + milliseconds{2 + i});
    EXPECT_EQ(testing::decode_icmp(running.left()[i].packet)->rest, 0x10000U + i) << "in order";
  }
}

TEST(Rate, IsSharedByNoOtherDirection) {
  Lab lab = slow();
  lab.tun("tun1", "198.18.9.1/24").link({"r2", "tun1"});
  Running running{lab};
  const auto there = from_tun0("198.18.9.1") / udp(1, 2, counting(125 - kHeaders));
  const auto back =
      testing::ip().src("198.18.9.1").dst("198.18.0.1") / udp(1, 2, counting(125 - kHeaders));
  running.send(there, 0);
  running.send(back, 1);
  running.finish();
  ASSERT_EQ(running.left().size(), 2U);
  EXPECT_EQ(running.left()[0].at, kNow + milliseconds{1});
  EXPECT_EQ(running.left()[1].at, kNow + milliseconds{1});
}

TEST(Rate, AndDelayAddUp) {
  Lab lab = slow();
  lab.topology.links[1].delay = milliseconds{20};
  Running running{lab};
  running.send(echo_of(125, 0));
  running.send(echo_of(125, 1));
  running.finish();
  ASSERT_EQ(running.left().size(), 2U);
  EXPECT_EQ(running.left()[0].at, kNow + milliseconds{42});
  EXPECT_EQ(running.left()[1].at, kNow + milliseconds{43});
}

TEST(Rate, HoldsAtThePortToo) {
  Lab lab = line();
  lab.topology.links[0].rate = 8'000;
  Running running{lab};
  running.send(from_tun0("198.18.0.2") / icmp_echo({}, counting(72)));
  running.finish();
  EXPECT_EQ(running.only().at, kNow + milliseconds{200}) << "100 bytes there and back";
}

TEST(Transmit, MakesPacketsOfOneEndFollowEachOther) {
  LinkEnd end{.rate = 8'000'000'000};  // a byte each nanosecond
  EXPECT_EQ(end.transmit(100, kNow), kNow + nanoseconds{100});
  EXPECT_EQ(end.transmit(50, kNow), kNow + nanoseconds{150});
  EXPECT_EQ(end.transmit(1, kNow + nanoseconds{500}), kNow + nanoseconds{501});
}

TEST(Transmit, TakesNoTimeWithoutARate) {
  LinkEnd end{};
  EXPECT_EQ(end.transmit(65535, kNow), kNow);
  EXPECT_EQ(end.transmit(65535, kNow), kNow);
}

TEST(Transmit, DoesNotOverflowAtTheLowestRate) {
  LinkEnd end{.rate = 1};
  EXPECT_EQ(end.transmit(65535, kNow), kNow + std::chrono::seconds{65535 * 8});
}

TEST(Limit, IsHowManyPacketsWait) {
  for (const std::uint32_t limit : {1U, 3U, 8U}) {
    Lab lab = slow();
    lab.topology.links[1].limit.packets = limit;
    Running running{lab};
    for (std::uint16_t i = 0; i < 10; ++i) running.send(echo_of(125, i));
    EXPECT_EQ(running.counters("r1").get(DropReason::queue_full), 10 - limit);
    EXPECT_EQ(running.counters("r1").get(Action::forwarded), limit);
    running.finish();
    EXPECT_EQ(running.left().size(), limit);
  }
}

TEST(Limit, LeavesRoomAsSoonAsAPacketIsOnItsWay) {
  Lab lab = slow();
  lab.topology.links[1].limit.packets = 2;
  Running running{lab};
  for (std::uint16_t i = 0; i < 4; ++i) running.send(echo_of(125, i));
  EXPECT_EQ(running.counters("r1").get(Action::forwarded), 2U);
  running.send_at(kNow + milliseconds{1} - nanoseconds{1}, echo_of(125));
  EXPECT_EQ(running.counters("r1").get(Action::forwarded), 2U);
  running.send_at(kNow + milliseconds{1}, echo_of(125));
  EXPECT_EQ(running.counters("r1").get(Action::forwarded), 3U);
}

TEST(Limit, MakesALegacyRouterQuenchTheSource) {
  Lab lab = slow();
  lab.topology.links[1].limit.packets = 1;
  lab.topology.nodes[0].icmp = IcmpPolicy::of(Profile::legacy);
  Running running{lab};
  running.send(echo_of(125));
  running.send(echo_of(125));
  EXPECT_THAT(running.only().packet, IcmpIs(4, 0));
}

TEST(Mtu, IsThatOfTheLinkAtBothEnds) {
  Lab lab = line();
  lab.topology.links[1].mtu = 600;
  Running running{lab};
  running.send(from_tun0("10.0.2.2").df() / icmp_echo({}, counting(1000)));
  EXPECT_THAT(running.only().packet, ::testing::AllOf(IcmpIs(3, 4), testing::RestOfHeader(600U),
                                                      testing::Src("198.18.0.2")));
  running.clear();
  running.send(from_tun0("10.0.2.2") / icmp_echo({}, counting(1000)));
  EXPECT_EQ(running.left().size(), 2U) << "web's reply, which r2 fragmented";
}

}  // namespace
}  // namespace hop
