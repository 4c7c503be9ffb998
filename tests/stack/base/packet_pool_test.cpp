#include <gtest/gtest.h>

#include <random>
#include <set>
#include <vector>

#include "stack/base/packet.hpp"
#include "tests/stack/base/allocations.hpp"

namespace hop {
namespace {

// Sizes around the boundary of the two classes, and the ends.
constexpr std::array<std::size_t, 10> kSizes{0, 1, 20, 576, 1500, 2047, 2048, 2049, 65534, 65535};

void fill(Packet& packet, std::uint8_t with) { std::ranges::fill(packet.bytes(), std::byte{with}); }
bool is_filled(const Packet& packet, std::uint8_t with) {
  return std::ranges::all_of(packet.bytes(), [&](std::byte b) { return b == std::byte{with}; });
}

TEST(PacketPool, GivesEverySizeUpToTheLargestDatagram) {
  PacketPool pool;
  for (const std::size_t size : kSizes) {
    Packet packet = pool.acquire(size);
    ASSERT_EQ(packet.size(), size);
    fill(packet, 0xa5);
    EXPECT_TRUE(is_filled(packet, 0xa5)) << size;
  }
}

TEST(PacketPool, PacketsInUseShareNothing) {
  PacketPool pool;
  std::vector<Packet> packets;
  packets.reserve(kSizes.size());
  for (const std::size_t size : kSizes) packets.push_back(pool.acquire(size));
  for (std::size_t i = 0; i < packets.size(); ++i) {
    fill(packets[i], static_cast<std::uint8_t>(i));
  }
  for (std::size_t i = 0; i < packets.size(); ++i) {
    EXPECT_TRUE(is_filled(packets[i], static_cast<std::uint8_t>(i))) << kSizes.at(i);
  }
}

TEST(PacketPool, ReusesWhatCameBack) {
  PacketPool pool;
  EXPECT_EQ(pool.buffers(), 0U);
  std::set<const std::byte*> seen;
  for (int i = 0; i < 100; ++i) seen.insert(pool.acquire(100).bytes().data());
  EXPECT_EQ(seen.size(), 1U);
  EXPECT_EQ(pool.buffers(), 1U);
}

TEST(PacketPool, CountsWhatWasInUseAtTheBusiestMoment) {
  PacketPool pool;
  for (int round = 0; round < 3; ++round) {
    std::vector<Packet> burst(17);
    for (Packet& packet : burst) packet = pool.acquire(1500);
    EXPECT_EQ(pool.buffers(), 17U);
  }
  EXPECT_EQ(pool.buffers(), 17U);
}

TEST(PacketPool, HasTwoSizeClasses) {
  PacketPool pool;
  {
    const Packet small = pool.acquire(1500);
  }
  {
    const Packet large = pool.acquire(65535);
  }
  EXPECT_EQ(pool.buffers(), 2U);
  const Packet small = pool.acquire(20);
  const Packet large = pool.acquire(9000);
  EXPECT_EQ(pool.buffers(), 2U);
}

TEST(PacketPool, ReusedBuffersHaveTheirHeadroomAgain) {
  PacketPool pool;
  {
    (void)pool.acquire(10).prepend(PacketPool::kHeadroom);
  }
  Packet again = pool.acquire(10);
  EXPECT_EQ(again.size(), 10U);
  EXPECT_EQ(again.prepend(PacketPool::kHeadroom).size(), PacketPool::kHeadroom);
}

/// Packets of many sizes that come and go in random order.
void churn(PacketPool& pool, std::vector<Packet>& slots, std::mt19937& random, int rounds) {
  for (int i = 0; i < rounds; ++i) {
    Packet& slot = slots[random() % slots.size()];
    slot = Packet{};
    slot = pool.acquire(kSizes.at(random() % kSizes.size()));
  }
}

// Design section 4: no allocation per packet in the steady state.
TEST(PacketPool, AllocatesNothingOnceWarm) {
  PacketPool pool;
  std::mt19937 random{1};
  std::vector<Packet> slots(32);
  const std::size_t cold = allocations();
  for (const std::size_t size : {20U, 65535U}) {
    for (Packet& slot : slots) slot = pool.acquire(size);
    for (Packet& slot : slots) slot = Packet{};
  }
  const std::size_t warm = allocations();
  EXPECT_GE(warm - cold, 64U) << "the counter sees the pool's allocations";
  churn(pool, slots, random, 10000);
  EXPECT_EQ(allocations(), warm);
  EXPECT_EQ(pool.buffers(), 64U);
}

}  // namespace
}  // namespace hop
