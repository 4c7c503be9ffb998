// The token bucket in front of errors (RFC 1812 section 4.3.2.8, CVE-2020-25705).

#include "stack/icmp/rate_limit.hpp"

#include <gtest/gtest.h>

#include <ostream>
#include <set>
#include <string_view>

#include "tests/stack/icmp/case_name.hpp"

namespace hop {
namespace {

using std::chrono::hours;
using std::chrono::milliseconds;
using std::chrono::nanoseconds;
using std::chrono::seconds;

constexpr Instant kStart{hours{24} * 365 * 55};

/// How many of `offered` messages at one instant pass.
int passed_at(TokenBucket& bucket, Random& random, Instant now, int offered) {
  int passed = 0;
  for (int i = 0; i < offered; ++i) passed += bucket.take(now, random) ? 1 : 0;
  return passed;
}

/// Half a burst passes at the least, as no message costs more than 2. Costs are 1 on average, so
/// twice as many as the burst has tokens pass only by a miracle.
bool is_about(int passed, int burst) { return passed >= burst / 2 && passed < 2 * burst; }

struct RateCase {
  std::string_view name;
  std::uint32_t rate, burst;
  Duration between;  // two messages
  Duration in_all;
};
std::ostream& operator<<(std::ostream& out, const RateCase& row) { return out << row.name; }

class Rate : public ::testing::TestWithParam<RateCase> {};

TEST_P(Rate, HoldsOnAverageOverALongTime) {
  const RateCase& row = GetParam();
  TokenBucket bucket{row.rate, row.burst};
  Random random{7};
  double passed = 0;
  for (Duration at{}; at < row.in_all; at += row.between) {
    passed += bucket.take(kStart + at, random) ? 1 : 0;
  }
  const double expected = row.rate * std::chrono::duration<double>(row.in_all).count() + row.burst;
  EXPECT_NEAR(passed / expected, 1.0, 0.03) << passed << " of " << expected;
}

INSTANTIATE_TEST_SUITE_P(
    Table, Rate,
    ::testing::Values(RateCase{"TenTimesOverloaded", 100, 10, milliseconds{1}, seconds{1000}},
                      RateCase{"TwiceOverloaded", 1000, 1000, nanoseconds{500'000}, seconds{100}},
                      RateCase{"FloodOfTinyGaps", 1000, 50, nanoseconds{9'973}, seconds{20}},
                      RateCase{"FloodWithoutBurst", 10, 1, nanoseconds{999'983}, seconds{2000}},
                      RateCase{"BurstOfOne", 50, 1, milliseconds{1}, seconds{1000}},
                      RateCase{"OneASecond", 1, 1, milliseconds{10}, seconds{10'000}},
                      RateCase{"GapsThatDoNotDivideASecond", 333, 7, nanoseconds{271'828},
                               seconds{300}}),
    kCaseName);

TEST(TokenBucket, LetsEverythingPassBelowTheRate) {
  TokenBucket bucket{1000, 100};
  Random random{3};
  for (int i = 0; i < 10'000; ++i) {
    EXPECT_TRUE(bucket.take(kStart + i * milliseconds{10}, random)) << i;
  }
}

TEST(TokenBucket, LetsABurstPassAndThenNothing) {
  for (const std::uint32_t burst : {1U, 2U, 10U, 1000U}) {
    TokenBucket bucket{100, burst};
    Random random{burst};
    int passed = 0;
    while (bucket.take(kStart, random)) ++passed;
    EXPECT_GE(passed, static_cast<int>((burst + 1) / 2)) << burst;
    EXPECT_LE(passed, static_cast<int>(2 * burst + 20)) << burst;
    EXPECT_EQ(passed_at(bucket, random, kStart, 100), 0) << "empty stays empty";
  }
}

TEST(TokenBucket, IsEmptyForEverWithoutARate) {
  TokenBucket bucket{0, 5};
  Random random{1};
  EXPECT_GT(passed_at(bucket, random, kStart, 100), 0);
  EXPECT_EQ(passed_at(bucket, random, kStart + hours{1'000'000}, 100), 0);
}

TEST(TokenBucket, LetsNothingPassWithoutABurst) {
  TokenBucket bucket{1000, 0};
  Random random{1};
  EXPECT_EQ(passed_at(bucket, random, kStart, 100), 0);
}

TEST(TokenBucket, FillsUpInItsTimeAndNotFurther) {
  TokenBucket bucket{100, 1000};
  Random random{5};
  (void)passed_at(bucket, random, kStart, 10'000);
  EXPECT_TRUE(is_about(passed_at(bucket, random, kStart + seconds{2}, 10'000), 200));
  EXPECT_TRUE(is_about(passed_at(bucket, random, kStart + seconds{12}, 10'000), 1000));
  EXPECT_TRUE(is_about(passed_at(bucket, random, kStart + seconds{112}, 10'000), 1000))
      << "a hundred seconds fill no more than the burst";
}

TEST(TokenBucket, SurvivesTheGreatestGapsOfTime) {
  constexpr std::uint32_t kMost = 0xffffffff;
  for (const std::uint32_t rate : {1U, 1000U, kMost - 1, kMost}) {
    TokenBucket bucket{rate, 1000};
    Random random{rate};
    (void)passed_at(bucket, random, Instant{}, 10'000);
    EXPECT_TRUE(is_about(passed_at(bucket, random, Instant::max(), 10'000), 1000)) << rate;
  }
}

TEST(TokenBucket, HoldsTheLargestBurst) {
  TokenBucket bucket{1000, 0xffffffff};
  Random random{1};
  EXPECT_EQ(passed_at(bucket, random, Instant::max(), 100'000), 100'000);
}

TEST(TokenBucket, DoesNotTellHowMuchItHolds) {
  // SAD DNS counted the errors that a burst of 50 let pass: it has to vary.
  std::set<int> counts;
  for (std::uint64_t seed = 0; seed < 100; ++seed) {
    TokenBucket bucket{1000, 50};
    Random random{seed};
    counts.insert(passed_at(bucket, random, kStart, 200));
  }
  EXPECT_GE(counts.size(), 10U);
  EXPECT_LE(*counts.begin(), 45);
  EXPECT_GE(*counts.rbegin(), 55);
}

TEST(TokenBucket, RepeatsItselfWithTheSameSeed) {
  for (std::uint64_t seed = 0; seed < 20; ++seed) {
    TokenBucket one{100, 50};
    TokenBucket other{100, 50};
    Random random_of_one{seed};
    Random random_of_other{seed};
    for (int i = 0; i < 500; ++i) {
      const Instant now = kStart + i * milliseconds{1};
      ASSERT_EQ(one.take(now, random_of_one), other.take(now, random_of_other)) << i;
    }
  }
}

}  // namespace
}  // namespace hop
