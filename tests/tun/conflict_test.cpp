#include "tun/conflict.hpp"

#include <gtest/gtest.h>

#include <array>

namespace hop::test {
namespace {

constexpr int kOurs = 5;
constexpr int kEth = 2;

Prefix prefix(std::string_view text) { return Prefix::parse(text).value(); }

struct Case {
  std::string_view name;
  std::string_view wanted;
  RouteEntry route;
  bool conflict;
};

class FindConflict : public testing::TestWithParam<Case> {};

TEST_P(FindConflict, WithOneRoute) {
  const std::array routes{GetParam().route};
  const auto found = find_conflict(prefix(GetParam().wanted), kOurs, {}, routes);
  EXPECT_EQ(found.has_value(), GetParam().conflict);
  EXPECT_EQ(found.value_or(Conflict{GetParam().route.link, ""}).link, GetParam().route.link);
}

INSTANTIATE_TEST_SUITE_P(
    Table, FindConflict,
    testing::Values(Case{"same", "10.0.0.0/8", {kEth, prefix("10.0.0.0/8")}, true},
                    Case{"covers", "10.0.0.0/8", {kEth, prefix("10.1.0.0/16")}, true},
                    Case{"covered", "10.1.0.0/16", {kEth, prefix("10.0.0.0/8")}, true},
                    Case{"beside", "10.1.0.0/16", {kEth, prefix("10.2.0.0/16")}, false},
                    Case{"our_own", "10.0.0.0/8", {kOurs, prefix("10.0.0.0/8")}, false},
                    Case{"no_device", "10.0.0.0/8", {0, prefix("10.0.0.0/8")}, true},
                    Case{"existing_default", "10.0.0.0/8", {kEth, Prefix{}}, false},
                    Case{"wanted_default", "0.0.0.0/0", {kEth, prefix("10.0.0.0/8")}, false},
                    Case{"two_defaults", "0.0.0.0/0", {kEth, Prefix{}}, true}),
    [](const auto& row) { return std::string{row.param.name}; });

TEST(Conflict, NamesTheAddressBeforeItsRoute) {
  const std::array addresses{AddressEntry{kEth, InterfaceAddress::parse("10.1.0.7/16").value()}};
  const std::array routes{RouteEntry{kEth, prefix("10.1.0.0/16")}};
  const auto found = find_conflict(prefix("10.1.0.0/16"), kOurs, addresses, routes);
  ASSERT_TRUE(found);
  EXPECT_EQ(found->what, "the same prefix is the subnet of this machine's address 10.1.0.7/16 on");
}

}  // namespace
}  // namespace hop::test
