// The index of a large table against the trie that it is made of, and tables that have one.

#include "stack/ip/direct_index.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <vector>

#include "stack/base/random.hpp"
#include "stack/ip/route_table.hpp"

namespace hop {
namespace {

Prefix prefix(std::string_view text) { return Prefix::parse(text).value(); }
Ipv4Address addr(std::string_view text) { return Ipv4Address::parse(text).value(); }

/// A trie and an index that is kept up with it.
struct Both {
  PrefixTrie trie;
  DirectIndex index{trie};

  void set(const Prefix& to, std::uint32_t number) {
    trie.set(to, number);
    index.update(trie, to, number);
  }
  void compare(const DirectIndex& other, Ipv4Address address) const {
    ASSERT_EQ(other.search(address), trie.search(address)) << to_string(address);
  }
  void compare(Ipv4Address address) const { compare(index, address); }
};

/// Where `spread` is 0, all prefixes have the same bit; so the less it has, the deeper they nest.
std::vector<Prefix> random_prefixes(std::size_t count, std::uint32_t spread, std::uint64_t seed) {
  Random random{seed};
  std::vector<Prefix> prefixes;
  for (std::size_t i = 0; i < count; ++i) {
    const auto bits = static_cast<std::uint32_t>(random.next() >> 32U);
    prefixes.emplace_back(Ipv4Address{0xc6120000U ^ (bits & spread)}, random.below(33));
  }
  return prefixes;
}

/// The first and the last address of each, and those before and behind.
std::vector<Ipv4Address> borders_of(const std::vector<Prefix>& prefixes) {
  std::vector<Ipv4Address> borders;
  for (const Prefix& one : prefixes) {
    const std::uint32_t first = one.address().value;
    const std::uint32_t last = first | ~one.mask();
    for (const std::uint32_t at : {first - 1, first, first + 1, last - 1, last, last + 1}) {
      borders.emplace_back(at);
    }
  }
  return borders;
}

class RandomPrefixes : public ::testing::TestWithParam<std::uint32_t> {};

TEST_P(RandomPrefixes, AreFoundAsInTheTrieAtEveryBorder) {
  for (std::uint64_t seed = 0; seed < 4; ++seed) {
    const auto prefixes = random_prefixes(300, GetParam(), seed);
    Both both;
    std::uint32_t number = 0;
    for (const Prefix& to : prefixes) both.set(to, ++number);  // some for the second time
    const DirectIndex made_at_once{both.trie};
    for (const Ipv4Address at : borders_of(prefixes)) {
      both.compare(at);
      both.compare(made_at_once, at);
      if (HasFatalFailure()) FAIL() << "seed " << seed;
    }
  }
}

TEST_P(RandomPrefixes, AreFoundWhileTheyBecomeMore) {
  const auto prefixes = random_prefixes(120, GetParam(), 9);
  const auto borders = borders_of(prefixes);
  Both both;
  std::uint32_t number = 0;
  for (const Prefix& to : prefixes) {
    both.set(to, ++number);
    for (const Ipv4Address at : borders) ASSERT_NO_FATAL_FAILURE(both.compare(at));
  }
}

INSTANTIATE_TEST_SUITE_P(Spread, RandomPrefixes,
                         ::testing::Values(0x000003ffU, 0x0001ff00U, 0xf00f00f0U, 0xffffffffU));

TEST(DirectIndex, KnowsNothingAtFirst) {
  const Both both;
  for (const auto text : {"0.0.0.0", "192.0.2.1", "255.255.255.255"}) {
    EXPECT_EQ(both.index.search(addr(text)), PrefixTrie::kNothing);
  }
}

// Those up to /8 are kept apart, and are asked where no longer one is.
TEST(DirectIndex, HasShortPrefixesBehindLongOnes) {
  Both both;
  both.set(prefix("192.0.2.128/25"), 1);
  both.set(prefix("192.0.0.0/9"), 2);
  both.set(prefix("192.0.0.0/8"), 3);
  both.set(prefix("0.0.0.0/0"), 4);
  both.set(prefix("198.51.100.7/32"), 5);
  for (const auto& [text, number] : {std::pair{"192.0.2.200", 1U},
                                     {"192.0.2.1", 2U},
                                     {"192.128.0.0", 3U},
                                     {"193.0.0.0", 4U},
                                     {"198.51.100.7", 5U},
                                     {"198.51.100.8", 4U},
                                     {"255.255.255.255", 4U}}) {
    EXPECT_EQ(both.index.search(addr(text)), number) << text;
  }
}

TEST(DirectIndex, LeavesToTheTrieWhatHasAGreatNumber) {
  Both both;
  both.set(prefix("192.0.0.0/16"), DirectIndex::kMost);
  both.set(prefix("192.0.2.0/24"), DirectIndex::kMost + 1);
  both.set(prefix("192.0.2.128/25"), 7);
  both.set(prefix("192.0.3.128/25"), 0x18000);
  EXPECT_EQ(both.index.search(addr("192.0.1.1")), DirectIndex::kMost);
  EXPECT_EQ(both.index.search(addr("192.0.2.1")), DirectIndex::kUnknown);
  EXPECT_EQ(both.index.search(addr("192.0.2.129")), 7U);
  EXPECT_EQ(both.index.search(addr("192.0.3.1")), DirectIndex::kMost);
  EXPECT_EQ(both.index.search(addr("192.0.3.129")), DirectIndex::kUnknown);
}

constexpr std::uint32_t kMoreThanGroups = 0x8000 + 10;

// One for each block of 256 addresses, which has a group while there are some.
TEST(DirectIndex, LeavesToTheTrieTheBlocksThatGetNoGroup) {
  Both both;
  both.set(prefix("0.0.0.0/0"), 1);
  for (std::uint32_t block = 0; block < kMoreThanGroups; ++block) {
    both.set({Ipv4Address{block << 8U | 9}, 32}, 2);
  }
  std::uint32_t unknown = 0;
  for (std::uint32_t block = 0; block < kMoreThanGroups; ++block) {
    const std::uint32_t host = both.index.search(Ipv4Address{block << 8U | 9});
    const std::uint32_t other = both.index.search(Ipv4Address{block << 8U | 8});
    unknown += host == DirectIndex::kUnknown ? 1 : 0;
    ASSERT_EQ(other, host == DirectIndex::kUnknown ? host : 1U) << block;
  }
  EXPECT_EQ(unknown, 11U);
}

TEST(PrefixTrie, TellsWhatIsInsideAPrefixAndNotWithinAnotherOfThem) {
  PrefixTrie trie;
  for (const auto text : {"10.0.0.0/8", "10.1.0.0/16", "10.1.2.0/24", "10.0.0.0/16", "10.9.9.9",
                          "11.0.0.0/8", "0.0.0.0/0"}) {
    trie.set(prefix(text), 1);
  }
  const std::vector all{prefix("10.0.0.0/16"), prefix("10.1.0.0/16"), prefix("10.9.9.9")};
  EXPECT_EQ(trie.inside(prefix("10.0.0.0/8"), 32), all);
  EXPECT_EQ(trie.inside(prefix("10.0.0.0/8"), 16), (std::vector{all[0], all[1]}));
  EXPECT_EQ(trie.inside(prefix("0.0.0.0/0"), 8),
            (std::vector{prefix("10.0.0.0/8"), prefix("11.0.0.0/8")}));
  EXPECT_TRUE(trie.inside(prefix("10.9.9.9"), 32).empty());
  EXPECT_TRUE(trie.inside(prefix("12.0.0.0/8"), 32).empty());
  EXPECT_EQ(trie.size(), 7U);
}

/// Routes of every kind to random prefixes, each with an interface of its own.
class RandomRoutes {
 public:
  explicit RandomRoutes(std::uint64_t seed) : random_(seed) {}

