// Broadcasts, multicasts and link-local addresses (RFC 1812 sections 5.3.4 and 5.3.5, RFC 1122
// sections 3.2.1.3 and 3.3.6, RFC 2644, RFC 3927 section 2.7): never forwarded, never an error.

#include <gmock/gmock.h>

#include <array>
#include <ostream>
#include <string_view>

#include "tests/stack/node/bench.hpp"
#include "tests/support/matchers.hpp"

namespace hop {
namespace {

using testing::icmp_echo;
using ::testing::IsEmpty;
using testing::raw;
using testing::udp;

constexpr std::uint8_t kUdpProtocol = 17;
constexpr Arrival kByBroadcast{.from = 1, .broadcast = true, .now = kNow};

struct GroupCase {
  std::string_view name;
  std::string_view destination;
};
std::ostream& operator<<(std::ostream& out, const GroupCase& row) { return out << row.name; }

class Group : public ::testing::TestWithParam<GroupCase> {};

TEST_P(Group, IsNeverForwardedNorTheReasonOfAnError) {
  const auto header = transit().dst(GetParam().destination);
  for (const Wire& packet :
       {Wire{header / udp(1, 33434)}, header / icmp_echo({}), header / raw("data"),
        header / testing::tcp_syn(1, 80), transit().dst(GetParam().destination).ttl(1) / udp(1, 2),
        transit().dst(GetParam().destination).df() / udp(1, 2, counting(1400)),
        transit().dst(GetParam().destination).options({7, 2, 0, 0}) / udp(1, 2)}) {
    for (const bool link_broadcast : {false, true}) {
      Bench bench;
      const Verdict verdict =
          bench.receive(packet, Arrival{.from = 1, .broadcast = link_broadcast, .now = kNow});
      EXPECT_EQ(verdict.action, Action::dropped) << packet;
      bench.expect_counted(verdict);
      EXPECT_THAT(bench.sent(), IsEmpty()) << packet;
    }
  }
}

INSTANTIATE_TEST_SUITE_P(Table, Group,
                         ::testing::Values(GroupCase{"LimitedBroadcast", "255.255.255.255"},
                                           GroupCase{"SubnetBroadcast", "10.0.1.255"},
                                           GroupCase{"BroadcastOfAnotherSubnet", "10.0.2.255"},
                                           GroupCase{"AllSystems", "224.0.0.1"},
                                           GroupCase{"AllRouters", "224.0.0.2"},
                                           GroupCase{"MulticastThatCouldBeForwarded", "239.1.2.3"},
                                           GroupCase{"Network", "10.0.1.0"}),
                         kCaseName);

TEST(Broadcast, IsTakenByAnEndpoint) {
  // RFC 1812 section 4.2.3.1 (1): both forms MUST be treated as IP broadcasts, and received.
  for (const std::string_view destination : {"255.255.255.255", "10.0.1.255"}) {
    Bench bench;
    UdpSink sink;
    bench.node.bind({kUdpProtocol, 9}, sink);
    const Arrival arrival{.from = 1, .broadcast = true, .now = kNow};
    EXPECT_EQ(bench.receive(transit().dst(destination) / udp(1, 9), arrival), kDelivered)
        << destination;
    EXPECT_THAT(bench.sent(), IsEmpty());
  }
}

TEST(Broadcast, IsNeverTheSourceOfAnAnswer) {
  // RFC 1122 section 3.2.1.3: MUST NOT be used as a source address.
  for (const std::string_view destination : {"255.255.255.255", "10.0.1.255"}) {
    Bench bench;
    UdpEcho echo;
    bench.node.bind({kUdpProtocol, 7}, echo);
    EXPECT_EQ(bench.receive(transit().dst(destination) / udp(1, 7), kByBroadcast), kDelivered);
    for (const Sent& sent : bench.sent()) EXPECT_THAT(sent.packet, testing::Src("10.0.1.1"));
  }
}

TEST(LinkBroadcast, IsNotForwarded) {
  // RFC 1812 section 5.3.4: MUST NOT forward any packet received as a link layer broadcast.
  constexpr Verdict kRefused = dropped(DropReason::link_broadcast_of_unicast);
  for (const Wire& packet : {Wire{transit() / udp(1, 2)}, transit().ttl(1) / udp(1, 2),
                             transit().dst("8.8.8.8") / udp(1, 2)}) {
    Bench bench;
    EXPECT_EQ(bench.receive(packet, kByBroadcast), kRefused) << packet;
    bench.expect_counted(kRefused);
    EXPECT_THAT(bench.sent(), IsEmpty());
  }
}

TEST(LinkBroadcast, OfAUnicastPacketToUsIsDroppedInSilence) {
  // RFC 1122 section 3.3.6: a host SHOULD silently discard it.
  for (const Wire& packet :
       {Wire{to_router() / udp(1, 33434)}, to_router() / udp(1, 7), to_router() / icmp_echo({}),
        to_router() / raw("data"), to_router() / testing::tcp_syn(1, 80)}) {
    Bench bench;
    UdpEcho echo;
    bench.node.bind({kUdpProtocol, 7}, echo);
    EXPECT_EQ(bench.receive(packet, kByBroadcast).action, Action::dropped) << packet;
    EXPECT_THAT(bench.sent(), IsEmpty()) << packet;
  }
}

TEST(LinkBroadcast, IsNoReasonForAParameterProblem) {
  Bench bench;
  const Verdict verdict =
      bench.receive((transit() / udp(1, 2, "data")).truncated(25), kByBroadcast);
  EXPECT_EQ(verdict, dropped(DropReason::ipv4_incomplete));
  EXPECT_THAT(bench.sent(), IsEmpty());
  EXPECT_EQ(bench.counters().get(NotTold::about_link_broadcast), 1U);
}

struct LinkLocalCase {
  std::string_view name;
  std::string_view source, destination;
};
std::ostream& operator<<(std::ostream& out, const LinkLocalCase& row) { return out << row.name; }

class LinkLocal : public ::testing::TestWithParam<LinkLocalCase> {};

TEST_P(LinkLocal, IsNotForwardedRegardlessOfTheTtl) {
  constexpr Verdict kRefused = dropped(DropReason::link_local_not_forwarded);
  for (const std::uint8_t ttl : std::to_array<std::uint8_t>({1, 2, 64, 255})) {
    Bench bench;
    bench.node.add_route({.to = Prefix{}, .out = 1, .via = Ipv4Address{10, 0, 2, 2}});
    const Wire packet =
        transit().src(GetParam().source).dst(GetParam().destination).ttl(ttl) / udp(1, 2, "data");
    EXPECT_EQ(bench.receive(packet), kRefused) << int{ttl};
    bench.expect_counted(kRefused);
    EXPECT_THAT(bench.sent_by(1), IsEmpty());
  }
}

INSTANTIATE_TEST_SUITE_P(Rfc3927Section2_7, LinkLocal,
                         ::testing::Values(LinkLocalCase{"Destination", "10.0.1.2", "169.254.1.1"},
                                           LinkLocalCase{"Source", "169.254.1.1", "192.0.2.9"},
                                           LinkLocalCase{"Both", "169.254.255.255", "169.254.0.0"}),
                         kCaseName);

TEST(LinkLocal, EndsWhereItsBlockEnds) {
  for (const std::string_view source : {"169.253.255.255", "169.255.0.0"}) {
    Bench bench;
    EXPECT_EQ(bench.receive(transit().src(source) / udp(1, 2)), kForwarded) << source;
  }
}

}  // namespace
}  // namespace hop
