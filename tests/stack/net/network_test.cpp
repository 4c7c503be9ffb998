// Packets through whole networks.

#include <gmock/gmock.h>

#include <string>
#include <vector>

#include "tests/stack/net/lab.hpp"
#include "tests/support/matchers.hpp"

namespace hop {
namespace {

using ::testing::AllOf;
using testing::Dst;
using testing::icmp_echo;
using testing::IcmpIs;
using testing::ip;
using testing::IpId;
using testing::Quotes;
using testing::RestOfHeader;
using testing::Src;
using testing::Ttl;
using testing::udp;
using ::testing::UnorderedElementsAre;
using testing::ValidChecksums;

TEST(Network, HasTheNodesOfItsTopology) {
  Running running{line()};
  EXPECT_EQ(running.network.node_count(), 3U);
  EXPECT_EQ(running.network.node(1).config().name, "r2");
  EXPECT_EQ(running.network.find_node("web")->config().kind, NodeKind::host);
  EXPECT_EQ(running.network.find_node("nobody"), nullptr);
  EXPECT_EQ(running.network.next_event(), std::nullopt);
}

TEST(Network, AnswersFromTheFarEnd) {
  Running running{line()};
  running.send(from_tun0("10.0.2.2") / icmp_echo({.id = 7, .seq = 1}, "data"));
  EXPECT_THAT(running.only().packet,
              AllOf(IcmpIs(0, 0), Src("10.0.2.2"), Dst("198.18.0.1"), Ttl(62), ValidChecksums()));
  EXPECT_EQ(running.only().port, 0);
}

TEST(Network, RunsTheServicesOfItsNodes) {
  Lab lab = line();
  lab.topology.nodes[2].udp_echo = {7};
  lab.topology.nodes[2].udp_sink = {9};
  Running running{lab};
  running.send(from_tun0("10.0.2.2") / udp(5000, 7, "hello"));
  running.send(from_tun0("10.0.2.2") / udp(5000, 9, "hello"));
  running.send(from_tun0("10.0.2.2") / udp(5000, 8, "hello"));
  ASSERT_EQ(running.left().size(), 2U);
  EXPECT_THAT(running.left()[0].packet, AllOf(testing::Protocol(17), Src("10.0.2.2")));
  EXPECT_THAT(running.left()[1].packet, IcmpIs(3, 3));
  EXPECT_EQ(running.counters("web").get(Action::delivered), 2U);
}

TEST(RateLimit, IsThatOfOneRouterAndTheOthersAnswerAll) {
  Lab lab;
  lab.tun("tun0", "198.18.0.1/24").routers({"r1", "r2", "r3"}).host("web");
  lab.link({"tun0", "r1"}).link({"r1", "r2"}).link({"r2", "r3"}).link({"r3", "web 10.9.0.9/24"});
  lab.topology.nodes[1].icmp.rate = 1;
  lab.topology.nodes[1].icmp.burst = 10;
  Running running{lab};
  for (int i = 0; i < 100; ++i) {
    for (std::uint8_t ttl = 1; ttl <= 4; ++ttl) {
      running.send(from_tun0("10.9.0.9").ttl(ttl) / udp(1, 33434));
    }
  }
  for (const std::string_view name : {"r1", "r3"}) {
    EXPECT_EQ(running.counters(name).icmp_out(IcmpType::time_exceeded), 100U) << name;
  }
  EXPECT_EQ(running.counters("web").icmp_out(IcmpType::dest_unreachable), 100U);
  const std::uint64_t told = running.counters("r2").icmp_out(IcmpType::time_exceeded);
  EXPECT_GE(told, 4U);
  EXPECT_LE(told, 30U);
  EXPECT_EQ(running.counters("r2").get(NotTold::rate_limited), 100 - told);
}

TEST(EchoServices, DoNotAnswerEachOther) {
  // One packet with a forged source would keep two of them busy for ever (CERT CA-1996-01).
  Lab lab;
  lab.tun("tun0", "198.18.0.1/24").router("r1").host("a").host("b");
  lab.link({"tun0", "r1"}).link({"r1 10.0.1.1/24", "a 10.0.1.2/24", "b 10.0.1.3/24"});
  lab.topology.nodes[1].udp_echo = {7};
  lab.topology.nodes[2].udp_echo = {7, 8};
  Running running{lab};
  for (const std::uint16_t port : {std::uint16_t{7}, std::uint16_t{8}}) {
    running.send(ip().src("10.0.1.3").dst("10.0.1.2") / udp(port, 7, "hello"));
  }
  EXPECT_TRUE(running.left().empty());
  EXPECT_EQ(running.counters("a").get(Action::delivered), 2U);
  EXPECT_EQ(running.counters("b").received(), 0U);
}

TEST(EchoServices, DoNotAnswerToPort0) {
  Lab lab = line();
  lab.topology.nodes[2].udp_echo = {7};
  Running running{lab};
  running.send(from_tun0("10.0.2.2") / udp(0, 7, "hello"));
  EXPECT_TRUE(running.left().empty());
}

TEST(EchoServices, AnswerTheLargestDatagram) {
  Lab lab = line();
  for (LinkSpec& link : lab.topology.links) link.mtu = 65535;
  lab.topology.nodes[2].udp_echo = {7};
  Running running{lab};
  running.send(from_tun0("10.0.2.2") / udp(5000, 7, counting(65507)));
  EXPECT_EQ(running.only().packet.size(), 65535U);
}

TEST(Port, CountsWhatItCouldNotTake) {
  Lab lab = line();
  lab.topology.links[0].rate = 8'000;
  lab.topology.links[0].limit.packets = 1;
  Running running{lab};
  for (int i = 0; i < 3; ++i) running.send(from_tun0("10.0.2.2") / udp(1, 2));
  EXPECT_EQ(running.network.port_counters(0).received, 3U);
  EXPECT_EQ(running.network.port_counters(0).queue_full, 2U);
}

TEST(Port, DoesNotGetBackWhatItSentToItself) {
  Running running{line()};
  running.send(from_tun0("198.18.0.1") / udp(1, 2));
  EXPECT_TRUE(running.left().empty());
  EXPECT_EQ(running.network.port_counters(0).nobody_there, 1U);
}

TEST(LinkOfTwoTuns, PassesEverythingToTheOther) {
  Lab lab;
  lab.tun("tun0", "198.18.0.1/24").tun("tun1", "198.18.0.2/24", "other").link({"tun0", "tun1"});
  Running running{lab};
  const Wire packet = from_tun0("203.0.113.9") / udp(1, 2);
  running.send(packet, 0);
  EXPECT_EQ(running.only().port, 1);
  EXPECT_EQ(running.only().packet, packet);
}

TEST(Link, TakesTheFragmentsOfTheLargestDatagramAtTheSmallestMtu) {
  Lab lab = line();
  for (LinkSpec& link : lab.topology.links) link.mtu = 65535;
  lab.last_link().mtu = 68;
  Running running{lab};
  running.send(from_tun0("10.0.2.2") / udp(1, 2, counting(65507)));
  EXPECT_EQ(running.counters("r2").get(DropReason::queue_full), 0U);
  EXPECT_EQ(running.counters("web").get(DropReason::port_unreachable), 1U);
}

TEST(Network, FollowsWrittenRoutes) {
  Lab lab = line();
  lab.reject("r2", "192.0.2.0/24", UnreachableCode::net_prohibited);
  lab.blackhole("r1", "192.0.3.0/24");
  Running running{lab};
  const Wire packet = from_tun0("192.0.2.9") / udp(1, 2);
  running.send(packet);
  running.send(from_tun0("192.0.3.9") / udp(1, 2));
  EXPECT_THAT(running.only().packet,
              AllOf(IcmpIs(3, 9), Src("10.0.1.2"), Quotes(packet.with_ttl(63))));
  EXPECT_EQ(running.counters("r1").get(DropReason::route_blackhole), 1U);
}

TEST(Network, WithoutRoutesKnowsOnlyWhatIsAttached) {
  Lab lab = line();
  lab.topology.routing = Routing::static_only;
  Running running{lab};
  running.send(from_tun0("10.0.2.2") / udp(1, 2));
  EXPECT_THAT(running.only().packet, AllOf(IcmpIs(3, 0), Src("198.18.0.2")));
}

/// tun0 198.18.0.1/24 - r1 - tun1 198.18.1.1/24.
Lab two_tuns() {
  Lab lab;
  lab.tun("tun0", "198.18.0.1/24").tun("tun1", "198.18.1.1/24").router("r1");
  return lab.link({"tun0", "r1"}).link({"tun1", "r1"});
}

TEST(TwoTuns, ArePassedFromOneToTheOther) {
  Running running{two_tuns()};
  const Wire there = from_tun0("198.18.1.1") / udp(1, 2, "there");
  const Wire back = ip().src("198.18.1.1").dst("198.18.0.1") / udp(2, 1, "back");
  running.send(there, 0);
  running.send(back, 1);
  ASSERT_EQ(running.left().size(), 2U);
  EXPECT_EQ(running.left()[0].port, 1);
  EXPECT_EQ(running.left()[0].packet, there.with_ttl(63));
  EXPECT_EQ(running.left()[1].port, 0);
  EXPECT_EQ(running.left()[1].packet, back.with_ttl(63));
}

TEST(Tun, LetsOutWhatNobodyOnItsLinkHas) {
  // Whatever is routed there may be behind the machine.
  Running running{two_tuns()};
  const Wire packet = from_tun0("198.18.1.77") / udp(1, 2);
  running.send(packet, 0);
  EXPECT_EQ(running.only().port, 1);
  EXPECT_EQ(running.only().packet, packet.with_ttl(63));
}

TEST(Tun, DoesNotGetBackWhatItSentToNobody) {
  Running running{two_tuns()};
  const Wire packet = from_tun0("198.18.0.77") / udp(1, 2);
  running.send(packet, 0);
  EXPECT_THAT(running.only().packet,
              AllOf(IcmpIs(3, 1), Src("198.18.0.2"), Dst("198.18.0.1"), Quotes(packet)));
  EXPECT_EQ(running.only().port, 0);
}

TEST(Tun, GetsAnswersForAddressesBehindIt) {
  Lab lab = line();
  lab.via("r1", "172.16.0.0/12", "198.18.0.1");
  Running running{lab};
  running.send(ip().src("172.16.5.5").dst("10.0.2.2") / icmp_echo({}));
  EXPECT_THAT(running.only().packet, AllOf(IcmpIs(0, 0), Dst("172.16.5.5")));
}

/// tun0, r1 and r2 on one LAN; 10.0.9.0/24 is behind r2.
Lab lan() {
  Lab lab;
  lab.tun("tun0", "198.18.0.1/24").routers({"r1", "r2"}).host("web");
  lab.link({"tun0", "r1", "r2"});
  return lab.link({"r2 10.0.9.1/24", "web 10.0.9.2/24"});
}

TEST(Lan, GivesPacketsForElsewhereToTheFirstRouterWhichRedirects) {
  Running running{lan()};
  const Wire packet = from_tun0("10.0.9.2") / icmp_echo({}, "data");
  running.send(packet);
  const auto redirect = AllOf(IcmpIs(5, 1), RestOfHeader(0xc6120003U), Src("198.18.0.2"),
                              Dst("198.18.0.1"), Quotes(packet));
  std::vector<Wire> packets;
  for (const Left& left : running.left()) packets.push_back(left.packet);
  EXPECT_THAT(packets, UnorderedElementsAre(redirect, AllOf(IcmpIs(0, 0), Src("10.0.9.2"))));
  EXPECT_EQ(running.counters("r1").get(Action::forwarded), 1U) << "there, but not back";
  EXPECT_EQ(running.counters("r2").get(Action::forwarded), 2U);
}

TEST(Lan, GivesPacketsToWhoeverHasTheAddress) {
  Running running{lan()};
  running.send(from_tun0("198.18.0.3").ttl(1) / icmp_echo({}));
  EXPECT_THAT(running.only().packet, AllOf(IcmpIs(0, 0), Src("198.18.0.3")));
  EXPECT_EQ(running.counters("r1").received(), 0U);
}

TEST(Lan, GivesBroadcastsToEveryEnd) {
  for (const std::string destination : {"255.255.255.255", "198.18.0.255", "224.0.0.1"}) {
    Running running{lan()};
    running.send(from_tun0(destination) / udp(1, 2));
    EXPECT_EQ(running.counters("r1").received(), 1U) << destination;
    EXPECT_EQ(running.counters("r2").received(), 1U) << destination;
    EXPECT_EQ(running.counters("web").received(), 0U) << destination;
    EXPECT_TRUE(running.left().empty()) << "nor back to where it came from";
  }
}

TEST(Lan, CopiesBroadcastsForServices) {
  Lab lab = lan();
  lab.topology.nodes[0].udp_sink = {9};
  lab.topology.nodes[1].udp_sink = {9};
  Running running{lab};
  running.send(from_tun0("198.18.0.255") / udp(1, 9, "to all"));
  EXPECT_EQ(running.counters("r1").get(Action::delivered), 1U);
  EXPECT_EQ(running.counters("r2").get(Action::delivered), 1U);
}

TEST(Network, KeepsPacketsOfOneInstantInOrder) {
  Lab lab = line();
  lab.tun("tun1", "198.18.9.1/24").link({"r2", "tun1"});
  lab.topology.links[1].delay = std::chrono::milliseconds{1};
  Running running{lab};
  for (std::uint16_t id = 1; id <= 200; ++id) {
    running.send(from_tun0("198.18.9.1").id(id) / udp(1, 2));
  }
  running.finish();
  ASSERT_EQ(running.left().size(), 200U);
  for (std::size_t i = 0; i < 200; ++i) {
    ASSERT_THAT(running.left()[i].packet, IpId(i + 1));
    ASSERT_EQ(running.left()[i].at, kNow + std::chrono::milliseconds{1});
  }
}

std::vector<Wire> replies(std::uint64_t seed) {
  Lab lab = line();
  lab.topology.seed = seed;
  for (NodeSpec& node : lab.topology.nodes) {
    node.icmp.id = IdPolicy::random;
    node.icmp.burst = 5;
    node.icmp.rate = 10;
  }
  Running running{lab};
  for (std::uint8_t i = 0; i < 100; ++i) {
    running.send_at(kNow + i * std::chrono::milliseconds{1},
                    from_tun0("10.0.2.2").ttl(static_cast<std::uint8_t>(i % 4)) / udp(1, 2));
  }
  std::vector<Wire> packets;
  for (const Left& left : running.left()) packets.push_back(left.packet);
  return packets;
}

TEST(Network, GivesTheSameBytesForTheSameSeed) {
  EXPECT_EQ(replies(1), replies(1));
  EXPECT_GT(replies(1).size(), 5U);
}

TEST(Network, GivesOtherBytesForAnotherSeed) { EXPECT_NE(replies(1), replies(2)); }

TEST(Network, GivesEachNodeRandomnessOfItsOwn) {
  Lab lab = line();
  for (NodeSpec& node : lab.topology.nodes) node.icmp.id = IdPolicy::random;
  Running running{lab};
  running.send(from_tun0("198.18.0.2") / icmp_echo({}));
  running.send(from_tun0("10.0.1.2") / icmp_echo({}));
  ASSERT_EQ(running.left().size(), 2U);
  EXPECT_NE(testing::decode(running.left()[0].packet)->id,
            testing::decode(running.left()[1].packet)->id);
}

TEST(Chain, Of250RoutersAnswersEveryTtlFromTheRightRouter) {
  constexpr int kRouters = 250;
  Lab lab;
  lab.tun("tun0", "198.18.0.1/24");
  std::string last = "tun0";
  for (int i = 1; i <= kRouters; ++i) {
    const std::string name = "r" + std::to_string(i);
    lab.router(name).node().icmp.ttl = 255;
    lab.link({last, name});
    if (i > 1) lab.subnet("10.0." + std::to_string(i) + ".0/24");
    last = name;
  }
  lab.host("end").node().icmp.ttl = 255;
  lab.link({last, "end"}).subnet("10.1.0.0/24");
  Running running{lab};
  for (int ttl = 1; ttl <= kRouters; ++ttl) {
    running.clear();
    running.send(from_tun0("10.1.0.2").ttl(static_cast<std::uint8_t>(ttl)) / icmp_echo({}));
    const std::string router = ttl == 1 ? "198.18.0.2" : "10.0." + std::to_string(ttl) + ".2";
    ASSERT_THAT(running.only().packet, AllOf(IcmpIs(11, 0), Src(router), Ttl(256 - ttl))) << ttl;
  }
  running.clear();
  running.send(from_tun0("10.1.0.2").ttl(251) / icmp_echo({}));
  EXPECT_THAT(running.only().packet, AllOf(IcmpIs(0, 0), Src("10.1.0.2"), Ttl(5)));
}

}  // namespace
}  // namespace hop