  void add_one(RouteTable& table) {
    const auto bits = static_cast<std::uint32_t>(random_.next() >> 32U);
    PrefixRoute route{.to = {Ipv4Address{bits & 0x3fff0fffU}, random_.below(33)}, .out = ++out_};
    prefixes_.push_back(route.to);
    if (random_.below(8) == 0) {
      const std::vector<NextHop> ways{{.out = out_, .via = {10, 0, 0, 1}},
                                      {.out = out_, .via = {10, 0, 0, 2}}};
      table.add(route, ways);
      return;
    }
    if (random_.below(4) == 0) {
      route.type = RouteType{static_cast<std::uint8_t>(random_.below(7))};
    } else if (random_.below(4) == 0) {
      route.tos = static_cast<std::uint8_t>(2 * random_.below(4));
    }
    table.add(route);
  }
  [[nodiscard]] const std::vector<Prefix>& prefixes() const { return prefixes_; }

 private:
  Random random_;
  InterfaceIndex out_ = 0;
  std::vector<Prefix> prefixes_;
};

/// Says nothing; with one a table does not ask its index for what was added.
struct NoSource : RouteSource {
  [[nodiscard]] std::optional<Prefix> prefix_of(Ipv4Address) const override { return {}; }
  [[nodiscard]] std::vector<NextHop> ways(std::uint32_t, const Prefix&) override { return {}; }
};

/// Are they the same, but that they are of two tables?
bool are_alike(const Route* one, const Route* other) {
  return one == nullptr || other == nullptr ? one == other : *one == *other;
}

class LargeTables : public ::testing::Test {
 protected:
  LargeTables() {
    by_trie.compute_by(source, 0);
    RandomRoutes same{1};
    for (std::size_t i = 0; i < 2 * RouteTable::kMany; ++i) {
      random.add_one(table);
      same.add_one(by_trie);
    }
  }
  NoSource source;
  RouteTable table, by_trie;
  RandomRoutes random{1};
};

TEST_F(LargeTables, HaveTheSameRoutesWithAnIndexAndWithout) {
  ASSERT_GT(table.size(), RouteTable::kMany);
  for (const Ipv4Address at : borders_of(random.prefixes())) {
    for (const std::uint8_t tos : std::initializer_list<std::uint8_t>{0, 2, 4, 8}) {
      ASSERT_TRUE(are_alike(table.lookup(at, tos), by_trie.lookup(at, tos))) << to_string(at);
    }
    ASSERT_EQ(table.is_local(at), by_trie.is_local(at)) << to_string(at);
    ASSERT_TRUE(are_alike(table.special(at), by_trie.special(at))) << to_string(at);
  }
}

/// The same routes, and not only equal ones.
void expect_found_at_once(const RouteTable& table, std::span<const Ipv4Address> destinations) {
  std::vector<RouteTable::RouteNumber> found(destinations.size());
  table.find_numbers(destinations, found);
  for (std::size_t i = 0; i < destinations.size(); ++i) {
    ASSERT_EQ(table.numbered(found[i]), table.lookup(destinations[i]))
        << to_string(destinations[i]) << ", " << i << " of " << destinations.size();
  }
}

TEST_F(LargeTables, FindManyAtOnceAsOneByOne) {
  const auto borders = borders_of(random.prefixes());
  expect_found_at_once(table, borders);
  for (std::size_t size = 0; size <= 9; ++size) {
    for (std::size_t at = 0; at < 1000; at += 7) {
      expect_found_at_once(table, std::span{borders}.subspan(at, size));
    }
  }
}

TEST(SmallTable, FindsManyAtOnceAsOneByOne) {
  RouteTable table;
  RandomRoutes random{3};
  for (int i = 0; i < 20; ++i) random.add_one(table);
  expect_found_at_once(table, borders_of(random.prefixes()));
}

TEST_F(LargeTables, AreSmallAgainWhenTheyAreCleared) {
  table.clear();
  table.add({.to = prefix("192.0.2.0/24"), .out = 7});
  EXPECT_EQ(table.lookup(addr("192.0.2.1"))->out, 7);
  for (const Ipv4Address at : borders_of(random.prefixes())) {
    ASSERT_EQ(table.lookup(at) != nullptr, prefix("192.0.2.0/24").contains(at));
  }
}

// By two routes to a prefix, one of them by TOS. The random ones are far away.
TEST_F(LargeTables, SeeWhatIsAddedAtOnce) {
  const auto to = addr("203.0.113.9");
  for (unsigned length = 2; length <= 32; ++length) {
    table.add({.to = {to, length}, .out = 1000});
    table.add({.to = {to, length}, .out = static_cast<InterfaceIndex>(2000 + length), .tos = 6});
    const Route* const route = table.lookup(to, 6);
    ASSERT_NE(route, nullptr);
    ASSERT_EQ(route->out, 2000 + length);
  }
}

// More than an index has numbers and groups for.
TEST(HugeTable, OfRoutesThatAllDifferHasAllOfThem) {
  RouteTable table;
  for (std::uint32_t i = 0; i < kMoreThanGroups + 1000; ++i) {
    table.add({.to = {Ipv4Address{i << 8U | 1}, 32}, .via = Ipv4Address{i}});
  }
  std::vector<Ipv4Address> all;
  for (std::uint32_t i = 0; i < kMoreThanGroups + 1000; ++i) {
    all.emplace_back(i << 8U | 1);
    all.emplace_back(i << 8U | 2);
    const Route* const route = table.lookup(Ipv4Address{i << 8U | 1});
    ASSERT_NE(route, nullptr) << i;
    ASSERT_EQ(route->via.value, i);
    ASSERT_EQ(table.lookup(Ipv4Address{i << 8U | 2}), nullptr) << i;
  }
  expect_found_at_once(table, all);
}

}  // namespace
}  // namespace hop
