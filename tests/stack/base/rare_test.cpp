// Rare values: as std::optional, but small while there is none.

#include "stack/base/rare.hpp"

#include <gtest/gtest.h>

#include <array>
#include <utility>

namespace hop {
namespace {

using Large = std::array<int, 64>;
static_assert(sizeof(Rare<Large>) == sizeof(void*));

TEST(Rare, IsNothingAtFirst) {
  const Rare<int> nothing;
  EXPECT_FALSE(nothing.has_value());
  EXPECT_EQ(nothing.value_or(7), 7);
  EXPECT_EQ(nothing, Rare<int>{});
}

TEST(Rare, IsCopiedByValue) {
  Rare<int> one = 1;
  Rare<int> other = one;
  EXPECT_EQ(one, other);
  *other = 2;
  EXPECT_EQ(*one, 1);
  one = other;
  EXPECT_EQ(*one, 2);
  one = std::nullopt;
  EXPECT_FALSE(one);
  EXPECT_NE(one, other);
}

TEST(Rare, IsMadeInThePlaceOfWhatWasThere) {
  Rare<Large> large = Large{1};
  EXPECT_EQ(large.emplace()[0], 0);
  const Rare<Large> taken = std::move(large);
  EXPECT_TRUE(taken.has_value());
}

}  // namespace
}  // namespace hop
