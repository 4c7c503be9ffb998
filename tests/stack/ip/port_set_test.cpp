#include "stack/ip/port_set.hpp"

#include <gtest/gtest.h>

#include "tests/stack/base/row_name.hpp"

namespace hop {
namespace {

using enum PortSet::Among;

struct SearchCase {
  std::string_view name;
  std::vector<std::uint16_t> used;
  PortRange range;
  std::uint16_t start;
  PortSet::Among among;
  std::optional<std::uint16_t> free;
};
class PortSetSearch : public ::testing::TestWithParam<SearchCase> {};

TEST_P(PortSetSearch, FindsTheFirstFromThereOnAndRound) {
  PortSet ports;
  for (const std::uint16_t port : GetParam().used) ports.add(port);
  EXPECT_EQ(ports.first_free_from(GetParam().start, GetParam().range, GetParam().among),
            GetParam().free);
}

INSTANTIATE_TEST_SUITE_P(
    Ranges, PortSetSearch,
    ::testing::Values(SearchCase{"of_none_used", {}, {0, 65535}, 0, all, 0},
                      SearchCase{"of_the_last_port", {}, {65535, 65535}, 65535, all, 65535},
                      SearchCase{"behind_those_used", {60, 61}, {60, 70}, 60, all, 62},
                      SearchCase{"in_a_later_word", {63}, {63, 200}, 63, all, 64},
                      SearchCase{"round", {64, 65}, {60, 65}, 64, all, 60},
                      SearchCase{"not_before_the_range", {64, 65}, {64, 65}, 64, all, {}},
                      SearchCase{"not_behind_the_range", {126}, {126, 126}, 126, all, {}},
                      SearchCase{"even", {}, {61, 70}, 61, even, 62},
                      SearchCase{"odd", {}, {62, 70}, 62, odd, 63},
                      SearchCase{"even_round_an_odd_number", {62}, {60, 62}, 61, even, 60},
                      SearchCase{"even_of_one_that_is_odd", {}, {1025, 1025}, 1025, even, {}}),
    kRowName);

TEST(PortSet, HasNotWhatIsRemoved) {
  PortSet ports;
  ports.add(80);
  ports.remove(80);
  EXPECT_EQ(ports.first_free({80, 80}, all), 80);
}

}  // namespace
}  // namespace hop
