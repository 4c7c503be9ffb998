// Topology files as they are meant to be.

#include <gtest/gtest.h>

#include <algorithm>
#include <string>

#include "tools/config/topology_file.hpp"
#include "tools/tour.hpp"

namespace hop {
namespace {

using namespace std::chrono_literals;

/// The topology of a file; a failure of the test when it is not right.
Topology read(std::string_view text) {
  auto topology = read_topology(text, "lab.yaml");
  if (topology) return *std::move(topology);
  for (const ConfigError& error : topology.error()) ADD_FAILURE() << to_string(error);
  return {};
}

/// The node r1 of a small network, with these settings.
NodeSpec read_node(const std::string& settings) {
  Topology topology = read("tuns: { tun0: { address: 198.18.0.1/24 } }\nnodes: { r1: " + settings +
                           " }\nlinks: [{ endpoints: [tun0, r1] }]\n");
  return topology.nodes.empty() ? NodeSpec{} : topology.nodes[0];
}

// The example of the design, without what comes with later issues.
constexpr std::string_view kTwoSites = R"(
name: two-sites
seed: 42

tuns:
  tun0: { address: 198.18.0.1/24 }         # this machine's end of the device

nodes:
  r1: {}                                    # kind: router is the default
  r2: { icmp: { rate: 100/s, burst: 10 } }
  r3: { icmp: { silent: [time-exceeded] } }
  web: { kind: host, udp: { echo: [7] } }

links:
  - endpoints: [tun0, r1]                   # r1 takes the next free address of tun0's subnet
  - endpoints: [r1, r2]                     # a subnet is taken from the pool
    mtu: 1400
    delay: 5ms
  - endpoints: [r2, { node: r3 }]
    subnet: 198.18.23.0/30
  - endpoints: [{ node: r3, address: 203.0.113.1/24 }, { node: web, address: 203.0.113.80/24 }]

routes:                                     # beside the computed shortest paths
  r1:
    - { to: 192.0.2.64/26, type: unreachable }       # as ip-route(8)
    - { to: 192.0.2.0/24, reject: net-prohibited }   # any code of type 3, by name
  r3:
    - { to: 198.51.100.0/24, via: 203.0.113.80 }
)";

TEST(GoodFile, TheDesignsExampleIsRead) {
  const Topology topology = read(kTwoSites);
  EXPECT_EQ(topology.name, "two-sites");
  EXPECT_EQ(topology.seed, 42U);
  EXPECT_EQ(topology.routing, Routing::shortest);
  ASSERT_EQ(topology.tuns.size(), 1U);
  EXPECT_EQ(to_string(topology.tuns[0].address), "198.18.0.1/24");
  ASSERT_EQ(topology.nodes.size(), 4U);
  EXPECT_EQ(topology.nodes[1].icmp.rate, 100U);
  EXPECT_EQ(topology.nodes[1].icmp.burst, 10U);
  EXPECT_TRUE(topology.nodes[2].icmp.silent[11]);
  EXPECT_EQ(topology.nodes[2].icmp.silent.count(), 1U);
  EXPECT_EQ(topology.nodes[3].kind, NodeKind::host);
  EXPECT_EQ(topology.nodes[3].udp_echo, std::vector<std::uint16_t>{7});
}

TEST(GoodFile, LinksOfTheDesignsExampleAreResolved) {
  const Topology topology = read(kTwoSites);
  ASSERT_EQ(topology.links.size(), 4U);
  EXPECT_EQ(topology.links[1].mtu, 1400);
  EXPECT_EQ(topology.links[1].delay, 5ms);
  EXPECT_EQ(to_string(topology.links[2].subnet.value()), "198.18.23.0/30");
  EXPECT_EQ(to_string(topology.links[3].endpoints[1].address.value()), "203.0.113.80/24");
}

TEST(GoodFile, RoutesOfTheDesignsExampleComeFirst) {
  const Topology topology = read(kTwoSites);
  ASSERT_GE(topology.routes.size(), 3U);
  EXPECT_EQ(topology.routes[0].type, RouteType::reject);
  EXPECT_EQ(topology.routes[0].reject, UnreachableCode::host_unreachable);
  EXPECT_EQ(topology.routes[1].reject, UnreachableCode::net_prohibited);
  EXPECT_EQ(topology.routes[2].node, "r3");
  EXPECT_EQ(topology.routes[2].type, RouteType::via);
  EXPECT_EQ(topology.routes[2].via, Ipv4Address(203, 0, 113, 80));
}

TEST(GoodFile, TheTosOfErrorsFollowsTheKindOfTheNodeUnlessItIsSet) {
  for (const auto& [text, kept] :
       {std::pair{"{}", 28}, std::pair{"{ kind: host }", 0},
        std::pair{"{ kind: host, icmp: { error-tos: 16 } }", 16},
        std::pair{"{ kind: host, icmp: { profile: linux } }", 30},
        std::pair{"{ kind: host, icmp: { profile: linux, error-tos: by-kind } }", 0}}) {
    EXPECT_EQ(read_node(text).tos_kept_in_errors(), kept) << text;
  }
}

TEST(GoodFile, EverySwitchOfIcmpIsRead) {
  const IcmpPolicy icmp = read_node(R"({ icmp: { rate: unlimited, burst: unlimited,
      peer-rate: 10/s, peer-burst: 20, records-in-errors: true, redirect-backoff: true,
      answer-as-asked: true, error-tos: 16, records-on-arrival: true, truncated: silent,
      source: 198.18.0.2, quote: full, ttl: 255, id: zero, redirects: false, tos-redirects: true, source-quench: true,
      silent: [dest-unreachable, echo-reply], next-hop-mtu: zero,
      answer: [broadcast-echo, information, address-mask] } })")
                              .icmp;
  EXPECT_EQ(icmp.rate, IcmpPolicy::kUnlimited);
  EXPECT_EQ(icmp.burst, IcmpPolicy::kUnlimited);
  EXPECT_TRUE(icmp.class_limits.empty());
  EXPECT_EQ(icmp.peer_rate, 10U);
  EXPECT_EQ(icmp.peer_burst, 20U);
  EXPECT_TRUE(icmp.records_in_errors);
  EXPECT_TRUE(icmp.redirect_backoff);
  EXPECT_TRUE(icmp.answer_as_asked);
  EXPECT_EQ(icmp.error_tos, 16);
  EXPECT_TRUE(icmp.records_on_arrival);
  EXPECT_FALSE(icmp.truncated);
  EXPECT_EQ(icmp.source, SourcePolicy::fixed);
  EXPECT_EQ(icmp.fixed_source, Ipv4Address(198, 18, 0, 2));
  EXPECT_EQ(icmp.quote, 65507U);
  EXPECT_EQ(icmp.ttl, 255);
  EXPECT_EQ(icmp.id, IdPolicy::zero);
  EXPECT_FALSE(icmp.redirects);
  EXPECT_TRUE(icmp.tos_redirects);
  EXPECT_TRUE(icmp.broadcast_echo);
  EXPECT_TRUE(icmp.source_quench);
  EXPECT_TRUE(icmp.silent[3] && icmp.silent[0]);
  EXPECT_EQ(icmp.next_hop_mtu, 0);
  EXPECT_TRUE(icmp.answers[8] && icmp.answers[15] && icmp.answers[17]);
  EXPECT_EQ(icmp.answers.count(), 3U);
}

