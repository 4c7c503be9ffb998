// Timers of a network: reassembly in virtual time, and when the network is quiet.

#include <gmock/gmock.h>

#include "tests/stack/net/lab.hpp"
#include "tests/support/matchers.hpp"

namespace hop {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;
using ::testing::AllOf;
using testing::fragments;
using testing::icmp_echo;
using testing::IcmpIs;
using testing::Quotes;
using testing::Src;

std::vector<Wire> pieces(std::uint16_t id = 1) {
  return fragments(from_tun0("198.18.0.2").id(id) / icmp_echo({}, counting(64)), {40});
}

TEST(ReassemblyTimer, IsTheNextEventUntilItIsDue) {
  Running running{line()};
  running.send(pieces()[0]);
  EXPECT_EQ(running.network.next_event(), kNow + seconds{60});
  running.run_until(kNow + seconds{60} - Duration{1});
  EXPECT_TRUE(running.left().empty());
  EXPECT_EQ(running.network.next_event(), kNow + seconds{60});
  running.run_until(kNow + seconds{60});
  EXPECT_THAT(running.only().packet, AllOf(IcmpIs(11, 1), Src("198.18.0.2"), Quotes(pieces()[0])));
  EXPECT_EQ(running.only().at, kNow + seconds{60});
  EXPECT_EQ(running.network.next_event(), std::nullopt);
}

TEST(ReassemblyTimer, TellsTheInstantItWasDueThoughItIsCalledLate) {
  Running running{line()};
  running.send(pieces()[0]);
  running.run_until(kNow + seconds{100});
  EXPECT_EQ(running.only().at, kNow + seconds{60});
}

TEST(ReassemblyTimer, IsDueBeforeAPacketThatComesLater) {
  Running running{line()};
  running.send(pieces()[0]);
  running.send_at(kNow + seconds{61}, pieces()[1]);
  EXPECT_THAT(running.only().packet, IcmpIs(11, 1)) << "the rest came too late";
  EXPECT_EQ(running.counters("r1").get(Action::answered), 0U);
  EXPECT_EQ(running.network.next_event(), kNow + seconds{121}) << "of what came too late";
}

TEST(ReassemblyTimer, IsGoneWhenTheDatagramIsComplete) {
  Running running{line()};
  running.send(pieces()[0]);
  running.send_at(kNow + seconds{1}, pieces()[1]);
  EXPECT_THAT(running.only().packet, IcmpIs(0, 0));
  EXPECT_EQ(running.network.next_event(), std::nullopt) << "the network is quiet";
  running.clear();
  running.run_until(kNow + seconds{200});
  EXPECT_TRUE(running.left().empty());
}

TEST(ReassemblyTimer, HoldsNothingUpThatComesAfterItIsGone) {
  Lab lab = line();
  for (LinkSpec& link : lab.topology.links) link.delay = milliseconds{10};
  Running running{lab};
  for (const Wire& piece : pieces()) running.send(piece);
  running.run_until(kNow + seconds{1});
  EXPECT_THAT(running.only().packet, IcmpIs(0, 0));
  running.clear();
  running.send_at(kNow + seconds{1}, from_tun0("198.18.0.2") / icmp_echo({}, counting(8)));
  running.run_until(kNow + seconds{1} + milliseconds{20});
  EXPECT_EQ(running.only().at, kNow + seconds{1} + milliseconds{20});
}

TEST(ReassemblyTimer, IsNotShortenedByAnEarlierDatagram) {
  Running running{line()};
  running.send(pieces(1)[0]);
  running.send_at(kNow + seconds{20}, pieces(2)[0]);
  running.send_at(kNow + seconds{30}, pieces(1)[1]);  // completes the first
  running.clear();
  running.run_until(kNow + seconds{80} - Duration{1});
  EXPECT_TRUE(running.left().empty());
  EXPECT_EQ(running.network.next_event(), kNow + seconds{80});
  running.run_until(kNow + seconds{80});
  EXPECT_THAT(running.only().packet, AllOf(IcmpIs(11, 1), Quotes(pieces(2)[0])));
  EXPECT_EQ(running.network.next_event(), std::nullopt);
}

TEST(ReassemblyTimer, RunsForEveryDatagram) {
  Running running{line()};
  for (std::uint16_t i = 0; i < 10; ++i) {
    running.send_at(kNow + i * milliseconds{100}, pieces(i)[0]);
  }
  running.finish();
  ASSERT_EQ(running.left().size(), 10U);
  for (std::size_t i = 0; i < 10; ++i) {
    EXPECT_EQ(running.left()[i].at, kNow + seconds{60} + i * milliseconds{100});
  }
}

TEST(ReassemblyTimer, RunsForEveryNode) {
  Lab lab = line();
  lab.topology.nodes[1].reassembly_timeout = seconds{30};
  Running running{lab};
  running.send(pieces()[0]);
  running.send(fragments(from_tun0("10.0.1.2") / icmp_echo({}, counting(64)), {40})[0]);
  running.finish();
  ASSERT_EQ(running.left().size(), 2U);
  EXPECT_THAT(running.left()[0].packet, Src("10.0.1.2"));
  EXPECT_EQ(running.left()[0].at, kNow + seconds{30});
  EXPECT_EQ(running.left()[1].at, kNow + seconds{60});
}

}  // namespace
}  // namespace hop
