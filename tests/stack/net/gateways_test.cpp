// A host with two default gateways in a network (RFC 1122 section 3.3.1).

#include <gmock/gmock.h>

#include "tests/stack/net/lab.hpp"
#include "tests/support/matchers.hpp"

namespace hop {
namespace {

using std::chrono::seconds;
using ::testing::AllOf;
using testing::Dst;
using testing::icmp_echo;
using testing::IcmpIs;
using testing::Src;

/// tun0 - alive - h, who prefers `dead`, a router that swallows what it gets.
Lab two_gateways() {
  Lab lab;
  lab.topology.routing = Routing::static_only;
  lab.tun("tun0", "198.18.0.1/24").routers({"alive", "dead"});
  lab.node().icmp.silent.set();
  lab.host("h");
  lab.link({"tun0", "alive"}).link({"alive 10.0.1.1/24", "dead 10.0.1.2/24", "h 10.0.1.9/24"});
  lab.blackhole("dead", "0.0.0.0/0");
  lab.via("h", "0.0.0.0/0", "10.0.1.2");
  lab.topology.routes.back().preference = 1;
  lab.via("h", "0.0.0.0/0", "10.0.1.1");
  return lab;
}

/// Asks h at `at`; how many answers come.
std::size_t answers(Running& running, Instant at) {
  running.clear();
  running.send_at(at, from_tun0("10.0.1.9") / icmp_echo({}));
  return running.left().size();
}

TEST(SeveralGateways, LeadOutOfANetwork) {
  Lab lab = two_gateways();
  lab.topology.routes.back().preference = 2;  // though it is the second in the file
  Running running{lab};
  running.send(from_tun0("10.0.1.9") / icmp_echo({}));
  EXPECT_THAT(running.only().packet, AllOf(IcmpIs(0, 0), Src("10.0.1.9"), Dst("198.18.0.1")));
}

TEST(SeveralGateways, ADeadOneIsReplaced) {
  Running running{two_gateways()};
  EXPECT_EQ(answers(running, kNow), 0U);
  const Instant doubt = kNow + GatewayWatch::kTrust;
  EXPECT_EQ(answers(running, doubt), 0U);
  EXPECT_FALSE(running.network.is_quiet()) << "h waits for an answer of the gateway";
  EXPECT_EQ(answers(running, doubt + seconds{2}), 0U);
  EXPECT_EQ(answers(running, doubt + seconds{3}), 1U);
  EXPECT_TRUE(running.network.is_quiet());
  EXPECT_EQ(running.counters("dead").icmp_in(IcmpType::echo), 3U);
}

}  // namespace
}  // namespace hop
