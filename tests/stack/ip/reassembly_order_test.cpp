// Fragments in any order make the original: RFC 791 section 3.2, RFC 815.

#include <gmock/gmock.h>

#include <algorithm>
#include <random>

#include "tests/stack/ip/reassembly_fixture.hpp"

namespace hop {
namespace {

using testing::ip;
using testing::raw;

using ReassemblyOrder = ReassemblyTest;

testing::Packet original(std::uint16_t id = 5) {
  return ip().src("198.18.0.1").dst("198.18.9.1").id(id).tos(0x10).ttl(9) / raw(pattern(1003));
}

TEST_F(ReassemblyOrder, AllPermutationsOfFourFragmentsMakeTheOriginal) {
  std::vector<std::size_t> order{0, 1, 2, 3};
  std::uint16_t id = 0;
  do {
    const auto whole = original(++id);
    const auto pieces = testing::fragments(whole, {400, 8, 592});
    for (std::size_t i = 0; i < 3; ++i) ASSERT_EQ(add(pieces[order[i]]).what, "held");
    const Outcome last = add(pieces[order[3]]);
    ASSERT_EQ(last.what, "whole");
    EXPECT_EQ(last.datagram, whole);
  } while (std::ranges::next_permutation(order).found);
  EXPECT_EQ(id, 24);
}

TEST_F(ReassemblyOrder, DuplicatesOfEachFragmentAreIgnored) {
  for (std::size_t twice = 0; twice < 3; ++twice) {
    const auto whole = original(static_cast<std::uint16_t>(twice));
    const auto pieces = testing::fragments(whole, {400, 8, 592});
    for (std::size_t i = 0; i < 3; ++i) {
      ASSERT_EQ(add(pieces[i]).what, "held");
      if (i == twice) {
        EXPECT_NE(add(pieces[i]).what, "whole");
      }
    }
    EXPECT_EQ(add(pieces[3]).datagram, whole) << "fragment " << twice << " came twice";
  }
}

TEST_F(ReassemblyOrder, DuplicateLastFragmentIsIgnored) {
  const auto whole = original();
  const auto pieces = testing::fragments(whole, {400});
  ASSERT_EQ(add(pieces[1]).what, "held");
  EXPECT_NE(add(pieces[1]).what, "whole");
  EXPECT_EQ(add(pieces[0]).datagram, whole);
}

// A copy that took another path has another TTL.
TEST_F(ReassemblyOrder, DuplicateWithAnotherTtlIsIgnored) {
  const auto whole = original();
  const auto pieces = testing::fragments(whole, {400});
  ASSERT_EQ(add(pieces[0]).what, "held");
  EXPECT_NE(add(pieces[0].with_ttl(3)).what, "whole");
  EXPECT_EQ(add(pieces[1]).datagram, whole);
}

TEST_F(ReassemblyOrder, HeaderIsThatOfFragmentZeroWhateverArrivesFirst) {
  const auto whole = original();
  const auto pieces = testing::fragments(whole, {400, 400});
  (void)add(pieces[2].with_ttl(200));
  (void)add(pieces[0]);
  EXPECT_EQ(add(pieces[1].with_ttl(1)).datagram, whole);
}

struct EcnCase {
  std::uint8_t first, second;
  std::string_view outcome;
  std::uint8_t whole = 0;
};
class ReassemblyEcn : public ReassemblyTest, public ::testing::WithParamInterface<EcnCase> {};

TEST_P(ReassemblyEcn, LosesNoCongestionRfc3168Section5_3) {
  const EcnCase& row = GetParam();
  EXPECT_EQ(add(fragment_of({0, 400}, ip().tos(0x10 | row.first))).what, "held");
  const Outcome outcome = add(fragment_of({400, 500, false}, ip().tos(0x10 | row.second)));
  ASSERT_EQ(outcome.what, row.outcome);
  if (row.outcome != "whole") return;
  EXPECT_EQ(outcome.datagram.bytes()[1], std::byte(0x10 | row.whole));
  EXPECT_TRUE(Ipv4View::parse(outcome.datagram).has_value()) << "the checksum";
}

INSTANTIATE_TEST_SUITE_P(Table, ReassemblyEcn,
                         ::testing::Values(EcnCase{0, 0, "whole", 0}, EcnCase{1, 1, "whole", 1},
                                           EcnCase{2, 2, "whole", 2}, EcnCase{3, 3, "whole", 3},
                                           EcnCase{2, 3, "whole", 3}, EcnCase{3, 2, "whole", 3},
                                           EcnCase{1, 3, "whole", 3},
                                           EcnCase{0, 3, "fragment-ecn-mixed"},
                                           EcnCase{3, 0, "fragment-ecn-mixed"}));

// RFC 3168 section 5.3: any fragment, also one that came before without the mark.
TEST_F(ReassemblyOrder, CongestionOfADuplicateIsNotLost) {
  EXPECT_EQ(add(fragment_of({0, 400}, ip().tos(2))).what, "held");
  EXPECT_EQ(add(fragment_of({0, 400}, ip().tos(3))).what, "held");
  const Outcome outcome = add(fragment_of({400, 500, false}, ip().tos(2)));
  ASSERT_EQ(outcome.what, "whole");
  EXPECT_EQ(outcome.datagram.bytes()[1], std::byte{3});
}

TEST_F(ReassemblyOrder, ThatFailsForEcnMayBeTriedAgain) {
  EXPECT_EQ(add(fragment_of({0, 400}, ip().tos(3))).what, "held");
  EXPECT_EQ(add(fragment_of({400, 500, false}, ip().tos(0))).what, "fragment-ecn-mixed");
  EXPECT_EQ(add(fragment_of({0, 400}, ip().tos(0))).what, "held");
  EXPECT_EQ(add(fragment_of({400, 500, false}, ip().tos(0))).what, "whole");
}

TEST_F(ReassemblyOrder, OptionsAreThoseOfFragmentZero) {
  const auto whole = ip().options({7, 7, 4, 0, 0, 0, 0, 1, 148, 4, 0, 0}).id(3) / raw(pattern(900));
  const auto pieces = testing::fragments(whole, {200, 200});
  (void)add(pieces[1]);
  (void)add(pieces[2]);
  EXPECT_EQ(add(pieces[0]).datagram, whole);
}

TEST_F(ReassemblyOrder, ReservedFlagOfFragmentZeroIsKept) {
  const auto whole = ip().reserved_bit().id(3) / raw(pattern(900));
  const auto pieces = testing::fragments(whole, {200});
  (void)add(pieces[1]);
  EXPECT_EQ(add(pieces[0]).datagram, whole);
}

TEST_F(ReassemblyOrder, IdentificationCanBeUsedAgain) {
  const auto pieces = testing::fragments(original(), {400});
  for (int round = 0; round < 3; ++round) {
    ASSERT_EQ(add(pieces[0]).what, "held");
    ASSERT_EQ(add(pieces[1]).datagram, original());
  }
}

TEST_F(ReassemblyOrder, SmallestSplitIsOneBlockAndOneByte) {
  const auto whole = ip() / raw(pattern(9));
  const auto pieces = testing::fragments(whole, {8});
  ASSERT_EQ(add(pieces[1]).what, "held");
  EXPECT_EQ(add(pieces[0]).datagram, whole);
}

// 65515 bytes of data in 8190 fragments, which is as many as there can be.
TEST_F(ReassemblyOrder, LargestDatagramOfTinyFragmentsInRandomOrder) {
  const auto whole = ip().id(1) / raw(pattern(65515));
  std::vector<Range> ranges;
  for (std::size_t at = 0; at < 65515; at += 8) {
    ranges.push_back({at, std::min<std::size_t>(at + 8, 65515), at + 8 < 65515});
  }
  ASSERT_EQ(ranges.size(), 8190U);
  std::mt19937 random{8190};
  std::ranges::shuffle(ranges, random);
  for (std::size_t i = 0; i + 1 < ranges.size(); ++i) ASSERT_EQ(add(ranges[i]), "held") << i;
  EXPECT_EQ(add(fragment_of(ranges.back())).datagram, whole);
}

// The four parts of the key, each different once.
TEST_F(ReassemblyOrder, FragmentsOfOtherDatagramsAreNotMixedRfc791) {
  const auto base = [] { return ip().src("198.18.0.1").dst("198.18.9.1").id(7).protocol(17); };
  const std::vector<testing::Ip> headers{base(), base().src("198.18.0.2"), base().dst("198.18.9.2"),
                                         base().id(8), base().protocol(1)};
  for (const auto& header : headers) {
    EXPECT_EQ(add(fragment_of({0, 400}, header)).what, "held");
  }
  for (const auto& header : headers) {
    const Outcome last = add(fragment_of({400, 403, false}, header));
    EXPECT_EQ(last.what, "whole");
    EXPECT_EQ(last.datagram, testing::Ip{header} / raw(pattern(403)));
  }
}

// The stack's own fragments, shuffled.
TEST_F(ReassemblyOrder, UndoesTheFragmenter) {
  std::mt19937 random{791};
  for (std::uint16_t round = 0; round < 300; ++round) {
    const auto whole = ip().id(round) / raw(pattern(100 + random() % 9000));
    auto pieces = cut_for(whole, 68 + random() % 1000);
    if (pieces.size() < 2) continue;
    std::ranges::shuffle(pieces, random);
    for (std::size_t i = 0; i + 1 < pieces.size(); ++i) ASSERT_EQ(add(pieces[i]).what, "held");
    ASSERT_EQ(add(pieces.back()).datagram, whole) << "round " << round;
  }
}

}  // namespace
}  // namespace hop
