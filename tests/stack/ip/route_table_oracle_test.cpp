// Lookups in random tables against a linear scan.

#include <gtest/gtest.h>

#include <random>
#include <vector>

#include "stack/ip/route_table.hpp"

namespace hop {
namespace {

/// The definition: of all routes that contain the destination the longest, of equals the first.
class LinearScan {
 public:
  bool add(const PrefixRoute& route) {
    for (const PrefixRoute& known : routes_) {
      if (known.to == route.to) return false;
    }
    routes_.push_back(route);
    return true;
  }
  [[nodiscard]] const PrefixRoute* lookup(Ipv4Address destination) const {
    const PrefixRoute* best = nullptr;
    for (const PrefixRoute& route : routes_) {
      const unsigned length = route.to.length();
      const std::uint64_t shift = 32U - length;
      const bool matches = std::uint64_t{destination.value} >> shift ==
                           std::uint64_t{route.to.address().value} >> shift;
      if (matches && (best == nullptr || length > best->to.length())) best = &route;
    }
    return best;
  }
  [[nodiscard]] const std::vector<PrefixRoute>& routes() const { return routes_; }

 private:
  std::vector<PrefixRoute> routes_;
};

bool is_special(const PrefixRoute& route) {
  return route.type == RouteType::local || route.type == RouteType::broadcast ||
         route.type == RouteType::network;
}

/// Random routes; `spread` bits of the address are random, so that few make deep nests.
class RandomRoutes {
 public:
  RandomRoutes(std::uint32_t seed, std::uint32_t spread) : random_(seed), spread_(spread) {}

  [[nodiscard]] PrefixRoute next() {
    const unsigned length = below(33);
    const RouteType type = length < 32 ? RouteType::via : host_type();
    return {.to = {address(), length}, .type = type, .out = ++count_};
  }
  [[nodiscard]] Ipv4Address address() {
    return Ipv4Address{0xc6120000U ^ (static_cast<std::uint32_t>(random_()) & spread_)};
  }
  /// At, before or behind the first or last address of a route, or anywhere.
  [[nodiscard]] Ipv4Address destination(const std::vector<PrefixRoute>& routes) {
    if (routes.empty() || below(4) == 0) return address();
    const Prefix& to = routes[below(static_cast<std::uint32_t>(routes.size()))].to;
    const std::uint32_t edge = below(2) == 0 ? to.address().value : to.address().value | ~to.mask();
    return Ipv4Address{edge + below(3) - 1U};
  }

 private:
  [[nodiscard]] std::uint32_t below(std::uint32_t bound) {
    return static_cast<std::uint32_t>(random_() % bound);
  }
  [[nodiscard]] RouteType host_type() {
    constexpr std::array<RouteType, 4> kTypes{RouteType::local, RouteType::broadcast,
                                              RouteType::network, RouteType::via};
    return kTypes.at(below(kTypes.size()));
  }

  std::mt19937 random_;
  std::uint32_t spread_;
  InterfaceIndex count_ = 0;
};

struct Tables {
  RouteTable table;
  LinearScan oracle;

  void add(const PrefixRoute& route) { ASSERT_EQ(table.add(route), oracle.add(route)); }
  void compare(Ipv4Address destination) const {
    const Route* const found = table.lookup(destination);
    const PrefixRoute* const expected = oracle.lookup(destination);
    ASSERT_EQ(found == nullptr, expected == nullptr) << to_string(destination);
    if (expected == nullptr) return;
    ASSERT_EQ(found->out, expected->out) << to_string(destination);
    const Route* const special = table.special(destination);
    ASSERT_EQ(special, is_special(*expected) ? found : nullptr) << to_string(destination);
    ASSERT_EQ(table.is_local(destination), expected->type == RouteType::local);
  }
};

class RandomTables : public ::testing::TestWithParam<std::uint32_t> {};

TEST_P(RandomTables, AnswerAsALinearScanDoes) {
  for (std::uint32_t seed = 0; seed < 20; ++seed) {
    RandomRoutes random{seed, GetParam()};
    Tables tables;
    for (int i = 0; i < 150; ++i) tables.add(random.next());
    for (int i = 0; i < 2000; ++i) {
      tables.compare(random.destination(tables.oracle.routes()));
      if (HasFatalFailure()) FAIL() << "seed " << seed;
    }
  }
}

TEST_P(RandomTables, AnswerRightWhileTheyGrow) {
  for (std::uint32_t seed = 100; seed < 120; ++seed) {
    RandomRoutes random{seed, GetParam()};
    Tables tables;
    for (int i = 0; i < 1500; ++i) {
      if (i % 10 == 0) tables.add(random.next());
      tables.compare(random.destination(tables.oracle.routes()));
      if (HasFatalFailure()) FAIL() << "seed " << seed;
    }
  }
}

INSTANTIATE_TEST_SUITE_P(Spread, RandomTables,
                         ::testing::Values(0x0000000fU, 0x000003ffU, 0xf00f00f0U, 0xffffffffU));

TEST(LargeTable, OfFiveThousandRoutesAnswersAsALinearScanDoes) {
  RandomRoutes random{7, 0xffffffffU};
  Tables tables;
  for (int i = 0; i < 5000; ++i) tables.add(random.next());
  for (int i = 0; i < 5000; ++i) {
    tables.compare(random.destination(tables.oracle.routes()));
    if (HasFatalFailure()) return;
  }
}

TEST(EveryPrefix, OfEightBitsIsRight) {
  Tables tables;
  InterfaceIndex out = 0;
  for (unsigned length = 24; length <= 32; ++length) {
    for (std::uint32_t host = 0; host < 256; host += 1U << (32U - length)) {
      if (host * 7 % 3 == 0)
        tables.add({.to = {Ipv4Address{0x0a000000U | host}, length}, .out = ++out});
    }
  }
  for (std::uint32_t host = 0; host < 256; ++host) tables.compare(Ipv4Address{0x0a000000U | host});
}

}  // namespace
}  // namespace hop
