// When no ICMP error may be sent (RFC 1122 section 3.2.2, RFC 1812 section 4.3.2.7).

#include "stack/icmp/veto.hpp"

#include <gtest/gtest.h>

#include <array>
#include <ostream>
#include <set>
#include <string_view>

#include "tests/stack/icmp/case_name.hpp"
#include "tests/support/packet_dsl.hpp"

namespace hop {
namespace {

using testing::icmp;
using testing::icmp_echo;
using testing::Ip;
using testing::ip;
using testing::raw;
using testing::udp;
using Wire = testing::Packet;

/// A router on 10.0.1.0/24 and 10.0.2.0/30.
RouteTable router() {
  RouteTable table;
  const auto add = [&](std::string_view prefix, RouteType type) {
    table.add({.to = *Prefix::parse(prefix), .type = type});
  };
  add("10.0.1.1", RouteType::local);
  add("10.0.1.255", RouteType::broadcast);
  add("10.0.1.0", RouteType::network);
  add("10.0.1.0/24", RouteType::connected);
  add("10.0.2.1", RouteType::local);
  add("10.0.2.3", RouteType::broadcast);
  add("10.0.2.0", RouteType::network);
  add("10.0.2.0/30", RouteType::connected);
  add("0.0.0.0/0", RouteType::via);
  return table;
}

NotTold veto_of(const Wire& packet, const Arrival& arrival = {}) {
  const RouteTable table = router();
  return veto(Received{.ip = Ipv4HeaderView::parse(packet).value(), .arrival = arrival}, table);
}

Ip transit() { return ip().src("10.0.1.2").dst("192.0.2.9"); }

struct VetoCase {
  std::string_view name;
  Wire packet;
  NotTold why;
  bool link_broadcast = false;
};
std::ostream& operator<<(std::ostream& out, const VetoCase& row) { return out << row.name; }

class Veto : public ::testing::TestWithParam<VetoCase> {};

TEST_P(Veto, FollowsRfc1812Section4_3_2_7) {
  const VetoCase& row = GetParam();
  EXPECT_EQ(veto_of(row.packet, Arrival{.broadcast = row.link_broadcast}), row.why) << row.packet;
}

Wire from(std::string_view source) { return transit().src(source) / udp(1, 2, "data"); }
Wire to(std::string_view destination) { return transit().dst(destination) / udp(1, 2, "data"); }

INSTANTIATE_TEST_SUITE_P(
    Told, Veto,
    ::testing::Values(
        VetoCase{"Udp", transit() / udp(1, 2), NotTold::told},
        VetoCase{"Tcp", transit() / testing::tcp_syn(1, 2), NotTold::told},
        VetoCase{"OtherProtocol", transit() / raw("x"), NotTold::told},
        VetoCase{"NothingBehindTheHeader", transit() / raw(), NotTold::told},
        VetoCase{"Echo", transit() / icmp_echo({}), NotTold::told},
        VetoCase{"FirstFragment", transit().mf() / udp(1, 2, "data"), NotTold::told},
        VetoCase{"FirstFragmentOfEcho", transit().mf() / icmp_echo({}), NotTold::told},
        VetoCase{"OtherProtocolThatLooksLikeAnError", transit().protocol(17) / icmp(3, 0),
                 NotTold::told},
        VetoCase{"WithOptions", transit().options({148, 4, 0, 0}) / icmp_echo({}), NotTold::told},
        VetoCase{"ToTheRouter", to("10.0.1.1"), NotTold::told},
        VetoCase{"BroadcastOfANetworkThatIsNotOurs", to("192.0.2.255"), NotTold::told},
        VetoCase{"NetworkThatIsNotOurs", to("192.0.2.0"), NotTold::told},
        VetoCase{"SourceLastBelowClassD", from("223.255.255.255"), NotTold::told},
        VetoCase{"SourceFirstAboveLoopback", from("128.0.0.1"), NotTold::told},
        VetoCase{"SourceLastBelowLoopback", from("126.255.255.255"), NotTold::told},
        VetoCase{"SourceFirstAboveZeroNet", from("1.0.0.1"), NotTold::told}),
    kCaseName);

INSTANTIATE_TEST_SUITE_P(
    IcmpError, Veto,
    ::testing::Values(
        VetoCase{"WithOptions", transit().options({148, 4, 0, 0}) / icmp(3, 0),
                 NotTold::about_icmp_error},
        VetoCase{"FirstFragment", transit().mf() / icmp(11, 0), NotTold::about_icmp_error},
        VetoCase{"Redirect", transit() / icmp(5, 1), NotTold::about_icmp_error},
        VetoCase{"EchoTypeBehindTheError", transit() / icmp(3, 8), NotTold::about_icmp_error},
        VetoCase{"NoTypeAtAll", transit().protocol(1) / raw(), NotTold::about_icmp_error}),
    kCaseName);

INSTANTIATE_TEST_SUITE_P(
    LaterFragment, Veto,
    ::testing::Values(
        VetoCase{"LastFragment", transit().offset(8) / raw("x"), NotTold::about_later_fragment},
        VetoCase{"MiddleFragment", transit().offset(8).mf() / raw("12345678"),
                 NotTold::about_later_fragment},
        VetoCase{"HighestOffset", transit().offset(65528) / raw("x"),
                 NotTold::about_later_fragment},
        VetoCase{"OffsetOf256Blocks", transit().offset(2048) / raw("x"),
                 NotTold::about_later_fragment},
        // What stands where the type would be is data.
        VetoCase{"OfAnEcho", transit().offset(8) / icmp_echo({}), NotTold::about_later_fragment},
        VetoCase{"WhoseDataLooksLikeAnError", transit().offset(8) / icmp(3, 0),
                 NotTold::about_later_fragment}),
    kCaseName);

INSTANTIATE_TEST_SUITE_P(
    Group, Veto,
    ::testing::Values(
        VetoCase{"AllHosts", to("224.0.0.1"), NotTold::about_group_destination},
        VetoCase{"LastMulticast", to("239.255.255.255"), NotTold::about_group_destination},
        VetoCase{"LimitedBroadcast", to("255.255.255.255"), NotTold::about_group_destination},
        VetoCase{"SubnetBroadcast", to("10.0.1.255"), NotTold::about_group_destination},
        VetoCase{"BroadcastOfASmallSubnet", to("10.0.2.3"), NotTold::about_group_destination},
        VetoCase{"NetworkAddress", to("10.0.1.0"), NotTold::about_group_destination}),
    kCaseName);

INSTANTIATE_TEST_SUITE_P(LinkBroadcast, Veto,
                         ::testing::Values(VetoCase{"Unicast", transit() / udp(1, 2),
                                                    NotTold::about_link_broadcast, true},
                                           VetoCase{"ToTheRouter", to("10.0.1.1"),
                                                    NotTold::about_link_broadcast, true}),
                         kCaseName);

INSTANTIATE_TEST_SUITE_P(
    Source, Veto,
    ::testing::Values(
        VetoCase{"Zero", from("0.0.0.0"), NotTold::about_unusable_source},
        VetoCase{"ZeroNet", from("0.255.255.255"), NotTold::about_unusable_source},
        VetoCase{"Loopback", from("127.0.0.1"), NotTold::about_unusable_source},
        VetoCase{"LastLoopback", from("127.255.255.255"), NotTold::about_unusable_source},
        VetoCase{"Multicast", from("224.0.0.5"), NotTold::about_unusable_source},
        VetoCase{"ClassE", from("240.0.0.1"), NotTold::about_unusable_source},
        VetoCase{"LastClassE", from("255.255.255.254"), NotTold::about_unusable_source},
        VetoCase{"LimitedBroadcast", from("255.255.255.255"), NotTold::about_unusable_source},
        VetoCase{"SubnetBroadcast", from("10.0.1.255"), NotTold::about_unusable_source},
        VetoCase{"BroadcastOfASmallSubnet", from("10.0.2.3"), NotTold::about_unusable_source}),
    kCaseName);

/// RFC 792, RFC 950, RFC 1256, RFC 8335: what is known not to be an error.
constexpr int kQueries[] = {0, 8, 9, 10, 13, 14, 15, 16, 17, 18, 42, 43};
/// RFC 6918: deprecated long ago and used by nobody; whether they are errors is the wire layer's
/// to say. Conversion error (31) and mobile host redirect (32) are errors by their names.
constexpr int kDeprecated[] = {6, 30, 33, 34, 35, 36, 37, 38, 39, 40, 41};

TEST(VetoByIcmpType, TellsAboutQueriesOnly) {
  const std::set<int> queries(std::begin(kQueries), std::end(kQueries));
  const std::set<int> deprecated(std::begin(kDeprecated), std::end(kDeprecated));
  for (int type = 0; type < 256; ++type) {
    if (deprecated.contains(type)) continue;
    const Wire packet = transit() / icmp(static_cast<std::uint8_t>(type), 0, 0, "data");
    const NotTold expected = queries.contains(type) ? NotTold::told : NotTold::about_icmp_error;
    EXPECT_EQ(veto_of(packet), expected) << "type " << type;
  }
}

TEST(VetoByIcmpType, AgreesWithTheWireLayerOnDeprecatedTypes) {
  for (const int type : kDeprecated) {
    const Wire packet = transit() / icmp(static_cast<std::uint8_t>(type), 0, 0, "data");
    const bool told = veto_of(packet) == NotTold::told;
    EXPECT_EQ(told, !is_error_or_unknown(static_cast<IcmpType>(type))) << "type " << type;
  }
}

TEST(VetoByIcmpType, NeedsNoMoreThanTheTypeOfATruncatedError) {
  for (const std::uint8_t type : std::to_array<std::uint8_t>({3, 4, 5, 11, 12, 7, 255})) {
    for (std::size_t length = 1; length < 8; ++length) {
      const std::vector<std::byte> body(length, static_cast<std::byte>(type));
      const Wire packet = transit().protocol(1) / raw(body);
      EXPECT_EQ(veto_of(packet), NotTold::about_icmp_error) << int{type} << ", " << length;
    }
  }
}

TEST(NotTold, HasANameForEveryReason) {
  std::set<std::string_view> names;
  for (std::uint8_t i = 1; i < static_cast<std::uint8_t>(NotTold::count_); ++i) {
    names.insert(name(static_cast<NotTold>(i)));
  }
  EXPECT_EQ(names.size(), static_cast<std::size_t>(NotTold::count_) - 1);
  EXPECT_FALSE(names.contains(""));
  EXPECT_EQ(name(NotTold::about_icmp_error), "about-icmp-error");
  EXPECT_EQ(name(NotTold::rate_limited), "rate-limited");
}

}  // namespace
}  // namespace hop
