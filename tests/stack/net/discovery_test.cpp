// Router discovery (RFC 1256) through a network, and when a network that advertises is quiet.

#include <gmock/gmock.h>

#include "tests/stack/net/lab.hpp"
#include "tests/support/matchers.hpp"

namespace hop {
namespace {

using std::chrono::seconds;
using ::testing::AllOf;
using testing::Dst;
using testing::icmp;
using testing::icmp_echo;
using testing::IcmpIs;
using testing::Src;

/// tun0 - r1 - web, where routes are static and web knows of its own link only.
Lab discovering() {
  Lab lab;
  lab.topology.routing = Routing::static_only;
  lab.tun("tun0", "198.18.0.1/24").router("r1").host("web");
  lab.link({"tun0", "r1"}).link({"r1", "web"}).subnet("10.0.1.0/24");
  for (NodeSpec& node : lab.topology.nodes) node.discovery.on = true;
  return lab;
}

TEST(DiscoveryInANetwork, GivesAHostItsDefaultRoute) {
  Running running{discovering()};
  running.send(from_tun0("10.0.1.2") / icmp_echo({}));
  EXPECT_TRUE(running.left().empty()) << "web knows no way back yet";
  running.run_until(kNow + seconds{5});  // it asks within 1 s, r1 answers within 2 s
  running.clear();
  running.send_at(kNow + seconds{5}, from_tun0("10.0.1.2") / icmp_echo({}));
  EXPECT_THAT(running.only().packet, AllOf(IcmpIs(0, 0), Src("10.0.1.2"), Dst("198.18.0.1")));
}

TEST(DiscoveryInANetwork, ReachesTheOutside) {
  Running running{discovering()};
  running.send(from_tun0("224.0.0.2").ttl(1) / icmp(10, 0));
  running.run_until(kNow + seconds{2});
  EXPECT_THAT(running.only().packet, AllOf(IcmpIs(9, 0), Src("198.18.0.2"), Dst("224.0.0.1")));
}

TEST(DiscoveryInANetwork, MayBeOffAtOneInterface) {
  Lab lab = discovering();
  lab.topology.links[0].endpoints[1].discovery = DiscoveryPolicy{};
  Running running{lab};
  running.run_until(kNow);
  running.run_until(kNow + seconds{3600});
  EXPECT_TRUE(running.left().empty());
  EXPECT_GT(running.counters("r1").icmp_out(IcmpType::router_advertisement), 5U);
}

TEST(QuietNetwork, IsOneThatOnlyAdvertises) {
  Running running{discovering()};
  running.run_until(kNow);
  EXPECT_FALSE(running.network.is_quiet()) << "web asks for routers";
  running.run_until(kNow + seconds{10});
  EXPECT_TRUE(running.network.is_quiet());
  EXPECT_TRUE(running.network.next_event().has_value()) << "the next advertisement";
}

TEST(QuietNetwork, DoesNotWaitForAdvertisementsUnderWay) {
  // With a delay longer than the interval there is always one.
  Lab lab = discovering();
  lab.topology.nodes[0].discovery.max_interval = seconds{4};
  lab.topology.links[1].delay = seconds{100};
  Running running{lab};
  running.run_until(kNow);
  running.run_until(kNow + seconds{1000});
  EXPECT_TRUE(running.network.is_quiet());
  running.send_at(kNow + seconds{1000}, from_tun0("10.0.1.2") / icmp_echo({}));
  EXPECT_FALSE(running.network.is_quiet());
  running.run_until(kNow + seconds{1099});
  EXPECT_FALSE(running.network.is_quiet());
  running.run_until(kNow + seconds{1200});
  EXPECT_TRUE(running.network.is_quiet());
}

TEST(QuietNetwork, WaitsForTheAnswerToASolicitation) {
  Lab lab = discovering();
  lab.topology.nodes[1].discovery.on = false;
  Running running{lab};
  running.run_until(kNow);
  running.run_until(kNow + seconds{100});
  EXPECT_TRUE(running.network.is_quiet());
  running.send_at(kNow + seconds{100}, from_tun0("224.0.0.2").ttl(1) / icmp(10, 0));
  EXPECT_FALSE(running.network.is_quiet());
  running.run_until(kNow + seconds{102});
  EXPECT_TRUE(running.network.is_quiet());
}

TEST(QuietNetwork, IsOneWithNothingToDo) {
  Running running{line()};
  EXPECT_TRUE(running.network.is_quiet());
  running.send(from_tun0("10.0.2.2") / icmp_echo({}));
  EXPECT_TRUE(running.network.is_quiet());
}

}  // namespace
}  // namespace hop
