#include "stack/base/share.hpp"

#include <gtest/gtest.h>

#include "tests/support/statistics.hpp"

namespace hop {
namespace {

constexpr int kTries = 100'000;

int times(Share share) {
  Random random{1};
  int count = 0;
  for (int i = 0; i < kTries; ++i) count += share.happens(random) ? 1 : 0;
  return count;
}

TEST(ShareOfAll, AlwaysHappens) { EXPECT_EQ(times(percent(100)), kTries); }

TEST(ShareOfNone, NeverHappens) {
  EXPECT_EQ(times(Share{}), 0);
  EXPECT_TRUE(Share{}.is_none());
}

TEST(ShareOfSome, HappensAsOftenAsItSays) {
  for (const std::uint32_t billionths : {1'000U, 100'000U, 10'000'000U, 500'000'000U}) {
    const auto wanted = testing::binomial(kTries, billionths * 1e-9);
    EXPECT_TRUE(wanted.contains(times(Share{billionths}))) << billionths << ": " << wanted;
  }
}

TEST(ShareOfSome, AndTheRestAreAll) {
  EXPECT_EQ(percent(30).rest(), percent(70));
  EXPECT_EQ(Share{1}.rest().billionths(), Share::kAll - 1);
}

}  // namespace
}  // namespace hop
