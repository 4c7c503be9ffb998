// Statistics of round trips.

#include "stack/app/round_trips.hpp"

#include <gtest/gtest.h>

namespace hop {
namespace {

using std::chrono::milliseconds;

TEST(RoundTrips, AreZeroWithoutAny) {
  const RoundTrips none;
  EXPECT_EQ(none.count(), 0U);
  EXPECT_EQ(none.mean(), Duration{});
  EXPECT_EQ(none.deviation(), Duration{});
}

TEST(RoundTrips, HaveTheStatisticsOfAPopulation) {
  RoundTrips trips;
  for (const int trip : {2, 4, 4, 4, 5, 5, 7, 9}) trips.add(milliseconds{trip});
  EXPECT_EQ(trips.count(), 8U);
  EXPECT_EQ(trips.least(), milliseconds{2});
  EXPECT_EQ(trips.most(), milliseconds{9});
  EXPECT_EQ(trips.mean(), milliseconds{5});
  EXPECT_EQ(trips.deviation(), milliseconds{2});
}

TEST(RoundTrips, HaveAMovingAverageWhereEachWeighsAnEighth) {
  RoundTrips trips;
  trips.add(milliseconds{16});
  EXPECT_EQ(trips.moving_average(), milliseconds{16});
  trips.add(milliseconds{24});
  EXPECT_EQ(trips.moving_average(), milliseconds{17});
  trips.add(milliseconds{9});
  EXPECT_EQ(trips.moving_average(), milliseconds{16});
}

TEST(RoundTrips, OfOneKindDoNotDeviate) {
  RoundTrips trips;
  for (int i = 0; i < 1000; ++i) trips.add(milliseconds{123456});
  EXPECT_EQ(trips.deviation(), Duration{});
  EXPECT_EQ(trips.mean(), milliseconds{123456});
}

}  // namespace
}  // namespace hop