TEST(GoodFile, ALimitMayBeAMapOfClasses) {
  const IcmpPolicy icmp = read_node(R"({ icmp: {
      rate: { dest-unreachable: 50/s, echo-reply: 100/s, redirect: unlimited, default: 10/s },
      burst: { destination-unreachable: 5, time-exceeded: 3 } } })")
                              .icmp;
  EXPECT_EQ(icmp.rate, 10U);
  EXPECT_EQ(icmp.burst, 1000U);
  EXPECT_EQ(icmp.class_limits,
            (std::vector<ClassLimit>{{IcmpType::dest_unreachable, 50, 5},
                                     {IcmpType::echo_reply, 100, {}},
                                     {IcmpType::redirect, IcmpPolicy::kUnlimited, {}},
                                     {IcmpType::time_exceeded, {}, 3}}));
}

TEST(GoodFile, EveryClassButTheDefaultIsAType) {
  for (const std::string type : {"dest-unreachable", "source-quench", "redirect", "time-exceeded",
                                 "parameter-problem", "echo-reply", "timestamp-reply", "info-reply",
                                 "address-mask-reply", "extended-echo-reply"}) {
    const IcmpPolicy icmp = read_node("{ icmp: { rate: { " + type + ": 7/s } } }").icmp;
    EXPECT_EQ(icmp.rate, 1000U) << type;
    ASSERT_EQ(icmp.class_limits.size(), 1U) << type;
    EXPECT_EQ(name(icmp.class_limits[0].type), type);
  }
}

