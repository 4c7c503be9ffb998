// Which networks may be several equal ones, each with some of the flows, and that these differ in
// nothing but Identifications.

#include "stack/net/replica.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <functional>
#include <set>

#include "stack/net/network.hpp"
#include "stack/wire/ipv4.hpp"
#include "tests/stack/net/lab.hpp"

namespace hop {
namespace {

using namespace std::chrono_literals;

std::string shared(const Topology& topology) { return shared_between_flows(topology).value_or(""); }

TEST(SharedBetweenFlows, NothingInAnOrdinaryNetwork) {
  Lab lab = line();
  lab.last_link().delay = 10ms;
  lab.last_link().limit.packets = 3;  // nothing waits without a rate
  lab.last_link().mtu = 600;
  EXPECT_EQ(shared(lab.resolved()), "");
}

struct Sharing {
  std::string_view name;
  std::function<void(Lab&)> set;
  std::string_view what;
};

class SharedTest : public ::testing::TestWithParam<Sharing> {};

TEST_P(SharedTest, IsNamed) {
  Lab lab = line();
  GetParam().set(lab);
  EXPECT_EQ(shared(lab.resolved()), GetParam().what);
}

constexpr Share kSome = percent(50);

INSTANTIATE_TEST_SUITE_P(
    Links, SharedTest,
    ::testing::Values(
        Sharing{"Rate", [](Lab& lab) { lab.last_link().rate = 1; }, "link r2-web has a rate"},
        Sharing{"RateOfOneEnd",
                [](Lab& lab) {
                  LinkSpec& link = lab.last_link();
                  link.endpoints[1].sends = DirectionSpec{};
                  link.endpoints[1].sends->rate = 1;
                },
                "link r2-web has a rate"},
        Sharing{"Drop", [](Lab& lab) { lab.last_link().impairment.drop = {DropRule{}}; },
                "link r2-web has rules that drop packets"},
        Sharing{"Loss", [](Lab& lab) { lab.last_link().impairment.loss.in_good = kSome; },
                "link r2-web has loss"},
        Sharing{"Jitter", [](Lab& lab) { lab.last_link().impairment.jitter = 1ms; },
                "link r2-web has jitter"},
        Sharing{"Duplicate", [](Lab& lab) { lab.last_link().impairment.duplicate = kSome; },
                "link r2-web has duplicate, corrupt or reorder"}),
    kCaseName);

INSTANTIATE_TEST_SUITE_P(
    Nodes, SharedTest,
    ::testing::Values(
        Sharing{"Nat",
                [](Lab& lab) {
                  lab.topology.nodes[0].nat =
                      std::make_shared<NatPolicy>(NatPolicy{.external = {"tun0-r1"}});
                },
                "node r1 has address translation"},
        Sharing{"Balance", [](Lab& lab) { lab.topology.nodes[0].balance.by = Balance::packet; },
                "node r1 has balancing by packet"},
        Sharing{"ErrorRate", [](Lab& lab) { lab.topology.nodes[0].icmp.rate = 10; },
                "node r1 has limits of ICMP messages"},
        Sharing{"PeerRate", [](Lab& lab) { lab.topology.nodes[0].icmp.peer_rate = 1; },
                "node r1 has limits of ICMP messages"},
        Sharing{
            "ClassRate",
            [](Lab& lab) { lab.topology.nodes[0].icmp.class_limit(IcmpType::echo_reply).rate = 5; },
            "node r1 has limits of ICMP messages"},
        Sharing{"LinuxProfile",
                [](Lab& lab) { lab.topology.nodes[0].icmp = IcmpPolicy::of(Profile::linux_like); },
                "node r1 has limits of ICMP messages"},
        Sharing{"NoLimit",
                [](Lab& lab) { lab.topology.nodes[0].icmp.rate = IcmpPolicy::kUnlimited; }, ""},
        Sharing{
            "SlowPathJitter",
            [](Lab& lab) { lab.topology.nodes[0].icmp.slow_path = {.delay = 2ms, .jitter = 1ms}; },
            "node r1 has jitter"},
        Sharing{"Discovery", [](Lab& lab) { lab.topology.nodes[0].discovery.on = true; },
                "it has router discovery"},
        Sharing{"Gateways",
                [](Lab& lab) {
                  lab.router("r3").link({"r3", "web"});
                  lab.via("web", "0.0.0.0/0", "10.0.2.1").via("web", "0.0.0.0/0", "198.18.1.1");
                },
                "node web has several gateways"}),
    kCaseName);

Change rate_of(std::uint32_t link, std::uint64_t rate) {
  return {.of =
              LinkChange{.link = link, .set = [rate](DirectionSpec& sends) { sends.rate = rate; }}};
}

TEST(SharedBetweenFlows, TheTimelineCounts) {
  Lab lab = line();
  lab.topology.timeline = {{.at = 1s, .change = rate_of(1, 0)}};
  EXPECT_EQ(shared(lab.resolved()), "");
  lab.topology.timeline.push_back({.at = 2s, .change = rate_of(1, 1000)});
  EXPECT_EQ(shared(lab.resolved()), "link r1-r2 has a rate");
}

TEST(SharedBetweenFlows, AChangeCounts) {
  Topology topology = line().resolved();
  EXPECT_EQ(shared_between_flows(rate_of(1, 0), topology), std::nullopt);
  EXPECT_EQ(shared_between_flows(rate_of(2, 1000), topology), "link r2-web has a rate");
}

// The Identification of an answer to a ping, from the node next to the TUN.
std::uint16_t identification(Network& network) {
  network.departures().clear();
  const auto ping = from_tun0("198.18.0.2") / ::hop::testing::icmp_echo({});
  network.receive(0, network.pool().copy_of(ping), kNow);
  return Ipv4HeaderView::parse(network.departures().at(0).packet.bytes())->id();
}

// RFC 6864 section 4.3: not twice for the same source, destination and protocol.
TEST(Replicas, GiveNoIdentificationTwice) {
  std::set<std::uint16_t> seen;
  constexpr std::uint16_t kThree = 3;
  for (std::uint16_t number = 0; number < kThree; ++number) {
    Network network(line().resolved(), {.number = number, .of = kThree});
    for (int i = 0; i < 1000; ++i) seen.insert(identification(network));
  }
  EXPECT_EQ(seen.size(), 3000U);
}

}  // namespace
}  // namespace hop
