// What a node does about packets with options by its policy: RFC 7126, RFC 1108 section 2.8.1, and
// how it tells of bad lengths.

#include <gmock/gmock.h>

#include <ostream>
#include <string_view>
#include <vector>

#include "tests/stack/node/bench.hpp"
#include "tests/support/matchers.hpp"

namespace hop {
namespace {

using ::testing::AllOf;
using testing::icmp_echo;
using testing::IcmpIs;
using ::testing::IsEmpty;
using testing::Quotes;
using testing::RestOfHeader;
using testing::udp;
using testing::ValidChecksums;

using OptionBytes = std::vector<std::uint8_t>;

Bytes as_span(const OptionBytes& bytes) { return std::as_bytes(std::span{bytes}); }
Wire passing(const OptionBytes& options) {
  return transit().options(as_span(options)) / udp(1, 2, "data");
}

NodeConfig with(OptionType type, OptionAction action) {
  NodeConfig config = router_config();
  config.options.set(type, action);
  return config;
}
NodeConfig with_all(OptionAction action) {
  NodeConfig config = router_config();
  config.options = OptionPolicy::all(action);
  return config;
}

struct PolicyCase {
  std::string_view name;
  OptionBytes options;
  OptionType type;
};
std::ostream& operator<<(std::ostream& out, const PolicyCase& row) { return out << row.name; }

// RFC 7126 sections 4.3.5, 4.4.5, 4.5.5, 4.7.5, 4.8.5, 4.11.5, 4.12.5, 4.23.4: one for each type.
class RefusedOption : public ::testing::TestWithParam<PolicyCase> {};

TEST_P(RefusedOption, IsDroppedInSilence) {
  Bench bench{with(GetParam().type, OptionAction::drop)};
  EXPECT_EQ(bench.receive(passing(GetParam().options)), dropped(DropReason::option_not_permitted));
  bench.expect_counted(dropped(DropReason::option_not_permitted));
  EXPECT_THAT(bench.sent(), IsEmpty());
}

TEST_P(RefusedOption, IsRejectedAsProhibited) {
  Bench bench{with(GetParam().type, OptionAction::reject)};
  const Wire packet = passing(GetParam().options);
  EXPECT_EQ(bench.receive(packet), dropped(DropReason::option_not_permitted));
  EXPECT_THAT(bench.answer(), AllOf(IcmpIs(3, 13), Quotes(packet), ValidChecksums()));
}

TEST_P(RefusedOption, IsRefusedInPacketsToUsAndBehindOthersToo) {
  Bench bench{with(GetParam().type, OptionAction::drop)};
  OptionBytes options{0x9e, 4, 1, 2, 1};
  options.insert(options.end(), GetParam().options.begin(), GetParam().options.end());
  EXPECT_EQ(bench.receive(to_router().options(as_span(options)) / icmp_echo({})),
            dropped(DropReason::option_not_permitted));
  EXPECT_EQ(bench.receive(passing({0x9e, 4, 1, 2})), kForwarded) << "another option";
  EXPECT_EQ(bench.receive(passing({})), kForwarded) << "no option";
}

INSTANTIATE_TEST_SUITE_P(
    Table, RefusedOption,
    ::testing::Values(
        PolicyCase{"RecordRoute", {7, 7, 4, 0, 0, 0, 0}, OptionType::record_route},
        PolicyCase{"Timestamp", {68, 8, 5, 0, 0, 0, 0, 0}, OptionType::timestamp},
        PolicyCase{"LooseSourceRoute", {131, 7, 4, 192, 0, 2, 1}, OptionType::loose_source_route},
        PolicyCase{"StrictSourceRoute", {137, 7, 4, 192, 0, 2, 1}, OptionType::strict_source_route},
        PolicyCase{"RouterAlert", {148, 4, 0, 0}, OptionType::router_alert},
        PolicyCase{"Security", {130, 3, 0xab}, OptionType::security},
        PolicyCase{"StreamId", {136, 4, 0, 1}, OptionType::stream_id},
        PolicyCase{"Malformed", {7, 7, 3, 0, 0, 0, 0}, OptionType::record_route},
        PolicyCase{"Experiment", {0xde, 4, 1, 2}, static_cast<OptionType>(0xde)}),
    kCaseName);

// "as if they did not contain this IP option": neither used nor checked, nor changed.
class IgnoredOption : public ::testing::TestWithParam<PolicyCase> {};

TEST_P(IgnoredOption, PassesUntouched) {
  const Wire packet = passing(GetParam().options);
  for (const NodeConfig& config :
       {with(GetParam().type, OptionAction::ignore), with_all(OptionAction::ignore)}) {
    Bench bench{config};
    EXPECT_EQ(bench.receive(packet), kForwarded);
    EXPECT_EQ(bench.answer(), packet.with_ttl(63));
  }
}

INSTANTIATE_TEST_SUITE_P(
    Table, IgnoredOption,
    ::testing::Values(
        PolicyCase{"RecordRoute", {7, 7, 4, 0, 0, 0, 0}, OptionType::record_route},
        PolicyCase{"BadRecordRoute", {7, 7, 3, 0, 0, 0, 0}, OptionType::record_route},
        PolicyCase{"Timestamp", {68, 8, 5, 0, 0, 0, 0, 0}, OptionType::timestamp},
        PolicyCase{"TimestampOfUs", {68, 12, 5, 3, 10, 0, 1, 1, 0, 0, 0, 0}, OptionType::timestamp},
        PolicyCase{"StrictSourceRouteThroughUs",
                   {137, 7, 4, 192, 0, 2, 1},
                   OptionType::strict_source_route}),
    kCaseName);

TEST(IgnoreAll, DoesNotEvenLookAtLengths) {
  Bench bench{with_all(OptionAction::ignore)};
  const Wire packet = passing({0x9e, 0, 1, 1});
  EXPECT_EQ(bench.receive(packet), kForwarded);
  EXPECT_EQ(bench.answer(), packet.with_ttl(63));
}

TEST(IgnoredRecords, AreStillAnsweredInEchoRequestsRfc1812Section5_3_13_5) {
  Bench bench{with_all(OptionAction::ignore)};
  EXPECT_EQ(bench.receive(to_router().options({7, 7, 4, 0, 0, 0, 0}) / icmp_echo({})), kAnswered);
  const Wire expected = to_router().options({7, 7, 8, 10, 0, 1, 1}) / icmp_echo({});
  EXPECT_THAT(bench.answer().bytes().subspan(20, 8),
              ::testing::ElementsAreArray(expected.bytes().subspan(20, 8)));
}

TEST(IgnoredRecords, AreIgnoredAtAStopOfASourceRoute) {
  NodeConfig config = with(OptionType::record_route, OptionAction::ignore);
  config.source_routing = true;
  Bench bench{config};
  const Wire packet =
      to_router().options({131, 7, 4, 192, 0, 2, 9, 7, 7, 4, 0, 0, 0, 0}) / udp(1, 2);
  EXPECT_EQ(bench.receive(packet), kForwarded);
  const Wire expected =
      to_router().options({131, 7, 8, 10, 0, 2, 1, 7, 7, 4, 0, 0, 0, 0}) / udp(1, 2);
  EXPECT_THAT(bench.answer().bytes().subspan(20, 16),
              ::testing::ElementsAreArray(expected.bytes().subspan(20, 16)));
}

// RFC 7126 section 4.3.5: the packet ends where its destination address is, whatever
// source-routing says.
TEST(IgnoredSourceRoute, EndsAtTheDestinationAddress) {
  for (const bool routing : {false, true}) {
    NodeConfig config = with(OptionType::loose_source_route, OptionAction::ignore);
    config.source_routing = routing;
    Bench bench{config};
    EXPECT_EQ(bench.receive(to_router().options({131, 7, 4, 192, 0, 2, 9}) / icmp_echo({})),
              kAnswered);
  }
}

TEST(RejectedSourceRoute, IsProhibitedThoughSourceRoutingIsOn) {
  NodeConfig config = with(OptionType::loose_source_route, OptionAction::reject);
  config.source_routing = true;
  Bench bench{config};
  EXPECT_EQ(bench.receive(to_router().options({131, 7, 4, 192, 0, 2, 9}) / udp(1, 2)),
            dropped(DropReason::option_not_permitted));
  EXPECT_THAT(bench.answer(), IcmpIs(3, 13));
}

NodeConfig requiring(OptionType type) {
  NodeConfig config = router_config();
  config.required_option = type;
  return config;
}

TEST(RequiredOption, IsToldByItsTypeRfc1108Section2_8_1) {
  Bench bench{requiring(OptionType::security)};
  for (const Wire& packet :
       {passing({}), passing({7, 7, 4, 0, 0, 0, 0}), Wire{to_router() / icmp_echo({}, "data")}}) {
    EXPECT_EQ(bench.receive(packet), dropped(DropReason::option_missing));
    EXPECT_THAT(bench.answer(),
                AllOf(IcmpIs(12, 1), RestOfHeader(0x82000000U), Quotes(packet), ValidChecksums()));
  }
}

TEST(RequiredOption, LetsThosePassThatHaveIt) {
  Bench bench{requiring(OptionType::security)};
  const Wire packet = passing({1, 130, 3, 0xab});
  EXPECT_EQ(bench.receive(packet), kForwarded);
  EXPECT_EQ(bench.answer(), packet.with_ttl(63));
}

TEST(RequiredOption, IsNotMissedInAnswerToAnError) {
  Bench bench{requiring(OptionType::security)};
  EXPECT_EQ(bench.receive(transit() / testing::icmp(3, 1, 0, counting(28))),
            dropped(DropReason::option_missing));
  EXPECT_THAT(bench.sent(), IsEmpty());
}

// RFC 791 section 3.1: an option without the copied flag stands in fragment 0 alone.
TEST(RequiredOption, IsAskedOfLaterFragmentsOnlyIfItIsCopied) {
  const Wire later = transit().offset(64) / testing::raw("data");
  Bench record{requiring(OptionType::record_route)};
  EXPECT_EQ(record.receive(later), kForwarded);
  Bench security{requiring(OptionType::security)};
  EXPECT_EQ(security.receive(later), dropped(DropReason::option_missing));
  EXPECT_THAT(security.sent(), IsEmpty()) << "later fragments are not told about";
}

struct LengthCase {
  std::string_view name;
  OptionBytes options;
  BadLengthPolicy policy;
  std::uint8_t code, pointer;
};
std::ostream& operator<<(std::ostream& out, const LengthCase& row) { return out << row.name; }

class BadLength : public ::testing::TestWithParam<LengthCase> {};

TEST_P(BadLength, IsToldAsThePolicySays) {
  IcmpPolicy policy;
  policy.bad_length = GetParam().policy;
  Bench bench{with_policy(policy)};
  const Wire packet = passing(GetParam().options);
  EXPECT_EQ(bench.receive(packet).action, Action::dropped);
  EXPECT_THAT(bench.answer(),
              AllOf(IcmpIs(12, GetParam().code),
                    RestOfHeader(std::uint32_t{GetParam().pointer} << 24U), Quotes(packet)));
}

constexpr BadLengthPolicy kCode2{.code = ParameterProblemCode::bad_length};
constexpr BadLengthPolicy kAtLength{.at_length = true};
constexpr BadLengthPolicy kBoth{.code = ParameterProblemCode::bad_length, .at_length = true};

INSTANTIATE_TEST_SUITE_P(
    Table, BadLength,
    ::testing::Values(LengthCase{"ByDefault", {1, 0x9e, 9, 1}, {}, 0, 21},
                      LengthCase{"CodeTwo", {1, 0x9e, 9, 1}, kCode2, 2, 21},
                      LengthCase{"AtTheLength", {1, 0x9e, 9, 1}, kAtLength, 0, 22},
                      LengthCase{"Both", {1, 0x9e, 9, 1}, kBoth, 2, 22},
                      LengthCase{"LengthOfAKnownOption", {148, 3, 0, 0}, kBoth, 2, 21},
                      LengthCase{"NoLengthByteToPointAt", {1, 1, 1, 0x9e}, kBoth, 2, 23},
                      LengthCase{"NotABadPointer", {7, 7, 3, 0, 0, 0, 0}, kBoth, 0, 22}),
    kCaseName);

NodeConfig filtering() {
  NodeConfig config = router_config();
  config.drop_tiny_fragments = true;
  return config;
}

// RFC 1858 section 3.2, RFC 3128 section 3; which those are: TinyFragment.
TEST(TinyFragments, AreDroppedInSilenceInTransitAndForUs) {
  const auto tiny = testing::fragments(transit() / testing::tcp_syn(1, 80), {8});
  const auto to_us = testing::fragments(to_router() / testing::tcp_syn(1, 80), {8});
  for (const Wire& packet : {tiny[0], tiny[1], to_us[0], to_us[1]}) {
    Bench bench{filtering()};
    EXPECT_EQ(bench.receive(packet), dropped(DropReason::fragment_tiny));
    bench.expect_counted(dropped(DropReason::fragment_tiny));
    EXPECT_THAT(bench.sent(), IsEmpty());
  }
}

TEST(TinyFragments, PassByDefaultRfc791) {
  for (const Wire& packet : testing::fragments(transit() / testing::tcp_syn(1, 80), {8})) {
    Bench bench;
    EXPECT_EQ(bench.receive(packet), kForwarded);
  }
}

TEST(TinyFragments, OfOtherProtocolsPass) {
  Bench bench{filtering()};
  for (const Wire& packet : testing::fragments(passing({}), {8})) {
    EXPECT_EQ(bench.receive(packet), kForwarded);
  }
}

}  // namespace
}  // namespace hop
