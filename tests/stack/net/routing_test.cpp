// Routes of a topology: shortest paths, announcements, static routing, and what the machine has to
// route into its TUNs.

#include <gmock/gmock.h>

#include <algorithm>
#include <string_view>

#include "tests/stack/net/lab.hpp"

namespace hop {
namespace {

using ::testing::Contains;
using ::testing::IsEmpty;
using ::testing::Not;
using ::testing::UnorderedElementsAre;

std::string text_of(const Route& route) {
  if (route.type == RouteType::via) return to_string(route.via);
  if (route.type == RouteType::reject) return "reject";
  if (route.type == RouteType::blackhole) return "blackhole";
  return route.type == RouteType::connected ? "connected" : "something else";
}

/// Where a node sends what is for an address in a prefix: an address or, by the file, several; or
/// the kind of route, or "nothing".
std::string next_hop(const Topology& topology, std::string_view node, std::string_view to) {
  Network network{topology};
  const RouteTable& routes = network.find_node(node)->routes();
  constexpr std::uint32_t kSomeHost = 9;
  const Route* const route = routes.lookup(Ipv4Address{prefix(to).address().value + kSomeHost});
  if (route == nullptr) return "nothing";
  if (route->type != RouteType::multipath) return text_of(*route);
  std::string all;
  for (const Route& way : routes.ways(*route)) all += (all.empty() ? "" : " ") + text_of(way);
  return all;
}

TEST(ShortestPaths, GoAlongALine) {
  const Topology topology = line().resolved();
  EXPECT_EQ(next_hop(topology, "r1", "10.0.2.0/24"), "10.0.1.2");
  EXPECT_EQ(next_hop(topology, "r2", "198.18.0.0/24"), "10.0.1.1");
  EXPECT_EQ(next_hop(topology, "web", "198.18.0.0/24"), "10.0.2.1");
  EXPECT_EQ(next_hop(topology, "web", "10.0.1.0/24"), "10.0.2.1");
  EXPECT_EQ(next_hop(topology, "r2", "10.0.1.0/24"), "connected");
  EXPECT_EQ(next_hop(topology, "web", "192.0.2.0/24"), "nothing");
}

/// r0 to r4 in a ring, link 10.0.N.0/24 between N (.1) and N + 1 (.2).
Lab ring() {
  Lab lab;
  lab.routers({"r0", "r1", "r2", "r3", "r4"});
  for (int i = 0; i < 5; ++i) {
    lab.link({"r" + std::to_string(i), "r" + std::to_string((i + 1) % 5)});
    lab.subnet("10.0." + std::to_string(i) + ".0/24");
  }
  return lab;
}

TEST(ShortestPaths, TakeTheNearSideOfARing) {
  const Topology topology = ring().resolved();
  EXPECT_EQ(next_hop(topology, "r0", "10.0.1.0/24"), "10.0.0.2") << "behind r1";
  EXPECT_EQ(next_hop(topology, "r0", "10.0.3.0/24"), "10.0.4.1") << "behind r4";
  EXPECT_EQ(next_hop(topology, "r1", "10.0.4.0/24"), "10.0.0.1") << "behind r0";
}

TEST(ShortestPaths, AreAllThatAreEquallyNear) {
  // 10.0.2.0/24 between r2 and r3 is two hops from r0 on either side.
  EXPECT_EQ(next_hop(ring().resolved(), "r0", "10.0.2.0/24"), "10.0.0.2 10.0.4.1");
}

TEST(ShortestPaths, AreShortByCost) {
  Lab lab = ring();
  lab.topology.links[0].cost = 3;  // r0 - r1
  EXPECT_EQ(next_hop(lab.resolved(), "r0", "10.0.2.0/24"), "10.0.4.1");
  EXPECT_EQ(next_hop(lab.resolved(), "r0", "10.0.1.0/24"), "10.0.0.2 10.0.4.1")
      << "3 to r1, or 3 by r4 and r3 to r2";
}

TEST(ShortestPaths, MayDifferThereAndBack) {
  // What r0 sends to r1 costs more than what r1 sends to r0.
  Lab lab = ring();
  LinkSpec& link = lab.topology.links[0];
  link.endpoints[0].sends = link;
  link.endpoints[0].sends->cost = 10;
  EXPECT_EQ(next_hop(lab.resolved(), "r0", "10.0.1.0/24"), "10.0.4.1") << "by r4, r3 to r2";
  EXPECT_EQ(next_hop(lab.resolved(), "r1", "10.0.4.0/24"), "10.0.0.1");
}

TEST(ShortestPaths, AreForgottenAndFoundAgain) {
  // More destinations than are remembered, each asked for twice.
  Lab lab;
  lab.router("hub").router("far").link({"hub 10.9.0.1/24", "far 10.9.0.2/24"});
  for (int i = 0; i < 300; ++i) {
    const std::string name = "r" + std::to_string(i);
    lab.router(name).link({"hub", name});
  }
  const Topology topology = lab.resolved();
  Network network{topology};
  // Each goes by the hub, whose address is the first of its link.
  for (const auto& [node, link] : {std::pair{"far", 0U}, {"r0", 1U}}) {
    const RouteTable& routes = network.find_node(node)->routes();
    const Ipv4Address hub = topology.links[link].endpoints[0].address->address;
    for (std::size_t i = 2; i < topology.links.size(); ++i) {
      const Route* const route = routes.lookup(topology.links[i].endpoints[1].address->address);
      ASSERT_NE(route, nullptr) << node << ' ' << i;
      ASSERT_EQ(route->via, hub) << node << ' ' << i;
    }
  }
}

TEST(ShortestPaths, MeetInTheMiddleOfAStar) {
  Lab lab;
  lab.router("hub");
  for (int i = 1; i <= 4; ++i) {
    const std::string number = std::to_string(i);
    lab.router("r" + number).link({"hub", "r" + number}).subnet("10.0." + number + ".0/24");
  }
  const Topology topology = lab.resolved();
  EXPECT_EQ(next_hop(topology, "r1", "10.0.3.0/24"), "10.0.1.1");
  EXPECT_EQ(next_hop(topology, "r4", "10.0.1.0/24"), "10.0.4.1");
  EXPECT_EQ(next_hop(topology, "hub", "10.0.2.0/24"), "connected");
}

TEST(ShortestPaths, DoNotLeadThroughHosts) {
  Lab lab;
  lab.routers({"a", "b", "c"}).host("h");
  lab.link({"a", "h"}).subnet("10.0.1.0/24");
  lab.link({"h", "b"}).subnet("10.0.2.0/24");
  lab.link({"a", "c"}).subnet("10.0.3.0/24");
  lab.link({"c", "b"}).subnet("10.0.4.0/24");
  lab.router("d").link({"b", "d"}).subnet("10.0.5.0/24");
  const Topology topology = lab.resolved();
  EXPECT_EQ(next_hop(topology, "a", "10.0.5.0/24"), "10.0.3.2") << "by c, though h is nearer";
}

TEST(ShortestPaths, DoNotLeadThroughTuns) {
  Lab lab;
  lab.tun("tun0", "10.0.1.1/24").routers({"a", "b"});
  lab.link({"a", "tun0"}).link({"b 10.0.2.1/24", "a 10.0.2.2/24"});
  EXPECT_EQ(next_hop(lab.resolved(), "b", "10.0.1.0/24"), "10.0.2.2");
}

/// a - b - c, with a host and a TUN at b.
Lab announcing() {
  Lab lab;
  lab.tun("tun0", "198.18.0.1/24").routers({"a", "b", "c"}).host("h");
  lab.link({"a", "b"}).subnet("10.0.1.0/24");
  lab.link({"b", "c"}).subnet("10.0.2.0/24");
  lab.link({"b", "h"}).subnet("10.0.3.0/24");
  lab.link({"b", "tun0"});
  return lab;
}

TEST(Announcements, AreMadeOfWhatEndsAtTheRouter) {
  Lab lab = announcing();
  lab.reject("b", "192.0.2.0/26", UnreachableCode::host_unreachable);
  lab.blackhole("b", "192.0.2.64/26");
  lab.via("b", "192.0.2.128/26", "10.0.3.2");    // the host
  lab.via("b", "192.0.2.192/26", "198.18.0.1");  // this machine
  const Topology topology = lab.resolved();
  for (const std::string_view to :
       {"192.0.2.0/26", "192.0.2.64/26", "192.0.2.128/26", "192.0.2.192/26"}) {
    EXPECT_EQ(next_hop(topology, "a", to), "10.0.1.2") << to;
    EXPECT_EQ(next_hop(topology, "c", to), "10.0.2.1") << to;
    EXPECT_EQ(next_hop(topology, "h", to), "10.0.3.1") << to;
  }
  EXPECT_EQ(next_hop(topology, "b", "192.0.2.0/26"), "reject");
  EXPECT_EQ(next_hop(topology, "b", "192.0.2.64/26"), "blackhole");
}

TEST(Announcements, AreNotMadeOfARouteThroughAnotherRouter) {
  Lab lab = announcing();
  lab.via("b", "192.0.2.0/24", "10.0.2.2");
  const Topology topology = lab.resolved();
  EXPECT_EQ(next_hop(topology, "b", "192.0.2.0/24"), "10.0.2.2");
  EXPECT_EQ(next_hop(topology, "a", "192.0.2.0/24"), "nothing");
  EXPECT_EQ(next_hop(topology, "c", "192.0.2.0/24"), "nothing");
}

TEST(Announcements, AreOverruledByARouteOfTheNodesOwn) {
  Lab lab = announcing();
  lab.blackhole("b", "192.0.2.0/24").reject("a", "192.0.2.0/24", UnreachableCode::net_unreachable);
  const Topology topology = lab.resolved();
  EXPECT_EQ(next_hop(topology, "a", "192.0.2.0/24"), "reject");
  EXPECT_EQ(next_hop(topology, "c", "192.0.2.0/24"), "10.0.2.1");
}

TEST(Announcements, LeadToTheNearestOfSeveral) {
  Lab lab = announcing();
  lab.router("d").link({"d", "c"}).subnet("10.0.9.0/24");
  lab.blackhole("a", "192.0.2.0/24").blackhole("d", "192.0.2.0/24");
  const Topology topology = lab.resolved();
  EXPECT_EQ(next_hop(topology, "b", "192.0.2.0/24"), "10.0.1.1") << "a, not d behind c";
  EXPECT_EQ(next_hop(topology, "c", "192.0.2.0/24"), "10.0.9.1") << "d";
}

TEST(Announcements, AreLessThanAMoreSpecificRouteOfTheNodesOwn) {
  Lab lab = announcing();
  lab.blackhole("b", "192.0.2.0/24").reject("a", "192.0.2.0/28", UnreachableCode::net_unreachable);
  EXPECT_EQ(next_hop(lab.resolved(), "a", "192.0.2.0/28"), "reject");
  EXPECT_EQ(next_hop(lab.resolved(), "a", "192.0.2.32/28"), "10.0.1.2");
}

TEST(Announcements, AreMoreThanADefaultRoute) {
  Lab lab = announcing();
  lab.blackhole("a", "0.0.0.0/0");
  EXPECT_EQ(next_hop(lab.resolved(), "a", "10.0.2.0/24"), "10.0.1.2");
  EXPECT_EQ(next_hop(lab.resolved(), "a", "192.0.2.0/24"), "blackhole");
}

TEST(StaticRoutes, MayHaveSeveralNextHops) {
  Lab lab = ring();
  lab.via("r0", "192.0.2.0/24", "10.0.0.2");
  lab.topology.routes.back().others = {address("10.0.4.1")};
  EXPECT_EQ(next_hop(lab.resolved(), "r0", "192.0.2.0/24"), "10.0.0.2 10.0.4.1");
}

TEST(StaticRouting, AddsNothing) {
  Lab lab = line();
  lab.via("r1", "10.0.2.0/24", "10.0.1.2");
  lab.topology.routing = Routing::static_only;
  const Topology topology = lab.resolved();
  EXPECT_EQ(next_hop(topology, "r1", "10.0.2.0/24"), "10.0.1.2");
  EXPECT_EQ(next_hop(topology, "r2", "198.18.0.0/24"), "nothing");
}

std::vector<std::string> behind(const Topology& topology, std::size_t tun) {
  std::vector<std::string> texts;
  for (const Prefix& p : prefixes_behind(topology, tun)) texts.push_back(to_string(p));
  return texts;
}

TEST(PrefixesBehind, AreSubnetsAndRoutedDestinations) {
  Lab lab = line();
  lab.reject("r1", "192.0.2.0/24", UnreachableCode::net_prohibited);
  lab.via("r2", "198.51.100.0/24", "10.0.2.2");
  EXPECT_THAT(behind(lab.resolved(), 0), UnorderedElementsAre("10.0.1.0/24", "10.0.2.0/24",
                                                              "192.0.2.0/24", "198.51.100.0/24"));
}

TEST(PrefixesBehind, AreJoinedWhereTheyAreMany) {
  // 600 links of 4 addresses each: 2400 addresses from 198.18.1.0 on.
  Lab lab;
  lab.tun("tun0", "198.18.0.1/24").router("r0").link({"tun0", "r0"});
  for (int i = 1; i <= 600; ++i) {
    const std::string name = "r" + std::to_string(i);
    lab.router(name).link({"r" + std::to_string(i - 1), name});
  }
  EXPECT_THAT(behind(lab.resolved(), 0),
              UnorderedElementsAre("198.18.1.0/24", "198.18.2.0/23", "198.18.4.0/22",
                                   "198.18.8.0/23", "198.18.10.0/26", "198.18.10.64/27"));
}

TEST(PrefixesBehind, HaveNoDefaultRoute) {
  Lab lab = line();
  lab.via("r1", "0.0.0.0/0", "10.0.1.2");
  EXPECT_THAT(behind(lab.resolved(), 0), UnorderedElementsAre("10.0.1.0/24", "10.0.2.0/24"));
}

/// tun0 198.18.0.1/24 - r1 - tun1 198.18.1.1/24, and 10.0.1.0/24 between r1 and r2.
Lab two_tuns(std::string_view netns_of_first, std::string_view netns_of_second) {
  Lab lab;
  lab.tun("tun0", "198.18.0.1/24", netns_of_first).tun("tun1", "198.18.1.1/24", netns_of_second);
  lab.routers({"r1", "r2"}).link({"tun0", "r1"}).link({"tun1", "r1"});
  lab.link({"r1", "r2"}).subnet("10.0.1.0/24");
  return lab;
}

TEST(PrefixesBehind, OfTwoTunsInOneNamespaceAreBehindTheFirst) {
  for (const std::string_view netns : {"", "left"}) {
    const Topology topology = two_tuns(netns, netns).resolved();
    EXPECT_THAT(behind(topology, 0), Contains("10.0.1.0/24")) << netns;
    EXPECT_THAT(behind(topology, 0), Not(Contains("198.18.1.0/24")))
        << "this machine has that address itself";
    EXPECT_THAT(behind(topology, 1), IsEmpty()) << netns;
  }
}

TEST(PrefixesBehind, OfTwoTunsInTwoNamespacesAreBehindBoth) {
  for (const Topology& topology :
       {two_tuns("left", "right").resolved(), two_tuns("", "right").resolved()}) {
    EXPECT_THAT(behind(topology, 0), UnorderedElementsAre("198.18.1.0/24", "10.0.1.0/24"));
    EXPECT_THAT(behind(topology, 1), UnorderedElementsAre("198.18.0.0/24", "10.0.1.0/24"));
  }
}

}  // namespace
}  // namespace hop
