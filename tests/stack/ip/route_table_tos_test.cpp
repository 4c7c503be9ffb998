// Routes that differ in TOS only: RFC 1812 sections 5.2.4.3 (3) and 5.3.2.

#include <gtest/gtest.h>

#include "stack/ip/route_table.hpp"
#include "tests/stack/base/row_name.hpp"

namespace hop {
namespace {

Prefix prefix(std::string_view text) { return Prefix::parse(text).value(); }
Ipv4Address addr(std::string_view text) { return Ipv4Address::parse(text).value(); }

PrefixRoute route_to(std::string_view to, InterfaceIndex out, std::uint8_t tos) {
  return {.to = prefix(to), .out = out, .tos = tos};
}

/// Each route has an interface of its own.
const RouteTable& tos_table() {
  static const RouteTable table = [] {
    RouteTable built;
    built.add(route_to("0.0.0.0/0", 1, 0));
    built.add(route_to("192.0.2.0/24", 2, 8));
    built.add(route_to("192.0.2.0/24", 3, 0));
    built.add(route_to("192.0.2.0/24", 4, 2));
    built.add(route_to("198.51.100.0/24", 5, 4));
    built.add(route_to("203.0.113.0/24", 6, 0));
    built.add(route_to("203.0.113.0/24", 7, 15));
    return built;
  }();
  return table;
}

constexpr int kOtherTosOnly = -2;

struct TosCase {
  std::string_view name, destination;
  std::uint8_t tos;
  int out;  ///< of the route that is found
};
class RouteByTos : public ::testing::TestWithParam<TosCase> {};

TEST_P(RouteByTos, IsTheExactOneElseThatOfTosZero) {
  const Route* const route = tos_table().lookup(addr(GetParam().destination), GetParam().tos);
  ASSERT_NE(route, nullptr);
  EXPECT_EQ(route->type == RouteType::by_tos ? kOtherTosOnly : int{route->out}, GetParam().out);
}

// "no_default_route": the longest match is chosen before the TOS is looked at.
INSTANTIATE_TEST_SUITE_P(
    Rfc1812Section5_2_4_3, RouteByTos,
    ::testing::Values(TosCase{"exact", "192.0.2.1", 8, 2}, TosCase{"exact_last", "192.0.2.1", 2, 4},
                      TosCase{"zero", "192.0.2.1", 0, 3}, TosCase{"other", "192.0.2.1", 4, 3},
                      TosCase{"only_other", "198.51.100.1", 8, kOtherTosOnly},
                      TosCase{"no_default_route", "198.51.100.1", 0, kOtherTosOnly},
                      TosCase{"only_exact", "198.51.100.1", 4, 5},
                      TosCase{"added_later", "203.0.113.9", 15, 7},
                      TosCase{"first", "203.0.113.9", 0, 6},
                      TosCase{"no_tos_routes", "8.8.8.8", 8, 1}),
    kRowName);

TEST(RouteTableTos, SecondRouteForTheSameTosIsRefused) {
  RouteTable table;
  EXPECT_TRUE(table.add(route_to("192.0.2.0/24", 1, 8)));
  EXPECT_FALSE(table.add(route_to("192.0.2.0/24", 2, 8)));
  EXPECT_TRUE(table.add(route_to("192.0.2.0/24", 3, 0)));
  EXPECT_FALSE(table.add(route_to("192.0.2.0/24", 4, 0)));
  EXPECT_EQ(table.lookup(addr("192.0.2.1"), 8)->out, 1);
  EXPECT_EQ(table.lookup(addr("192.0.2.1"), 0)->out, 3);
}

TEST(RouteTableTos, OwnAndBroadcastAddressesAreThatWhateverTheTos) {
  for (const RouteType type : {RouteType::local, RouteType::broadcast, RouteType::network}) {
    RouteTable table;
    EXPECT_TRUE(table.add({.to = prefix("192.0.2.1"), .type = type, .out = 1}));
    EXPECT_FALSE(table.add(route_to("192.0.2.1", 2, 8)));
    EXPECT_EQ(table.lookup(addr("192.0.2.1"), 8)->type, type);
  }
}

TEST(RouteTableTos, LookupOfATableWithoutTosRoutesSeesNoDifference) {
  RouteTable table;
  table.add(route_to("192.0.2.0/24", 1, 0));
  EXPECT_EQ(table.lookup(addr("192.0.2.1")), table.lookup(addr("192.0.2.1"), 8));
  EXPECT_EQ(table.lookup(addr("192.0.2.1"))->type, RouteType::via);
}

struct TosFieldCase {
  std::string_view name;
  std::uint8_t byte, field;
};
class TosField : public ::testing::TestWithParam<TosFieldCase> {};

TEST_P(TosField, IsThatOfRfc1349WithoutTheBitsOfEcnRfc3168) {
  EXPECT_EQ(tos_field(GetParam().byte), GetParam().field);
}

INSTANTIATE_TEST_SUITE_P(Table, TosField,
                         ::testing::Values(TosFieldCase{"minimize_delay", 0x10, 8},
                                           TosFieldCase{"maximize_throughput", 0x08, 4},
                                           TosFieldCase{"maximize_reliability", 0x04, 2},
                                           TosFieldCase{"ect_1", 0x01, 0},
                                           TosFieldCase{"ect_0_once_minimize_cost", 0x02, 0},
                                           TosFieldCase{"congestion_experienced", 0x13, 8},
                                           TosFieldCase{"precedence", 0xe0, 0},
                                           TosFieldCase{"all", 0xff, 14}),
                         kRowName);

}  // namespace
}  // namespace hop
