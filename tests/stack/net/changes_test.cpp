// What changes while a network runs.

#include <gmock/gmock.h>

#include <string>

#include "tests/stack/net/lab.hpp"
#include "tests/support/matchers.hpp"

namespace hop {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;
using ::testing::AllOf;
using testing::icmp_echo;
using testing::IcmpIs;
using testing::RestOfHeader;
using testing::Src;
using testing::udp;

/// tun0 - a - b - c - web, and d beside b with links that cost more.
Lab two_ways() {
  Lab lab;
  lab.tun("tun0", "198.18.0.1/24").routers({"a", "b", "c", "d"}).host("web");
  lab.link({"tun0", "a"});
  lab.link({"a 10.0.1.1/24", "b 10.0.1.2/24"}).link({"b 10.0.2.1/24", "c 10.0.2.2/24"});
  lab.link({"a 10.0.3.1/24", "d 10.0.3.2/24"}).last_link().cost = 2;
  lab.link({"d 10.0.4.1/24", "c 10.0.4.2/24"}).last_link().cost = 2;
  lab.link({"c 10.0.9.1/24", "web 10.0.9.9/24"});
  return lab;
}

constexpr std::uint32_t kAToB = 1;
constexpr std::uint32_t kWebLink = 5;
constexpr std::uint32_t kB = 1;
constexpr std::uint32_t kWeb = 4;

Change link_state(std::uint32_t link, bool up) {
  return {.of = LinkChange{.link = link, .up = up}, .text = {}};
}

Change node_state(std::uint32_t node, bool up) {
  return {.of = NodeChange{.node = node, .set = [up](NodeSpec& spec) { spec.up = up; }},
          .text = {}};
}

Change direction(LinkChange change) { return {.of = std::move(change), .text = {}}; }

void make(Running& running, const Change& change) { running.network.change(change, running.now); }

unsigned octet(const Wire& packet, std::size_t at) {
  return std::to_integer<unsigned>(packet.bytes()[at]);
}

std::string source_of(const Wire& packet) {
  return std::to_string(octet(packet, 12)) + '.' + std::to_string(octet(packet, 13)) + '.' +
         std::to_string(octet(packet, 14)) + '.' + std::to_string(octet(packet, 15));
}

/// Who answers a probe to web that may go two hops: the second router.
std::string second_hop(Running& running) {
  running.clear();
  running.send(from_tun0("10.0.9.9").ttl(2) / udp(1, 33434));
  return running.left().size() == 1 ? source_of(running.left()[0].packet) : "nobody";
}

std::string answer_to(Running& running, const testing::Ip& echo) {
  running.clear();
  running.send(echo / icmp_echo({}));
  if (running.left().size() != 1) return "nobody";
  const Wire& packet = running.left()[0].packet;
  return std::to_string(octet(packet, 20)) + "/" + std::to_string(octet(packet, 21)) + " from " +
         source_of(packet);
}

TEST(LinkDown, IsRoutedAround) {
  Running running{two_ways()};
  EXPECT_EQ(second_hop(running), "10.0.1.2");
  make(running, link_state(kAToB, false));
  EXPECT_EQ(second_hop(running), "10.0.3.2");
  make(running, link_state(kAToB, true));
  EXPECT_EQ(second_hop(running), "10.0.1.2");
}

TEST(LinkDown, LeavesNoRouteToWhatIsBehindIt) {
  Running running{two_ways()};
  make(running, link_state(kWebLink, false));
  EXPECT_EQ(answer_to(running, from_tun0("10.0.9.9")), "3/0 from 198.18.0.2")
      << "RFC 1812 section 5.2.7.1: no path to the network";
}

TEST(LinkDown, AddressesThereAreStillAnsweredFor) {
  Running running{two_ways()};
  make(running, link_state(kAToB, false));
  EXPECT_EQ(answer_to(running, from_tun0("10.0.1.1")), "0/0 from 10.0.1.1");
}

TEST(LinkDown, FromTheBeginning) {
  Lab lab = two_ways();
  lab.topology.links[kAToB].up = false;
  Running running{lab};
  EXPECT_EQ(second_hop(running), "10.0.3.2");
}

TEST(LinkDown, LosesWhatIsUnderWay) {
  Lab lab = two_ways();
  lab.topology.links[kAToB].delay = milliseconds{10};
  Running running{lab};
  running.send(from_tun0("10.0.9.9") / icmp_echo({}));
  running.run_until(kNow + milliseconds{5});
  make(running, link_state(kAToB, false));
  running.finish();
  EXPECT_TRUE(running.left().empty());
  EXPECT_EQ(running.network.direction_counters(kAToB, 0).link_down, 1U);
}

TEST(LinkDown, OfThisMachineTakesNothing) {
  Running running{two_ways()};
  make(running, link_state(0, false));
  EXPECT_EQ(answer_to(running, from_tun0("10.0.9.9")), "nobody");
  EXPECT_EQ(running.network.port_counters(0).link_down, 1U);
  make(running, link_state(0, true));
  EXPECT_EQ(answer_to(running, from_tun0("10.0.9.9")), "0/0 from 10.0.9.9");
}

TEST(LinkDown, WithdrawsStaticRoutesOverIt) {
  Lab lab = two_ways();
  lab.via("a", "10.0.9.0/24", "10.0.3.2");
  Running running{lab};
  EXPECT_EQ(second_hop(running), "10.0.3.2");
  make(running, link_state(3, false));
  EXPECT_EQ(second_hop(running), "10.0.1.2");
  make(running, link_state(3, true));
  EXPECT_EQ(second_hop(running), "10.0.3.2");
}

TEST(LinkDown, TakesTheInterfacesOfBothEndsDown) {
  Running running{two_ways()};
  make(running, link_state(kAToB, false));
  EXPECT_FALSE(running.network.node(0).interfaces()[1].up);
  EXPECT_TRUE(running.network.node(0).interfaces()[2].up);
  EXPECT_FALSE(running.network.node(kB).interfaces()[0].up);
}

TEST(NodeDown, IsRoutedAround) {
  Running running{two_ways()};
  make(running, node_state(kB, false));
  EXPECT_EQ(second_hop(running), "10.0.3.2");
  make(running, node_state(kB, true));
  EXPECT_EQ(second_hop(running), "10.0.1.2");
}

TEST(NodeDown, OnALanIsAHostThatCannotBeReached) {
  Lab lab;
  lab.tun("tun0", "198.18.0.1/24").router("r").host("one").host("two");
  lab.link({"tun0", "r"}).link({"r 10.0.1.1/24", "one 10.0.1.2/24", "two 10.0.1.3/24"});
  Running running{lab};
  // What a router remembers of its neighbours must not outlive a change.
  EXPECT_EQ(answer_to(running, from_tun0("10.0.1.2")), "0/0 from 10.0.1.2");
  make(running, node_state(1, false));
  EXPECT_EQ(answer_to(running, from_tun0("10.0.1.2")), "3/1 from 198.18.0.2");
  EXPECT_EQ(answer_to(running, from_tun0("10.0.1.3")), "0/0 from 10.0.1.3");
  make(running, node_state(1, true));
  EXPECT_EQ(answer_to(running, from_tun0("10.0.1.2")), "0/0 from 10.0.1.2");
}

TEST(NodeDown, IsNotLookedForBehindATun) {
  Lab lab;
  lab.tun("tun0", "198.18.0.1/24").tun("tun1", "10.0.1.9/24").router("r").host("one");
  lab.link({"tun0", "r"}).link({"r 10.0.1.1/24", "one 10.0.1.2/24", "tun1"});
  lab.topology.routing = Routing::static_only;
  lab.via("one", "0.0.0.0/0", "10.0.1.1");
  Running running{lab};
  EXPECT_EQ(answer_to(running, from_tun0("10.0.1.2")), "0/0 from 10.0.1.2");
  make(running, node_state(1, false));
  EXPECT_EQ(answer_to(running, from_tun0("10.0.1.2")), "3/1 from 198.18.0.2");
  make(running, node_state(1, true));
  EXPECT_EQ(answer_to(running, from_tun0("10.0.1.2")), "0/0 from 10.0.1.2");
}

TEST(LinkDown, OfAHostWithAGatewayLeavesItWithOne) {
  Lab lab = two_ways();
  lab.topology.routing = Routing::static_only;
  lab.via("a", "10.0.9.0/24", "10.0.1.2").via("b", "10.0.9.0/24", "10.0.2.2");
  for (const std::string_view node : {"b", "c"})
    lab.via(node, "198.18.0.0/24", node == "b" ? "10.0.1.1" : "10.0.2.1");
  lab.via("web", "0.0.0.0/0", "10.0.9.1");
  Running running{lab};
  for (int flap = 0; flap < 3; ++flap) {
    make(running, link_state(kWebLink, false));
    make(running, link_state(kWebLink, true));
    EXPECT_EQ(answer_to(running, from_tun0("10.0.9.9")), "0/0 from 10.0.9.9") << flap;
  }
}

TEST(Changes, OfCostMoveTheWay) {
  Running running{two_ways()};
  make(running, direction({.link = kAToB, .set = [](DirectionSpec& to) { to.cost = 9; }}));
  EXPECT_EQ(second_hop(running), "10.0.3.2");
}

TEST(Changes, OfTheMtuAreForWhatComesNext) {
  Running running{two_ways()};
  make(running, direction({.link = kAToB, .set = [](DirectionSpec& to) { to.mtu = 1280; }}));
  running.send(from_tun0("10.0.9.9").df() / icmp_echo({}, counting(1400)));
  EXPECT_THAT(running.only().packet, AllOf(IcmpIs(3, 4), RestOfHeader(1280U)));
}

TEST(Changes, OfOneDirectionLeaveTheOther) {
  Running running{two_ways()};
  make(running, direction({.link = kAToB, .end = 1, .set = [](DirectionSpec& to) {
                             to.delay = milliseconds{7};
                           }}));
  running.send(from_tun0("10.0.9.9") / icmp_echo({}));
  running.finish();
  EXPECT_EQ(running.only().at, kNow + milliseconds{7});
}

TEST(Changes, OfAllDirectionsReachThoseThatHadTheirOwn) {
  Lab lab = two_ways();
  DirectionSpec slow;
  slow.delay = milliseconds{50};
  lab.topology.links[kAToB].endpoints[1].sends = slow;
  Running running{lab};
  make(running,
       direction({.link = kAToB, .set = [](DirectionSpec& to) { to.delay = milliseconds{1}; }}));
  running.send(from_tun0("10.0.9.9") / icmp_echo({}));
  running.finish();
  EXPECT_EQ(running.only().at, kNow + milliseconds{2});
}

TEST(Changes, OfTheRateAreForWhatWaitsToo) {
  Lab lab = two_ways();
  lab.topology.links[kAToB].rate = 8'000;  // a kilobyte a second
  Running running{lab};
  running.send(from_tun0("10.0.9.9") / icmp_echo({}, counting(972)));  // 1000 bytes
  make(running, direction({.link = kAToB, .set = [](DirectionSpec& to) { to.rate = 8'000'000; }}));
  running.send(from_tun0("10.0.9.9") / udp(1, 33434));  // 28 bytes behind them
  running.finish();
  ASSERT_FALSE(running.left().empty());
  EXPECT_EQ(source_of(running.left()[0].packet), "10.0.9.9");
  EXPECT_EQ(octet(running.left()[0].packet, 20), 3U) << "the answer to the second";
  EXPECT_EQ(running.left()[0].at, kNow + milliseconds{1} + std::chrono::microseconds{28 + 56});
}

TEST(Changes, OfLossBeginAndEnd) {
  Running running{two_ways()};
  const auto lose = [](bool all) {
    return direction({.link = kAToB, .set = [all](DirectionSpec& to) {
                        to.impairment.loss.in_good = all ? percent(100) : Share{};
                      }});
  };
  make(running, lose(true));
  EXPECT_EQ(answer_to(running, from_tun0("10.0.9.9")), "nobody");
  make(running, lose(false));
  EXPECT_EQ(answer_to(running, from_tun0("10.0.9.9")), "0/0 from 10.0.9.9");
  EXPECT_EQ(running.network.direction_counters(kAToB, 0).lost, 1U) << "counts are kept";
}

TEST(Changes, OfANodeAreForWhatComesNext) {
  Running running{two_ways()};
  make(running, {.of = NodeChange{.node = kB, .set = [](NodeSpec& to) { to.icmp.silent.set(); }},
                 .text = {}});
  EXPECT_EQ(second_hop(running), "nobody");
  EXPECT_EQ(answer_to(running, from_tun0("10.0.9.9")), "0/0 from 10.0.9.9");
}

TEST(Changes, OfFiltersBeginAndEnd) {
  Running running{two_ways()};
  const auto filter = [](Filter rules) {
    return Change{.of = NodeChange{.node = kB, .set = [rules](NodeSpec& to) { to.filter = rules; }},
                  .text = {}};
  };
  make(running, filter({FilterRule{.action = FilterAction::reject,
                                   .code = UnreachableCode::admin_prohibited}}));
  EXPECT_EQ(answer_to(running, from_tun0("10.0.9.9")), "3/13 from 10.0.1.2");
  make(running, filter({}));
  EXPECT_EQ(answer_to(running, from_tun0("10.0.9.9")), "0/0 from 10.0.9.9");
}

TEST(Timeline, HappensInTime) {
  Lab lab = two_ways();
  lab.topology.timeline = {{.at = seconds{5}, .change = link_state(kAToB, false)},
                           {.at = seconds{8}, .change = link_state(kAToB, true)}};
  Running running{lab};
  running.run_until(kNow);
  for (const auto& [after, hop] :
       {std::pair{4999, "10.0.1.2"}, {5000, "10.0.3.2"}, {7999, "10.0.3.2"}, {8000, "10.0.1.2"}}) {
    running.run_until(kNow + milliseconds{after});
    EXPECT_EQ(second_hop(running), hop) << after;
  }
}

TEST(Timeline, RepeatsItself) {
  Lab lab = two_ways();
  lab.topology.timeline = {
      {.at = seconds{1}, .every = seconds{10}, .change = node_state(kWeb, false)},
      {.at = seconds{2}, .every = seconds{10}, .change = node_state(kWeb, true)}};
  Running running{lab};
  running.run_until(kNow);
  for (int round = 0; round < 3; ++round) {
    running.run_until(kNow + seconds{10 * round + 1});
    EXPECT_EQ(answer_to(running, from_tun0("10.0.9.9")), "3/0 from 198.18.0.2") << round;
    running.run_until(kNow + seconds{10 * round + 2});
    EXPECT_EQ(answer_to(running, from_tun0("10.0.9.9")), "0/0 from 10.0.9.9") << round;
  }
}

TEST(Timeline, DoesNotKeepANetworkFromBeingQuiet) {
  Lab lab = two_ways();
  lab.topology.timeline = {{.at = seconds{5}, .change = link_state(kAToB, false)}};
  Running running{lab};
  running.run_until(kNow);
  EXPECT_TRUE(running.network.is_quiet());
  EXPECT_EQ(running.network.next_event(), kNow + seconds{5});
}

}  // namespace
}  // namespace hop
