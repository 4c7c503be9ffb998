// Redirects as a host takes them (RFC 1122 sections 3.2.2.2 and 3.3.1.2).

#include <gmock/gmock.h>

#include <ostream>
#include <string_view>

#include "tests/stack/node/bench.hpp"
#include "tests/stack/node/recorder.hpp"
#include "tests/support/matchers.hpp"

namespace hop {
namespace {

using std::chrono::minutes;
using testing::icmp;
using testing::icmp_echo;
using testing::icmp_echo_reply;
using testing::ip;
using testing::udp;

constexpr Ipv4Address kServer{192, 0, 2, 9};
constexpr LinkAddress kFirstGateway = 1;  // 10.0.1.1, as the bench numbers its neighbours
constexpr LinkAddress kOtherGateway = 2;  // 10.0.1.3

/// What leaves the node for `destination`.
Sent first_packet(Bench& bench, const Outgoing& what) {
  Outbox out;
  EXPECT_TRUE(bench.node.send_udp(what, 5000, 9, {}, out));
  bench.collect(out);
  return bench.sent().empty() ? Sent{} : bench.sent().front();
}
/// Where it goes.
LinkAddress first_hop(Bench& bench, Ipv4Address destination = kServer, Instant now = kNow) {
  return first_packet(bench, {.destination = destination, .now = now}).to;
}
LinkAddress first_hop_for(Bench& bench, std::uint8_t tos, Instant now = kNow) {
  return first_packet(bench, {.destination = kServer, .tos = tos, .now = now}).to;
}

/// A redirect from `reporter` about a packet of the host to kServer.
Wire redirect(std::uint8_t code, std::string_view reporter, std::string_view gateway,
              std::uint8_t tos = 0, std::string_view source = "10.0.1.2") {
  const Wire quote = ip().src(source).dst("192.0.2.9").tos(tos) / udp(5000, 9);
  return ip().src(reporter).dst(source) / icmp(5, code, testing::address_of(gateway), quote);
}

struct RedirectCase {
  std::string_view name;
  bool followed;
  std::uint8_t code = 1;
  std::string_view gateway = "10.0.1.3";
  std::string_view reporter = "10.0.1.1";
  std::string_view source = "10.0.1.2";  // of the quoted packet
};
std::ostream& operator<<(std::ostream& out, const RedirectCase& row) { return out << row.name; }

class RedirectOfAHost : public ::testing::TestWithParam<RedirectCase> {};

TEST_P(RedirectOfAHost, IsFollowedByTheRulesOfRfc1122Section3_2_2_2) {
  const RedirectCase& row = GetParam();
  Bench bench{host_config()};
  ASSERT_EQ(first_hop(bench), kFirstGateway);
  const Wire quote = ip().src(row.source).dst("192.0.2.9") / udp(5000, 9);
  const Wire redirect = ip().src(row.reporter).dst("10.0.1.2") /
                        icmp(5, row.code, testing::address_of(row.gateway), quote);
  const Verdict verdict = bench.receive(redirect);
  EXPECT_EQ(verdict.action, row.followed ? Action::delivered : Action::dropped);
  EXPECT_EQ(first_hop(bench), row.followed ? kOtherGateway : kFirstGateway);
  EXPECT_EQ(first_hop(bench, Ipv4Address{192, 0, 2, 10}), kFirstGateway) << "for that host alone";
}

INSTANTIATE_TEST_SUITE_P(
    Table, RedirectOfAHost,
    ::testing::Values(RedirectCase{"Network", true, 0}, RedirectCase{"Host", true, 1},
                      RedirectCase{"NetworkAndTos", true, 2}, RedirectCase{"HostAndTos", true, 3},
                      RedirectCase{"CodeWithoutAMeaning", false, 4},
                      RedirectCase{"HighestCode", false, 255},
                      RedirectCase{"GatewayElsewhere", false, 1, "10.0.2.3"},
                      RedirectCase{"GatewayIsTheSubnetsBroadcast", false, 1, "10.0.1.255"},
                      RedirectCase{"GatewayIsTheSubnetItself", false, 1, "10.0.1.0"},
                      RedirectCase{"GatewayIsOurselves", false, 1, "10.0.1.2"},
                      RedirectCase{"GatewayIsNobody", false, 1, "10.0.1.99"},
                      RedirectCase{"NotFromTheFirstHop", false, 1, "10.0.1.3", "10.0.1.3"},
                      RedirectCase{"FromFarAway", false, 1, "10.0.1.3", "192.0.2.9"},
                      RedirectCase{"NotAboutUs", false, 1, "10.0.1.3", "10.0.1.1", "10.0.1.9"}),
    kCaseName);

TEST(RedirectOfAHost, MayBeAboutItsReply) {
  Bench bench{host_config()};
  const Wire quote = ip().src("10.0.1.2").dst("192.0.2.9") / icmp_echo_reply({});
  EXPECT_EQ(bench.receive(ip().src("10.0.1.1").dst("10.0.1.2") / icmp(5, 1, 0x0a000103, quote)),
            kDelivered);
  EXPECT_EQ(bench.receive(ip().src("192.0.2.9").dst("10.0.1.2") / icmp_echo({})), kAnswered);
  EXPECT_EQ(bench.sent().front().to, kOtherGateway);
}

TEST(RedirectOfAHost, IsForgottenAfterAWhile) {
  Bench bench{host_config()};
  const Wire quote = ip().src("10.0.1.2").dst("192.0.2.9") / udp(5000, 9);
  EXPECT_EQ(bench.receive(ip().src("10.0.1.1").dst("10.0.1.2") / icmp(5, 1, 0x0a000103, quote)),
            kDelivered);
  EXPECT_EQ(first_hop(bench, kServer, kNow + minutes{9}), kOtherGateway);
  EXPECT_EQ(first_hop(bench, kServer, kNow + minutes{10}), kFirstGateway);
}

TEST(RedirectOfAHost, IsCountedWhenItsCodeMeansNothing) {
  Bench bench{host_config()};
  Recorder client;
  bench.node.bind({testing::kUdp, 5000}, client);
  constexpr Verdict kUnknown = dropped(DropReason::icmp_unknown_code);
  EXPECT_EQ(bench.receive(redirect(4, "10.0.1.1", "10.0.1.3")), kUnknown);
  bench.expect_counted(kUnknown);
  EXPECT_TRUE(client.errors.empty());
}

TEST(RedirectOfAHost, MayBeOnASecondarySubnet) {
  // RFC 1122 section 3.2.2.2: the same connected (sub-)net through which the redirect arrived.
  Neighbours link;
  for (std::uint8_t i = 1; i < 10; ++i) link.add(Ipv4Address{10, 0, 5, i}, i);
  Bench bench{host_config()};
  const InterfaceIndex second =
      bench.node.add_interface({.address = {Ipv4Address{10, 0, 4, 2}, 24},
                                .neighbours = &link,
                                .queue = {},
                                .secondary = {{Ipv4Address{10, 0, 5, 2}, 24}}});
  bench.node.add_route(
      {.to = *Prefix::parse("192.0.2.0/24"), .out = second, .via = Ipv4Address{10, 0, 5, 1}});
  ASSERT_EQ(first_hop(bench), 1);
  EXPECT_EQ(bench.receive(redirect(1, "10.0.5.1", "10.0.5.255", 0, "10.0.5.2"), second).action,
            Action::dropped);
  EXPECT_EQ(bench.receive(redirect(1, "10.0.5.1", "10.0.5.9", 0, "10.0.5.2"), second), kDelivered);
  EXPECT_EQ(first_hop(bench), 9);
}

/// A host that has learned a default router, 10.0.9.1, on a link of its own, for 30 s; the
/// configured one, 10.0.1.1, is less preferred.
struct Discovering {
  Neighbours link;
  Bench bench{host_config()};
  InterfaceIndex second = 0;

