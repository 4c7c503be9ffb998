// A NAT in a network, between two ends.

#include <gmock/gmock.h>

#include "tests/stack/net/lab.hpp"
#include "tests/support/matchers.hpp"

namespace hop {
namespace {

using ::testing::AllOf;
using testing::Dst;
using ::testing::HasSubstr;
using testing::icmp_echo;
using testing::icmp_echo_reply;
using testing::IcmpIs;
using testing::ip;
using testing::Quotes;
using testing::Src;
using testing::udp;

constexpr PortIndex kHome = 0, kWorld = 1;

std::shared_ptr<const NatPolicy> nat(NatPolicy policy = {}) {
  if (policy.external.empty()) policy.external = {"nat-isp"};
  return std::make_shared<const NatPolicy>(std::move(policy));
}

/// home 10.0.1.2 - nat - isp - world 10.0.3.2, with 203.0.113.1 as the NAT's address outside.
Lab two_realms(NatPolicy policy = {}) {
  Lab lab;
  lab.tun("home", "10.0.1.2/24").tun("world", "10.0.3.2/24").router("isp").router("nat");
  lab.node().nat = nat(std::move(policy));
  lab.link({"home", "nat 10.0.1.1/24"});
  lab.link({"nat 203.0.113.1/24", "isp 203.0.113.2/24"}).link({"isp 10.0.3.1/24", "world"});
  return lab;
}

testing::Ip home_to_world() { return ip().src("10.0.1.2").dst("10.0.3.2").id(7); }

Change nat_change(std::shared_ptr<const NatPolicy> policy) {
  return {.of = NodeChange{.node = 1, .set = [policy](NodeSpec& spec) { spec.nat = policy; }},
          .text = {}};
}

TEST(NatNetwork, JoinsTwoRealms) {
  Running running{two_realms()};
  running.send(home_to_world() / icmp_echo({.id = 5, .seq = 1}, "hi"), kHome);
  running.finish();
  EXPECT_EQ(running.only().port, kWorld);
  EXPECT_EQ(running.only().packet, Wire{home_to_world().src("203.0.113.1").ttl(62) /
                                        icmp_echo({.id = 5, .seq = 1}, "hi")});
  running.clear();
  const auto back = ip().src("10.0.3.2").dst("203.0.113.1");
  running.send(Wire{testing::Ip{back} / icmp_echo_reply({.id = 5, .seq = 1}, "hi")}, kWorld);
  running.finish();
  EXPECT_EQ(running.only().port, kHome);
  EXPECT_EQ(running.only().packet, Wire{testing::Ip{back}.dst("10.0.1.2").ttl(62) /
                                        icmp_echo_reply({.id = 5, .seq = 1}, "hi")});
}

TEST(NatNetwork, TellsTheHostInsideOfErrorsFromOutside) {
  Running running{two_realms()};
  const Wire probe = home_to_world().ttl(2) / udp(4000, 33434);
  running.send(probe, kHome);
  running.finish();
  EXPECT_EQ(running.only().port, kHome);
  EXPECT_THAT(running.only().packet,
              AllOf(IcmpIs(11, 0), Src("203.0.113.2"), Dst("10.0.1.2"), Quotes(probe.with_ttl(1))));
}

TEST(NatNetwork, ForgetsInVirtualTime) {
  Running running{two_realms()};
  running.send(home_to_world() / udp(4000, 53), kHome);
  running.finish();
  running.clear();
  running.run_until(running.now + std::chrono::minutes{6});
  running.send(ip().src("10.0.3.2").dst("203.0.113.1") / udp(53, 4000), kWorld);
  running.finish();
  EXPECT_EQ(running.only().port, kWorld);
  EXPECT_THAT(running.only().packet, AllOf(IcmpIs(3, 3), Src("203.0.113.1")));
}

TEST(NatNetwork, GivesTheSamePortsForTheSameSeed) {
  const auto port = [](std::uint64_t seed) {
    Lab lab = two_realms({.assignment = PortAssignment::random});
    lab.topology.seed = seed;
    Running running{lab};
    running.send(home_to_world() / udp(4000, 53), kHome);
    running.finish();
    return load_be<std::uint16_t>(running.only().packet.bytes(), 20);
  };
  EXPECT_EQ(port(1), port(1));
  EXPECT_NE(port(1), port(2));
}

TEST(NatNetwork, IsTurnedOffAndOnWhileItRuns) {
  Running running{two_realms()};
  for (const auto& [policy, source] :
       {std::pair{std::shared_ptr<const NatPolicy>{}, "10.0.1.2"}, {nat(), "203.0.113.1"}}) {
    running.network.change(nat_change(policy), running.now);
    running.send(home_to_world() / udp(4000, 53), kHome);
    running.finish();
    EXPECT_THAT(running.only().packet, Src(source));
    running.clear();
  }
}

TEST(NatNetwork, KeepsItsSessionsWhileItIsDown) {
  Running running{two_realms()};
  running.send(home_to_world() / udp(4000, 53), kHome);
  running.finish();
  running.clear();
  for (const bool up : {false, true}) {
    running.network.change(
        {.of = NodeChange{.node = 1, .set = [up](NodeSpec& spec) { spec.up = up; }}, .text = {}},
        running.now);
    running.send(ip().src("10.0.3.2").dst("203.0.113.1") / udp(53, 4000), kWorld);
    running.finish();
    EXPECT_EQ(running.only().port, up ? kHome : kWorld);  // where an error goes
    running.clear();
  }
}

TEST(NatNetwork, HasANewPortWhenThePortsChange) {
  Running running{two_realms()};
  running.send(home_to_world() / udp(4000, 53), kHome);
  running.finish();
  running.clear();
  running.network.change(
      nat_change(nat({.ports = {7000, 7000}, .assignment = PortAssignment::sequential})),
      running.now);
  running.send(home_to_world() / udp(4000, 53), kHome);
  running.finish();
  EXPECT_EQ(load_be<std::uint16_t>(running.only().packet.bytes(), 20), 7000);
}

TEST(NatTopology, NamesLinksOfTheNodeByNameOrEnds) {
  EXPECT_TRUE(two_realms({.external = {"isp-nat"}}).resolved().nodes.size() == 2);
  EXPECT_THAT(two_realms({.external = {"isp-world"}}).error().message,
              HasSubstr("no link is named 'isp-world' that 'nat' is on"));
}

// RFC 4787 REQ-9: two hosts may be behind the same TUN; then the packet goes back where it came
// from.
TEST(NatNetwork, TurnsRoundBetweenHostsBehindOneTun) {
  Running running{two_realms({.forward = {{17, 8080, {Ipv4Address{10, 0, 1, 3}, 80}}}})};
  running.send(home_to_world().dst("203.0.113.1") / udp(4000, 8080, "hi"), kHome);
  running.finish();
  EXPECT_EQ(running.only().port, kHome);
  EXPECT_EQ(running.only().packet,
            Wire{ip().src("203.0.113.1").dst("10.0.1.3").id(7).ttl(63) / udp(4000, 80, "hi")});
}

}  // namespace
}  // namespace hop
