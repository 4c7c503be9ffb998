// Rules of packet filters (RFC 1812 section 5.3.9) and precedence (section 5.3.3.3).

#include "stack/ip/filter.hpp"

#include <gtest/gtest.h>

#include <array>
#include <ostream>
#include <string_view>

#include "tests/stack/base/row_name.hpp"
#include "tests/support/packet_dsl.hpp"

namespace hop {
namespace {

using testing::icmp;
using testing::ip;
using testing::raw;
using testing::tcp_syn;
using testing::udp;
using Wire = testing::Packet;

Prefix prefix(std::string_view text) { return Prefix::parse(text).value(); }

constexpr Ipv4Address kTo{192, 0, 2, 9};

testing::Ip header() { return ip().src("10.0.1.2").dst("192.0.2.9"); }

bool matches(const FilterRule& rule, const Wire& packet) {
  const auto view = Ipv4HeaderView::parse(packet.bytes());
  return view && rule.matches(*view, view->destination());
}

struct RuleCase {
  std::string_view name;
  FilterRule rule;
  Wire packet;
  bool matches;
};
class FilterRules : public ::testing::TestWithParam<RuleCase> {};

TEST_P(FilterRules, MatchAsTheyAreWritten) {
  EXPECT_EQ(matches(GetParam().rule, GetParam().packet), GetParam().matches);
}

INSTANTIATE_TEST_SUITE_P(
    Rfc1812Section5_3_9, FilterRules,
    ::testing::Values(
        RuleCase{"any", {}, header() / raw("data"), true},
        RuleCase{"from", {.from = prefix("10.0.1.0/24")}, header() / udp(1, 2), true},
        RuleCase{"not_from", {.from = prefix("10.0.2.0/24")}, header() / udp(1, 2), false},
        RuleCase{"to_one", {.to = prefix("192.0.2.9/32")}, header() / udp(1, 2), true},
        RuleCase{"not_to", {.to = prefix("192.0.2.8/32")}, header() / udp(1, 2), false},
        RuleCase{"protocol", {.protocol = 17}, header() / udp(1, 2), true},
        RuleCase{"not_protocol", {.protocol = 6}, header() / udp(1, 2), false},
        RuleCase{"port", {.destination_ports = PortRange{53, 53}}, header() / udp(1, 53), true},
        RuleCase{
            "not_port", {.destination_ports = PortRange{53, 53}}, header() / udp(53, 1), false},
        RuleCase{
            "ports_low", {.destination_ports = PortRange{10, 20}}, header() / udp(1, 10), true},
        RuleCase{
            "ports_high", {.destination_ports = PortRange{10, 20}}, header() / udp(1, 20), true},
        RuleCase{
            "ports_above", {.destination_ports = PortRange{10, 20}}, header() / udp(1, 21), false},
        RuleCase{
            "tcp_port", {.destination_ports = PortRange{80, 80}}, header() / tcp_syn(1, 80), true},
        RuleCase{"source_port", {.source_ports = PortRange{53, 53}}, header() / udp(53, 1), true},
        RuleCase{
            "icmp_has_no_ports", {.destination_ports = PortRange{}}, header() / icmp(8, 0), false},
        RuleCase{"cut_before_the_port",
                 {.destination_ports = PortRange{}},
                 header().protocol(17) / raw("abc"),
                 false},
        RuleCase{"later_fragment_has_none",
                 {.destination_ports = PortRange{}},
                 header().protocol(17).offset(8) / raw("datadata"),
                 false},
        RuleCase{"later_fragment_of_what_is_accepted",
                 {.destination_ports = PortRange{53, 53}, .action = FilterAction::accept},
                 header().protocol(17).offset(8) / raw("datadata"),
                 true},
        RuleCase{"later_fragment_without_ports",
                 {.protocol = 17},
                 header().protocol(17).offset(8) / raw("datadata"),
                 true},
        RuleCase{"icmp_type", {.icmp_type = IcmpType::echo}, header() / icmp(8, 0), true},
        RuleCase{"other_icmp_type", {.icmp_type = IcmpType::echo}, header() / icmp(0, 0), false},
        RuleCase{
            "icmp_type_zero", {.icmp_type = IcmpType::echo_reply}, header() / icmp(0, 0), true},
        RuleCase{"udp_has_no_icmp_type",
                 {.icmp_type = IcmpType::echo},
                 header() / udp(0x0800, 0x0800),
                 false},
        RuleCase{"cut_before_the_icmp_type",
                 {.icmp_type = IcmpType::echo_reply},
                 header().protocol(1) / raw(),
                 false},
        RuleCase{"later_fragment_has_no_icmp_type",
                 {.icmp_type = IcmpType::echo},
                 header().protocol(1).offset(8) / raw("\x08"),
                 false},
        RuleCase{"later_fragment_of_an_icmp_type_that_is_accepted",
                 {.icmp_type = IcmpType::echo, .action = FilterAction::accept},
                 header().protocol(1).offset(8) / raw("\x08"),
                 true},
        RuleCase{"precedence", {.precedences = 0b00100000}, header().tos(0xa0) / udp(1, 2), true},
        RuleCase{
            "other_precedence", {.precedences = 0b00100000}, header().tos(0xc0) / udp(1, 2), false},
        RuleCase{"tos_is_no_precedence",
                 {.precedences = 0b00000001},
                 header().tos(0x1f) / udp(1, 2),
                 true}),
    kRowName);

INSTANTIATE_TEST_SUITE_P(
    ErrorsRfc1812Section5_3_3_3, FilterRules,
    ::testing::Values(
        RuleCase{"unreachable", {.precedences = 0xff}, header() / icmp(3, 1), false},
        RuleCase{"redirect", {.precedences = 0xff}, header() / icmp(5, 1), false},
        RuleCase{"time_exceeded", {.precedences = 0xff}, header() / icmp(11, 0), false},
        RuleCase{"parameter_problem", {.precedences = 0xff}, header() / icmp(12, 0), false},
        RuleCase{"later_fragment",
                 {.precedences = 0xff},
                 header().protocol(1).offset(8) / raw("datadata"),
                 false},
        RuleCase{"source_quench", {.precedences = 0xff}, header() / icmp(4, 0), true},
        RuleCase{"echo", {.precedences = 0xff}, header() / icmp(8, 0), true},
        RuleCase{"by_protocol", {.protocol = 1}, header() / icmp(3, 1), true}),
    kRowName);

TEST(Filter, TakesTheFirstRuleThatMatches) {
  const Filter filter{{.protocol = 17, .action = FilterAction::accept},
                      {.from = prefix("10.0.0.0/8"), .action = FilterAction::drop},
                      {.action = FilterAction::reject}};
  const auto action = [&](const Wire& packet) {
    return first_match(filter, Ipv4HeaderView::parse(packet.bytes()).value(), kTo)->action;
  };
  EXPECT_EQ(action(header() / udp(1, 2)), FilterAction::accept);
  EXPECT_EQ(action(header() / tcp_syn(1, 2)), FilterAction::drop);
  EXPECT_EQ(action(header().src("11.0.0.1") / tcp_syn(1, 2)), FilterAction::reject);
}

// RFC 1812 section 5.2.4: of a source route the next address.
TEST(Filter, GoesByWhereThePacketGoesNext) {
  const Filter filter{{.to = prefix("203.0.113.0/24")}};
  const Wire packet = header() / udp(1, 2);
  const auto view = Ipv4HeaderView::parse(packet.bytes()).value();
  EXPECT_EQ(first_match(filter, view, kTo), nullptr);
  EXPECT_EQ(first_match(filter, view, Ipv4Address{203, 0, 113, 5}), filter.data());
}

TEST(Filter, LetsPassWhatNoRuleIsAbout) {
  const Wire packet = header() / udp(1, 2);
  EXPECT_EQ(first_match({}, Ipv4HeaderView::parse(packet.bytes()).value(), kTo), nullptr);
  EXPECT_EQ(first_match({{.protocol = 6}}, Ipv4HeaderView::parse(packet.bytes()).value(), kTo),
            nullptr);
}

TEST(PrecedenceCutoff, IsBelowTheLevelAndNeverAboveFiveRfc1812Section5_3_3_3) {
  for (unsigned cutoff = 0; cutoff < 8; ++cutoff) {
    for (unsigned precedence = 0; precedence < 8; ++precedence) {
      const Wire packet = header().tos(static_cast<std::uint8_t>(precedence << 5U)) / udp(1, 2);
      const auto view = Ipv4HeaderView::parse(packet.bytes());
      EXPECT_EQ(is_cut_off(*view, static_cast<std::uint8_t>(cutoff)),
                precedence < cutoff && precedence < 6)
          << precedence << " of " << cutoff;
    }
  }
}

TEST(PrecedenceCutoff, DoesNotTouchIcmpErrors) {
  for (const std::uint8_t type : std::to_array<std::uint8_t>({3, 5, 11, 12})) {
    const Wire packet = header() / icmp(type, 0);
    EXPECT_FALSE(is_cut_off(Ipv4HeaderView::parse(packet.bytes()).value(), 5)) << int{type};
  }
  const Wire later = header().protocol(1).offset(8) / raw("datadata");
  EXPECT_FALSE(is_cut_off(Ipv4HeaderView::parse(later.bytes()).value(), 5)) << "a later fragment";
}

}  // namespace
}  // namespace hop
