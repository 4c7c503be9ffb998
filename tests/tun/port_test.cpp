// One descriptor: full queues, refused packets, devices that go. Mostly over a pair of sockets,
// of which one write is one packet as well, and whose queue is short.

#include "tun/port.hpp"

#include <gtest/gtest.h>
#include <sys/socket.h>

#include <array>
#include <cerrno>

#include "tests/tun/machine.hpp"
#include "tun/unique_fd.hpp"

namespace hop::test {
namespace {

class PortTest : public testing::Test {
 protected:
  PortTest() {
    std::array<int, 2> ends{};
    EXPECT_EQ(::socketpair(AF_UNIX, SOCK_DGRAM | SOCK_NONBLOCK, 0, ends.data()), 0);
    near_ = UniqueFd{ends[0]};
    far_ = UniqueFd{ends[1]};
  }

  Packet packet(int number) {
    Packet result = pool_.acquire(100);
    store_be(result.bytes(), 0, static_cast<std::uint32_t>(number));
    return result;
  }
  // The number of the next packet at the far end; -1 for none.
  int take() {
    std::array<std::byte, 200> buffer{};
    if (::recv(far_.get(), buffer.data(), buffer.size(), 0) != 100) return -1;
    return static_cast<int>(load_be<std::uint32_t>(Bytes{buffer}, 0));
  }
  // Writes until packets wait, and returns how many the kernel took.
  int fill(Port& port) {
    int taken = 0;
    for (; !port.has_backlog(); ++taken) port.write(packet(taken));
    return taken - 1;
  }

  boost::asio::io_context io_;
  PacketPool pool_;
  UniqueFd near_;
  UniqueFd far_;
};

TEST_F(PortTest, ReadsOnePacketAtATimeAndThenNone) {
  Port port{io_, near_.get(), 1500};
  const std::array<unsigned char, 3> sent{1, 2, 3};
  ASSERT_EQ(::send(far_.get(), sent.data(), 3, 0), 3);
  ASSERT_EQ(::send(far_.get(), sent.data(), 1, 0), 1);
  EXPECT_EQ(port.read(pool_).size(), 3U);
  EXPECT_EQ(port.read(pool_).size(), 1U);
  EXPECT_FALSE(port.read(pool_));
  EXPECT_FALSE(port.lost());
  EXPECT_EQ(port.statistics().reads, 2U);
}

TEST_F(PortTest, LargestPacketIsReadWhole) {
  Port port{io_, near_.get(), 65535};
  const std::vector<unsigned char> sent(65535, 7);
  ASSERT_EQ(::send(far_.get(), sent.data(), sent.size(), 0), 65535);
  EXPECT_EQ(port.read(pool_).size(), 65535U);
}

TEST_F(PortTest, FullQueueKeepsPacketsAndTheirOrder) {
  Port port{io_, near_.get(), 1500};
  const int taken = fill(port);
  port.write(packet(-2));
  EXPECT_EQ(port.statistics().writes, static_cast<unsigned>(taken));
  EXPECT_EQ(port.statistics().write_queue_full, 2U);
  for (int i = 0; i < taken; ++i) EXPECT_EQ(take(), i);
  port.flush();
  EXPECT_FALSE(port.has_backlog());
  EXPECT_EQ(take(), taken);
  EXPECT_EQ(take(), -2);
  EXPECT_EQ(take(), -1);
}

TEST_F(PortTest, NoPacketOvertakesOneThatWaits) {
  Port port{io_, near_.get(), 1500};
  const int taken = fill(port);
  EXPECT_EQ(take(), 0);
  port.write(packet(-2));  // there is room for it, but not in front of the one that waits
  for (int i = 1; i < taken; ++i) EXPECT_EQ(take(), i);
  port.flush();
  EXPECT_EQ(take(), taken);
  EXPECT_EQ(take(), -2);
}

TEST_F(PortTest, BeyondTheBoundIsDroppedAndCounted) {
  Port port{io_, near_.get(), 1500};
  fill(port);
  for (std::size_t i = 1; i < Port::kBacklog; ++i) port.write(packet(1));
  EXPECT_EQ(port.statistics().dropped, 0U);
  port.write(packet(1));
  port.write(packet(1));
  EXPECT_EQ(port.statistics().dropped, 2U);
  EXPECT_EQ(port.statistics().write_queue_full, Port::kBacklog);
}

TEST_F(PortTest, OtherErrorsAreCounted) {
  Port port{io_, near_.get(), 1500};
  far_ = UniqueFd{};
  port.write(packet(1));
  EXPECT_EQ(port.statistics().failed, 1U);
  EXPECT_FALSE(port.has_backlog());
}

TEST_F(PortTest, LeavesTheDescriptorOpen) {
  {
    const Port port{io_, near_.get(), 1500};
  }
  EXPECT_EQ(::send(near_.get(), "x", 1, 0), 1);
}

TEST(PortOnDevice, ThatIsDownCountsAndGoesOn) {
  boost::asio::io_context io;
  PacketPool pool;
  const TunDevice device{options_for("tun0")};
  Port port{io, device.fd(), device.mtu()};
  sh("ip link set tun0 down");
  Packet packet = pool.acquire(20);
  std::ranges::fill(packet.bytes(), std::byte{0x45});
  port.write(std::move(packet));
  EXPECT_EQ(port.statistics().device_down, 1U);
  EXPECT_FALSE(port.has_backlog());
}

TEST(PortOnDevice, CountsAPacketTheKernelRefuses) {
  boost::asio::io_context io;
  PacketPool pool;
  const TunDevice device{options_for("tun0")};
  Port port{io, device.fd(), device.mtu()};
  Packet packet = pool.acquire(20);
  std::ranges::fill(packet.bytes(), std::byte{0xff});  // version 15
  port.write(std::move(packet));
  EXPECT_EQ(port.statistics().refused, 1U);
}

TEST(PortOnDevice, ThatIsDeletedIsLost) {
  boost::asio::io_context io;
  PacketPool pool;
  const TunDevice device{options_for("tun0")};
  Port port{io, device.fd(), device.mtu()};
  EXPECT_FALSE(port.read(pool));
  EXPECT_FALSE(port.lost());
  sh("ip link delete tun0");
  EXPECT_FALSE(port.read(pool));
  EXPECT_TRUE(port.lost());
  port.write(pool.acquire(20));
  EXPECT_EQ(port.statistics().failed, 1U);
}

}  // namespace
}  // namespace hop::test
