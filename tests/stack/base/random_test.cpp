#include "stack/base/random.hpp"

#include <gtest/gtest.h>

#include <array>
#include <set>

namespace hop {
namespace {

// The first numbers of the published splitmix64.c (Vigna) for the seed 1234567.
TEST(RandomNumbers, AreThoseOfSplitMix64) {
  constexpr std::array<std::uint64_t, 5> kPublished{6457827717110365317U, 3203168211198807973U,
                                                    9817491932198370423U, 4593380528125082431U,
                                                    16408922859458223821U};
  Random random{1234567};
  for (const std::uint64_t number : kPublished) EXPECT_EQ(random.next(), number);
}

TEST(RandomNumbers, AreTheSameForTheSameSeed) {
  Random one{42};
  Random two{42};
  for (int i = 0; i < 1000; ++i) ASSERT_EQ(one.next(), two.next());
}

TEST(RandomNumbers, DifferForDifferentSeeds) {
  std::set<std::uint64_t> first;
  for (std::uint64_t seed = 0; seed < 1000; ++seed) first.insert(Random{seed}.next());
  EXPECT_EQ(first.size(), 1000U);
}

TEST(RandomBelow, CoversItsRangeEvenly) {
  constexpr std::size_t kBound = 7;
  constexpr int kDraws = 70000;
  Random random{7};
  std::array<int, kBound> seen{};
  for (int i = 0; i < kDraws; ++i) ++seen.at(random.below(kBound));  // throws outside
  for (const int count : seen) {
    EXPECT_GT(count, 9500);
    EXPECT_LT(count, 10500);
  }
}

TEST(RandomBelow, OneIsAlwaysZero) {
  Random random{1};
  for (int i = 0; i < 100; ++i) EXPECT_EQ(random.below(1), 0U);
}

TEST(RandomSplit, IsReproducibleAndLeavesTheGeneratorAlone) {
  const Random whole{5};
  EXPECT_EQ(whole.split(3).next(), whole.split(3).next());
  EXPECT_EQ(Random{whole}.next(), Random{5}.next());
}

TEST(RandomSplit, PartsDifferFromEachOtherAndTheWhole) {
  std::set<std::uint64_t> first{Random{5}.next()};
  for (std::uint64_t index = 0; index < 1000; ++index) first.insert(Random{5}.split(index).next());
  EXPECT_EQ(first.size(), 1001U);
}

}  // namespace
}  // namespace hop
