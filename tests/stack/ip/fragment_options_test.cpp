// Which options stand in which fragment: the copied flag of RFC 791 section 3.1.

#include <gmock/gmock.h>

#include "tests/stack/base/row_name.hpp"
#include "tests/stack/ip/cut.hpp"
#include "tests/stack/ip/option_packets.hpp"
#include "tests/support/matchers.hpp"

namespace hop {
namespace {

using ::testing::ElementsAreArray;
using ::testing::Gt;
using ::testing::SizeIs;

struct CopyCase {
  std::string_view name;
  OptionBytes options;
  OptionBytes copied;  ///< without padding
};
class CopiedOptions : public ::testing::TestWithParam<CopyCase> {};

TEST_P(CopiedOptions, StandInEveryFragmentRfc791Section3_1) {
  const testing::Packet whole =
      testing::ip().options(as_bytes(std::span{GetParam().options})) / testing::raw(pattern(1000));
  const auto cut = cut_for(whole, 200);
  ASSERT_THAT(cut, SizeIs(Gt(2U)));
  EXPECT_EQ(options_in(cut[0]), options_in(whole)) << "the first keeps all";
  for (std::size_t i = 1; i < cut.size(); ++i) {
    EXPECT_THAT(without_padding(options_in(cut[i])), ElementsAreArray(GetParam().copied));
    EXPECT_EQ(testing::decode(cut[i])->header_length, 20 + (GetParam().copied.size() + 3) / 4 * 4)
        << "as short as can be";
    EXPECT_THAT(cut[i], testing::ValidChecksums());
  }
  EXPECT_EQ(joined(cut), testing::decode(whole)->payload);
}

INSTANTIATE_TEST_SUITE_P(
    Table, CopiedOptions,
    ::testing::Values(
        CopyCase{"record_route", {7, 7, 4, 0, 0, 0, 0}, {}},
        CopyCase{"timestamp", {68, 8, 5, 0, 0, 0, 0, 0}, {}},
        CopyCase{"loose_route", {131, 7, 4, 10, 0, 0, 1}, {131, 7, 4, 10, 0, 0, 1}},
        CopyCase{"strict_route", {1, 137, 7, 4, 10, 0, 0, 1}, {137, 7, 4, 10, 0, 0, 1}},
        CopyCase{"router_alert", {148, 4, 0, 0}, {148, 4, 0, 0}},
        CopyCase{"unknown_copied", {0x9e, 4, 9, 9}, {0x9e, 4, 9, 9}},
        CopyCase{"unknown_not_copied", {0x5e, 4, 9, 9}, {}},
        CopyCase{"between_others",
                 {7, 7, 4, 0, 0, 0, 0, 1, 148, 4, 0, 0, 68, 8, 5, 0, 0, 0, 0, 0, 136, 4, 1, 2},
                 {148, 4, 0, 0, 136, 4, 1, 2}},
        CopyCase{"only_padding", {1, 1, 1, 1, 0, 0, 0, 0}, {}},
        CopyCase{"not_after_the_end", {148, 4, 0, 0, 0, 148, 4, 0}, {148, 4, 0, 0}},
        CopyCase{"forty_bytes",
                 {131, 39, 4, 1, 1, 1, 1, 2, 2, 2, 2, 3, 3, 3, 3, 4, 4, 4, 4, 5,
                  5,   5,  5, 6, 6, 6, 6, 7, 7, 7, 7, 8, 8, 8, 8, 9, 9, 9, 9, 0},
                 {131, 39, 4, 1, 1, 1, 1, 2, 2, 2, 2, 3, 3, 3, 3, 4, 4, 4, 4, 5,
                  5,   5,  5, 6, 6, 6, 6, 7, 7, 7, 7, 8, 8, 8, 8, 9, 9, 9, 9}}),
    kRowName);

// RFC 791: what is split again is already without the others.
TEST(CopiedOptionsAgain, StayInFragmentsOfFragments) {
  const testing::Packet whole =
      testing::ip().options({7, 7, 4, 0, 0, 0, 0, 1, 148, 4, 0, 0}) / testing::raw(pattern(1000));
  const auto cut = cut_for(whole, 500);
  const auto again = cut_for(cut[1], 100);
  ASSERT_THAT(again, SizeIs(Gt(2U)));
  for (const auto& piece : again) {
    EXPECT_THAT(without_padding(options_in(piece)), ElementsAreArray({148, 4, 0, 0}));
  }
  EXPECT_EQ(joined(again), testing::decode(cut[1])->payload);
}

}  // namespace
}  // namespace hop