TEST(GoodFile, OneLimitForAllTakesThePlaceOfTheClassesOfTheProfile) {
  EXPECT_EQ(read_node("{ icmp: { profile: linux } }").icmp.class_limits.size(), 1U);
  const IcmpPolicy icmp = read_node("{ icmp: { profile: linux, rate: 100/s } }").icmp;
  EXPECT_EQ(icmp.rate, 100U);
  EXPECT_TRUE(icmp.class_limits.empty());
}

TEST(GoodFile, AProfileIsAppliedBeforeTheSwitchesThatStandInFrontOfIt) {
  const IcmpPolicy icmp = read_node("{ icmp: { source-quench: false, profile: legacy } }").icmp;
  EXPECT_EQ(icmp.profile, Profile::legacy);
  EXPECT_EQ(icmp.quote, IcmpPolicy::kQuoteHeaderAnd8);
  EXPECT_FALSE(icmp.source_quench);
}

TEST(GoodFile, MoreAddressesAndATosOfARouteAreRead) {
  const Topology topology = read(R"(
tuns: { tun0: { address: 198.18.0.1/24 } }
nodes: { r1: {} }
links:
  - endpoints: [tun0, { node: r1, addresses: [198.18.0.7, 10.9.0.1/24] }]
    subnet: 198.18.0.0/24
routes:
  r1:
    - { to: 192.0.2.0/24, tos: minimize-delay, type: prohibit }
    - { to: 192.0.2.0/24, tos: 14, type: blackhole }
)");
  ASSERT_EQ(topology.links.size(), 1U);
  const EndpointSpec& end = topology.links[0].endpoints[1];
  EXPECT_EQ(to_string(end.address.value()), "198.18.0.2/24");
  ASSERT_EQ(end.secondary.size(), 2U);
  EXPECT_EQ(to_string(end.secondary[0]), "198.18.0.7/24");
  EXPECT_EQ(to_string(end.secondary[1]), "10.9.0.1/24");
  EXPECT_EQ(topology.routes[0].tos, 8);
  EXPECT_EQ(topology.routes[1].tos, 14);
}

TEST(GoodFile, DefaultGatewaysOfAHostAreRead) {
  const Topology topology = read(R"(
tuns: { tun0: { address: 198.18.0.1/24 } }
nodes: { h1: { kind: host } }
links: [{ endpoints: [tun0, h1] }]
routes:
  h1:
    - { to: default, via: 198.18.0.7, preference: 10 }
    - { to: default, via: 198.18.0.8, preference: -3 }
    - { to: default, via: 198.18.0.9 }
)");
  ASSERT_EQ(topology.routes.size(), 3U);
  EXPECT_EQ(topology.routes[0].preference, 10);
  EXPECT_EQ(topology.routes[1].preference, -3);
  EXPECT_EQ(topology.routes[2].preference, std::nullopt);
}

TEST(GoodFile, LoadBalancingIsRead) {
  EXPECT_EQ(read_node("{}").balance, BalancePolicy{});
  EXPECT_EQ(read_node("{ ecmp: packet }").balance.by, Balance::packet);
  EXPECT_EQ(read_node("{ ecmp: off }").balance.by, Balance::off);
  const BalancePolicy policy =
      read_node("{ ecmp: { by: flow, hash: [destination, icmp], seed: 7 } }").balance;
  const FlowFields fields{
      .source = false, .destination = true, .protocol = false, .ports = false, .icmp = true};
  EXPECT_EQ(policy, (BalancePolicy{.by = Balance::flow, .fields = fields, .seed = 7}));
}

