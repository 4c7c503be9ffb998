// Routes of several next hops, and routes that are worked out when they are needed.

#include <gmock/gmock.h>

#include <map>

#include "stack/ip/route_table.hpp"

namespace hop {
namespace {

using ::testing::ElementsAre;

Prefix prefix(std::string_view text) { return Prefix::parse(text).value(); }
Ipv4Address addr(std::string_view text) { return Ipv4Address::parse(text).value(); }

std::vector<InterfaceIndex> outs(const RouteTable& table, const Route& route) {
  std::vector<InterfaceIndex> all;
  for (const Route& way : table.ways(route)) {
    EXPECT_EQ(way.type, RouteType::via);
    all.push_back(way.out);
  }
  return all;
}

TEST(MultipathRoute, HasItsWaysInOrder) {
  RouteTable table;
  const std::vector<NextHop> ways{{.out = 1, .via = addr("10.0.0.1")},
                                  {.out = 7, .via = addr("10.0.7.1")},
                                  {.out = 3, .via = addr("10.0.3.1")}};
  EXPECT_TRUE(table.add({.to = prefix("192.0.2.0/24")}, ways));
  const Route* const route = table.lookup(addr("192.0.2.9"));
  ASSERT_NE(route, nullptr);
  EXPECT_EQ(route->type, RouteType::multipath);
  EXPECT_TRUE(leads_out(*route));
  EXPECT_THAT(outs(table, *route), ElementsAre(1, 7, 3));
  EXPECT_EQ(table.ways(*route)[2].via, addr("10.0.3.1"));
}

TEST(MultipathRoute, OfOneWayIsAnOrdinaryOne) {
  RouteTable table;
  const std::vector<NextHop> ways{{.out = 4, .via = addr("10.0.0.1")}};
  EXPECT_TRUE(table.add({.to = prefix("192.0.2.0/24")}, ways));
  EXPECT_EQ(table.lookup(addr("192.0.2.9"))->type, RouteType::via);
  EXPECT_EQ(table.lookup(addr("192.0.2.9"))->out, 4);
}

TEST(MultipathRoute, IsRefusedWhereThereIsOne) {
  RouteTable table;
  const std::vector<NextHop> ways{{.out = 1, .via = addr("10.0.0.1")},
                                  {.out = 2, .via = addr("10.0.0.2")}};
  const std::vector<NextHop> others{{.out = 3, .via = addr("10.0.0.3")},
                                    {.out = 4, .via = addr("10.0.0.4")}};
  EXPECT_TRUE(table.add({.to = prefix("192.0.2.0/24")}, ways));
  EXPECT_FALSE(table.add({.to = prefix("192.0.2.0/24")}, others));
  EXPECT_TRUE(table.add({.to = prefix("192.0.3.0/24")}, others));
  EXPECT_THAT(outs(table, *table.lookup(addr("192.0.2.9"))), ElementsAre(1, 2));
  EXPECT_THAT(outs(table, *table.lookup(addr("192.0.3.9"))), ElementsAre(3, 4));
}

/// Knows prefixes, and counts how often it was asked for the ways to one.
class Known : public RouteSource {
 public:
  [[nodiscard]] std::optional<Prefix> prefix_of(Ipv4Address destination) const override {
    std::optional<Prefix> longest;
    for (const auto& [to, hops] : known) {
      if (to.contains(destination) && (!longest || to.length() > longest->length())) longest = to;
    }
    return longest;
  }
  [[nodiscard]] std::vector<NextHop> ways(std::uint32_t node, const Prefix& to) override {
    ++asked;
    EXPECT_EQ(node, 5U);
    const auto at = known.find(to);
    return at == known.end() ? std::vector<NextHop>{} : at->second;
  }

