#include "stack/ip/route_table.hpp"

#include <gtest/gtest.h>

#include <array>

#include "tests/stack/base/row_name.hpp"

namespace hop {
namespace {

Prefix prefix(std::string_view text) { return Prefix::parse(text).value(); }
Ipv4Address addr(std::string_view text) { return Ipv4Address::parse(text).value(); }

PrefixRoute route_to(std::string_view to, InterfaceIndex out) {
  return {.to = prefix(to), .out = out};
}

/// A small router's table; each route has its own interface.
const RouteTable& small_table() {
  static const RouteTable table = [] {
    RouteTable built;
    built.add({.to = prefix("198.18.0.1/32"), .type = RouteType::local, .out = 1});
    built.add({.to = prefix("198.18.0.0/32"), .type = RouteType::network, .out = 2});
    built.add({.to = prefix("198.18.0.255/32"), .type = RouteType::broadcast, .out = 3});
    built.add({.to = prefix("198.18.0.0/24"), .type = RouteType::connected, .out = 4});
    built.add(route_to("198.18.0.0/15", 5));
    built.add(route_to("192.0.2.128/25", 6));
    built.add(route_to("192.0.2.0/24", 7));
    built.add(route_to("203.0.113.7", 8));
    return built;
  }();
  return table;
}

struct LookupCase {
  std::string_view name, destination;
  int out;  ///< of the route that is found, -1 for none
};
class LongestPrefix : public ::testing::TestWithParam<LookupCase> {};

TEST_P(LongestPrefix, WinsRfc1812Section5_2_4_3) {
  const Route* const route = small_table().lookup(addr(GetParam().destination));
  EXPECT_EQ(route == nullptr ? -1 : int{route->out}, GetParam().out);
}

INSTANTIATE_TEST_SUITE_P(
    Table, LongestPrefix,
    ::testing::Values(
        LookupCase{"own", "198.18.0.1", 1}, LookupCase{"network", "198.18.0.0", 2},
        LookupCase{"broadcast", "198.18.0.255", 3}, LookupCase{"connected", "198.18.0.254", 4},
        LookupCase{"next_subnet", "198.18.1.0", 5}, LookupCase{"end_of_15", "198.19.255.255", 5},
        LookupCase{"behind_15", "198.20.0.0", -1}, LookupCase{"before_15", "198.17.255.255", -1},
        LookupCase{"upper_half", "192.0.2.128", 6}, LookupCase{"lower_half", "192.0.2.127", 7},
        LookupCase{"host", "203.0.113.7", 8}, LookupCase{"beside_host", "203.0.113.6", -1},
        LookupCase{"zero", "0.0.0.0", -1}, LookupCase{"ones", "255.255.255.255", -1}),
    kRowName);

TEST(RouteTable, EmptyKnowsNothing) {
  const RouteTable table;
  EXPECT_EQ(table.lookup(addr("192.0.2.1")), nullptr);
  EXPECT_EQ(table.special(addr("192.0.2.1")), nullptr);
  EXPECT_FALSE(table.is_local(addr("0.0.0.0")));
  EXPECT_EQ(table.size(), 0U);
}

TEST(RouteTable, DefaultRouteTakesTheRest) {
  RouteTable table;
  EXPECT_TRUE(table.add(route_to("0.0.0.0/0", 9)));
  EXPECT_TRUE(table.add(route_to("128.0.0.0/1", 8)));
  EXPECT_EQ(table.lookup(addr("0.0.0.0"))->out, 9);
  EXPECT_EQ(table.lookup(addr("127.255.255.255"))->out, 9);
  EXPECT_EQ(table.lookup(addr("128.0.0.0"))->out, 8);
  EXPECT_EQ(table.lookup(addr("255.255.255.255"))->out, 8);
}

TEST(RouteTable, FirstRouteToAPrefixWins) {
  RouteTable table;
  EXPECT_TRUE(table.add(route_to("192.0.2.0/24", 1)));
  EXPECT_FALSE(table.add(route_to("192.0.2.0/24", 2)));
  EXPECT_TRUE(table.add(route_to("192.0.2.0/25", 3)));
  EXPECT_FALSE(table.add(route_to("192.0.2.0/25", 4)));
  EXPECT_EQ(table.lookup(addr("192.0.2.200"))->out, 1);
  EXPECT_EQ(table.lookup(addr("192.0.2.1"))->out, 3);
  EXPECT_EQ(table.size(), 2U);
}

TEST(RouteTable, KeepsAllOfARoute) {
  RouteTable table;
  table.add({.to = prefix("192.0.2.0/24"),
             .type = RouteType::reject,
             .code = UnreachableCode::admin_prohibited,
             .out = 3,
             .via = addr("198.18.0.9")});
  const Route* const found = table.lookup(addr("192.0.2.77"));
  ASSERT_NE(found, nullptr);
  EXPECT_EQ(found->type, RouteType::reject);
  EXPECT_EQ(found->out, 3);
  EXPECT_EQ(found->code, UnreachableCode::admin_prohibited);
  EXPECT_EQ(found->via, addr("198.18.0.9"));
}

TEST(RouteTable, SpecialAddressesAreOwnBroadcastAndNetwork) {
  const RouteTable& table = small_table();
  for (const auto text : {"198.18.0.1", "198.18.0.0", "198.18.0.255"}) {
    EXPECT_EQ(table.special(addr(text)), table.lookup(addr(text))) << text;
    EXPECT_NE(table.special(addr(text)), nullptr) << text;
  }
  for (const auto text : {"198.18.0.2", "198.18.1.255", "203.0.113.7", "0.0.0.0"}) {
    EXPECT_EQ(table.special(addr(text)), nullptr) << text;
  }
}

TEST(RouteTable, LocalAreOwnAddressesOnly) {
  EXPECT_TRUE(small_table().is_local(addr("198.18.0.1")));
  for (const auto text : {"198.18.0.0", "198.18.0.2", "198.18.0.255", "192.0.2.1", "9.9.9.9"}) {
    EXPECT_FALSE(small_table().is_local(addr(text))) << text;
  }
}

// A lookup may be remembered, but only until the table changes.
TEST(RouteTable, AddedRouteIsSeenAtOnce) {
  RouteTable table;
  const auto to = addr("192.0.2.1");
  EXPECT_EQ(table.lookup(to), nullptr);
  EXPECT_FALSE(table.is_local(to));
  for (unsigned length = 0; length <= 32; ++length) {
    table.add({.to = {to, length}, .out = static_cast<InterfaceIndex>(length)});
    ASSERT_EQ(table.lookup(to)->out, length);
  }
}

TEST(RouteTable, OwnAddressIsSeenAtOnce) {
  RouteTable table;
  const auto own = addr("192.0.2.1");
  table.add(route_to("192.0.2.0/24", 1));
  EXPECT_FALSE(table.is_local(own));
  EXPECT_EQ(table.lookup(own)->out, 1);
  table.add({.to = {own, 32}, .type = RouteType::local, .out = 2});
  EXPECT_TRUE(table.is_local(own));
  EXPECT_EQ(table.lookup(own)->out, 2);
}

TEST(RouteTable, MovedTableKeepsItsRoutes) {
  RouteTable original;
  original.add(route_to("192.0.2.0/24", 1));
  ASSERT_NE(original.lookup(addr("192.0.2.1")), nullptr);
  const RouteTable moved{std::move(original)};
  ASSERT_NE(moved.lookup(addr("192.0.2.1")), nullptr);
  EXPECT_EQ(moved.lookup(addr("192.0.2.1"))->out, 1);
}

}  // namespace
}  // namespace hop
