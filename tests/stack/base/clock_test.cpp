#include "stack/base/clock.hpp"

#include <gtest/gtest.h>

#include <string_view>

#include "tests/stack/base/row_name.hpp"

namespace hop {
namespace {

using namespace std::chrono_literals;

struct ClockCase {
  std::string_view name;
  Duration since_epoch;
  std::uint32_t milliseconds;
};
class MillisecondsSinceMidnight : public ::testing::TestWithParam<ClockCase> {};

TEST_P(MillisecondsSinceMidnight, AreThoseOfRfc792) {
  EXPECT_EQ(milliseconds_since_midnight(Instant{GetParam().since_epoch}), GetParam().milliseconds);
}

INSTANTIATE_TEST_SUITE_P(
    Table, MillisecondsSinceMidnight,
    ::testing::Values(ClockCase{"epoch", 0ns, 0}, ClockCase{"below_a_millisecond", 999'999ns, 0},
                      ClockCase{"one_millisecond", 1ms, 1}, ClockCase{"noon", 12h, 43'200'000},
                      ClockCase{"just_before_midnight", 24h - 1ns, 86'399'999},
                      ClockCase{"midnight", 24h, 0}, ClockCase{"after_midnight", 24h + 1ms, 1},
                      ClockCase{"14_november_2023_22_13_20", 1'700'000'000s, 80'000'000},
                      ClockCase{"last_millisecond_of_2023", 1'704'067'200s - 1ms, 86'399'999},
                      ClockCase{"new_year_2024", 1'704'067'200s, 0},
                      ClockCase{"beyond_32_bits_of_seconds", 4'294'967'296s + 123'456'789ns,
                                23'296'123}),
    kRowName);

TEST(MillisecondsSinceMidnight, NeverSetTheNonStandardBit) {
  for (Duration time = 0ns; time <= 25h; time += 13s + 7ms) {
    ASSERT_LT(milliseconds_since_midnight(Instant{time}), 86'400'000U);
  }
}

}  // namespace
}  // namespace hop
