// Fragments that cannot be part of a datagram: RFC 791 section 3.1, RFC 815.

#include <gmock/gmock.h>

#include "tests/stack/base/row_name.hpp"
#include "tests/stack/ip/reassembly_fixture.hpp"

namespace hop {
namespace {

struct BoundsCase {
  std::string_view name;
  Range range;
  std::string_view what;
};
class FragmentBounds : public ReassemblyTest, public ::testing::WithParamInterface<BoundsCase> {};

TEST_P(FragmentBounds, AreThoseOfRfc791Section3_1) {
  EXPECT_EQ(add(GetParam().range), GetParam().what);
}

// A refused fragment must not start or spoil anything.
TEST_P(FragmentBounds, RefusedFragmentsLeaveNoTrace) {
  if (GetParam().what == "held") return;
  (void)add(GetParam().range);
  EXPECT_FALSE(reassembler().next_deadline());
  EXPECT_EQ(add({0, 16}), "held");
  (void)add(GetParam().range);
  EXPECT_EQ(add({16, 21, false}), "whole");
}

INSTANTIATE_TEST_SUITE_P(
    LengthsOfEight, FragmentBounds,
    ::testing::Values(BoundsCase{"seven_and_more", {0, 7}, "fragment-bad-length"},
                      BoundsCase{"nine_and_more", {24, 33}, "fragment-bad-length"},
                      BoundsCase{"eight_and_more", {0, 8}, "held"},
                      BoundsCase{"last_of_seven", {8, 15, false}, "held"},
                      BoundsCase{"nothing_and_more", {0, 0}, "fragment-bad-length"},
                      BoundsCase{"nothing_in_the_middle", {800, 800}, "fragment-bad-length"},
                      BoundsCase{"nothing_at_the_end", {800, 800, false}, "fragment-bad-length"}),
    kRowName);

// Ping of death: with a header of 20 bytes the data may end at 65515.
INSTANTIATE_TEST_SUITE_P(
    Maximum, FragmentBounds,
    ::testing::Values(BoundsCase{"up_to_65535", {65512, 65515, false}, "held"},
                      BoundsCase{"up_to_65536", {65512, 65516, false}, "fragment-beyond-maximum"},
                      BoundsCase{"up_to_65540_and_more", {65512, 65520}, "fragment-beyond-maximum"},
                      BoundsCase{"middle_below", {65504, 65512}, "held"},
                      BoundsCase{"last_offset", {65528, 65529, false}, "fragment-beyond-maximum"},
                      BoundsCase{
                          "last_offset_and_more", {65528, 65536}, "fragment-beyond-maximum"}),
    kRowName);

using PingOfDeath = ReassemblyTest;

TEST_F(PingOfDeath, FarBeyondTheEndIsRefused) {
  const std::vector<std::byte> data(1000);
  const auto fragment = testing::ip().offset(65528) / testing::raw(data);
  EXPECT_EQ(add(fragment).what, "fragment-beyond-maximum");
}

TEST_F(PingOfDeath, AsSentInFragmentsMakesNoDatagram) {
  for (std::size_t at = 0; at + 1480 <= 65120; at += 1480) {
    ASSERT_EQ(add({at, at + 1480}), "held");
  }
  EXPECT_EQ(add({65120, 65518, false}), "fragment-beyond-maximum");
}

// The header of fragment 0 counts: 60 + 65515 bytes are no datagram, in either order.
TEST_F(PingOfDeath, LongHeaderOfFragmentZeroCounts) {
  const auto with_options = [](std::uint16_t id) {
    return testing::ip().id(id).options(std::array<std::byte, 40>{std::byte{1}});
  };
  EXPECT_EQ(add(fragment_of({32768, 65515, false}, 1)).what, "held");
  EXPECT_THAT(add(fragment_of({0, 32768}, with_options(1))).what,
              ::testing::AllOf(::testing::Ne("whole"), ::testing::Ne("held")));
  EXPECT_EQ(add(fragment_of({0, 32768}, with_options(2))).what, "held");
  EXPECT_THAT(add(fragment_of({32768, 65515, false}, 2)).what,
              ::testing::AllOf(::testing::Ne("whole"), ::testing::Ne("held")));
}

TEST_F(PingOfDeath, LongHeaderAndTheMostDataMakeTheLargestDatagram) {
  const auto header = testing::ip().id(3).options(std::array<std::byte, 40>{std::byte{1}});
  EXPECT_EQ(add(fragment_of({32768, 65475, false}, 3)).what, "held");
  const Outcome whole = add(fragment_of({0, 32768}, header));
  EXPECT_EQ(whole.what, "whole");
  EXPECT_EQ(whole.datagram.size(), 65535U);
}

struct EndCase {
  std::string_view name;
  Range first, second;
};
class FragmentEnds : public ReassemblyTest, public ::testing::WithParamInterface<EndCase> {};

TEST_P(FragmentEnds, ThatContradictAreRefusedRfc815) {
  EXPECT_EQ(add(GetParam().first), "held");
  EXPECT_EQ(add(GetParam().second), "fragment-beyond-end");
}

// Whatever is done with the datagram, the two ends are not mixed.
TEST_P(FragmentEnds, AreNeverMixed) {
  (void)add(GetParam().first);
  (void)add(GetParam().second);
  const auto longer = testing::ip().id(1) / testing::raw(pattern(48));
  const auto shorter = testing::ip().id(1) / testing::raw(pattern(40));
  for (std::size_t at = 0; at < 48; at += 8) {
    const Outcome outcome = add(fragment_of({at, at + 8}));
    if (outcome.what == "whole") {
      EXPECT_THAT(outcome.datagram, ::testing::AnyOf(longer, shorter));
      return;
    }
  }
}

INSTANTIATE_TEST_SUITE_P(
    Table, FragmentEnds,
    ::testing::Values(EndCase{"second_last_further", {32, 40, false}, {40, 48, false}},
                      EndCase{"second_last_nearer", {40, 48, false}, {32, 40, false}},
                      EndCase{"second_last_far_away", {32, 40, false}, {4000, 4004, false}},
                      EndCase{"data_behind_the_end", {32, 40, false}, {40, 48}},
                      EndCase{"data_far_behind_the_end", {32, 37, false}, {64000, 64008}},
                      EndCase{"end_before_data", {40, 48}, {32, 40, false}},
                      EndCase{"end_at_odd_byte_before_data", {40, 48}, {32, 37, false}}),
    kRowName);

}  // namespace
}  // namespace hop