TEST(GoodFile, SeveralNextHopsOfARouteAreRead) {
  const Topology topology = read(R"(
tuns: { tun0: { address: 198.18.0.1/24 } }
nodes: { r1: {} }
links: [{ endpoints: [tun0, r1] }]
routes: { r1: [{ to: 192.0.2.0/24, via: [198.18.0.7, 198.18.0.8, 198.18.0.9] }] }
)");
  ASSERT_EQ(topology.routes.size(), 1U);
  EXPECT_EQ(topology.routes[0].via, Ipv4Address(198, 18, 0, 7));
  EXPECT_EQ(topology.routes[0].others,
            (std::vector{Ipv4Address(198, 18, 0, 8), Ipv4Address(198, 18, 0, 9)}));
}

TEST(GoodFile, FiltersAreRead) {
  const NodeSpec node = read_node(R"({ precedence-cutoff: 3, filter: [
      { from: 10.0.0.0/8, to: default, protocol: udp, ports: 53, source-ports: 1024-65535 },
      { precedence: [4, 5] },
      { protocol: 89, action: accept },
      { protocol: icmp, reject: host-prohibited },
      { action: drop } ] })");
  EXPECT_EQ(node.precedence_cutoff, 3);
  ASSERT_EQ(node.filter.size(), 5U);
  EXPECT_EQ(to_string(node.filter[0].from), "10.0.0.0/8");
  EXPECT_EQ(node.filter[0].to, Prefix{});
  EXPECT_EQ(node.filter[0].protocol, 17);
  EXPECT_EQ(node.filter[0].destination_ports, (PortRange{53, 53}));
  EXPECT_EQ(node.filter[0].source_ports, (PortRange{1024, 65535}));
  EXPECT_EQ(node.filter[0].action, FilterAction::reject);
  EXPECT_EQ(node.filter[0].code, UnreachableCode::admin_prohibited);
  EXPECT_EQ(node.filter[1].precedences, std::bitset<8>{0b00110000});
  EXPECT_EQ(node.filter[1].code, UnreachableCode::host_precedence_violation);
  EXPECT_EQ(node.filter[2].action, FilterAction::accept);
  EXPECT_EQ(node.filter[3].code, UnreachableCode::host_prohibited);
  EXPECT_EQ(node.filter[4].action, FilterAction::drop);
}

TEST(GoodFile, RouterDiscoveryIsRead) {
  EXPECT_FALSE(read_node("{}").discovery.on) << "off by default";
  EXPECT_TRUE(read_node("{ router-discovery: true }").discovery.on);
  const DiscoveryPolicy policy = read_node(R"({ router-discovery: { address: broadcast,
      interval: 10s, min-interval: 5s, lifetime: 40s, preference: -1,
      addresses: { 198.18.0.2: never } } })")
                                     .discovery;
  EXPECT_TRUE(policy.on && policy.broadcast);
  EXPECT_EQ(policy.max_interval, 10s);
  EXPECT_EQ(policy.shortest_interval(), 5s);
  EXPECT_EQ(policy.advertised_lifetime(), 40s);
  EXPECT_EQ(policy.preference, -1);
  EXPECT_EQ(policy.preference_of(Ipv4Address(198, 18, 0, 2)), kNotADefaultRouter);
}

TEST(GoodFile, RouterDiscoveryOfAnInterfaceIsRead) {
  const Topology topology = read(R"(
tuns: { tun0: { address: 198.18.0.1/24 } }
nodes: { r1: { router-discovery: true } }
links: [{ endpoints: [tun0, { node: r1, router-discovery: false }] }]
)");
  ASSERT_EQ(topology.links.size(), 1U);
  ASSERT_TRUE(topology.links[0].endpoints[1].discovery.has_value());
  EXPECT_FALSE(topology.links[0].endpoints[1].discovery->on);
}

TEST(GoodFile, SilentAllIsEveryType) {
  EXPECT_TRUE(read_node("{ icmp: { silent: all } }").icmp.silent.all());
}

TEST(GoodFile, DestinationUnreachableHasTwoSpellings) {
  const NodeSpec node = read_node("{ icmp: { silent: [destination-unreachable] } }");
  EXPECT_TRUE(node.icmp.silent[3]);
}