  Discovering() {
    link.set_outside(7);
    second = bench.node.add_interface({.address = {Ipv4Address{10, 0, 9, 2}, 24},
                                       .neighbours = &link,
                                       .queue = {},
                                       .discovery = {.on = true}});
    const std::uint8_t entry[] = {10, 0, 9, 1, 0, 0, 0, 5};
    const Wire advertised = ip().src("10.0.9.1").dst("224.0.0.1").ttl(1) /
                            icmp(9, 0, 0x0102001e, Bytes{as_bytes(std::span{entry})});
    EXPECT_EQ(bench.receive(advertised, second), kDelivered);
    EXPECT_EQ(bench.receive(redirect(1, "10.0.9.1", "10.0.9.3", 0, "10.0.9.2"), second),
              kDelivered);
  }
  InterfaceIndex way(Instant now) {
    return first_packet(bench, {.destination = kServer, .now = now}).out;
  }
};

TEST(RedirectOfAHost, KeepsItsInterface) {
  // RFC 1256 section 5.3: the host goes on with the address that it was redirected to, which is on
  // the link that the redirect came by (RFC 1122 section 3.3.1.3), whatever its default router.
  Discovering host;
  EXPECT_EQ(host.way(kNow + minutes{1}), host.second);
  EXPECT_EQ(first_packet(host.bench,
                         {.destination = Ipv4Address{192, 0, 2, 10}, .now = kNow + minutes{1}})
                .out,
            0);
}

TEST(RedirectOfAHost, IsNotUsedWhileItsGatewayIsNotThere) {
  Discovering host;
  host.link.set_outside(kNobody);
  EXPECT_EQ(host.way(kNow + minutes{1}), 0);
  host.link.set_outside(7);
  EXPECT_EQ(host.way(kNow + minutes{1}), host.second);
}

constexpr std::uint8_t kDelay = 0x10;       // RFC 1349 section 4: minimize delay
constexpr std::uint8_t kThroughput = 0x08;  // maximize throughput

struct TosRedirectCase {
  std::string_view name;
  std::uint8_t code, tos;
  bool normal, delay, throughput;  // packets with that TOS follow it
};
std::ostream& operator<<(std::ostream& out, const TosRedirectCase& row) { return out << row.name; }

class RedirectForATos : public ::testing::TestWithParam<TosRedirectCase> {};

TEST_P(RedirectForATos, IsForTheTosOfItsPacketRfc792) {
  const TosRedirectCase& row = GetParam();
  Bench bench{host_config()};
  EXPECT_EQ(bench.receive(redirect(row.code, "10.0.1.1", "10.0.1.3", row.tos)), kDelivered);
  const auto followed = [&](std::uint8_t tos) {
    return first_hop_for(bench, tos) == kOtherGateway;
  };
  EXPECT_EQ(followed(0), row.normal);
  EXPECT_EQ(followed(0xe3), row.normal) << "neither precedence nor ECN is a TOS";
  EXPECT_EQ(followed(kDelay), row.delay);
  EXPECT_EQ(followed(kThroughput), row.throughput);
}

INSTANTIATE_TEST_SUITE_P(
    Table, RedirectForATos,
    ::testing::Values(TosRedirectCase{"NetworkOfAll", 0, kDelay, true, true, true},
                      TosRedirectCase{"HostOfAll", 1, kDelay, true, true, true},
                      TosRedirectCase{"NetworkOfDelay", 2, kDelay, false, true, false},
                      TosRedirectCase{"HostOfDelay", 3, kDelay, false, true, false},
                      TosRedirectCase{"HostOfDelayWithEcn", 3, 0xf3, false, true, false},
                      TosRedirectCase{"HostOfThroughput", 3, kThroughput, false, false, true},
                      TosRedirectCase{"HostOfNormal", 3, 0, true, false, false}),
    kCaseName);

TEST(RedirectForATos, ComesFromTheFirstHopOfThatTos) {
  // RFC 1122 section 3.2.2.2: of the route for the packet that is quoted.
  Bench bench{host_config()};
  bench.node.add_route({.out = 0, .via = Ipv4Address{10, 0, 1, 3}, .tos = 8});
  ASSERT_EQ(first_hop_for(bench, kDelay), kOtherGateway);
  EXPECT_EQ(bench.receive(redirect(3, "10.0.1.1", "10.0.1.3", kDelay)).action, Action::dropped);
  EXPECT_EQ(bench.receive(redirect(3, "10.0.1.3", "10.0.1.1", kDelay)), kDelivered);
  EXPECT_EQ(first_hop_for(bench, kDelay), kFirstGateway);
  EXPECT_EQ(first_hop(bench), kFirstGateway);
}

TEST(RedirectForATos, StandsBesideOneForAll) {
  // The latest for a TOS counts, and each is forgotten in its own time.
  Bench bench{host_config()};
  EXPECT_EQ(bench.receive(redirect(1, "10.0.1.1", "10.0.1.3")), kDelivered);
  bench.now = kNow + minutes{5};
  EXPECT_EQ(bench.receive(redirect(3, "10.0.1.3", "10.0.1.1", kDelay)), kDelivered);
  EXPECT_EQ(first_hop_for(bench, kDelay, bench.now), kFirstGateway);
  EXPECT_EQ(first_hop(bench, kServer, bench.now), kOtherGateway);
  EXPECT_EQ(first_hop(bench, kServer, kNow + minutes{10}), kFirstGateway);
  EXPECT_EQ(bench.receive(redirect(1, "10.0.1.1", "10.0.1.3", kDelay)), kDelivered);
  EXPECT_EQ(first_hop_for(bench, kDelay, bench.now), kOtherGateway);
}

TEST(RedirectOfARouter, IsNotFollowed) {
  // RFC 1812 section 5.2.7.2: MUST NOT use paths learned from redirects.
  Bench bench;
  Recorder client;
  bench.node.bind({testing::kUdp, 5000}, client);
  const LinkAddress before = first_hop(bench);
  const Wire quote = ip().src("10.0.2.1").dst("192.0.2.9") / udp(5000, 9);
  EXPECT_EQ(bench.receive(ip().src("10.0.2.2").dst("10.0.2.1") / icmp(5, 1, 0x0a000263, quote), 1),
            kDelivered);
  EXPECT_EQ(first_hop(bench), before);
  EXPECT_EQ(client.errors.size(), 1U) << "whoever sent the packet may print it";
}

}  // namespace
}  // namespace hop
