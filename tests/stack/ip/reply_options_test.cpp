// The options of an echo reply: RFC 1122 section 3.2.2.6.

#include "stack/ip/reply_options.hpp"

#include <gmock/gmock.h>

#include "tests/stack/base/row_name.hpp"
#include "tests/stack/ip/option_packets.hpp"

namespace hop {
namespace {

using ::testing::ElementsAreArray;
using namespace std::chrono_literals;

constexpr Instant kNow{12h + 34min + 56s + 789ms};  // 02 b3 2c 95

const RouteTable& addresses() {
  static const RouteTable table = [] {
    RouteTable built;
    built.add({.to = {Ipv4Address{198, 18, 1, 1}, 32}, .type = RouteType::local});
    return built;
  }();
  return table;
}

ReplyOptions reply_to(const std::vector<std::byte>& packet) {
  const auto header = Ipv4HeaderView::parse(packet).value();
  const Options options = check_options(header).value();
  ReplyOptions reply = reversed_route(header, options);
  const OptionStamp stamp{
      .address = Ipv4Address{198, 18, 1, 1}, .now = kNow, .addresses = addresses()};
  add_records(reply, header, options, {&stamp, 1});
  return reply;
}

struct ReplyCase {
  std::string_view name;
  OptionBytes received;  ///< of a packet from 192.0.2.1
  OptionBytes reply;     ///< without padding
  std::string_view first_hop;
};
class ReplyOptionsOf : public ::testing::TestWithParam<ReplyCase> {};

TEST_P(ReplyOptionsOf, AnEchoRequestFollowRfc1122Section3_2_2_6) {
  const ReplyOptions reply = reply_to(packet_with(GetParam().received));
  EXPECT_EQ(reply.bytes().size() % 4, 0U);
  OptionBytes written;
  for (const std::byte b : reply.bytes()) written.push_back(std::to_integer<std::uint8_t>(b));
  EXPECT_THAT(without_padding(written), ElementsAreArray(GetParam().reply));
  EXPECT_EQ(reply.first_hop ? to_string(*reply.first_hop) : "", GetParam().first_hop);
}

INSTANTIATE_TEST_SUITE_P(
    Table, ReplyOptionsOf,
    ::testing::Values(ReplyCase{"none", {}, {}, ""},
                      ReplyCase{"record_route_goes_on",
                                {7, 11, 8, 9, 9, 9, 9, 0, 0, 0, 0},
                                {7, 11, 12, 9, 9, 9, 9, 198, 18, 1, 1},
                                ""},
                      ReplyCase{
                          "full_record_route", {7, 7, 8, 9, 9, 9, 9}, {7, 7, 8, 9, 9, 9, 9}, ""},
                      ReplyCase{"timestamp",
                                {68, 12, 5, 1, 0, 0, 0, 0, 0, 0, 0, 0},
                                {68, 12, 13, 1, 198, 18, 1, 1, 0x02, 0xb3, 0x2c, 0x95},
                                ""},
                      ReplyCase{"full_timestamp_counts",
                                {68, 8, 9, 0x10, 1, 2, 3, 4},
                                {68, 8, 9, 0x20, 1, 2, 3, 4},
                                ""},
                      ReplyCase{"prespecified_for_another",
                                {68, 12, 5, 3, 9, 9, 9, 9, 0, 0, 0, 0},
                                {68, 12, 5, 3, 9, 9, 9, 9, 0, 0, 0, 0},
                                ""},
                      ReplyCase{"unknown_is_left_out", {0x5e, 4, 9, 9}, {}, ""},
                      ReplyCase{"router_alert_is_left_out", {148, 4, 0, 0}, {}, ""},
                      ReplyCase{"junk_after_the_end_is_left_out",
                                {7, 7, 4, 0, 0, 0, 0, 0, 9, 9, 9, 9},
                                {7, 7, 8, 198, 18, 1, 1},
                                ""},
                      ReplyCase{"source_route_is_reversed",
                                {131, 7, 8, 10, 0, 0, 1},
                                {131, 7, 4, 192, 0, 2, 1},
                                "10.0.0.1"}),
    kRowName);

/// Does `all` contain `part` without a gap?
bool contains(const OptionBytes& all, const OptionBytes& part) {
  return !std::ranges::search(all, part).empty();
}

// The order of the options is free; none of the three is lost and all fit in 40 bytes.
TEST(ReplyOptionsTogether, HoldRouteRecordAndTimestamp) {
  const auto packet =
      packet_with({131, 11, 12, 10, 0, 0, 1, 10, 0, 0, 2,              // source route, used up
                   7,   15, 8,  9,  9, 9, 9, 0,  0, 0, 0, 0, 0, 0, 0,  // room for two
                   68,  12, 9,  0,  1, 2, 3, 4,  0, 0, 0, 0});
  const ReplyOptions reply = reply_to(packet);
  OptionBytes written;
  for (const std::byte b : reply.bytes()) written.push_back(std::to_integer<std::uint8_t>(b));
  const OptionBytes options = without_padding(written);
  EXPECT_TRUE(contains(options, {131, 11, 4, 10, 0, 0, 1, 192, 0, 2, 1}));
  EXPECT_TRUE(contains(options, {7, 15, 12, 9, 9, 9, 9, 198, 18, 1, 1, 0, 0, 0, 0}));
  EXPECT_TRUE(contains(options, {68, 12, 13, 0, 1, 2, 3, 4, 0x02, 0xb3, 0x2c, 0x95}));
  EXPECT_EQ(options.size(), 38U);
  EXPECT_EQ(reply.bytes().size(), 40U);
  EXPECT_EQ(reply.first_hop, (Ipv4Address{10, 0, 0, 2}));
}

}  // namespace
}  // namespace hop
