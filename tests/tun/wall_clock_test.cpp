#include "tun/wall_clock.hpp"

#include <gtest/gtest.h>

namespace hop::test {
namespace {

using namespace std::chrono_literals;

TEST(WallClock, IsTheTimeOfDay) {
  const auto before = std::chrono::system_clock::now().time_since_epoch();
  const Duration now = WallClock{}.now().time_since_epoch();
  EXPECT_GE(now, before - 1ms);
  EXPECT_LE(now, std::chrono::system_clock::now().time_since_epoch() + 1ms);
}

TEST(WallClock, AdvancesWithTheSteadyClock) {
  const std::chrono::system_clock::time_point utc{1'700'000'000s};
  const std::chrono::steady_clock::time_point steady{50s};
  const WallClock clock{utc, steady};
  EXPECT_EQ(clock.instant_at(steady), Instant{1'700'000'000s});
  EXPECT_EQ(clock.instant_at(steady + 3ns), Instant{1'700'000'000s + 3ns});
  EXPECT_EQ(clock.steady_at(Instant{1'700'000'001s}), steady + 1s);
}

}  // namespace
}  // namespace hop::test
