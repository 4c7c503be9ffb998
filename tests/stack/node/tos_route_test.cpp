// Routes by TOS (RFC 1812 sections 4.3.3.1, 5.2.4.3, 5.2.7.2 and 5.3.2), and the order of a
// router's checks (section 5.2.1.2).

#include <gmock/gmock.h>

#include <ostream>
#include <string_view>

#include "tests/stack/node/bench.hpp"
#include "tests/support/matchers.hpp"

namespace hop {
namespace {

using ::testing::AllOf;
using testing::Dst;
using testing::icmp_echo;
using testing::IcmpIs;
using testing::Quotes;
using testing::RestOfHeader;
using testing::Src;
using testing::Tos;
using testing::udp;

constexpr std::uint8_t kDelay = 8;  // RFC 1349 section 4: minimize delay
constexpr std::uint8_t kDelayByte = 0x10;

PrefixRoute via(std::string_view to, Ipv4Address gateway, InterfaceIndex out, std::uint8_t tos) {
  return {.to = *Prefix::parse(to), .out = out, .via = gateway, .tos = tos};
}

TEST(TosRoute, LeadsPacketsOfItsTosAndNoOthers) {
  Bench bench;  // 192.0.2.0/24 goes by if1
  bench.node.add_route(via("192.0.2.0/24", Ipv4Address{10, 0, 3, 2}, 2, kDelay));
  for (const auto& [tos, out] :
       {std::pair<int, int>{0x10, 2}, {0xf1, 2}, {0x00, 1}, {0x08, 1}, {0xe0, 1}}) {
    EXPECT_EQ(bench.receive(transit().tos(static_cast<std::uint8_t>(tos)) / udp(1, 2)), kForwarded);
    ASSERT_EQ(bench.sent().size(), 1U);
    EXPECT_EQ(bench.sent().front().out, out) << tos;
  }
}

TEST(TosRoute, IsNotChosenByTheBitsOfEcn) {
  // RFC 3168 section 5: ECT(1), ECT(0) and CE are no wish for a way.
  Bench bench;
  bench.node.add_route(via("192.0.2.0/24", Ipv4Address{10, 0, 3, 2}, 2, 1));
  for (const int tos : {0x01, 0x02, 0x03}) {
    EXPECT_EQ(bench.receive(transit().tos(static_cast<std::uint8_t>(tos)) / udp(1, 2)), kForwarded);
    ASSERT_EQ(bench.sent().size(), 1U);
    EXPECT_EQ(bench.sent().front().out, 1) << tos;
  }
}

TEST(TosRoute, LeadsTheNodesOwnAnswers) {
  Bench bench;
  bench.node.add_route(via("192.0.2.0/24", Ipv4Address{10, 0, 3, 2}, 2, kDelay));
  const auto query = to_router().src("192.0.2.9");
  EXPECT_EQ(bench.receive(testing::Ip{query}.tos(kDelayByte) / icmp_echo({}), 1), kAnswered);
  EXPECT_EQ(bench.sent().front().out, 2);
  EXPECT_EQ(bench.receive(testing::Ip{query} / icmp_echo({}), 1), kAnswered);
  EXPECT_EQ(bench.sent().front().out, 1);
}

struct WayBackCase {
  std::string_view name;
  std::uint8_t error_tos;  // of the policy
  std::uint8_t offending;
  std::uint8_t tos;  // of the error
  InterfaceIndex out;
};
std::ostream& operator<<(std::ostream& out, const WayBackCase& row) { return out << row.name; }
class WayOfAnError : public ::testing::TestWithParam<WayBackCase> {};

TEST_P(WayOfAnError, IsThatOfItsOwnTosRfc1812Section4_3_2_5) {
  const WayBackCase& row = GetParam();
  IcmpPolicy policy;
  policy.error_tos = row.error_tos;
  Bench bench{with_policy(policy)};  // 192.0.2.0/24 goes by if1
  bench.node.add_route(via("192.0.2.0/24", Ipv4Address{10, 0, 3, 2}, 2, kDelay));
  bench.node.add_route({.to = *Prefix::parse("192.0.2.0/24"), .type = RouteType::reject, .tos = 4});
  const auto expired = transit().src("192.0.2.9").dst("10.0.1.2").ttl(1).tos(row.offending);
  EXPECT_EQ(bench.receive(expired / udp(1, 2), 1), dropped(DropReason::ttl_expired));
  EXPECT_THAT(bench.answer(), AllOf(IcmpIs(11, 0), Dst("192.0.2.9"), Tos(row.tos)));
  EXPECT_EQ(bench.sent().front().out, row.out);
  EXPECT_EQ(bench.counters().get(NotTold::no_way_back), 0U);
}

INSTANTIATE_TEST_SUITE_P(Table, WayOfAnError,
                         ::testing::Values(WayBackCase{"Normal", 0x1c, 0x00, 0xc0, 1},
                                           WayBackCase{"ItsTos", 0x1c, 0x10, 0xd0, 2},
                                           WayBackCase{"TosWithoutARoute", 0x1c, 0x04, 0xc4, 1},
                                           // MUST be sent with a normal TOS.
                                           WayBackCase{"TosWithoutAWay", 0x1c, 0x08, 0xc0, 1},
                                           WayBackCase{"TosWithoutAWayAndPrecedence", 0x1c, 0xe8,
                                                       0xc0, 1},
                                           WayBackCase{"TosThatIsNotKept", 0x00, 0x10, 0xc0, 1},
                                           WayBackCase{"BitsOfEcn", 0x1c, 0x13, 0xd0, 2},
                                           WayBackCase{"BitOfEcnThatIsKept", 0x1e, 0x0a, 0xc0, 1}),
                         kCaseName);

TEST(WayOfAnError, IsNoneWhereTosZeroHasNone) {
  Bench bench;
  bench.node.add_route(via("198.18.7.0/24", Ipv4Address{10, 0, 3, 2}, 2, kDelay));
  const auto expired = transit().src("198.18.7.9").dst("10.0.1.2").ttl(1);
  EXPECT_EQ(bench.receive(testing::Ip{expired}.tos(kDelayByte) / udp(1, 2), 1),
            dropped(DropReason::ttl_expired));
  EXPECT_EQ(bench.sent().size(), 1U);
  EXPECT_EQ(bench.receive(expired / udp(1, 2), 1), dropped(DropReason::ttl_expired));
  EXPECT_EQ(bench.sent().size(), 0U);
  EXPECT_EQ(bench.counters().get(NotTold::no_way_back), 1U);
}

TEST(NoTosRoute, IsNetUnreachableForTos) {
  // RFC 1812 section 4.3.3.1: routes, but neither for the TOS of the packet nor for the default.
  constexpr Verdict kNone = dropped(DropReason::no_route_for_tos);
  Bench bench;
  bench.node.add_route(via("198.18.7.0/24", Ipv4Address{10, 0, 2, 2}, 1, kDelay));
  bench.node.add_route(via("0.0.0.0/0", Ipv4Address{10, 0, 2, 2}, 1, 0));
  const Wire packet = transit().dst("198.18.7.9").tos(0x08) / udp(1, 2);
  EXPECT_EQ(bench.receive(packet), kNone);
  bench.expect_counted(kNone);
  EXPECT_THAT(bench.answer(), AllOf(IcmpIs(3, 11), Quotes(packet), Dst("10.0.1.2")));
}

TEST(NoTosRoute, IsHostUnreachableForTosOnALinkOfOurs) {
  Bench bench;
  bench.node.add_route(via("10.0.2.64/26", Ipv4Address{10, 0, 2, 2}, 1, kDelay));
  EXPECT_EQ(bench.receive(transit().dst("10.0.2.65") / udp(1, 2)),
            dropped(DropReason::no_route_for_tos));
  EXPECT_THAT(bench.answer(), IcmpIs(3, 12));
}

TEST(NoTosRoute, ComesBeforeTheTtl) {
  Bench bench;
  bench.node.add_route(via("198.18.7.0/24", Ipv4Address{10, 0, 2, 2}, 1, kDelay));
  EXPECT_EQ(bench.receive(transit().dst("198.18.7.9").ttl(1) / udp(1, 2)),
            dropped(DropReason::no_route_for_tos));
}

struct TosRedirect {
  std::string_view name;
  bool tos_redirects, tos_route;
  int code;
};
std::ostream& operator<<(std::ostream& out, const TosRedirect& row) { return out << row.name; }
class RedirectByTos : public ::testing::TestWithParam<TosRedirect> {};

TEST_P(RedirectByTos, HasTheCodeOfRfc1812Section5_2_7_2) {
  IcmpPolicy policy;
  policy.tos_redirects = GetParam().tos_redirects;
  Bench bench{with_policy(policy)};  // 203.0.113.0/24 via 10.0.1.3 on the sender's own link
  if (GetParam().tos_route) {
    bench.node.add_route(via("203.0.113.0/24", Ipv4Address{10, 0, 2, 2}, 1, kDelay));
  }
  EXPECT_EQ(bench.receive(transit().dst("203.0.113.9") / udp(1, 2)), kForwarded);
  EXPECT_THAT(bench.sent().front().packet,
              AllOf(IcmpIs(5, GetParam().code), RestOfHeader(0x0a000103U), Src("10.0.1.1")));
}

INSTANTIATE_TEST_SUITE_P(Table, RedirectByTos,
                         ::testing::Values(TosRedirect{"SubstitutedByDefault", false, true, 1},
                                           TosRedirect{"Host", false, false, 1},
                                           TosRedirect{"ForTos", true, true, 3},
                                           TosRedirect{"TosDoesNotMatter", true, false, 1}),
                         kCaseName);

TEST(OrderOfChecks, FragmentationComesBeforeTheNextHop) {
  // RFC 1812 section 5.2.1.2 (9), (10): nobody has 10.0.3.9.
  Bench bench;
  const auto header = transit().dst("10.0.3.9");
  EXPECT_EQ(bench.receive(testing::Ip{header}.df() / udp(1, 2, counting(1000))),
            dropped(DropReason::frag_needed));
  EXPECT_THAT(bench.answer(), IcmpIs(3, 4));
  for (const std::size_t size : {std::size_t{10}, std::size_t{1000}}) {
    EXPECT_EQ(bench.receive(testing::Ip{header} / udp(1, 2, counting(size))),
              dropped(DropReason::host_unreachable));
    EXPECT_THAT(bench.answer(), IcmpIs(3, 1));
  }
}

TEST(OrderOfChecks, TtlComesBeforeFragmentation) {
  Bench bench;
  EXPECT_EQ(bench.receive(transit().dst("10.0.3.9").ttl(1).df() / udp(1, 2, counting(1000))),
            dropped(DropReason::ttl_expired));
}

}  // namespace
}  // namespace hop
