// Record route and timestamp as a packet leaves: RFC 791 section 3.1, RFC 1812 sections 5.3.13.5
// and 5.3.13.6.

#include "stack/ip/record_options.hpp"

#include <gmock/gmock.h>

#include "tests/stack/base/row_name.hpp"
#include "tests/stack/ip/option_packets.hpp"

namespace hop {
namespace {

using ::testing::ElementsAreArray;
using namespace std::chrono_literals;

// 12:34:56.789 UT is 45 296 789 ms, 02 b3 2c 95, whatever the day.
constexpr Instant kNow{24h * 19'000 + 12h + 34min + 56s + 789ms + 999'999ns};

/// The node leaves by 198.18.1.1 and has 198.18.2.1 as well.
const RouteTable& addresses() {
  static const RouteTable table = [] {
    RouteTable built;
    built.add({.to = {Ipv4Address{198, 18, 1, 1}, 32}, .type = RouteType::local});
    built.add({.to = {Ipv4Address{198, 18, 2, 1}, 32}, .type = RouteType::local});
    built.add({.to = {Ipv4Address{198, 18, 1, 0}, 24}, .type = RouteType::connected});
    built.add({.to = {Ipv4Address{198, 18, 1, 255}, 32}, .type = RouteType::broadcast});
    return built;
  }();
  return table;
}

OptionStamp stamp() {
  return {.address = Ipv4Address{198, 18, 1, 1}, .now = kNow, .addresses = addresses()};
}

struct UpdateCase {
  std::string_view name;
  OptionBytes before, after;
};
class OptionUpdate : public ::testing::TestWithParam<UpdateCase> {};

TEST_P(OptionUpdate, FollowsRfc791Section3_1) {
  auto packet = packet_with(GetParam().before);
  auto expected = packet_with(GetParam().after);
  const auto options = check_options(Ipv4HeaderView::parse(packet).value());
  ASSERT_TRUE(options);
  record_options(packet, *options, stamp());
  refresh_header_checksum(packet);
  EXPECT_THAT(options_in(packet), ElementsAreArray(options_in(expected)));
  EXPECT_EQ(packet, expected) << "nothing but the options has changed";
}

INSTANTIATE_TEST_SUITE_P(
    RecordRoute, OptionUpdate,
    ::testing::Values(UpdateCase{"first_slot",
                                 {7, 11, 4, 0, 0, 0, 0, 0, 0, 0, 0},
                                 {7, 11, 8, 198, 18, 1, 1, 0, 0, 0, 0}},
                      UpdateCase{"last_slot",
                                 {7, 11, 8, 9, 9, 9, 9, 0, 0, 0, 0},
                                 {7, 11, 12, 9, 9, 9, 9, 198, 18, 1, 1}},
                      UpdateCase{"full", {7, 7, 8, 9, 9, 9, 9}, {7, 7, 8, 9, 9, 9, 9}},
                      UpdateCase{"no_slots", {7, 3, 4}, {7, 3, 4}},
                      UpdateCase{"pointer_255", {7, 7, 255, 9, 9, 9, 9}, {7, 7, 255, 9, 9, 9, 9}},
                      UpdateCase{"odd_place_and_pointer",
                                 {1, 7, 9, 5, 8, 0, 0, 0, 0, 0},
                                 {1, 7, 9, 9, 8, 198, 18, 1, 1, 0}}),
    kRowName);

INSTANTIATE_TEST_SUITE_P(
    TimestampsOnly, OptionUpdate,
    ::testing::Values(
        UpdateCase{"first_slot",
                   {68, 12, 5, 0, 0, 0, 0, 0, 0, 0, 0, 0},
                   {68, 12, 9, 0, 0x02, 0xb3, 0x2c, 0x95, 0, 0, 0, 0}},
        UpdateCase{"last_slot",
                   {68, 12, 9, 0, 1, 2, 3, 4, 0, 0, 0, 0},
                   {68, 12, 13, 0, 1, 2, 3, 4, 0x02, 0xb3, 0x2c, 0x95}},
        UpdateCase{"overflow_kept",
                   {68, 8, 5, 0x30, 0, 0, 0, 0},
                   {68, 8, 9, 0x30, 0x02, 0xb3, 0x2c, 0x95}},
        UpdateCase{"full_counts", {68, 8, 9, 0, 1, 2, 3, 4}, {68, 8, 9, 0x10, 1, 2, 3, 4}},
        UpdateCase{"full_counts_to_15", {68, 8, 9, 0xe0, 1, 2, 3, 4}, {68, 8, 9, 0xf0, 1, 2, 3, 4}},
        UpdateCase{"no_slots", {68, 4, 5, 0}, {68, 4, 5, 0x10}}),
    kRowName);

INSTANTIATE_TEST_SUITE_P(TimestampWithAddress, OptionUpdate,
                         ::testing::Values(UpdateCase{"first_slot",
                                                      {68, 12, 5, 1, 0, 0, 0, 0, 0, 0, 0, 0},
                                                      {68, 12, 13, 1, 198, 18, 1, 1, 0x02, 0xb3,
                                                       0x2c, 0x95}},
                                           UpdateCase{"full_counts",
                                                      {68, 12, 13, 0x21, 9, 9, 9, 9, 1, 2, 3, 4},
                                                      {68, 12, 13, 0x31, 9, 9, 9, 9, 1, 2, 3, 4}}),
                         kRowName);

// "if the next prespecified address matches any of the router's IP addresses" (RFC 1812 5.3.13.6)
INSTANTIATE_TEST_SUITE_P(
    TimestampPrespecified, OptionUpdate,
    ::testing::Values(
        UpdateCase{"address_of_the_interface",
                   {68, 12, 5, 3, 198, 18, 1, 1, 0, 0, 0, 0},
                   {68, 12, 13, 3, 198, 18, 1, 1, 0x02, 0xb3, 0x2c, 0x95}},
        UpdateCase{"another_address_of_the_node",
                   {68, 12, 5, 3, 198, 18, 2, 1, 0, 0, 0, 0},
                   {68, 12, 13, 3, 198, 18, 2, 1, 0x02, 0xb3, 0x2c, 0x95}},
        UpdateCase{"somebody_else",
                   {68, 12, 5, 3, 198, 18, 1, 2, 0, 0, 0, 0},
                   {68, 12, 5, 3, 198, 18, 1, 2, 0, 0, 0, 0}},
        UpdateCase{"broadcast_of_the_subnet",
                   {68, 12, 5, 3, 198, 18, 1, 255, 0, 0, 0, 0},
                   {68, 12, 5, 3, 198, 18, 1, 255, 0, 0, 0, 0}},
        UpdateCase{"only_the_next_address_counts",
                   {68, 20, 5, 3, 9, 9, 9, 9, 0, 0, 0, 0, 198, 18, 1, 1, 0, 0, 0, 0},
                   {68, 20, 5, 3, 9, 9, 9, 9, 0, 0, 0, 0, 198, 18, 1, 1, 0, 0, 0, 0}},
        UpdateCase{"second_address",
                   {68, 20, 13, 3, 9, 9, 9, 9, 1, 2, 3, 4, 198, 18, 1, 1, 0, 0, 0, 0},
                   {68, 20, 21, 3, 9, 9, 9, 9, 1, 2, 3, 4, 198, 18, 1, 1, 0x02, 0xb3, 0x2c, 0x95}},
        // One pass through a node records one address, even if the next is its own.
        UpdateCase{
            "two_of_ours_in_a_row",
            {68, 20, 5, 3, 198, 18, 1, 1, 0, 0, 0, 0, 198, 18, 2, 1, 0, 0, 0, 0},
            {68, 20, 13, 3, 198, 18, 1, 1, 0x02, 0xb3, 0x2c, 0x95, 198, 18, 2, 1, 0, 0, 0, 0}},
        UpdateCase{"full_counts",
                   {68, 12, 13, 0x03, 198, 18, 1, 1, 1, 2, 3, 4},
                   {68, 12, 13, 0x13, 198, 18, 1, 1, 1, 2, 3, 4}}),
    kRowName);

INSTANTIATE_TEST_SUITE_P(
    Together, OptionUpdate,
    ::testing::Values(
        UpdateCase{"both",
                   {7, 7, 4, 0, 0, 0, 0, 68, 8, 5, 0, 0, 0, 0, 0},
                   {7, 7, 8, 198, 18, 1, 1, 68, 8, 9, 0, 0x02, 0xb3, 0x2c, 0x95}},
        UpdateCase{"unknown_passes_unchanged", {0x5e, 4, 9, 9}, {0x5e, 4, 9, 9}},
        UpdateCase{"source_route_is_not_touched",
                   {131, 7, 4, 198, 18, 1, 1, 7, 7, 4, 0, 0, 0, 0},
                   {131, 7, 4, 198, 18, 1, 1, 7, 7, 8, 198, 18, 1, 1}},
        UpdateCase{"after_the_end_nothing", {0, 7, 7, 4, 0, 0, 0, 0}, {0, 7, 7, 4, 0, 0, 0, 0}}),
    kRowName);

}  // namespace
}  // namespace hop
