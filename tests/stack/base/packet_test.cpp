#include "stack/base/packet.hpp"

#include <gmock/gmock.h>

#include <type_traits>

#include "tests/support/hex_literal.hpp"

namespace hop {
namespace {

using namespace testing::literals;
using ::testing::ElementsAreArray;

constexpr auto kAbc = "61 62 63"_bytes;

static_assert(!std::is_copy_constructible_v<Packet> && !std::is_copy_assignable_v<Packet>);
static_assert(std::is_nothrow_move_constructible_v<Packet>);
static_assert(std::is_nothrow_move_assignable_v<Packet>);

class PacketTest : public ::testing::Test {
 protected:
  PacketPool pool_;  // NOLINT(*-non-private-member-variables-in-classes): a fixture's
};

TEST_F(PacketTest, DefaultHoldsNoneAndIsEmpty) {
  const Packet packet;
  EXPECT_FALSE(packet);
  EXPECT_EQ(packet.size(), 0U);
  EXPECT_TRUE(packet.bytes().empty());
}

TEST_F(PacketTest, CopyHoldsTheBytes) {
  const Packet packet = pool_.copy_of(kAbc);
  EXPECT_TRUE(packet);
  EXPECT_THAT(packet.bytes(), ElementsAreArray(kAbc));
  EXPECT_NE(packet.bytes().data(), kAbc.data());
}

TEST_F(PacketTest, EmptyPacketIsStillAPacket) {
  const Packet packet = pool_.copy_of({});
  EXPECT_TRUE(packet);
  EXPECT_EQ(packet.size(), 0U);
}

TEST_F(PacketTest, MoveTakesTheBufferAndLeavesNone) {
  Packet from = pool_.copy_of(kAbc);
  const std::byte* const data = from.bytes().data();
  const Packet to = std::move(from);
  EXPECT_EQ(to.bytes().data(), data);
  EXPECT_THAT(to.bytes(), ElementsAreArray(kAbc));
  EXPECT_FALSE(from);  // NOLINT(bugprone-use-after-move): the header promises what is left
  EXPECT_EQ(from.size(), 0U);
}

constexpr Packet::Offload kTwo{.headers = 1, .segment_size = 1, .packets = 2};

TEST_F(PacketTest, HasNothingLeftToDoUnlessItIsSaid) {
  Packet packet = pool_.copy_of(kAbc);
  EXPECT_FALSE(packet.has_offload());
  EXPECT_TRUE(packet.is_plain());
  EXPECT_EQ(packet.packets(), 1U);
  packet.set_offload(kTwo);
  EXPECT_FALSE(packet.is_plain());
  EXPECT_EQ(packet.offload(), kTwo);
  EXPECT_EQ(packet.packets(), 2U);
  packet.clear_offload();
  EXPECT_EQ(packet.offload(), Packet::Offload{});
}

TEST_F(PacketTest, TakesItsOffloadAlongWhenItMoves) {
  Packet from = pool_.copy_of(kAbc);
  from.set_offload(kTwo);
  const Packet to = std::move(from);
  EXPECT_EQ(to.offload(), kTwo);
}

TEST_F(PacketTest, LeavesNoOffloadInItsBuffer) {
  pool_.copy_of(kAbc).set_offload(kTwo);
  EXPECT_FALSE(pool_.copy_of(kAbc).has_offload());
  EXPECT_EQ(pool_.buffers(), 1U);
}

TEST_F(PacketTest, LabelsAreNoOffload) {
  Packet packet = pool_.copy_of(kAbc);
  ASSERT_FALSE(packet.push_label().empty());
  EXPECT_FALSE(packet.is_plain());
  EXPECT_FALSE(packet.has_offload());
}

TEST_F(PacketTest, MoveAssignmentGivesBackTheOldBuffer) {
  Packet first = pool_.copy_of(kAbc);
  const std::byte* const freed = first.bytes().data();
  first = pool_.copy_of("64"_bytes);
  EXPECT_THAT(first.bytes(), ElementsAreArray("64"_bytes));
  EXPECT_EQ(pool_.acquire(3).bytes().data(), freed);
  EXPECT_EQ(pool_.buffers(), 2U);
}

TEST_F(PacketTest, MoveAssignmentToItselfChangesNothing) {
  Packet packet = pool_.copy_of(kAbc);
  Packet& alias = packet;
  packet = std::move(alias);
  EXPECT_THAT(packet.bytes(), ElementsAreArray(kAbc));
}

TEST_F(PacketTest, MoveAssignmentOfNoneEmpties) {
  Packet packet = pool_.copy_of(kAbc);
  packet = Packet{};
  EXPECT_FALSE(packet);
  EXPECT_EQ(packet.size(), 0U);
}

TEST_F(PacketTest, PrependGivesTheRoomInFront) {
  Packet packet = pool_.copy_of(kAbc);
  const std::byte* const old_front = packet.bytes().data();
  const MutBytes room = packet.prepend(2);
  ASSERT_EQ(room.size(), 2U);
  EXPECT_EQ(room.data() + 2, old_front);
  room[0] = std::byte{0x30};
  room[1] = std::byte{0x31};
  EXPECT_THAT(packet.bytes(), ElementsAreArray("30 31 61 62 63"_bytes));
}

TEST_F(PacketTest, AllOfTheHeadroomCanBeUsedAtAnySize) {
  for (const std::size_t size : {std::size_t{0}, std::size_t{2048}, PacketPool::kMaxPacket}) {
    Packet packet = pool_.acquire(size);
    std::ranges::fill(packet.bytes(), std::byte{0x11});
    std::ranges::fill(packet.prepend(PacketPool::kHeadroom), std::byte{0x22});
    ASSERT_EQ(packet.size(), size + PacketPool::kHeadroom);
    EXPECT_EQ(packet.bytes().front(), std::byte{0x22});
    EXPECT_EQ(std::ranges::count(packet.bytes(), std::byte{0x22}), PacketPool::kHeadroom);
  }
}

// RFC 791: a header has at most 60 bytes, so an IP and an ICMP header with its quote's header fit.
static_assert(PacketPool::kHeadroom >= 60 + 8);
static_assert(PacketPool::kMaxPacket == 65535);

TEST_F(PacketTest, TrimFrontTakesAwayAndMakesRoom) {
  Packet packet = pool_.copy_of(kAbc);
  packet.trim_front(1);
  EXPECT_THAT(packet.bytes(), ElementsAreArray("62 63"_bytes));
  packet.trim_front(2);
  EXPECT_EQ(packet.size(), 0U);
  EXPECT_THAT(packet.prepend(3), ElementsAreArray(kAbc));
}

TEST_F(PacketTest, ResizeKeepsTheFront) {
  Packet packet = pool_.copy_of(kAbc);
  packet.resize(2);
  EXPECT_THAT(packet.bytes(), ElementsAreArray("61 62"_bytes));
  packet.resize(4);
  packet.bytes()[3] = std::byte{0xa5};
  EXPECT_THAT(packet.bytes(), ElementsAreArray("61 62 63 a5"_bytes));
  packet.resize(0);
  EXPECT_EQ(packet.size(), 0U);
}

}  // namespace
}  // namespace hop
