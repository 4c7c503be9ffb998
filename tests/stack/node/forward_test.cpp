// Transit: routes, MTU, fragments (RFC 1812 sections 4.2.2.7, 4.3.3.1, 5.2.7.1 and 5.3, RFC 1191).

#include <gmock/gmock.h>

#include <ostream>
#include <string>
#include <string_view>

#include "tests/stack/node/bench.hpp"
#include "tests/support/matchers.hpp"

namespace hop {
namespace {

using ::testing::AllOf;
using testing::Dst;
using ::testing::ElementsAreArray;
using testing::fragments;
using testing::icmp_echo;
using testing::IcmpIs;
using testing::Ip;
using ::testing::IsEmpty;
using testing::Quotes;
using testing::raw;
using testing::RestOfHeader;
using testing::Src;
using testing::udp;
using testing::ValidChecksums;

struct RouteCase {
  std::string_view name;
  std::string_view destination;
  DropReason why;
  std::uint8_t code;
};
std::ostream& operator<<(std::ostream& out, const RouteCase& row) { return out << row.name; }

class NoWay : public ::testing::TestWithParam<RouteCase> {};

TEST_P(NoWay, IsToldAsDestinationUnreachable) {
  const RouteCase& row = GetParam();
  Bench bench;
  const Wire packet = transit().dst(row.destination) / udp(1, 2, "data");
  EXPECT_EQ(bench.receive(packet), dropped(row.why));
  bench.expect_counted(dropped(row.why));
  EXPECT_THAT(bench.answer(), AllOf(IcmpIs(3, row.code), RestOfHeader(0U), Src("10.0.1.1"),
                                    Dst("10.0.1.2"), Quotes(packet), ValidChecksums()));
  EXPECT_EQ(bench.counters().icmp_out(IcmpType::dest_unreachable), 1U);
  EXPECT_EQ(bench.counters().get(NotTold::told), 0U);
}

INSTANTIATE_TEST_SUITE_P(Rfc1812Section4_3_3_1, NoWay,
                         ::testing::Values(RouteCase{"NoRoute", "8.8.8.8", DropReason::no_route, 0},
                                           RouteCase{"NextHopDoesNotResolve", "192.0.2.200",
                                                     DropReason::host_unreachable, 1},
                                           RouteCase{"NeighbourDoesNotResolve", "10.0.2.77",
                                                     DropReason::host_unreachable, 1},
                                           RouteCase{"NeighbourOnTheSameLinkDoesNotResolve",
                                                     "10.0.1.77", DropReason::host_unreachable, 1}),
                         kCaseName);

TEST(RejectRoute, TellsEveryCodeOfDestinationUnreachable) {
  for (std::uint8_t code = 0; code < kUnreachableCodes; ++code) {
    Bench bench;
    const Wire packet = transit().dst("100.64." + std::to_string(code) + ".9") / icmp_echo({});
    EXPECT_EQ(bench.receive(packet), dropped(DropReason::route_rejects)) << int{code};
    bench.expect_counted(dropped(DropReason::route_rejects));
    EXPECT_THAT(bench.answer(), AllOf(IcmpIs(3, code), RestOfHeader(0U), Quotes(packet)));
  }
}

TEST(BlackholeRoute, IsSilent) {
  Bench bench;
  EXPECT_EQ(bench.receive(transit().dst("100.65.1.1") / udp(1, 2)),
            dropped(DropReason::route_blackhole));
  bench.expect_counted(dropped(DropReason::route_blackhole));
  EXPECT_THAT(bench.sent(), IsEmpty());
}

struct WayCase {
  std::string_view name;
  std::string_view destination;
  InterfaceIndex out;
  LinkAddress to;
};
std::ostream& operator<<(std::ostream& out, const WayCase& row) { return out << row.name; }

class Way : public ::testing::TestWithParam<WayCase> {};

TEST_P(Way, IsTheMostSpecificRoute) {
  Bench bench;
  const Wire packet = transit().dst(GetParam().destination) / udp(1, 2, "data");
  EXPECT_EQ(bench.receive(packet), kForwarded);
  bench.expect_counted(kForwarded);
  EXPECT_EQ(bench.counters().get(Mib::ip_forw_datagrams), 1U);
  EXPECT_EQ(bench.answer(), packet.with_ttl(63));
  EXPECT_EQ(bench.sent().front().out, GetParam().out);
  EXPECT_EQ(bench.sent().front().to, GetParam().to);
}

INSTANTIATE_TEST_SUITE_P(Table, Way,
                         ::testing::Values(WayCase{"ByAGateway", "192.0.2.9", 1, 1},
                                           WayCase{"ByAnotherGateway", "198.51.100.9", 2, 1},
                                           WayCase{"ToANeighbour", "10.0.2.2", 1, 1},
                                           WayCase{"LastBeforeTheLongerPrefix", "192.0.2.127", 1,
                                                   1}),
                         kCaseName);

TEST(Forwarding, KeepsTosAndEcnAndFlags) {
  // RFC 1812 section 5.3.2, RFC 2474, RFC 3168.
  for (unsigned tos = 0; tos < 256; ++tos) {
    Bench bench;
    const Wire packet = transit().tos(static_cast<std::uint8_t>(tos)).df() / udp(1, 2);
    EXPECT_EQ(bench.receive(packet), kForwarded);
    EXPECT_EQ(bench.answer(), packet.with_ttl(63));
  }
}

TEST(Forwarding, DoesNotLookAtWhatItCarries) {
  for (const Wire& packet :
       {Wire{transit() / udp(1, 2, "x").checksum(1)}, transit().protocol(1) / raw(),
        transit() / testing::icmp(11, 0, 0, "x").checksum(9), transit().protocol(6) / raw("x"),
        transit().offset(65528).mf() / raw("12345678")}) {
    Bench bench;
    EXPECT_EQ(bench.receive(packet), kForwarded);
    EXPECT_EQ(bench.answer(), packet.with_ttl(63));
  }
}

/// A packet to the network behind the link with an MTU of 600.
Ip to_narrow() { return transit().dst("198.51.100.9"); }

TEST(FragNeeded, TellsTheMtuOfTheNextHop) {
  // RFC 1191 section 4.
  for (std::size_t size = 590; size < 620; ++size) {
    Bench bench;
    const Wire packet = to_narrow().df() / udp(1, 2, counting(size - 28));
    const Verdict expected = size <= 600 ? kForwarded : dropped(DropReason::frag_needed);
    EXPECT_EQ(bench.receive(packet), expected) << size;
    bench.expect_counted(expected);
    if (size <= 600) continue;
    EXPECT_THAT(bench.answer(), AllOf(IcmpIs(3, 4), RestOfHeader(600U), Quotes(packet)));
    EXPECT_EQ(bench.counters().get(Mib::ip_frag_fails), 1U);
  }
}

TEST(FragNeeded, TellsZeroWhenThePolicyIsNotHonest) {
  IcmpPolicy policy;
  policy.next_hop_mtu = 0;
  Bench bench{with_policy(policy)};
  EXPECT_EQ(bench.receive(to_narrow().df() / udp(1, 2, counting(1000))),
            dropped(DropReason::frag_needed));
  EXPECT_THAT(bench.answer(), AllOf(IcmpIs(3, 4), RestOfHeader(0U)));
}

TEST(FragNeeded, IsNotToldAboutALaterFragment) {
  Bench bench;
  EXPECT_EQ(bench.receive(to_narrow().df().offset(8) / raw(counting(1000))),
            dropped(DropReason::frag_needed));
  EXPECT_THAT(bench.sent(), IsEmpty());
  EXPECT_EQ(bench.counters().get(NotTold::about_later_fragment), 1U);
}

std::vector<Wire> cut_for_600(const Wire& packet) {
  if (packet.size() > 580 + 576 + 20) return fragments(packet, {576, 576});
  return fragments(packet, {576});
}

TEST(Fragmentation, MakesFewLargeFragmentsInOrder) {
  for (std::size_t size = 601; size <= 1500; ++size) {
    Bench bench;
    const Wire packet = to_narrow().tos(0x28).reserved_bit() / udp(1, 2, counting(size - 28));
    ASSERT_EQ(bench.receive(packet), kForwarded);
    bench.expect_counted(kForwarded);
    const auto expected = cut_for_600(packet.with_ttl(63));
    ASSERT_THAT(bench.sent_by(2), ElementsAreArray(expected)) << size;
    ASSERT_EQ(bench.counters().get(Mib::ip_frag_oks), 1U);
    ASSERT_EQ(bench.counters().get(Mib::ip_frag_creates), expected.size());
  }
}

TEST(Fragmentation, OfAFragmentAddsItsOffsetAndKeepsMoreFragments) {
  for (const bool more : {false, true}) {
    Bench bench;
    Ip header = to_narrow().offset(1480);
    if (more) header.mf();
    const Wire packet = header / raw(counting(1000));
    EXPECT_EQ(bench.receive(packet), kForwarded);
    const auto sent = bench.sent_by(2);
    ASSERT_EQ(sent.size(), 2U);
    const auto first = testing::decode(sent[0]);
    const auto second = testing::decode(sent[1]);
    EXPECT_EQ(first->offset, 1480U);
    EXPECT_EQ(second->offset, 1480U + 576U);
    EXPECT_TRUE(first->mf);
    EXPECT_EQ(second->mf, more);
    EXPECT_EQ(first->id, 0x1234);
    EXPECT_EQ(second->id, 0x1234) << "VPP changes it";
  }
}

TEST(Fragmentation, OfAFragmentBeyondTheLargestDatagramIsRefused) {
  // Its offsets would run over into the flags (RFC 791 section 3.1: the offset has 13 bits).
  Bench bench;
  const Wire packet = transit().dst("198.51.100.9").offset(65440) / raw(counting(1000));
  EXPECT_EQ(bench.receive(packet), dropped(DropReason::fragment_beyond_maximum));
  EXPECT_THAT(bench.sent(), ::testing::IsEmpty());
}

TEST(Fragmentation, LeavesOptionsWithoutTheCopiedFlagInTheFirst) {
  Bench bench;
  const Wire packet =
      to_narrow().options({0x1e, 4, 1, 2, 0x9e, 4, 3, 4}) / udp(1, 2, counting(1000));
  EXPECT_EQ(bench.receive(packet), kForwarded);
  const auto sent = bench.sent_by(2);
  ASSERT_EQ(sent.size(), 2U);
  EXPECT_EQ(testing::decode(sent[0])->header_length, 28U);
  const auto later = testing::decode(sent[1]);
  std::vector<std::byte> options(later->header.begin() + 20, later->header.end());
  EXPECT_THAT(options, ::testing::IsSupersetOf({std::byte{0x9e}, std::byte{3}}));
  EXPECT_THAT(options, ::testing::Not(::testing::Contains(std::byte{0x1e})));
}

// RFC 1812 section 5.3.11: MUST silently discard what comes in there and is not for the router, and
// MUST NOT send out there what it has not originated.
TEST(InterfaceThatDoesNotForward, LetsNoTransitInOrOut) {
  constexpr Verdict kRefused = dropped(DropReason::interface_does_not_forward);
  for (const InterfaceIndex closed : std::to_array<InterfaceIndex>({0, 1})) {
    Bench bench;
    Interface interface = bench.node.interfaces()[closed];
    interface.address = {Ipv4Address{10, 0, 7, static_cast<std::uint8_t>(closed)}, 24};
    interface.forwards = false;
    const InterfaceIndex in = bench.node.add_interface(interface);
    EXPECT_EQ(bench.receive(transit() / udp(1, 2), in), kRefused);
    EXPECT_EQ(bench.receive(transit().dst("8.8.8.8") / udp(1, 2), in), kRefused) << "no route";
    EXPECT_EQ(bench.receive(transit().dst("10.0.7.9") / udp(1, 2)), kRefused) << "out by it";
    bench.expect_counted(kRefused, 3);
    EXPECT_THAT(bench.sent(), ::testing::IsEmpty());
    EXPECT_EQ(bench.receive(to_router() / testing::icmp_echo({}), in), kAnswered);
    EXPECT_EQ(bench.receive(transit() / udp(1, 2)), kForwarded);
  }
}

}  // namespace
}  // namespace hop
