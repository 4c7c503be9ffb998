// Whose bytes count where fragments overlap: RFC 791 section 3.2 ("the more recently arrived
// copy"), or those that came first.

#include <gmock/gmock.h>

#include <string>

#include "tests/stack/base/row_name.hpp"
#include "tests/stack/ip/reassembly_fixture.hpp"

namespace hop {
namespace {

/// A fragment whose payload is `letters`, each standing for 8 bytes, or for fewer in the last.
struct Piece {
  std::size_t offset;
  std::string_view letters;
  bool more = true;
  std::size_t cut = 0;  // bytes less in the last block
};

std::string text_of(const Piece& piece) {
  std::string text;
  for (const char letter : piece.letters) text += std::string(8, letter);
  return text.substr(0, text.size() - piece.cut);
}

struct PolicyCase {
  std::string_view name;
  std::vector<Piece> pieces;
  std::string_view first, last;  // letters of the datagram by either policy
  std::size_t cut = 0;
};

class OverlapPolicyTest : public ReassemblyTest, public ::testing::WithParamInterface<PolicyCase> {
 protected:
  /// All pieces but the last are held; the last makes the datagram, which this is.
  testing::Packet datagram_by(OverlapPolicy policy) {
    use({.timeout = kTimeout, .overlap = policy});
    Outcome outcome;
    for (const Piece& piece : GetParam().pieces) {
      EXPECT_NE(outcome.what, "whole");
      auto header = testing::ip().id(1).offset(piece.offset);
      if (piece.more) header.mf();
      outcome = add(header / testing::raw(std::string_view{text_of(piece)}));
    }
    EXPECT_EQ(outcome.what, "whole");
    return outcome.datagram;
  }
  static testing::Packet expected(std::string_view letters) {
    return testing::ip().id(1) / testing::raw(std::string_view{text_of(
                                     {.offset = 0, .letters = letters, .cut = GetParam().cut})});
  }
};

TEST_P(OverlapPolicyTest, KeepsTheFirstCopy) {
  EXPECT_EQ(datagram_by(OverlapPolicy::first), expected(GetParam().first));
}

TEST_P(OverlapPolicyTest, KeepsTheMoreRecentlyArrivedCopyRfc791Section3_2) {
  EXPECT_EQ(datagram_by(OverlapPolicy::last), expected(GetParam().last));
}

INSTANTIATE_TEST_SUITE_P(
    Relations, OverlapPolicyTest,
    ::testing::Values(
        PolicyCase{
            "head_over_tail", {{16, "aaa"}, {0, "bbb"}, {40, "c", false}}, "bbaaac", "bbbaac"},
        PolicyCase{
            "tail_over_head", {{0, "aaa"}, {16, "bbb"}, {40, "c", false}}, "aaabbc", "aabbbc"},
        PolicyCase{"inside", {{0, "aaaa"}, {8, "b"}, {32, "c", false}}, "aaaac", "abaac"},
        PolicyCase{"around", {{16, "a"}, {0, "bbbb"}, {32, "c", false}}, "bbabc", "bbbbc"},
        PolicyCase{"same_place", {{0, "aa"}, {0, "bb"}, {16, "c", false}}, "aac", "bbc"},
        PolicyCase{"over_two", {{0, "a"}, {16, "b"}, {0, "ccc"}, {24, "d", false}}, "acbd", "cccd"},
        PolicyCase{"last_fragment_again",
                   {{8, "aa", false, 3}, {16, "b", false, 3}, {0, "c"}},
                   "caa",
                   "cab",
                   3}),
    kRowName);

class EveryOverlapPolicy : public ReassemblyTest,
                           public ::testing::WithParamInterface<OverlapPolicy> {
 protected:
  EveryOverlapPolicy() { use({.timeout = kTimeout, .overlap = GetParam()}); }
};

TEST_P(EveryOverlapPolicy, TakesExactDuplicates) {
  EXPECT_EQ(add({0, 16}), "held");
  EXPECT_EQ(add({0, 16}), "held");
  EXPECT_EQ(add({16, 19, false}), "whole");
}

// Where the datagram ends is not a matter of copies.
TEST_P(EveryOverlapPolicy, RefusesEndsThatContradict) {
  EXPECT_EQ(add({16, 24, false}), "held");
  EXPECT_EQ(add({16, 32, false}), "fragment-beyond-end");
  EXPECT_EQ(add({0, 16}), "fragment-beyond-end");
}

std::string name_of(const ::testing::TestParamInfo<OverlapPolicy>& row) {
  constexpr std::string_view kNames[] = {"drop", "first", "last"};
  return std::string{kNames[static_cast<std::size_t>(row.param)]};
}

INSTANTIATE_TEST_SUITE_P(All, EveryOverlapPolicy,
                         ::testing::Values(OverlapPolicy::drop, OverlapPolicy::first,
                                           OverlapPolicy::last),
                         name_of);

}  // namespace
}  // namespace hop
