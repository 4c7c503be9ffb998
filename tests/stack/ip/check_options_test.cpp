// Which options are wrong, why, and where the parameter problem points: RFC 791 section 3.1,
// RFC 1812 sections 4.3.3.5 and 5.2.4.1. The first option stands at offset 20.

#include <gmock/gmock.h>

#include "tests/stack/base/row_name.hpp"
#include "tests/stack/ip/option_packets.hpp"

namespace hop {
namespace {

using enum DropReason;

struct FaultCase {
  std::string_view name;
  OptionBytes options;
  DropReason why;
  unsigned pointer;
};
class OptionFaults : public ::testing::TestWithParam<FaultCase> {};

TEST_P(OptionFaults, ArePointedAtRfc1812Section4_3_3_5) {
  const auto packet = packet_with(GetParam().options);
  const auto checked = check_options(Ipv4HeaderView::parse(packet).value());
  ASSERT_FALSE(checked);
  EXPECT_EQ(checked.error().why, GetParam().why) << name(checked.error().why);
  EXPECT_EQ(checked.error().pointer, GetParam().pointer);
}

// The type byte of an option whose length cannot be.
INSTANTIATE_TEST_SUITE_P(
    BadLength, OptionFaults,
    ::testing::Values(
        FaultCase{"zero", {7, 0, 4, 0}, option_bad_length, 20},
        FaultCase{"one", {7, 1, 4, 0}, option_bad_length, 20},
        FaultCase{"past_the_header", {7, 39, 4, 0, 0, 0, 0}, option_bad_length, 20},
        FaultCase{"nothing_but_a_type", {1, 1, 1, 7}, option_bad_length, 23},
        FaultCase{"unknown_option", {0x5e, 1, 0, 0}, option_bad_length, 20},
        FaultCase{"second_option", {136, 4, 0, 0, 1, 148, 1, 0}, option_bad_length, 25},
        FaultCase{"record_route_without_pointer", {7, 2, 0, 0}, option_bad_length, 20},
        FaultCase{"loose_route_without_pointer", {1, 131, 2, 0}, option_bad_length, 21},
        FaultCase{"strict_route_without_pointer", {137, 2, 0, 0}, option_bad_length, 20},
        FaultCase{"timestamp_without_pointer", {68, 2, 0, 0}, option_bad_length, 20},
        FaultCase{"timestamp_without_flags", {68, 3, 5, 0}, option_bad_length, 20},
        FaultCase{"router_alert_of_3", {148, 3, 0, 0}, option_bad_length, 20},
        FaultCase{"router_alert_of_5", {148, 5, 0, 0, 0}, option_bad_length, 20}),
    kRowName);

// The pointer byte, the third of the option.
INSTANTIATE_TEST_SUITE_P(
    BadPointer, OptionFaults,
    ::testing::Values(
        FaultCase{"record_route_0", {7, 7, 0, 0, 0, 0, 0}, option_bad_pointer, 22},
        FaultCase{"record_route_3", {7, 7, 3, 0, 0, 0, 0}, option_bad_pointer, 22},
        FaultCase{"after_no_operations", {1, 1, 7, 7, 3, 0, 0, 0, 0}, option_bad_pointer, 24},
        FaultCase{"loose_route_3", {131, 7, 3, 10, 0, 0, 1}, option_bad_pointer, 22},
        FaultCase{"strict_route_1", {137, 7, 1, 10, 0, 0, 1}, option_bad_pointer, 22},
        FaultCase{"timestamp_4", {68, 8, 4, 0, 0, 0, 0, 0}, option_bad_pointer, 22},
        FaultCase{"timestamp_0", {68, 12, 0, 1, 0, 0, 0, 0, 0, 0, 0, 0}, option_bad_pointer, 22}),
    kRowName);

// "If there is some room but not enough room": the pointer byte as well.
INSTANTIATE_TEST_SUITE_P(
    NoRoom, OptionFaults,
    ::testing::Values(
        FaultCase{"record_route_1_byte", {7, 4, 4, 0}, option_no_room, 22},
        FaultCase{"record_route_3_bytes", {7, 6, 4, 0, 0, 0}, option_no_room, 22},
        FaultCase{"record_route_second_slot", {7, 10, 8, 1, 2, 3, 4, 0, 0, 0}, option_no_room, 22},
        FaultCase{"record_route_odd_pointer", {7, 7, 5, 0, 0, 0, 0}, option_no_room, 22},
        FaultCase{"timestamp_3_bytes", {68, 7, 5, 0, 0, 0, 0}, option_no_room, 22},
        FaultCase{"timestamp_address_only", {68, 8, 5, 1, 0, 0, 0, 0}, option_no_room, 22},
        FaultCase{
            "timestamp_prespecified_address_only", {68, 8, 5, 3, 10, 0, 0, 1}, option_no_room, 22},
        FaultCase{"timestamp_7_bytes", {68, 11, 5, 1, 0, 0, 0, 0, 0, 0, 0}, option_no_room, 22}),
    kRowName);

// A second source route is pointed at by its type (RFC 1812 section 5.2.4.1); the others appear
// "at most once in a datagram" too (RFC 791).
INSTANTIATE_TEST_SUITE_P(
    Repeated, OptionFaults,
    ::testing::Values(FaultCase{"two_loose_routes",
                                {131, 7, 4, 10, 0, 0, 1, 131, 7, 4, 10, 0, 0, 2},
                                option_repeated,
                                27},
                      FaultCase{"loose_and_strict",
                                {131, 7, 4, 10, 0, 0, 1, 1, 137, 7, 4, 10, 0, 0, 2},
                                option_repeated,
                                28},
                      FaultCase{"strict_and_loose",
                                {137, 7, 8, 10, 0, 0, 1, 131, 7, 8, 10, 0, 0, 2},
                                option_repeated,
                                27},
                      FaultCase{"two_record_routes",
                                {7, 7, 4, 0, 0, 0, 0, 7, 7, 4, 0, 0, 0, 0},
                                option_repeated,
                                27},
                      FaultCase{"two_timestamps",
                                {68, 8, 5, 0, 0, 0, 0, 0, 68, 8, 5, 0, 0, 0, 0, 0},
                                option_repeated,
                                28}),
    kRowName);

// The byte with overflow and flags.
INSTANTIATE_TEST_SUITE_P(
    TimestampFlags, OptionFaults,
    ::testing::Values(
        FaultCase{"flag_2", {68, 12, 5, 2, 0, 0, 0, 0, 0, 0, 0, 0}, option_bad_value, 23},
        FaultCase{"flag_4", {68, 12, 5, 4, 0, 0, 0, 0, 0, 0, 0, 0}, option_bad_value, 23},
        FaultCase{"flag_15", {68, 12, 5, 15, 0, 0, 0, 0, 0, 0, 0, 0}, option_bad_value, 23}),
    kRowName);

// "... or the overflow count itself overflows": for every flag.
class TimestampOverflow : public ::testing::TestWithParam<unsigned> {};

TEST_P(TimestampOverflow, OfAFullCounterIsAFaultRfc791) {
  const auto flags = static_cast<std::uint8_t>(0xf0U | GetParam());
  const auto packet = packet_with({68, 12, 13, flags, 0, 0, 0, 0, 0, 0, 0, 0});
  const auto checked = check_options(Ipv4HeaderView::parse(packet).value());
  ASSERT_FALSE(checked);
  EXPECT_EQ(checked.error().pointer, 23);
}

TEST_P(TimestampOverflow, BelowFifteenIsNone) {
  const auto flags = static_cast<std::uint8_t>(0xe0U | GetParam());
  const auto packet = packet_with({68, 12, 13, flags, 0, 0, 0, 0, 0, 0, 0, 0});
  EXPECT_TRUE(check_options(Ipv4HeaderView::parse(packet).value()));
}

TEST_P(TimestampOverflow, OfFifteenIsNoneWhileThereIsRoom) {
  const auto flags = static_cast<std::uint8_t>(0xf0U | GetParam());
  const auto packet = packet_with({68, 12, 5, flags, 0, 0, 0, 0, 0, 0, 0, 0});
  EXPECT_TRUE(check_options(Ipv4HeaderView::parse(packet).value()));
}

INSTANTIATE_TEST_SUITE_P(Flags, TimestampOverflow, ::testing::Values(0U, 1U, 3U));

struct GoodCase {
  std::string_view name;
  OptionBytes options;
  unsigned source_route, record_route, timestamp, router_alert;  ///< offsets, 0: not there
};
class GoodOptions : public ::testing::TestWithParam<GoodCase> {};

TEST_P(GoodOptions, AreFound) {
  const auto packet = packet_with(GetParam().options);
  const auto found = check_options(Ipv4HeaderView::parse(packet).value());
  ASSERT_TRUE(found) << name(found.error().why) << " at " << int{found.error().pointer};
  EXPECT_EQ(found->source_route, GetParam().source_route);
  EXPECT_EQ(found->record_route, GetParam().record_route);
  EXPECT_EQ(found->timestamp, GetParam().timestamp);
  EXPECT_EQ(found->router_alert, GetParam().router_alert);
  const bool to_update = GetParam().record_route != 0 || GetParam().timestamp != 0;
  EXPECT_EQ(found->to_record(), to_update);
}

INSTANTIATE_TEST_SUITE_P(
    Table, GoodOptions,
    ::testing::Values(
        GoodCase{"none", {}, 0, 0, 0, 0}, GoodCase{"padding", {1, 1, 0, 0}, 0, 0, 0, 0},
        GoodCase{"record_route", {7, 7, 4, 0, 0, 0, 0}, 0, 20, 0, 0},
        GoodCase{"record_route_full", {7, 7, 8, 1, 2, 3, 4}, 0, 20, 0, 0},
        GoodCase{"record_route_pointer_255", {7, 7, 255, 1, 2, 3, 4}, 0, 20, 0, 0},
        GoodCase{"record_route_without_slots", {7, 3, 4, 0}, 0, 20, 0, 0},
        GoodCase{"timestamps_only", {68, 8, 5, 0, 0, 0, 0, 0}, 0, 0, 20, 0},
        GoodCase{"timestamp_without_slots", {68, 4, 5, 0}, 0, 0, 20, 0},
        GoodCase{"timestamp_with_address", {68, 12, 5, 1, 0, 0, 0, 0, 0, 0, 0, 0}, 0, 0, 20, 0},
        GoodCase{"timestamp_prespecified", {1, 68, 12, 5, 3, 10, 0, 0, 1, 0, 0, 0, 0}, 0, 0, 21, 0},
        GoodCase{"loose_route", {131, 7, 4, 10, 0, 0, 1}, 20, 0, 0, 0},
        GoodCase{"strict_route_used_up", {1, 137, 7, 8, 10, 0, 0, 1}, 21, 0, 0, 0},
        GoodCase{"router_alert", {148, 4, 0, 0}, 0, 0, 0, 20},
        GoodCase{
            "all",
            {131, 7, 4, 10, 0, 0, 1, 7, 7, 4, 0, 0, 0, 0, 68, 8, 5, 0, 0, 0, 0, 0, 148, 4, 0, 0},
            20,
            27,
            34,
            42},
        GoodCase{"unknown_is_ignored_rfc1122_3_2_1_8", {0x5e, 4, 9, 9}, 0, 0, 0, 0},
        GoodCase{"security_is_ignored", {130, 11, 0, 0, 0, 0, 0, 0, 0, 0, 0}, 0, 0, 0, 0},
        GoodCase{"unknown_twice", {0x5e, 4, 9, 9, 0x5e, 4, 9, 9}, 0, 0, 0, 0},
        GoodCase{"faults_after_the_end", {0, 7, 1, 0}, 0, 0, 0, 0},
        GoodCase{
            "repeated_after_the_end", {7, 7, 4, 0, 0, 0, 0, 0, 7, 7, 4, 0, 0, 0, 0}, 0, 20, 0, 0}),
    kRowName);

// "Unrecognized value fields shall be silently ignored."
TEST(RouterAlert, UnknownValuesAreIgnoredRfc2113Section2_2) {
  for (const OptionBytes& value : {OptionBytes{0, 1}, OptionBytes{1, 0}, OptionBytes{255, 255}}) {
    const auto packet = packet_with({148, 4, value[0], value[1]});
    const auto found = check_options(Ipv4HeaderView::parse(packet).value());
    ASSERT_TRUE(found) << name(found.error().why);
  }
}

// A source route whose next slot is too small cannot be followed; RFC 791 names no other way out.
TEST(SourceRouteRoom, TooSmallASlotIsPointedAtByThePointer) {
  for (const std::uint8_t type : {std::uint8_t{131}, std::uint8_t{137}}) {
    for (const std::uint8_t length : {std::uint8_t{8}, std::uint8_t{9}, std::uint8_t{10}}) {
      OptionBytes options{type, length, 8, 10, 0, 0, 1};
      options.resize(length, 10);
      const auto packet = packet_with(options);
      const auto checked = check_options(Ipv4HeaderView::parse(packet).value());
      ASSERT_FALSE(checked) << int{length};
      EXPECT_EQ(checked.error().pointer, 22);
    }
  }
}

}  // namespace
}  // namespace hop