TEST(GoodFile, EverySettingOfANodeIsRead) {
  const NodeSpec node = read_node(R"({ kind: host, router-id: 192.0.2.1, source-routing: true,
      directed-broadcast: true, rpf: loose, host-model: strong,
      martians: linux, reassembly-timeout: 1.5s, udp: { echo: [7, 7007], sink: [9] } })");
  EXPECT_EQ(node.kind, NodeKind::host);
  EXPECT_EQ(node.router_id, Ipv4Address(192, 0, 2, 1));
  EXPECT_TRUE(node.source_routing);
  EXPECT_TRUE(node.directed_broadcast);
  EXPECT_EQ(node.reverse_path, ReversePath::loose);
  EXPECT_EQ(node.host_model, HostModel::strong);
  EXPECT_EQ(node.martians, MartianRules::linux_like);
  EXPECT_EQ(node.reassembly_timeout, 1500ms);
  EXPECT_EQ(node.udp_echo, (std::vector<std::uint16_t>{7, 7007}));
  EXPECT_EQ(node.udp_sink, std::vector<std::uint16_t>{9});
}

TEST(GoodFile, SettingsForFragmentsAreRead) {
  const NodeSpec node = read_node(R"({ overlap: last, tiny-fragments: drop,
      reassembly-limits: { datagrams: 8, per-source: 4, fragments: 64 } })");
  EXPECT_EQ(node.overlap, OverlapPolicy::last);
  EXPECT_TRUE(node.drop_tiny_fragments);
  EXPECT_EQ(node.reassembly_limits.datagrams, 8U);
  EXPECT_EQ(node.reassembly_limits.per_source, 4U);
  EXPECT_EQ(node.reassembly_limits.fragments, 64U);
}

TEST(GoodFile, EverySettingOfANatIsRead) {
  const NodeSpec node = read_node(R"({ nat: { external: [tun0-r1], address: 203.0.113.7,
      mapping: address-dependent, filtering: endpoint-independent, ports: 5000-6000,
      port-assignment: random, errors: stale-checksums, hairpinning: false, limit: 9,
      timeout: { udp: 30s, tcp-established: 40s, tcp-transitory: 5s, icmp: 6s },
      forward: [{ protocol: tcp, port: 80, to: 10.0.0.2:8080 },
                { protocol: udp, port: 53, to: 10.0.0.3 }],
      one-to-one: [{ internal: 10.0.0.5, external: 203.0.113.5 }] } })");
  const NatPolicy want{
      .external = {"tun0-r1"},
      .address = Ipv4Address{203, 0, 113, 7},
      .mapping = NatDependence::address_dependent,
      .filtering = NatDependence::endpoint_independent,
      .ports = {5000, 6000},
      .assignment = PortAssignment::random,
      .timeouts = {.udp = 30s, .tcp_established = 40s, .tcp_transitory = 5s, .icmp = 6s},
      .errors = NatErrors::stale_checksums,
      .hairpinning = false,
      .forward = {{6, 80, {Ipv4Address{10, 0, 0, 2}, 8080}},
                  {17, 53, {Ipv4Address{10, 0, 0, 3}, 53}}},
      .one_to_one = {{Ipv4Address{10, 0, 0, 5}, Ipv4Address{203, 0, 113, 5}}},
      .limit = 9};
  ASSERT_TRUE(node.nat);
  EXPECT_EQ(*node.nat, want);
  EXPECT_FALSE(read_node("{ nat: off }").nat);
}

TEST(GoodFile, OptionsHaveActionsByTypeInAnyOrder) {
  const NodeSpec node = read_node(R"({ require-option: security,
      options: { record-route: process, source-route: drop, 222: reject, other: ignore } })");
  EXPECT_EQ(node.required_option, OptionType::security);
  EXPECT_EQ(node.options.of(OptionType::record_route), OptionAction::process);
  EXPECT_EQ(node.options.of(OptionType::loose_source_route), OptionAction::drop);
  EXPECT_EQ(node.options.of(OptionType::strict_source_route), OptionAction::drop);
  EXPECT_EQ(node.options.of(static_cast<OptionType>(222)), OptionAction::reject);
  EXPECT_EQ(node.options.of(OptionType::timestamp), OptionAction::ignore);
}

TEST(GoodFile, OptionsHaveOneActionForAll) {
  EXPECT_EQ(read_node("{ options: reject }").options.of(OptionType::timestamp),
            OptionAction::reject);
  const OptionPolicy process = read_node("{ options: process }").options;
  EXPECT_EQ(process.of(OptionType::timestamp), OptionAction::process);
  EXPECT_EQ(process.of(OptionType::router_alert), OptionAction::ignore);
  EXPECT_EQ(process.of(OptionType::traceroute), OptionAction::ignore);
}

