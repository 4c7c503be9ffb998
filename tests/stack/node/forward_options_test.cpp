// Options in transit (RFC 791 section 3.1, RFC 1812 sections 5.2.4.1 and 5.3.13).

#include <gmock/gmock.h>

#include <ostream>
#include <string_view>
#include <vector>

#include "tests/stack/node/bench.hpp"
#include "tests/support/matchers.hpp"

namespace hop {
namespace {

using ::testing::AllOf;
using testing::IcmpIs;
using testing::Quotes;
using testing::RestOfHeader;
using testing::udp;
using testing::ValidChecksums;

using OptionBytes = std::vector<std::uint8_t>;

Bytes as_span(const OptionBytes& bytes) { return std::as_bytes(std::span{bytes}); }
Wire with_options(const OptionBytes& options) {
  return transit().options(as_span(options)) / udp(1, 2, "data");
}

struct EditCase {
  std::string_view name;
  OptionBytes arriving, leaving;
};
std::ostream& operator<<(std::ostream& out, const EditCase& row) { return out << row.name; }

class TransitOptions : public ::testing::TestWithParam<EditCase> {};

TEST_P(TransitOptions, FollowRfc1812Section5_3_13) {
  Bench bench;
  EXPECT_EQ(bench.receive(with_options(GetParam().arriving)), kForwarded);
  bench.expect_counted(kForwarded);
  EXPECT_EQ(bench.answer(), with_options(GetParam().leaving).with_ttl(63));
}

INSTANTIATE_TEST_SUITE_P(
    Untouched, TransitOptions,
    ::testing::Values(EditCase{"Nop", {1, 1, 1, 1}, {1, 1, 1, 1}},
                      EditCase{"Unknown", {0x9e, 4, 1, 2}, {0x9e, 4, 1, 2}},
                      EditCase{"RouterAlert", {148, 4, 0, 0}, {148, 4, 0, 0}},
                      EditCase{"FullRecordRoute", {7, 7, 8, 1, 2, 3, 4}, {7, 7, 8, 1, 2, 3, 4}},
                      EditCase{"TimestampForSomebodyElse",
                               {68, 12, 5, 3, 10, 9, 9, 9, 0, 0, 0, 0},
                               {68, 12, 5, 3, 10, 9, 9, 9, 0, 0, 0, 0}}),
    kCaseName);

INSTANTIATE_TEST_SUITE_P(
    Updated, TransitOptions,
    ::testing::Values(
        // RFC 1812 section 4.2.2.2: the address of the interface the packet leaves by.
        EditCase{"RecordRoute", {7, 7, 4, 0, 0, 0, 0}, {7, 7, 8, 10, 0, 2, 1}},
        EditCase{"RecordRouteBehindNop", {1, 7, 7, 4, 0, 0, 0, 0}, {1, 7, 7, 8, 10, 0, 2, 1}},
        EditCase{"SecondRecord",
                 {7, 11, 8, 1, 2, 3, 4, 0, 0, 0, 0},
                 {7, 11, 12, 1, 2, 3, 4, 10, 0, 2, 1}},
        EditCase{"TimestampsOnly", {68, 8, 5, 0, 9, 9, 9, 9}, {68, 8, 9, 0, 0, 0, 0, kNowOfDay}},
        EditCase{"TimestampWithAddress",
                 {68, 12, 5, 1, 0, 0, 0, 0, 0, 0, 0, 0},
                 {68, 12, 13, 1, 10, 0, 2, 1, 0, 0, 0, kNowOfDay}},
        EditCase{"PrespecifiedOutgoingAddress",
                 {68, 12, 5, 3, 10, 0, 2, 1, 0, 0, 0, 0},
                 {68, 12, 13, 3, 10, 0, 2, 1, 0, 0, 0, kNowOfDay}},
        // RFC 1812 section 5.3.13.6: any address of the router counts.
        EditCase{"PrespecifiedOtherAddress",
                 {68, 12, 5, 3, 10, 0, 3, 1, 0, 0, 0, 0},
                 {68, 12, 13, 3, 10, 0, 3, 1, 0, 0, 0, kNowOfDay}},
        EditCase{"TimestampOverflow", {68, 8, 9, 0x30, 1, 2, 3, 4}, {68, 8, 9, 0x40, 1, 2, 3, 4}}),
    kCaseName);

struct FaultCase {
  std::string_view name;
  OptionBytes options;
  DropReason why;
  std::uint8_t pointer;
};
std::ostream& operator<<(std::ostream& out, const FaultCase& row) { return out << row.name; }

class BadOption : public ::testing::TestWithParam<FaultCase> {};

TEST_P(BadOption, IsToldAsParameterProblem) {
  const FaultCase& row = GetParam();
  Bench bench;
  const Wire packet = with_options(row.options);
  EXPECT_EQ(bench.receive(packet), dropped(row.why));
  bench.expect_counted(dropped(row.why));
  EXPECT_THAT(bench.answer(), AllOf(IcmpIs(12, 0), RestOfHeader(std::uint32_t{row.pointer} << 24U),
                                    Quotes(packet), ValidChecksums()));
}

INSTANTIATE_TEST_SUITE_P(
    Table, BadOption,
    ::testing::Values(
        FaultCase{"LengthPastTheHeader", {0x9e, 5, 1, 1}, DropReason::option_bad_length, 20},
        FaultCase{"LengthOne", {1, 1, 0x9e, 1}, DropReason::option_bad_length, 22},
        FaultCase{"LengthZero", {0x9e, 0, 1, 1}, DropReason::option_bad_length, 20},
        FaultCase{"LengthMissing", {1, 1, 1, 0x9e}, DropReason::option_bad_length, 23},
        FaultCase{"PointerBelow4", {7, 7, 3, 0, 0, 0, 0}, DropReason::option_bad_pointer, 22},
        FaultCase{"NoRoomForAnAddress", {7, 6, 4, 0, 0, 0}, DropReason::option_no_room, 22},
        FaultCase{"TwoRecordRoutes",
                  {7, 7, 8, 1, 2, 3, 4, 7, 7, 8, 1, 2, 3, 4},
                  DropReason::option_repeated,
                  27}),
    kCaseName);

TEST(BadOption, IsToldAboutAPacketToUs) {
  Bench bench;
  const Wire packet = to_router().options({0x9e, 5, 1, 1}) / testing::icmp_echo({});
  EXPECT_EQ(bench.receive(packet), dropped(DropReason::option_bad_length));
  EXPECT_THAT(bench.answer(), AllOf(IcmpIs(12, 0), RestOfHeader(0x14000000U), Quotes(packet)));
}

TEST(Quote, IsWhatWasReceivedThoughOptionsChange) {
  // RFC 1812 section 4.3.2.3. The packet does not fit the link behind, and DF is set.
  const Wire packet =
      transit().dst("198.51.100.9").df().options({7, 7, 4, 0, 0, 0, 0}) / udp(1, 2, counting(1000));
  Bench bench;
  EXPECT_EQ(bench.receive(packet), dropped(DropReason::frag_needed));
  EXPECT_THAT(bench.answer(), AllOf(IcmpIs(3, 4), Quotes(packet)));
}

}  // namespace
}  // namespace hop
