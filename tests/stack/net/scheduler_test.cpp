// Events in order of time, and in the order they were added within one instant.

#include "stack/net/scheduler.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <vector>

#include "stack/base/random.hpp"

namespace hop {
namespace {

Event numbered(std::uint32_t number) {
  return {.kind = Event::Kind::timer, .index = number, .packet = {}};
}
Instant at(int nanoseconds) { return Instant{Duration{nanoseconds}}; }

TEST(Scheduler, HasNoNextEventWhenItIsEmpty) {
  Scheduler scheduler;
  EXPECT_EQ(scheduler.next(), std::nullopt);
  scheduler.add(at(5), numbered(0));
  EXPECT_EQ(scheduler.next(), at(5));
  (void)scheduler.take();
  EXPECT_EQ(scheduler.next(), std::nullopt);
}

TEST(Scheduler, TakesTheEarliestFirst) {
  Scheduler scheduler;
  for (const int time : {5, 3, 9, 1, 7}) {
    scheduler.add(at(time), numbered(static_cast<std::uint32_t>(time)));
  }
  for (const int time : {1, 3, 5, 7, 9}) {
    EXPECT_EQ(scheduler.next(), at(time));
    EXPECT_EQ(scheduler.take().index, static_cast<std::uint32_t>(time));
  }
}

TEST(Scheduler, KeepsTheOrderOfOneInstant) {
  Scheduler scheduler;
  for (std::uint32_t i = 0; i < 1000; ++i) scheduler.add(at(7), numbered(i));
  for (std::uint32_t i = 0; i < 1000; ++i) ASSERT_EQ(scheduler.take().index, i);
}

// What is added for the present comes after what was due then already, and before what is due
// later.
TEST(Scheduler, KeepsTheOrderOfWhatIsAddedForThePresent) {
  Scheduler scheduler;
  scheduler.add(at(7), numbered(0));
  scheduler.add(at(8), numbered(4));
  scheduler.add(at(7), numbered(1));
  EXPECT_EQ(scheduler.take().index, 0U);
  scheduler.add(at(7), numbered(2));
  scheduler.add(at(7), numbered(3));
  for (const std::uint32_t expected : {1U, 2U, 3U}) {
    EXPECT_EQ(scheduler.next(), at(7));
    EXPECT_EQ(scheduler.peek()->index, expected);
    EXPECT_EQ(scheduler.take().index, expected);
  }
  EXPECT_EQ(scheduler.next(), at(8));
  EXPECT_EQ(scheduler.take().index, 4U);
  EXPECT_EQ(scheduler.next(), std::nullopt);
}

// Thrown away is not happened: what is added next may be earlier.
TEST(Scheduler, DropsAnEventWithoutItsInstantComing) {
  Scheduler scheduler;
  scheduler.add(at(1), numbered(1));
  (void)scheduler.take();
  scheduler.add(at(60), numbered(60));
  scheduler.drop();
  EXPECT_EQ(scheduler.now(), at(1));
  scheduler.add(at(5), numbered(5));
  EXPECT_FALSE(scheduler.is_due(at(4)));
  EXPECT_EQ(scheduler.next(), at(5));
}

TEST(Scheduler, SortsLikeAStableSort) {
  Random random{1};
  Scheduler scheduler;
  std::vector<std::pair<int, std::uint32_t>> expected;
  for (std::uint32_t i = 0; i < 10'000; ++i) {
    const int time = static_cast<int>(random.below(100));
    expected.emplace_back(time, i);
    scheduler.add(at(time), numbered(i));
  }
  std::ranges::stable_sort(expected, {}, &std::pair<int, std::uint32_t>::first);
  for (const auto& [time, number] : expected) {
    ASSERT_EQ(scheduler.next(), at(time));
    ASSERT_EQ(scheduler.take().index, number);
  }
}

TEST(Scheduler, KeepsTheOrderWhileEventsComeAndGo) {
  Scheduler scheduler;
  scheduler.add(at(1), numbered(0));
  scheduler.add(at(2), numbered(1));
  EXPECT_EQ(scheduler.take().index, 0U);
  scheduler.add(at(2), numbered(2));
  EXPECT_EQ(scheduler.take().index, 1U);
  scheduler.add(at(2), numbered(3));
  EXPECT_EQ(scheduler.take().index, 2U);
  EXPECT_EQ(scheduler.take().index, 3U);
}

TEST(Scheduler, KeepsThePacketOfItsEvent) {
  PacketPool pool;
  Scheduler scheduler;
  Event event{.kind = Event::Kind::arrival,
              .broadcast = true,
              .from = 3,
              .to = 4,
              .index = 5,
              .packet = pool.acquire(77)};
  scheduler.add(at(1), std::move(event));
  scheduler.add(at(0), numbered(0));
  (void)scheduler.take();
  const Event taken = scheduler.take();
  EXPECT_EQ(taken.packet.size(), 77U);
  EXPECT_TRUE(taken.broadcast);
  EXPECT_EQ(taken.from, 3);
  EXPECT_EQ(taken.to, 4);
}

}  // namespace
}  // namespace hop
