// Options in replies and errors (RFC 1122 section 3.2.2.6, RFC 1812 section 4.3.2.6).

#include <gmock/gmock.h>

#include <initializer_list>
#include <ostream>
#include <string>
#include <string_view>
#include <vector>

#include "tests/stack/node/bench.hpp"
#include "tests/support/matchers.hpp"

namespace hop {
namespace {

using ::testing::AllOf;
using testing::Dst;
using testing::icmp_echo;
using testing::IcmpIs;
using testing::Src;
using testing::udp;
using testing::ValidChecksums;

using OptionBytes = std::vector<std::uint8_t>;

Bytes as_span(const OptionBytes& bytes) { return std::as_bytes(std::span{bytes}); }

/// The options of a packet, without the zeros that pad them.
OptionBytes options_of(const Wire& packet) {
  const auto ip = testing::decode(packet);
  if (!ip) return {};
  OptionBytes options;
  for (const std::byte byte : ip->header.subspan(20)) {
    options.push_back(std::to_integer<std::uint8_t>(byte));
  }
  while (!options.empty() && options.back() == 0) options.pop_back();
  return options;
}

struct OptionCase {
  std::string_view name;
  OptionBytes request;
  OptionBytes reply;
  std::string destination = "10.0.1.2";  // of the reply
};
std::ostream& operator<<(std::ostream& out, const OptionCase& row) { return out << row.name; }

class EchoReplyOptions : public ::testing::TestWithParam<OptionCase> {};

TEST_P(EchoReplyOptions, FollowRfc1122Section3_2_2_6) {
  const OptionCase& row = GetParam();
  Bench bench;
  EXPECT_EQ(bench.receive(to_router().options(as_span(row.request)) / icmp_echo({}, "data")),
            kAnswered);
  const Wire reply = bench.answer();
  EXPECT_THAT(reply, AllOf(IcmpIs(0, 0), Src("10.0.1.1"), Dst(row.destination), ValidChecksums()));
  EXPECT_EQ(options_of(reply), row.reply);
}

INSTANTIATE_TEST_SUITE_P(
    Table, EchoReplyOptions,
    ::testing::Values(
        OptionCase{"NoneForNone", {}, {}}, OptionCase{"NoneForNop", {1, 1, 1, 1}, {}},
        OptionCase{"NoneForUnknown", {0x9e, 4, 1, 2}, {}},
        OptionCase{"NoneForRouterAlert", {148, 4, 0, 0}, {}},
        OptionCase{"RecordRoute", {7, 11, 4, 0, 0, 0, 0, 0, 0, 0, 0}, {7, 11, 8, 10, 0, 1, 1}},
        OptionCase{"RecordRouteWithAnEntry",
                   {7, 11, 8, 192, 0, 2, 1, 0, 0, 0, 0},
                   {7, 11, 12, 192, 0, 2, 1, 10, 0, 1, 1}},
        OptionCase{"FullRecordRoute", {7, 7, 8, 192, 0, 2, 1}, {7, 7, 8, 192, 0, 2, 1}},
        OptionCase{"TimestampsOnly",
                   {68, 12, 5, 0, 0, 0, 0, 0, 0, 0, 0, 0},
                   {68, 12, 9, 0, 0, 0, 0, kNowOfDay}},
        OptionCase{"TimestampWithAddress",
                   {68, 12, 5, 1, 0, 0, 0, 0, 0, 0, 0, 0},
                   {68, 12, 13, 1, 10, 0, 1, 1, 0, 0, 0, kNowOfDay}},
        OptionCase{"PrespecifiedTimestampOfAnotherInterface",
                   {68, 12, 5, 3, 10, 0, 3, 1, 0, 0, 0, 0},
                   {68, 12, 13, 3, 10, 0, 3, 1, 0, 0, 0, kNowOfDay}},
        OptionCase{"PrespecifiedTimestampOfSomebodyElse",
                   {68, 12, 5, 3, 10, 9, 9, 9, 0, 0, 0, 0},
                   {68, 12, 5, 3, 10, 9, 9, 9}},
        OptionCase{"FullTimestampCountsTheOverflow",
                   {68, 8, 9, 0x10, 1, 2, 3, 4},
                   {68, 8, 9, 0x20, 1, 2, 3, 4}}),
    kCaseName);

INSTANTIATE_TEST_SUITE_P(
    SourceRoute, EchoReplyOptions,
    ::testing::Values(
        // The request came from 10.0.1.2 by 10.0.1.3 and goes back the same way.
        OptionCase{
            "LooseIsReversed", {131, 7, 8, 10, 0, 1, 3}, {131, 7, 4, 10, 0, 1, 2}, "10.0.1.3"},
        OptionCase{
            "StrictIsReversed", {137, 7, 8, 10, 0, 1, 3}, {137, 7, 4, 10, 0, 1, 2}, "10.0.1.3"},
        OptionCase{"OfTwoHops",
                   {131, 11, 12, 192, 0, 2, 7, 10, 0, 1, 3},
                   {131, 11, 4, 192, 0, 2, 7, 10, 0, 1, 2},
                   "10.0.1.3"}),
    kCaseName);

TEST(TimestampReplyOptions, AreThoseOfAnEchoReplyRfc1122Section3_2_2_8) {
  Bench bench;
  const OptionBytes request{131, 7, 8, 10, 0, 1, 3, 7, 7, 4, 0, 0, 0, 0};
  EXPECT_EQ(
      bench.receive(to_router().options(as_span(request)) / testing::icmp(13, 0, 1, counting(12))),
      kAnswered);
  EXPECT_THAT(bench.answer(), AllOf(IcmpIs(14, 0), Dst("10.0.1.3"), ValidChecksums()));
  EXPECT_EQ(options_of(bench.answer()),
            (OptionBytes{131, 7, 4, 10, 0, 1, 2, 7, 7, 8, 10, 0, 1, 1}));
}

NodeConfig routing_sources() {
  NodeConfig config = router_config();
  config.source_routing = true;
  return config;
}

TEST(ErrorOptions, ReverseTheRouteRecordedSoFar) {
  // RFC 1812 section 4.3.2.6.
  Bench bench{routing_sources()};
  const Wire packet =
      transit().ttl(1).options({131, 11, 8, 10, 0, 1, 3, 192, 0, 2, 77, 0}) / udp(1, 2);
  EXPECT_EQ(bench.receive(packet), dropped(DropReason::ttl_expired));
  const Wire error = bench.answer();
  EXPECT_THAT(error,
              AllOf(IcmpIs(11, 0), Dst("10.0.1.3"), testing::Quotes(packet), ValidChecksums()));
  EXPECT_EQ(options_of(error), (OptionBytes{131, 7, 4, 10, 0, 1, 2}));
}

TEST(ErrorOptions, LeaveOutADestinationThatTheRouteNamesTwice) {
  // As Linux does for IP_OPTIONS: the destination records itself, and is no stop on the way back.
  Bench bench{routing_sources()};
  const Wire packet =
      to_router().options({131, 11, 8, 10, 0, 1, 3, 10, 0, 1, 1, 0}) / udp(1, 33434);
  EXPECT_EQ(bench.receive(packet), dropped(DropReason::port_unreachable));
  EXPECT_THAT(bench.answer(), AllOf(IcmpIs(3, 3), Dst("10.0.1.3"), ValidChecksums()));
  EXPECT_EQ(options_of(bench.answer()), (OptionBytes{131, 7, 4, 10, 0, 1, 2}));
}

TEST(EchoReplyAlongTheRoute, NeedsNoWayToTheSource) {
  Bench bench;
  const Wire packet =
      to_router().src("172.20.0.1").options({131, 7, 8, 10, 0, 2, 2}) / icmp_echo({}, "data");
  EXPECT_EQ(bench.receive(packet), kAnswered);
  EXPECT_THAT(bench.answer(), AllOf(IcmpIs(0, 0), Dst("10.0.2.2"), ValidChecksums()));
  EXPECT_EQ(bench.sent().front().out, 1);
  EXPECT_EQ(options_of(bench.answer()), (OptionBytes{131, 7, 4, 172, 20, 0, 1}));
}

TEST(ErrorOptions, AreNoneWhereTheReversedRouteLeadsNowhere) {
  Bench bench{routing_sources()};
  for (const OptionBytes& nowhere :
       {OptionBytes{131, 7, 8, 172, 20, 0, 1}, OptionBytes{131, 7, 8, 224, 0, 0, 9}}) {
    EXPECT_EQ(bench.receive(to_router().options(as_span(nowhere)) / udp(1, 33434)),
              dropped(DropReason::port_unreachable));
    EXPECT_THAT(bench.answer(), AllOf(IcmpIs(3, 3), Dst("10.0.1.2"), ValidChecksums()));
    EXPECT_EQ(options_of(bench.answer()), OptionBytes{});
  }
}

TEST(ErrorOptions, AreNoneWhenTheRouteHasNotBegun) {
  Bench bench{routing_sources()};
  const Wire packet = transit().ttl(1).options({131, 7, 4, 192, 0, 2, 77, 0}) / udp(1, 2);
  EXPECT_EQ(bench.receive(packet), dropped(DropReason::ttl_expired));
  EXPECT_THAT(bench.answer(), AllOf(IcmpIs(11, 0), Dst("10.0.1.2")));
  EXPECT_EQ(options_of(bench.answer()), OptionBytes{});
}

TEST(ErrorOptions, AreNoneInAParameterProblemAboutTheSourceRoute) {
  // RFC 1812 section 4.3.2.6: a reversed bad route would be bad again.
  Bench bench{routing_sources()};
  const Wire packet = transit().options({131, 11, 9, 10, 0, 1, 3, 192, 0, 2, 7, 0}) / udp(1, 2);
  EXPECT_EQ(bench.receive(packet), dropped(DropReason::option_no_room));
  EXPECT_THAT(bench.answer(), AllOf(IcmpIs(12, 0), Dst("10.0.1.2")));
  EXPECT_EQ(options_of(bench.answer()), OptionBytes{});
}

// RFC 1812 section 4.3.2.6: only a complaint about the source route itself is no reason to avoid
// it.
TEST(ErrorOptions, ReverseTheRouteInOtherParameterProblems) {
  NodeConfig config = routing_sources();
  config.required_option = OptionType::security;
  Bench bench{config};
  const OptionBytes back{131, 7, 4, 10, 0, 1, 2};
  const auto behind_route = [](const OptionBytes& more) {
    OptionBytes options{131, 7, 8, 10, 0, 1, 3};
    options.insert(options.end(), more.begin(), more.end());
    return to_router().options(as_span(options)) / udp(1, 33434, counting(40));
  };
  const Wire bad_record = behind_route({7, 7, 3, 0, 0, 0, 0});
  EXPECT_EQ(bench.receive(bad_record), dropped(DropReason::option_bad_pointer));
  EXPECT_THAT(bench.answer(), AllOf(IcmpIs(12, 0), Dst("10.0.1.3")));
  EXPECT_EQ(options_of(bench.answer()), back);
  const Wire sound = behind_route({});
  EXPECT_EQ(bench.receive(sound), dropped(DropReason::option_missing));
  EXPECT_THAT(bench.answer(), AllOf(IcmpIs(12, 1), Dst("10.0.1.3")));
  EXPECT_EQ(options_of(bench.answer()), back);
  EXPECT_EQ(bench.receive(sound.bytes().first(60)), dropped(DropReason::ipv4_incomplete));
  EXPECT_THAT(bench.answer(), AllOf(IcmpIs(12, 0), Dst("10.0.1.3")));
  EXPECT_EQ(options_of(bench.answer()), back);
}

TEST(ErrorOptions, AreNoneInAParameterProblemAboutASecondSourceRoute) {
  Bench bench{routing_sources()};
  const Wire packet =
      to_router().options({131, 7, 8, 10, 0, 1, 3, 137, 7, 8, 10, 0, 1, 3}) / udp(1, 33434);
  EXPECT_EQ(bench.receive(packet), dropped(DropReason::option_repeated));
  EXPECT_THAT(bench.answer(), AllOf(IcmpIs(12, 0), Dst("10.0.1.2")));
  EXPECT_EQ(options_of(bench.answer()), OptionBytes{});
}

TEST(ErrorOptions, AreNoneInAParameterProblemAboutAStrictRouteThatCrossesUs) {
  Bench bench{routing_sources()};
  const Wire packet = transit().options({137, 11, 8, 10, 0, 1, 3, 192, 0, 2, 7, 0}) / udp(1, 2);
  EXPECT_EQ(bench.receive(packet), dropped(DropReason::strict_route_elsewhere));
  EXPECT_THAT(bench.answer(), AllOf(IcmpIs(12, 0), Dst("10.0.1.2")));
  EXPECT_EQ(options_of(bench.answer()), OptionBytes{});
}

TEST(ErrorOptions, AreNotThoseOfRecordRoute) {
  Bench bench;
  const Wire packet = transit().ttl(1).options({7, 7, 4, 0, 0, 0, 0, 0}) / udp(1, 2);
  EXPECT_EQ(bench.receive(packet), dropped(DropReason::ttl_expired));
  EXPECT_EQ(options_of(bench.answer()), OptionBytes{});
}

TEST(ErrorOptions, AreThoseOfRecordRouteAndTimestampWhereThePolicySaysSo) {
  IcmpPolicy policy;
  policy.records_in_errors = true;
  Bench bench{with_policy(policy)};
  const Wire packet =
      transit().ttl(1).options({7, 7, 4, 0, 0, 0, 0, 68, 8, 5, 0, 0, 0, 0, 0}) / udp(1, 2);
  EXPECT_EQ(bench.receive(packet), dropped(DropReason::ttl_expired));
  EXPECT_EQ(options_of(bench.answer()),
            (OptionBytes{7, 7, 8, 10, 0, 1, 1, 68, 8, 9, 0, 0, 0, 0, kNowOfDay}));
  EXPECT_THAT(bench.answer(), testing::Quotes(packet));
}

// As Linux does it: see tests/kernel.
NodeConfig recording_on_arrival() {
  IcmpPolicy policy;
  policy.records_on_arrival = true;
  return with_policy(policy);
}

TEST(RecordsOnArrival, StandInRepliesBesideThoseOfDeparture) {
  Bench bench{recording_on_arrival()};
  const Wire packet = to_router().dst("10.0.3.1").options({7, 11, 4, 0, 0, 0, 0, 0, 0, 0, 0}) /
                      testing::icmp_echo({});
  EXPECT_EQ(bench.receive(packet), kAnswered);
  EXPECT_EQ(options_of(bench.answer()), (OptionBytes{7, 11, 12, 10, 0, 3, 1, 10, 0, 3, 1}));
}

TEST(RecordsOnArrival, AreOneWhereThereIsNoRoomForTwo) {
  Bench bench{recording_on_arrival()};
  // Misaligned: three bytes are left behind the first record. A full timestamp overflows once.
  EXPECT_EQ(bench.receive(to_router().options({7, 11, 5, 0, 0, 0, 0, 0, 0, 0, 0}) /
                          testing::icmp_echo({})),
            kAnswered);
  EXPECT_EQ(options_of(bench.answer()), (OptionBytes{7, 11, 9, 0, 10, 0, 1, 1}));
  EXPECT_EQ(
      bench.receive(to_router().options({68, 8, 9, 0xe0, 0, 0, 0, 0}) / testing::icmp_echo({})),
      kAnswered);
  EXPECT_EQ(options_of(bench.answer()), (OptionBytes{68, 8, 9, 0xf0}));
}

TEST(RecordsOnArrival, NameTheInterfaceThatATimestampedPacketCameInBy) {
  Bench bench{recording_on_arrival()};
  const Wire packet = transit().options({68, 12, 5, 1, 0, 0, 0, 0, 0, 0, 0, 0}) / udp(1, 2);
  EXPECT_EQ(bench.receive(packet), kForwarded);
  EXPECT_EQ(options_of(bench.answer()),
            (OptionBytes{68, 12, 13, 1, 10, 0, 1, 1, 0, 0, 0, kNowOfDay}));
}

}  // namespace
}  // namespace hop
