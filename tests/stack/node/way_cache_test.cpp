// Ways are remembered as long as they hold, and not a packet longer.

#include "stack/node/way_cache.hpp"

#include <gtest/gtest.h>

namespace hop {
namespace {

constexpr Ipv4Address kDestination{192, 0, 2, 9};
constexpr Ipv4Address kGateway{10, 0, 1, 2};

class Ways : public ::testing::Test {
 protected:
  Ways() {
    link.add(kGateway, 1);
    interface.neighbours = &link;
  }
  [[nodiscard]] Way way_to(Ipv4Address destination) {
    return {.destination = destination,
            .next = kGateway,
            .neighbours = &link,
            .interface = &interface,
            .version = link.version(),
            .out = 1,
            .to = 1};
  }

  Neighbours link;
  Interface interface;
  WayCache ways;
};

TEST_F(Ways, AreNotKnownFromTheBeginning) {
  EXPECT_EQ(ways.find(kDestination), nullptr);
  EXPECT_EQ(ways.find(Ipv4Address{}), nullptr);
}

TEST_F(Ways, AreFoundByTheirDestinationOnly) {
  ways.keep(way_to(kDestination));
  const Way* const found = ways.find(kDestination);
  ASSERT_NE(found, nullptr);
  EXPECT_EQ(found->next, kGateway);
  EXPECT_EQ(found->interface, &interface);
  EXPECT_FALSE(found->is_local());
  EXPECT_EQ(ways.find(kGateway), nullptr);
}

TEST_F(Ways, ToTheNodeItselfAreLocal) {
  ways.keep(Way::local(kDestination));
  ASSERT_NE(ways.find(kDestination), nullptr);
  EXPECT_TRUE(ways.find(kDestination)->is_local());
}

TEST_F(Ways, AreForgottenWithTheRoutes) {
  ways.keep(way_to(kDestination));
  ways.forget();
  EXPECT_EQ(ways.find(kDestination), nullptr);
  ways.keep(way_to(kGateway));
  EXPECT_EQ(ways.find(kDestination), nullptr) << "what was forgotten does not come back";
  EXPECT_NE(ways.find(kGateway), nullptr);
}

TEST_F(Ways, EndWhenTheNeighboursAreOthers) {
  void (*const changes[])(Neighbours&) = {
      [](Neighbours& on) { on.add({10, 0, 1, 3}, 2); },
      [](Neighbours& on) { on.add_absent({10, 0, 1, 4}); },
      [](Neighbours& on) { on.set_outside(3); },
      [](Neighbours& on) { on.clear(); },
  };
  for (auto* const change : changes) {
    ways.keep(way_to(kDestination));
    ASSERT_NE(ways.find(kDestination), nullptr);
    change(link);
    EXPECT_EQ(ways.find(kDestination), nullptr);
  }
}

// The cache has 128 places; whoever asks for more destinations only makes it forget.
TEST_F(Ways, TakeEachOthersPlacesWithoutBeingMistaken) {
  std::size_t known = 0;
  for (std::uint32_t i = 0; i < 1000; ++i) ways.keep(way_to(Ipv4Address{kDestination.value + i}));
  for (std::uint32_t i = 0; i < 1000; ++i) {
    const Way* const found = ways.find(Ipv4Address{kDestination.value + i});
    if (found == nullptr) continue;
    ++known;
    EXPECT_EQ(found->destination.value, kDestination.value + i);
  }
  EXPECT_GT(known, 0U);
  EXPECT_LE(known, 128U);
}

}  // namespace
}  // namespace hop