TEST(GoodFile, BadLengthsAreToldInTwoWays) {
  const IcmpPolicy icmp = read_node("{ icmp: { bad-length: { code: 2, pointer: length } } }").icmp;
  EXPECT_EQ(icmp.bad_length.code, ParameterProblemCode::bad_length);
  EXPECT_TRUE(icmp.bad_length.at_length);
}

TEST(GoodFile, EverySettingOfATunAndALinkIsRead) {
  const Topology topology = read(R"(
links:                                # sections may stand in any order
  - { rate: 10mbit, limit: 5, delay: 250us, mtu: 576, endpoints: [left, r1] }
  - { subnet: 192.0.2.0/24, endpoints: [{ node: r1, address: 192.0.2.7 }, right] }
nodes: { r1: }
tuns:
  left: { address: 198.18.0.1/24, routes: [default, 10.0.0.0/8], netns: blue }
  right: { address: 192.0.2.1/24 }
routing: static
)");
  ASSERT_EQ(topology.links.size(), 2U);
  EXPECT_EQ(topology.links[0].rate, 10'000'000U);
  EXPECT_EQ(topology.links[0].limit, QueueLength{.packets = 5});
  EXPECT_EQ(topology.links[0].delay, 250us);
  EXPECT_EQ(topology.links[0].mtu, 576);
  EXPECT_EQ(to_string(topology.links[1].endpoints[0].address.value()), "192.0.2.7/24");
  EXPECT_EQ(topology.tuns[0].routes.size(), 2U);
  EXPECT_EQ(topology.tuns[0].routes[0], Prefix{});
  EXPECT_EQ(topology.tuns[0].netns, "blue");
  EXPECT_EQ(topology.routing, Routing::static_only);
}

