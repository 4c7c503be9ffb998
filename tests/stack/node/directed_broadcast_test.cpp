// Broadcasts to a subnet that they did not come from (RFC 2644 section 3, RFC 1812 sections 5.2.3
// and 5.3.5.2), and echo to groups (RFC 1122 section 3.2.2.6).

#include <gmock/gmock.h>

#include <array>
#include <ostream>
#include <string_view>

#include "tests/stack/node/bench.hpp"
#include "tests/support/matchers.hpp"

namespace hop {
namespace {

using ::testing::AllOf;
using testing::Dst;
using ::testing::ElementsAre;
using testing::icmp_echo;
using testing::IcmpIs;
using ::testing::IsEmpty;
using testing::Src;
using testing::udp;
using testing::ValidChecksums;

constexpr std::uint8_t kUdpProtocol = 17;
constexpr Verdict kRefused = dropped(DropReason::directed_broadcast_refused);

/// From the host behind if0 to all on the link of if1.
testing::Ip directed() { return transit().dst("10.0.2.255"); }

NodeConfig open_router() {
  NodeConfig config = router_config();
  config.directed_broadcast = true;
  return config;
}

TEST(DirectedBroadcast, IsNeitherTakenNorPassedOnByDefault) {
  for (const bool link_broadcast : {false, true}) {
    Bench bench;
    UdpSink sink;
    bench.node.bind({kUdpProtocol, 9}, sink);
    EXPECT_EQ(bench.receive(directed() / udp(1, 9),
                            Arrival{.from = 1, .broadcast = link_broadcast, .now = kNow}),
              kRefused);
    bench.expect_counted(kRefused);
    EXPECT_THAT(bench.sent(), IsEmpty());
  }
}

TEST(DirectedBroadcast, IsPassedOnAsALinkBroadcastAndTaken) {
  Bench bench{open_router()};
  UdpSink sink;
  bench.node.bind({kUdpProtocol, 9}, sink);
  const Wire packet = directed() / udp(1, 9, "data");
  EXPECT_EQ(bench.receive(packet), kForwarded);
  bench.expect_counted(kForwarded);
  EXPECT_EQ(bench.answer(), packet.with_ttl(63));
  EXPECT_EQ(bench.sent().front().out, 1);
  EXPECT_EQ(bench.sent().front().to, kLinkBroadcast);
  EXPECT_EQ(bench.counters().get(Mib::udp_in_datagrams), 1U);
}

TEST(DirectedBroadcast, OfTheLinkItCameByIsTakenWithoutTheSwitch) {
  Bench bench;
  UdpSink sink;
  bench.node.bind({kUdpProtocol, 9}, sink);
  EXPECT_EQ(bench.receive(transit().dst("10.0.1.255") / udp(1, 9)), kDelivered);
}

TEST(DirectedBroadcast, ThatCameAsALinkBroadcastIsNotPassedOn) {
  // RFC 1812 sections 5.2.3 and 5.3.4.
  Bench bench{open_router()};
  UdpSink sink;
  bench.node.bind({kUdpProtocol, 9}, sink);
  for (const std::string_view destination : {"10.0.1.255", "10.0.2.255"}) {
    EXPECT_EQ(bench.receive(transit().dst(destination) / udp(1, 9),
                            Arrival{.from = 1, .broadcast = true, .now = kNow}),
              kDelivered);
    EXPECT_THAT(bench.sent(), IsEmpty());
  }
}

TEST(DirectedBroadcast, ThatCameAsAUnicastGoesToItsOwnLinkWithoutARedirect) {
  Bench bench{open_router()};
  const Wire packet = transit().dst("10.0.1.255") / udp(1, 9);
  EXPECT_EQ(bench.receive(packet), kForwarded);
  EXPECT_THAT(bench.sent_by(0), ElementsAre(packet.with_ttl(63)));
  EXPECT_EQ(bench.counters().get(NotTold::about_group_destination), 1U)
      << "of the port that is not open here";
}

TEST(DirectedBroadcast, IsCutForItsLink) {
  Bench bench{open_router()};
  const Wire packet = directed().dst("10.0.3.255") / udp(1, 9, counting(1000));
  EXPECT_EQ(bench.receive(packet), kForwarded);
  EXPECT_EQ(bench.sent_by(2).size(), 2U);
  for (const Sent& sent : bench.sent()) EXPECT_EQ(sent.to, kLinkBroadcast);
}

struct NotPassedOn {
  std::string_view name;
  Wire packet;
  DropReason why;
};
std::ostream& operator<<(std::ostream& out, const NotPassedOn& row) { return out << row.name; }
class DirectedBroadcastFault : public ::testing::TestWithParam<NotPassedOn> {};

TEST_P(DirectedBroadcastFault, IsSilent) {
  Bench bench{open_router()};
  EXPECT_EQ(bench.receive(GetParam().packet), dropped(GetParam().why));
  EXPECT_THAT(bench.sent(), IsEmpty());
}

// What becomes of the packet here is its verdict; no port is open.
INSTANTIATE_TEST_SUITE_P(
    Rfc1812Section4_3_2_7, DirectedBroadcastFault,
    ::testing::Values(
        NotPassedOn{"TtlExpired", directed().ttl(1) / udp(1, 9), DropReason::port_unreachable},
        NotPassedOn{"TooBig", directed().dst("10.0.3.255").df() / udp(1, 9, counting(1000)),
                    DropReason::port_unreachable},
        NotPassedOn{"FromALinkLocalAddressRfc3927Section2_7",
                    directed().src("169.254.3.4") / udp(1, 9), DropReason::port_unreachable},
        NotPassedOn{"ByAStrictSourceRoute",
                    directed().options({137, 7, 4, 10, 0, 1, 3}) / udp(1, 9),
                    DropReason::port_unreachable},
        NotPassedOn{"Echo", directed().ttl(1) / icmp_echo({}), DropReason::icmp_to_group}),
    kCaseName);

TEST(DirectedBroadcast, IsNotPassedOnByAHost) {
  NodeConfig config = host_config();
  config.directed_broadcast = true;
  Bench bench{config};
  UdpSink sink;
  bench.node.bind({kUdpProtocol, 9}, sink);
  EXPECT_EQ(bench.receive(transit().src("10.0.1.1").dst("10.0.1.255") / udp(1, 9)), kDelivered);
  EXPECT_THAT(bench.sent(), IsEmpty());
}

NodeConfig echo_router() {
  IcmpPolicy policy;
  policy.broadcast_echo = true;
  return with_policy(policy);
}

TEST(BroadcastEcho, IsAnsweredFromTheInterfaceItCameBy) {
  // RFC 1122 section 3.2.1.3: the specific-destination address; RFC 1812 section 4.3.3.6.
  for (const std::string_view destination : {"255.255.255.255", "10.0.1.255", "224.0.0.1"}) {
    Bench bench{echo_router()};
    EXPECT_EQ(bench.receive(transit().dst(destination) / icmp_echo({.id = 7, .seq = 1}, "data"),
                            Arrival{.from = 1, .broadcast = true, .now = kNow}),
              kAnswered)
        << destination;
    EXPECT_THAT(bench.answer(),
                AllOf(IcmpIs(0, 0), Src("10.0.1.1"), Dst("10.0.1.2"), ValidChecksums()));
  }
}

TEST(BroadcastEcho, IsReassembledFirst) {
  Bench bench{echo_router()};
  const auto pieces =
      testing::fragments(transit().dst("10.0.1.255") / icmp_echo({}, counting(64)), {40});
  EXPECT_EQ(bench.receive(pieces[0]), kHeld);
  EXPECT_EQ(bench.receive(pieces[1]), kAnswered);
  EXPECT_THAT(bench.answer(), AllOf(IcmpIs(0, 0), Src("10.0.1.1")));
}

TEST(BroadcastEcho, IsTheOnlyQueryToAGroupThatIsAnswered) {
  constexpr Verdict kSilent = dropped(DropReason::icmp_to_group);
  for (const std::uint8_t type : std::to_array<std::uint8_t>({0, 3, 13, 15, 17, 42})) {
    Bench bench{echo_router()};
    EXPECT_EQ(bench.receive(transit().dst("10.0.1.255") / testing::icmp(type, 0, 0, counting(28))),
              kSilent)
        << int{type};
    EXPECT_THAT(bench.sent(), IsEmpty());
  }
}

TEST(BroadcastEcho, MayNotHideATimestampInFragments) {
  Bench bench{echo_router()};
  const auto pieces =
      testing::fragments(transit().dst("10.0.1.255") / testing::icmp(13, 0, 0, counting(28)), {16});
  EXPECT_EQ(bench.receive(pieces[1]), kHeld) << "a later fragment shows no type";
  EXPECT_EQ(bench.receive(pieces[0]), dropped(DropReason::icmp_to_group));
}

}  // namespace
}  // namespace hop