  std::map<Prefix, std::vector<NextHop>> known;
  int asked = 0;
};

class ComputedRoute : public ::testing::Test {
 protected:
  ComputedRoute() {
    source.known[prefix("192.0.2.0/24")] = {{.out = 1, .via = addr("10.0.0.1")}};
    source.known[prefix("192.0.2.128/25")] = {{.out = 2, .via = addr("10.0.0.2")},
                                              {.out = 3, .via = addr("10.0.0.3")}};
    source.known[prefix("198.51.100.0/24")] = {};  // known, but out of reach
    table.compute_by(source, 5);
  }
  Known source;
  RouteTable table;
};

TEST_F(ComputedRoute, IsWorkedOutOnce) {
  for (int i = 0; i < 3; ++i) {
    for (int host = 1; host < 60; ++host) {
      const Ipv4Address to{prefix("192.0.2.0/24").address().value +
                           static_cast<std::uint32_t>(host)};
      ASSERT_EQ(table.lookup(to)->out, 1);
    }
  }
  EXPECT_EQ(source.asked, 1);
}

TEST_F(ComputedRoute, IsThatToTheLongestPrefixWhicheverCameFirst) {
  EXPECT_EQ(table.lookup(addr("192.0.2.1"))->out, 1);
  const Route* const longer = table.lookup(addr("192.0.2.129"));
  EXPECT_THAT(outs(table, *longer), ElementsAre(2, 3));
}

TEST_F(ComputedRoute, GivesWayToOneThatWasAddedForThePrefix) {
  table.add({.to = prefix("192.0.2.0/24"), .out = 9});
  EXPECT_EQ(table.lookup(addr("192.0.2.1"))->out, 9);
  EXPECT_EQ(table.lookup(addr("192.0.2.129"))->type, RouteType::multipath) << "the longer one";
}

TEST_F(ComputedRoute, WinsOverAShorterOneThatWasAdded) {
  table.add({.to = Prefix{}, .out = 9});
  EXPECT_EQ(table.lookup(addr("192.0.2.1"))->out, 1);
  EXPECT_EQ(table.lookup(addr("203.0.113.1"))->out, 9);
  source.asked = 0;
  for (int i = 1; i < 50; ++i) {
    const Ipv4Address out_of_reach{addr("198.51.100.0").value + static_cast<std::uint32_t>(i)};
    EXPECT_EQ(table.lookup(out_of_reach)->out, 9);
  }
  EXPECT_EQ(source.asked, 1) << "that there is no way is remembered, too";
}

TEST_F(ComputedRoute, IsNotWorkedOutForTheSourceOfAPacket) {
  for (std::uint8_t i = 0; i < 64; ++i) {  // so that the filter for special addresses is full
    table.add({.to = {{10, 1, 1, i}, 32}, .type = RouteType::local});
  }
  EXPECT_EQ(table.special(addr("192.0.2.1")), nullptr);
  EXPECT_EQ(source.asked, 0);
}

TEST_F(ComputedRoute, IsForTos0WhereOthersWereAdded) {
  table.add({.to = prefix("192.0.2.0/24"), .out = 9, .tos = 8});
  EXPECT_EQ(table.lookup(addr("192.0.2.1"), 8)->out, 9);
  EXPECT_EQ(table.lookup(addr("192.0.2.1"), 0)->out, 1);
  EXPECT_EQ(table.lookup(addr("192.0.2.1"), 2)->out, 1);
}

TEST_F(ComputedRoute, StaysWhereItIsWhileOthersAreWorkedOut) {
  const Route* const first = table.lookup(addr("192.0.2.1"));
  for (std::uint8_t i = 0; i < 200; ++i) {
    source.known[Prefix{{10, 1, i, 0}, 24}] = {{.out = i, .via = addr("10.0.0.1")}};
    ASSERT_NE(table.lookup({10, 1, i, 1}), nullptr);
  }
  EXPECT_EQ(first->out, 1);
  EXPECT_EQ(table.lookup(addr("192.0.2.1")), first);
}

TEST_F(ComputedRoute, IsAskedForAgainWhenItIsForgotten) {
  EXPECT_EQ(table.lookup(addr("192.0.2.1"))->out, 1);
  source.known[prefix("192.0.2.0/24")] = {{.out = 8, .via = addr("10.0.0.8")}};
  EXPECT_EQ(table.lookup(addr("192.0.2.1"))->out, 1);
  table.forget_computed();
  EXPECT_EQ(table.lookup(addr("192.0.2.1"))->out, 8);
}

}  // namespace
}  // namespace hop
