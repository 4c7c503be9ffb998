// Overlapping fragments drop the datagram (design section 5, as RFC 5722 section 4 for IPv6),
// whatever they carry and whichever comes first.

#include <gmock/gmock.h>

#include "tests/stack/base/row_name.hpp"
#include "tests/stack/ip/reassembly_fixture.hpp"

namespace hop {
namespace {

struct OverlapCase {
  std::string_view name;
  Range one, other;
};
class Overlap : public ReassemblyTest, public ::testing::WithParamInterface<OverlapCase> {
 protected:
  /// The rest of a datagram of 96 bytes around [16, 72), and whatever of that is missing.
  void send_all_that_is_left() {
    const std::vector<Range> rest{{0, 16},  {16, 24}, {24, 32}, {32, 40},       {40, 48},
                                  {48, 56}, {56, 64}, {64, 72}, {72, 96, false}};
    for (const Range& range : rest) {
      EXPECT_EQ(add(range), "fragment-overlap") << range.begin << " to " << range.end;
    }
  }
};

TEST_P(Overlap, DropsTheDatagram) {
  EXPECT_EQ(add(GetParam().one), "held");
  EXPECT_EQ(add(GetParam().other), "fragment-overlap");
  send_all_that_is_left();
}

TEST_P(Overlap, DropsTheDatagramInTheOtherOrder) {
  EXPECT_EQ(add(GetParam().other), "held");
  EXPECT_EQ(add(GetParam().one), "fragment-overlap");
  send_all_that_is_left();
}

TEST_P(Overlap, LeavesOtherDatagramsAlone) {
  const auto whole = testing::ip().id(2) / testing::raw(pattern(96));
  const auto pieces = testing::fragments(whole, {48});
  EXPECT_EQ(add(pieces[0]).what, "held");
  (void)add(GetParam().one);
  (void)add(GetParam().other);
  EXPECT_EQ(add(pieces[1]).datagram, whole);
}

// RFC 5722: silently. Nothing is left for a time exceeded to quote.
TEST_P(Overlap, LeavesNothingToQuote) {
  (void)add({0, 16});
  (void)add(GetParam().one);
  (void)add(GetParam().other);
  while (const auto expired = reassembler().expire(kStart + kTimeout)) {
    EXPECT_FALSE(expired->first_fragment);
  }
  EXPECT_FALSE(reassembler().next_deadline());
}

INSTANTIATE_TEST_SUITE_P(Relations, Overlap,
                         ::testing::Values(OverlapCase{"head_over_tail", {32, 56}, {16, 40}},
                                           OverlapCase{"by_one_block", {32, 56}, {48, 72}},
                                           OverlapCase{"strictly_inside", {24, 64}, {32, 40}},
                                           OverlapCase{"same_start", {32, 56}, {32, 48}},
                                           OverlapCase{"same_end", {32, 56}, {40, 56}},
                                           OverlapCase{"around", {32, 40}, {16, 72}},
                                           OverlapCase{
                                               "one_block_in_the_middle", {40, 48}, {32, 56}}),
                         kRowName);

using OverlapEqual = ReassemblyTest;

// The seventh relation: the same range is a duplicate only if it carries the same.
TEST_F(OverlapEqual, WithOtherDataIsNoDuplicate) {
  EXPECT_EQ(add({0, 16}), "held");
  auto other = fragment_of({0, 16});
  other = testing::patched(other, 20 + 15, 0xee);
  EXPECT_EQ(add(other).what, "fragment-overlap");
  EXPECT_EQ(add({16, 24, false}), "fragment-overlap");
}

TEST_F(OverlapEqual, OfTheLastFragmentWithOtherDataIsNoDuplicate) {
  EXPECT_EQ(add({16, 27, false}), "held");
  EXPECT_EQ(add(testing::patched(fragment_of({16, 27, false}), 20 + 10, 0xee)).what,
            "fragment-overlap");
  EXPECT_EQ(add({0, 16}), "fragment-overlap");
}

TEST_F(OverlapEqual, OfSeveralFragmentsAtOnceIsNoDuplicate) {
  EXPECT_EQ(add({0, 8}), "held");
  EXPECT_EQ(add({8, 16}), "held");
  EXPECT_EQ(add({0, 16}), "fragment-overlap");
}

/// An overlap that contradicts what is known of the end as well: either reason is right.
const auto kOverlapOrEnd = ::testing::AnyOf("fragment-overlap", "fragment-beyond-end");

TEST_F(OverlapEqual, OfTheLastBlockInAnOddLengthIsDropped) {
  EXPECT_EQ(add({0, 16}), "held");
  EXPECT_THAT(add({8, 11, false}), kOverlapOrEnd);
}

using Teardrop = ReassemblyTest;

// CERT CA-1997-28: the second fragment ends before the first one does.
TEST_F(Teardrop, NeverMakesADatagram) {
  EXPECT_EQ(add({0, 32}), "held");
  EXPECT_THAT(add({24, 28, false}), kOverlapOrEnd);
  EXPECT_NE(add({0, 24}), "whole");
}

// As the program sent it: 36 bytes with MF, then 4 bytes at 24.
TEST_F(Teardrop, OriginalNeverMakesADatagram) {
  EXPECT_EQ(add({0, 36}), "fragment-bad-length");
  EXPECT_NE(add({24, 28, false}), "whole");
}

TEST_F(Teardrop, BackwardsNeverMakesADatagram) {
  EXPECT_EQ(add({24, 28, false}), "held");
  EXPECT_THAT(add({0, 32}), kOverlapOrEnd);
  EXPECT_NE(add({0, 24}), "whole");
}

}  // namespace
}  // namespace hop
