// Hops as they are in the wild: slow to answer, hidden, and with a path MTU that nobody tells.

#include <gmock/gmock.h>

#include "tests/stack/net/lab.hpp"
#include "tests/support/matchers.hpp"

namespace hop {
namespace {

using std::chrono::milliseconds;
using testing::icmp_echo;
using testing::IcmpIs;
using testing::udp;

Lab slow_line(milliseconds delay) {
  Lab lab = line();
  lab.topology.nodes[0].icmp.slow_path.delay = delay;
  for (LinkSpec& link : lab.topology.links) link.delay = milliseconds{1};
  return lab;
}

TEST(SlowHop, TakesItsTimeForErrorsAndAnswers) {
  Running running(slow_line(milliseconds{7}));
  running.send(from_tun0("10.0.2.1").ttl(1) / udp(1, 2));
  running.send(from_tun0("198.18.0.2") / icmp_echo({.id = 1, .seq = 1}));
  EXPECT_FALSE(running.network.is_quiet());
  running.finish();
  ASSERT_EQ(running.left().size(), 2U);
  EXPECT_THAT(running.left()[0].packet, IcmpIs(11, 0));
  EXPECT_THAT(running.left()[1].packet, IcmpIs(0, 0));
  for (const Left& left : running.left()) EXPECT_EQ(left.at, kNow + milliseconds{1 + 7 + 1});
  EXPECT_TRUE(running.network.is_quiet());
}

TEST(SlowHop, IsQuietOnlyWhenItsMessagesAreSent) {
  Running running(slow_line(milliseconds{7}));
  running.send(from_tun0("10.0.2.1").ttl(1) / udp(1, 2));
  running.run_until(kNow + milliseconds{2});
  EXPECT_FALSE(running.network.is_quiet());
}

TEST(SlowHop, DoesNotDelayWhatItForwards) {
  Running running(slow_line(milliseconds{100}));
  running.send(from_tun0("10.0.2.2") / icmp_echo({.id = 1, .seq = 1}));
  running.finish();
  EXPECT_EQ(running.only().at, kNow + milliseconds{6});
}

TEST(SlowHop, JittersWithinItsBoundsAndInOrder) {
  Lab lab = slow_line(milliseconds{10});
  lab.topology.nodes[0].icmp.slow_path.jitter = milliseconds{10};
  Running running(lab);
  for (std::uint16_t i = 0; i < 200; ++i) {
    running.send(from_tun0("198.18.0.2") / icmp_echo({.id = 1, .seq = i}));
  }
  running.finish();
  ASSERT_EQ(running.left().size(), 200U);
  for (std::size_t i = 0; i < 200; ++i) {
    EXPECT_EQ(running.left()[i].packet.bytes()[27], static_cast<std::byte>(i)) << "sequence number";
    EXPECT_GE(running.left()[i].at, kNow + milliseconds{2});
    EXPECT_LE(running.left()[i].at, kNow + milliseconds{22});
  }
}

TEST(HiddenHop, ForwardsWithTheTtlAsItCame) {
  Lab lab = line();
  lab.topology.nodes[0].decrements_ttl = false;
  Running running(lab);
  running.send(from_tun0("10.0.2.2").ttl(1) / udp(1, 2));
  EXPECT_THAT(running.only().packet, IcmpIs(11, 0));
  EXPECT_EQ(running.counters("r1").get(DropReason::ttl_expired), 0U);
  EXPECT_EQ(running.counters("r2").get(DropReason::ttl_expired), 1U);
}

TEST(HiddenHop, LoopsEnd) {
  Lab lab = line();
  lab.via("r1", "192.0.2.0/24", "10.0.1.2").via("r2", "192.0.2.0/24", "10.0.1.1");
  for (const std::size_t i : {0U, 1U}) lab.topology.nodes[i].decrements_ttl = false;
  Running running(lab);
  running.send(from_tun0("192.0.2.9") / udp(1, 2));
  EXPECT_TRUE(running.left().empty());
  EXPECT_TRUE(running.network.is_quiet());
  EXPECT_EQ(running.counters("r1").get(DropReason::hidden_hops) +
                running.counters("r2").get(DropReason::hidden_hops),
            1U);
}

/// tun0 - h0 - ... - h129, all of them hidden - r1 - web.
Lab hidden_line() {
  Lab lab;
  lab.tun("tun0", "198.18.0.1/24");
  std::string before = "tun0";
  for (int i = 0; i < 130; ++i) {
    const std::string name = "h" + std::to_string(i);
    lab.router(name);
    lab.node().decrements_ttl = false;
    lab.link({before, name});
    before = name;
  }
  lab.router("r1").link({before, "r1"}).host("web").link({"r1 10.0.2.1/24", "web 10.0.2.2/24"});
  return lab;
}

// An answer is another packet: it has 255 hidden hops to go, however many the question took.
TEST(HiddenHops, AreCountedAnewOnTheWayBack) {
  Running running(hidden_line());
  running.send(from_tun0("10.0.2.2").ttl(1) / udp(1, 2));
  running.send(from_tun0("10.0.2.2") / icmp_echo({.id = 1, .seq = 1}));
  running.send(from_tun0("10.0.2.1") / icmp_echo({.id = 1, .seq = 1}));
  running.finish();
  ASSERT_EQ(running.left().size(), 3U);
  EXPECT_THAT(running.left()[0].packet, IcmpIs(11, 0));
}

}  // namespace
}  // namespace hop
