// Ways are remembered until they are forgotten, and never mistaken for each other.

#include "stack/node/way_cache.hpp"

#include <gtest/gtest.h>

#include <random>

namespace hop {
namespace {

constexpr Ipv4Address kDestination{192, 0, 2, 9};
constexpr Ipv4Address kGateway{10, 0, 1, 2};

Way way_to(Ipv4Address destination) {
  return {.destination = destination, .next = kGateway, .out = 1, .to = 1};
}

/// Those at addresses one after the other.
void keep_many(WayCache& ways, std::uint32_t count) {
  for (std::uint32_t i = 0; i < count; ++i) ways.keep(way_to(Ipv4Address{kDestination.value + i}));
}

/// How many of them are known; each is what it should be.
std::uint32_t known_of(const WayCache& ways, std::uint32_t count) {
  std::uint32_t known = 0;
  for (std::uint32_t i = 0; i < count; ++i) {
    const Ipv4Address to{kDestination.value + i};
    const Way* const found = ways.find(to);
    if (found == nullptr) continue;
    ++known;
    EXPECT_EQ(found->destination, to);
    EXPECT_EQ(found->next, kGateway);
  }
  return known;
}

// 0.0.0.0 and 0.0.0.1 stand in places that are free.
constexpr Ipv4Address kUnusual[] = {Ipv4Address{0}, Ipv4Address{1}, Ipv4Address{0xffffffff}};

TEST(Ways, AreNotKnownFromTheBeginning) {
  const WayCache ways;
  EXPECT_EQ(ways.find(kDestination), nullptr);
  for (const Ipv4Address address : kUnusual) EXPECT_EQ(ways.find(address), nullptr);
}

TEST(Ways, AreFoundByTheirDestinationOnly) {
  WayCache ways;
  ways.keep(way_to(kDestination));
  const Way* const found = ways.find(kDestination);
  ASSERT_NE(found, nullptr);
  EXPECT_EQ(found->next, kGateway);
  EXPECT_EQ(found->out, 1);
  EXPECT_FALSE(found->is_local());
  EXPECT_EQ(ways.find(kGateway), nullptr);
  for (const Ipv4Address address : kUnusual) EXPECT_EQ(ways.find(address), nullptr);
}

TEST(Ways, MayBeToAnyAddress) {
  for (const Ipv4Address address : kUnusual) {
    WayCache ways;
    ways.keep(way_to(address));
    ASSERT_NE(ways.find(address), nullptr);
    keep_many(ways, 300);
    ASSERT_NE(ways.find(address), nullptr) << "it has grown";
    EXPECT_EQ(ways.find(address)->next, kGateway);
  }
}

TEST(Ways, ToTheNodeItselfAreLocal) {
  WayCache ways;
  ways.keep(Way::local(kDestination));
  ASSERT_NE(ways.find(kDestination), nullptr);
  EXPECT_TRUE(ways.find(kDestination)->is_local());
}

TEST(Ways, AreReplacedByNewOnesToTheSameDestination) {
  WayCache ways;
  ways.keep(way_to(kDestination));
  Way other = way_to(kDestination);
  other.out = 2;
  EXPECT_EQ(ways.keep(other).out, 2);
  EXPECT_EQ(ways.find(kDestination)->out, 2);
}

TEST(Ways, AreForgottenWithTheRoutes) {
  WayCache ways;
  ways.keep(way_to(kDestination));
  ways.forget();
  EXPECT_EQ(ways.find(kDestination), nullptr);
  ways.keep(way_to(kGateway));
  EXPECT_EQ(ways.find(kDestination), nullptr) << "what was forgotten does not come back";
  EXPECT_NE(ways.find(kGateway), nullptr);
}

// Whoever asks for more destinations only makes it forget.
TEST(Ways, AreRememberedUpToALimit) {
  WayCache ways;
  keep_many(ways, 1000);
  EXPECT_EQ(known_of(ways, 1000), 1000U);
  keep_many(ways, 100'000);
  const std::uint32_t known = known_of(ways, 100'000);
  EXPECT_LE(known, WayCache::kMost);
  EXPECT_GT(known, WayCache::kMost / 2);
}

// 11.0.0.122, 11.0.4.85 and 11.0.10.146 have the same two places in a table of any size. It does
// not grow for the third of them while it is nearly empty.
TEST(Ways, MakeRoomBeginningWithTheFirst) {
  constexpr Ipv4Address kSamePlace[] = {{11, 0, 0, 122}, {11, 0, 4, 85}, {11, 0, 10, 146}};
  WayCache ways;
  for (const Ipv4Address to : kSamePlace) ways.keep(way_to(to));
  EXPECT_EQ(ways.find(kSamePlace[0]), nullptr);
  EXPECT_NE(ways.find(kSamePlace[1]), nullptr);
  EXPECT_NE(ways.find(kSamePlace[2]), nullptr);
  EXPECT_LE(ways.places(), 32U);
  ways.keep(way_to(kSamePlace[0]));
  EXPECT_EQ(ways.find(kSamePlace[1]), nullptr);
  EXPECT_NE(ways.find(kSamePlace[0]), nullptr);
}

// Eight times as many places as there are ways, or what two doublings from there make.
TEST(Ways, TakeAsMuchMemoryAsTheyNeed) {
  std::mt19937 random{1};
  for (const std::uint32_t count : {1U, 2U, 8U, 32U, 128U, 512U}) {
    WayCache ways;
    EXPECT_EQ(ways.places(), 0U);
    for (std::uint32_t i = 0; i < count; ++i) {
      ways.keep(way_to(Ipv4Address{static_cast<std::uint32_t>(random())}));
    }
    EXPECT_GE(ways.places(), std::min<std::size_t>(count, WayCache::kMost));
    EXPECT_LE(ways.places(), std::max<std::size_t>(8, 16 * count));
  }
}

}  // namespace
}  // namespace hop