TEST(GoodFile, ImpairmentsOfALinkAreRead) {
  const Topology topology = read(R"(
tuns: { tun0: { address: 198.18.0.1/24 } }
nodes: { r1: {} }
links:
  - endpoints: [tun0, r1]
    limit: 64kB
    ecn: 30kB
    delay: 10ms
    jitter: 2.5ms
    loss: 0.05%
    duplicate: 1%
    corrupt: 0.0000001%
    reorder: 25%
    drop:
      - { nth: 3 }
      - { every: 10, protocol: udp, ports: 53, from: 198.18.0.0/24 }
      - { nth: 1, count: 2, every: 4, icmp-type: echo-request }
)");
  ASSERT_EQ(topology.links.size(), 1U);
  const DirectionSpec& link = topology.links[0];
  EXPECT_EQ(link.limit, QueueLength{.bytes = 64'000});
  EXPECT_EQ(link.ecn, QueueLength{.bytes = 30'000});
  const FilterRule dns{.from = *Prefix::parse("198.18.0.0/24"),
                       .protocol = 17,
                       .destination_ports = PortRange{53, 53}};
  const FilterRule requests{.icmp_type = IcmpType::echo};
  const ImpairmentSpec wanted{.jitter = 2500us,
                              .loss = {.in_good = Share{500'000}},
                              .duplicate = percent(1),
                              .corrupt = Share{1},
                              .reorder = percent(25),
                              .drop = {{.nth = 3},
                                       {.packets = dns, .nth = 10, .every = 10},
                                       {.packets = requests, .nth = 1, .count = 2, .every = 4}}};
  EXPECT_EQ(link.impairment, wanted);
}

// tc-netem(8): "default values r=1-p, 1-h=1 and 1-k=0".
TEST(GoodFile, GilbertElliottHasTheDefaultsOfNetem) {
  const auto loss = [](const std::string& model) {
    const Topology topology = read(
        "tuns: { tun0: { address: 198.18.0.1/24 } }\nnodes: { r1: {} }\n"
        "links: [{ endpoints: [tun0, r1], loss: { gilbert-elliott: " +
        model + " } }]\n");
    return topology.links.empty() ? LossModel{} : topology.links[0].impairment.loss;
  };
  EXPECT_EQ(loss("{ p: 1% }"),
            (LossModel{.to_bad = percent(1), .to_good = percent(99), .in_bad = percent(100)}));
  EXPECT_EQ(loss("{ p: 1%, r: 10%, 1-h: 70%, 1-k: 2% }"), (LossModel{.to_bad = percent(1),
                                                                     .to_good = percent(10),
                                                                     .in_bad = percent(70),
                                                                     .in_good = percent(2)}));
}

TEST(GoodFile, AnEndpointSaysWhatIsDifferentInWhatItSends) {
  const Topology topology = read(R"(
tuns: { tun0: { address: 198.18.0.1/24 } }
nodes: { r1: {}, r2: {} }
links:
  - endpoints: [{ node: tun0, mtu: 1280 }, r1]
  - endpoints: [r1, { node: r2, loss: 10%, limit: 7, reorder: jitter }]
    delay: 5ms
    jitter: 1ms
    duplicate: 1%
)");
  ASSERT_EQ(topology.links.size(), 2U);
  EXPECT_EQ(mtu_of(topology, 0), 1280);
  EXPECT_EQ(topology.links[0].mtu, 1500);
  EXPECT_EQ(topology.links[1].endpoints[0].sends, std::nullopt);
  ASSERT_TRUE(topology.links[1].endpoints[1].sends.has_value());
  DirectionSpec wanted = topology.links[1].sent_by({});
  wanted.limit = {.packets = 7};
  wanted.impairment.loss.in_good = percent(10);
  wanted.impairment.overtaking = true;
  EXPECT_EQ(*topology.links[1].endpoints[1].sends, wanted);
  EXPECT_EQ(wanted.delay, 5ms) << "as the link says";
}

TEST(GoodFile, ADirectionMayUndoWhatTheLinkSays) {
  const Topology topology = read(R"(
tuns: { tun0: { address: 198.18.0.1/24 } }
nodes: { r1: {} }
links:
  - endpoints: [tun0, { node: r1, loss: 0%, drop: [], delay: 0s, jitter: 0s, reorder: 0% }]
    delay: 5ms
    jitter: 1ms
    reorder: jitter
    loss: { gilbert-elliott: { p: 1% } }
    drop: [{ nth: 1 }]
)");
  ASSERT_EQ(topology.links.size(), 1U);
  EXPECT_EQ(topology.links[0].endpoints[1].sends, DirectionSpec{});
}

TEST(GoodFile, AnchorsSaveTyping) {
  const Topology topology = read(R"(
tuns: { tun0: { address: 198.18.0.1/24 } }
nodes: { r1: &quiet { icmp: { silent: all } }, r2: *quiet }
links: [{ endpoints: [tun0, r1, r2] }]
)");
  ASSERT_EQ(topology.nodes.size(), 2U);
  EXPECT_TRUE(topology.nodes[1].icmp.silent.all());
}

TEST(GoodFile, ErrorsTellWhatIsSwitchedOn) {
  const IcmpPolicy off = read_node("{}").icmp;
  EXPECT_EQ(off.extensions, ExtensionPolicy{});
  const IcmpPolicy both = read_node("{ icmp: { extensions: [interface, mpls] } }").icmp;
  EXPECT_EQ(both.extensions, (ExtensionPolicy{.interface = true, .mpls = true}));
  const IcmpPolicy old =
      read_node("{ icmp: { extensions: [mpls], extension-layout: non-compliant } }").icmp;
  EXPECT_EQ(old.extensions,
            (ExtensionPolicy{.mpls = true, .layout = ExtensionLayout::non_compliant}));
  const IcmpPolicy some = read_node(
                              "{ icmp: { interface-information: { roles: [incoming, next-hop], "
                              "parts: [index, mtu] } } }")
                              .icmp;
  EXPECT_EQ(some.extensions.disclosure,
            (InterfaceDisclosure{.roles = 0b1001, .address = false, .name = false}));
}

TEST(GoodFile, InterfacesHaveComponents) {
  const Topology topology = read(R"(
tuns: { tun0: { address: 198.18.0.1/24 } }
nodes: { r1: {} }
links:
  - endpoints: [{ node: r1, component: { name: ge-0/0/1, index: 7 } }, tun0]
)");
  ASSERT_EQ(topology.links.size(), 1U);
  const InterfaceComponent& component = topology.links[0].endpoints[0].component;
  EXPECT_EQ(component.name, "ge-0/0/1");
  EXPECT_EQ(component.index, 7U);
}

TEST(GoodFile, ExtendedEchoIsAnsweredToThoseWhoMayAsk) {
  const IcmpPolicy policy =
      read_node(
          "{ icmp: { answer: [extended-echo], extended-echo: { local: [default], "
          "remote: [198.18.0.0/15], name: [10.0.0.0/8, 192.0.2.1/32], index: [default], "
          "address: [], rate: 5/s } } }")
          .icmp;
  EXPECT_TRUE(policy.answers[42]);
  EXPECT_EQ(policy.answers.count(), 1U);
  const auto prefix = [](std::string_view text) { return *Prefix::parse(text); };
  EXPECT_EQ(policy.extended_echo,
            (ExtendedEchoPolicy{.local = {Prefix{}},
                                .remote = {prefix("198.18.0.0/15")},
                                .by_name = {prefix("10.0.0.0/8"), prefix("192.0.2.1/32")},
                                .by_index = {Prefix{}},
                                .rate = 5}));
}

TEST(GoodFile, AnInterfaceHasItsLabels) {
  const Topology topology = read(R"(
tuns: { tun0: { address: 198.18.0.1/24 } }
nodes: { r1: {} }
links:
  - endpoints:
      - tun0
      - node: r1
        mpls: [{ label: 16004 }, { label: 1048575, tc: 7, ttl: 255 }]
        extended-echo: false
)");
  ASSERT_EQ(topology.links.size(), 1U);
  const EndpointSpec& end = topology.links[0].endpoints[1];
  EXPECT_EQ(end.labels, (std::vector<MplsLabel>{
                            {.label = 16004}, {.label = 1048575, .traffic_class = 7, .ttl = 255}}));
  EXPECT_FALSE(end.extended_echo);
}

TEST(GoodFile, AnInterfaceHasItsName) {
  const Topology topology = read(R"(
tuns: { tun0: { address: 198.18.0.1/24 } }
nodes: { r1: {}, r2: {} }
links:
  - endpoints: [tun0, r1]
  - endpoints: [{ node: r1, name: ge-0/0/1.100 }, { node: r2, address: 10.0.0.2/30, name: 'uplink' }]
)");
  ASSERT_EQ(topology.links.size(), 2U);
  EXPECT_EQ(topology.links[1].endpoints[0].interface, "ge-0/0/1.100");
  EXPECT_EQ(topology.links[1].endpoints[1].interface, "uplink");
}

TEST(GoodFile, EveryTypeOfRouteIsRead) {
  const Topology topology = read(R"(
tuns: { tun0: { address: 198.18.0.1/24 } }
nodes: { r1: {} }
links: [{ endpoints: [tun0, r1] }]
routes:
  r1:
    - { to: 192.0.2.1, type: blackhole }
    - { to: 192.0.2.2, type: prohibit }
    - { to: default, via: 198.18.0.1 }
)");
  ASSERT_GE(topology.routes.size(), 3U);
  EXPECT_EQ(topology.routes[0].type, RouteType::blackhole);
  EXPECT_EQ(topology.routes[0].to.length(), 32U);
  EXPECT_EQ(topology.routes[1].reject, UnreachableCode::admin_prohibited);
  EXPECT_EQ(topology.routes[2].to, Prefix{});
}

TEST(Tour, IsRight) {
  const Topology topology = read(tour_yaml());
  EXPECT_EQ(topology.name, "tour");
  ASSERT_EQ(topology.tuns.size(), 1U);
  EXPECT_EQ(to_string(topology.tuns[0].address), "198.18.0.1/24");
}

TEST(Tour, HasAPrefixForEveryCodeThatARouteCanBeGiven) {
  const Topology topology = read(tour_yaml());
  for (std::uint8_t code = 0; code < kUnreachableCodes; ++code) {
    if (code >= 2 && code <= 4) continue;  // have their own causes: protocol, port, MTU
    const Prefix wanted{Ipv4Address(198, 19, code, 0), 24};
    const auto rejects = [&](const RouteSpec& route) {
      return route.to == wanted && route.type == RouteType::reject &&
             std::to_underlying(route.reject) == code;
    };
    EXPECT_TRUE(std::ranges::any_of(topology.routes, rejects)) << unsigned{code};
  }
}

}  // namespace
}  // namespace hop
