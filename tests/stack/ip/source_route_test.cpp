// Following a source route and answering along it: RFC 791 section 3.1, RFC 1122 sections 3.2.1.8
// and 3.2.2.6, RFC 1812 sections 4.3.2.6 and 5.2.4.1.

#include "stack/ip/source_route.hpp"

#include <gmock/gmock.h>

#include "stack/ip/reply_options.hpp"
#include "tests/stack/base/row_name.hpp"
#include "tests/stack/ip/option_packets.hpp"

namespace hop {
namespace {

using ::testing::ElementsAreArray;

constexpr Ipv4Address kOwn{198, 18, 0, 9};

Options options_of(Bytes packet) {
  return check_options(Ipv4HeaderView::parse(packet).value()).value();
}

struct RouteCase {
  std::string_view name;
  OptionBytes options;
  bool strict, used_up;
  unsigned offset, pointer;
  std::string_view next;
};
class SourceRouteReading : public ::testing::TestWithParam<RouteCase> {};

TEST_P(SourceRouteReading, FollowsRfc791Section3_1) {
  const auto packet = packet_with(GetParam().options);
  const auto header = Ipv4HeaderView::parse(packet).value();
  const SourceRoute route = source_route_of(header, options_of(packet));
  EXPECT_EQ(route.strict, GetParam().strict);
  EXPECT_EQ(route.used_up(), GetParam().used_up);
  EXPECT_EQ(route.offset, GetParam().offset);
  EXPECT_EQ(route.pointer, GetParam().pointer);
  if (!route.used_up()) {
    EXPECT_EQ(to_string(route.next()), GetParam().next);
  }
}

INSTANTIATE_TEST_SUITE_P(
    Table, SourceRouteReading,
    ::testing::Values(
        RouteCase{"loose", {131, 7, 4, 10, 0, 0, 1}, false, false, 20, 4, "10.0.0.1"},
        RouteCase{"strict", {137, 7, 4, 10, 0, 0, 1}, true, false, 20, 4, "10.0.0.1"},
        RouteCase{
            "second", {1, 131, 11, 8, 10, 0, 0, 1, 10, 0, 0, 2}, false, false, 21, 8, "10.0.0.2"},
        RouteCase{"used_up", {131, 7, 8, 10, 0, 0, 1}, false, true, 20, 8, ""},
        RouteCase{"empty", {137, 3, 4}, true, true, 20, 4, ""},
        RouteCase{"pointer_255", {131, 7, 255, 10, 0, 0, 1}, false, true, 20, 255, ""}),
    kRowName);

TEST(SourceRouteReading, HalfAnAddressIsNone) {
  // RFC 1812 section 5.2.3. As received that is a fault, but a route comes to it by being passed.
  const auto packet = packet_with({131, 9, 4, 10, 0, 0, 1, 9, 9});
  SourceRoute route = source_route_of(Ipv4HeaderView::parse(packet).value(), options_of(packet));
  EXPECT_FALSE(route.used_up());
  route.pass();
  EXPECT_TRUE(route.used_up());
}

struct AdvanceCase {
  std::string_view name;
  OptionBytes before, after;
  std::string_view destination;
};
class SourceRouteAdvance : public ::testing::TestWithParam<AdvanceCase> {};

TEST_P(SourceRouteAdvance, FollowsRfc791Section3_1) {
  auto packet = packet_with(GetParam().before);
  std::vector<std::byte> expected =
      testing::ip().dst(GetParam().destination).options(as_bytes(std::span{GetParam().after})) /
      testing::raw("data");
  const auto header = Ipv4HeaderView::parse(packet).value();
  advance_source_route(packet, source_route_of(header, options_of(packet)), kOwn);
  refresh_header_checksum(packet);
  EXPECT_THAT(options_in(packet), ElementsAreArray(options_in(expected)));
  EXPECT_EQ(packet, expected) << "destination and option have changed and nothing else";
}

INSTANTIATE_TEST_SUITE_P(Table, SourceRouteAdvance,
                         ::testing::Values(AdvanceCase{"only",
                                                       {131, 7, 4, 10, 0, 0, 1},
                                                       {131, 7, 8, 198, 18, 0, 9},
                                                       "10.0.0.1"},
                                           AdvanceCase{"first",
                                                       {137, 11, 4, 10, 0, 0, 1, 10, 0, 0, 2},
                                                       {137, 11, 8, 198, 18, 0, 9, 10, 0, 0, 2},
                                                       "10.0.0.1"},
                                           AdvanceCase{"last",
                                                       {1, 131, 11, 8, 9, 9, 9, 9, 10, 0, 0, 2},
                                                       {1, 131, 11, 12, 9, 9, 9, 9, 198, 18, 0, 9},
                                                       "10.0.0.2"}),
                         kRowName);

TEST(SourceRouteAdvancePast, StopsThatArePassedAreRecordedToo) {
  auto packet = packet_with({131, 11, 4, 10, 0, 0, 1, 10, 0, 0, 2});
  const auto header = Ipv4HeaderView::parse(packet).value();
  SourceRoute ahead = source_route_of(header, options_of(packet));
  ahead.pass();
  advance_source_route(packet, ahead, kOwn);
  EXPECT_EQ(to_string(Ipv4HeaderView::parse(packet)->destination()), "10.0.0.2");
  EXPECT_THAT(
      options_in(packet),
      ElementsAreArray(options_in(packet_with({131, 11, 12, 198, 18, 0, 9, 198, 18, 0, 9}))));
}

struct ReverseCase {
  std::string_view name;
  OptionBytes received;        ///< of a packet from 192.0.2.1
  OptionBytes reply;           ///< without padding
  std::string_view first_hop;  ///< empty: none
};
class ReversedRoute : public ::testing::TestWithParam<ReverseCase> {};

// The recorded hops backwards; the last one is the first hop of the answer, and the source of the
// received packet its end.
TEST_P(ReversedRoute, FollowsRfc1812Section4_3_2_6AndRfc1122Section3_2_1_8) {
  const auto packet = packet_with(GetParam().received);
  const auto header = Ipv4HeaderView::parse(packet).value();
  const ReplyOptions reply = reversed_route(header, options_of(packet));
  EXPECT_EQ(reply.bytes().size() % 4, 0U);
  OptionBytes written;
  for (const std::byte b : reply.bytes()) written.push_back(std::to_integer<std::uint8_t>(b));
  EXPECT_THAT(without_padding(written), ElementsAreArray(GetParam().reply));
  EXPECT_EQ(reply.first_hop ? to_string(*reply.first_hop) : "", GetParam().first_hop);
}

INSTANTIATE_TEST_SUITE_P(
    Table, ReversedRoute,
    ::testing::Values(
        ReverseCase{"no_options", {}, {}, ""},
        ReverseCase{"other_options_stay_away", {7, 7, 4, 0, 0, 0, 0, 148, 4, 0, 0}, {}, ""},
        ReverseCase{"one_hop", {131, 7, 8, 10, 0, 0, 1}, {131, 7, 4, 192, 0, 2, 1}, "10.0.0.1"},
        ReverseCase{
            "strict_stays_strict", {137, 7, 8, 10, 0, 0, 1}, {137, 7, 4, 192, 0, 2, 1}, "10.0.0.1"},
        ReverseCase{"three_hops",
                    {131, 15, 16, 10, 0, 0, 1, 10, 0, 0, 2, 10, 0, 0, 3},
                    {131, 15, 4, 10, 0, 0, 2, 10, 0, 0, 1, 192, 0, 2, 1},
                    "10.0.0.3"},
        ReverseCase{"only_the_part_before_the_pointer",
                    {131, 15, 12, 10, 0, 0, 1, 10, 0, 0, 2, 10, 0, 0, 3},
                    {131, 11, 4, 10, 0, 0, 1, 192, 0, 2, 1},
                    "10.0.0.2"},
        ReverseCase{"nothing_recorded_yet", {131, 7, 4, 10, 0, 0, 1}, {}, ""},
        ReverseCase{"empty", {131, 3, 4}, {}, ""},
        ReverseCase{"source_recorded_too_rfc1122_case_b",
                    {131, 15, 16, 192, 0, 2, 1, 10, 0, 0, 1, 10, 0, 0, 2},
                    {131, 11, 4, 10, 0, 0, 1, 192, 0, 2, 1},
                    "10.0.0.2"},
        ReverseCase{"nine_hops",
                    {131, 39, 40, 1, 0, 0, 1, 2, 0, 0, 2, 3, 0, 0, 3, 4, 0, 0, 4, 5,
                     0,   0,  5,  6, 0, 0, 6, 7, 0, 0, 7, 8, 0, 0, 8, 9, 0, 0, 9},
                    {131, 39, 4, 8, 0, 0, 8, 7, 0, 0, 7, 6, 0, 0, 6, 5,   0, 0, 5, 4,
                     0,   0,  4, 3, 0, 0, 3, 2, 0, 0, 2, 1, 0, 0, 1, 192, 0, 2, 1},
                    "9.0.0.9"}),
    kRowName);

}  // namespace
}  // namespace hop
