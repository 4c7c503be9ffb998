// Time to live (RFC 1812 sections 4.2.2.9 and 5.3.1).

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
using testing::icmp;
using testing::icmp_echo;
using testing::IcmpIs;
using testing::Quotes;
using testing::raw;
using testing::RestOfHeader;
using testing::Src;
using testing::udp;
using testing::ValidChecksums;

struct TtlCase {
  std::string_view name;
  std::uint8_t ttl;
  Verdict verdict;
};
std::ostream& operator<<(std::ostream& out, const TtlCase& row) { return out << row.name; }

constexpr Verdict kExpired = dropped(DropReason::ttl_expired);

class TransitTtl : public ::testing::TestWithParam<TtlCase> {};

TEST_P(TransitTtl, FollowsRfc1812Section5_3_1) {
  const TtlCase& row = GetParam();
  Bench bench;
  const Wire packet = transit().ttl(row.ttl) / udp(1, 2, "data");
  EXPECT_EQ(bench.receive(packet), row.verdict);
  bench.expect_counted(row.verdict);
  if (row.verdict == kForwarded) {
    EXPECT_EQ(bench.answer(), packet.with_ttl(static_cast<std::uint8_t>(row.ttl - 1)));
    EXPECT_EQ(bench.sent().front().out, 1);
    EXPECT_EQ(bench.sent().front().to, 1);
  } else {
    EXPECT_THAT(bench.answer(), AllOf(IcmpIs(11, 0), RestOfHeader(0U), Src("10.0.1.1"),
                                      Dst("10.0.1.2"), Quotes(packet), ValidChecksums()));
    EXPECT_EQ(bench.sent().front().out, 0);
    EXPECT_EQ(bench.sent().front().to, 1);
  }
}

INSTANTIATE_TEST_SUITE_P(Table, TransitTtl,
                         ::testing::Values(TtlCase{"Zero", 0, kExpired},
                                           TtlCase{"One", 1, kExpired},
                                           TtlCase{"Two", 2, kForwarded},
                                           TtlCase{"Most", 255, kForwarded}),
                         kCaseName);

TEST(TransitTtl, ForwardsEveryTtlAboveOneWithARightChecksum) {
  Bench bench;
  for (unsigned ttl = 2; ttl < 256; ++ttl) {
    const Wire packet = transit().ttl(static_cast<std::uint8_t>(ttl)).id(0xfed0) / udp(1, 2);
    ASSERT_EQ(bench.receive(packet), kForwarded);
    ASSERT_EQ(bench.answer(), packet.with_ttl(static_cast<std::uint8_t>(ttl - 1)));
  }
}

TEST(TransitTtl, KeepsTheChecksumRightForEveryIdentification) {
  // RFC 1624: the incremental update has to give what a recomputation gives.
  Bench bench;
  for (unsigned id = 0; id < 0x10000; ++id) {
    const Wire packet = transit().ttl(64).id(static_cast<std::uint16_t>(id)) / udp(1, 2);
    ASSERT_EQ(bench.receive(packet), kForwarded);
    ASSERT_EQ(bench.answer(), packet.with_ttl(63)) << id;
  }
}

TEST(TransitTtl, IsToldAboutToEveryKindOfProbe) {
  // lwIP tells nobody whose probe is ICMP.
  for (const Wire& probe : {Wire{transit().ttl(1) / udp(1, 2)}, transit().ttl(1) / icmp_echo({}),
                            transit().ttl(1) / testing::tcp_syn(1, 2), transit().ttl(1) / raw("x"),
                            transit().ttl(1) / icmp(13, 0, 0, counting(12)),
                            transit().ttl(1).mf() / udp(1, 2, "8 bytes!")}) {
    Bench bench;
    EXPECT_EQ(bench.receive(probe), kExpired) << probe;
    EXPECT_THAT(bench.answer(), AllOf(IcmpIs(11, 0), Quotes(probe)));
  }
}

struct OrderCase {
  std::string_view name;
  Wire packet;
  Verdict verdict;
};
std::ostream& operator<<(std::ostream& out, const OrderCase& row) { return out << row.name; }

class OrderOfChecks : public ::testing::TestWithParam<OrderCase> {};

TEST_P(OrderOfChecks, FollowsRfc1812Section5_2_1_2) {
  // (5) the route, (6) may it be forwarded, (7) the TTL, (9) fragments, (10) the next hop.
  Bench bench;
  EXPECT_EQ(bench.receive(GetParam().packet), GetParam().verdict);
  bench.expect_counted(GetParam().verdict);
}

Wire expired_to(std::string_view destination) {
  return transit().dst(destination).ttl(1).df() / udp(1, 2, counting(1000));
}

INSTANTIATE_TEST_SUITE_P(
    Table, OrderOfChecks,
    ::testing::Values(
        OrderCase{"RouteBeforeTtl", expired_to("8.8.8.8"), dropped(DropReason::no_route)},
        OrderCase{"RejectBeforeTtl", expired_to("100.64.1.1"), dropped(DropReason::route_rejects)},
        OrderCase{"BlackholeBeforeTtl", expired_to("100.65.1.1"),
                  dropped(DropReason::route_blackhole)},
        OrderCase{"TtlBeforeFragments", expired_to("198.51.100.1"), kExpired},
        OrderCase{"TtlBeforeNextHop", expired_to("192.0.2.200"), kExpired}),
    kCaseName);

struct OwnCase {
  std::string_view name;
  std::string_view destination;
  std::uint8_t ttl;
};
std::ostream& operator<<(std::ostream& out, const OwnCase& row) { return out << row.name; }

class TtlToOurselves : public ::testing::TestWithParam<OwnCase> {};

TEST_P(TtlToOurselves, DoesNotMatter) {
  // RFC 1812 section 4.2.2.9: also when the address is one of another interface.
  Bench bench;
  const Wire packet =
      to_router().dst(GetParam().destination).ttl(GetParam().ttl) / icmp_echo({}, "data");
  EXPECT_EQ(bench.receive(packet), kAnswered);
  bench.expect_counted(kAnswered);
  EXPECT_THAT(bench.answer(),
              AllOf(IcmpIs(0, 0), Src(std::string{GetParam().destination}), Dst("10.0.1.2")));
}

INSTANTIATE_TEST_SUITE_P(Table, TtlToOurselves,
                         ::testing::Values(OwnCase{"Zero", "10.0.1.1", 0},
                                           OwnCase{"One", "10.0.1.1", 1},
                                           OwnCase{"Two", "10.0.1.1", 2},
                                           OwnCase{"Most", "10.0.1.1", 255},
                                           OwnCase{"ZeroOtherInterface", "10.0.2.1", 0},
                                           OwnCase{"OneOtherInterface", "10.0.2.1", 1},
                                           OwnCase{"TwoOtherInterface", "10.0.3.1", 2},
                                           OwnCase{"MostOtherInterface", "10.0.3.1", 255}),
                         kCaseName);

}  // namespace
}  // namespace hop
