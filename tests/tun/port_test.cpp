// One descriptor: full queues, refused packets, devices that go. Mostly over a pair of sockets,
// of which one write is one packet as well, and whose queue is short.

#include "tun/port.hpp"

#include <fcntl.h>
#include <gtest/gtest.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <memory>
#include <vector>

#include "stack/ip/segmentation.hpp"
#include "tests/support/super_packet.hpp"
#include "tests/tun/engines.hpp"
#include "tests/tun/machine.hpp"
#include "tun/unique_fd.hpp"

namespace hop::test {
namespace {

class PortTest : public ::testing::TestWithParam<IoEngine> {
 protected:
  PortTest() {
    std::array<int, 2> ends{};
    EXPECT_EQ(::socketpair(AF_UNIX, SOCK_DGRAM | SOCK_NONBLOCK, 0, ends.data()), 0);
    near_ = UniqueFd{ends[0]};
    far_ = UniqueFd{ends[1]};
    packet_io_ = make_packet_io(GetParam(), {near_.get()});
  }

  Port port() { return {io_, *packet_io_, 0, near_.get()}; }
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
  // Writes batches of packets with ascending numbers until some wait, and returns how many it were.
  int fill(Port& port) {
    int given = 0;
    while (!port.has_backlog()) {
      for (std::size_t i = 0; i < kBatch; ++i) port.write(packet(given++));
      port.flush();
    }
    return given;
  }
  // Reads up to as many as a batch has.
  std::vector<Packet> read(Port& port) {
    std::vector<Packet> packets(kBatch);
    packets.resize(port.read(pool_, packets));
    return packets;
  }

  boost::asio::io_context io_;
  PacketPool pool_;
  UniqueFd near_;
  UniqueFd far_;
  std::unique_ptr<PacketIo> packet_io_;
};

INSTANTIATE_TEST_SUITE_P(Engines, PortTest, kEngines, name_of_engine);

TEST_P(PortTest, ReadsWhatThereIsAndThenNothing) {
  Port port = this->port();
  const std::array<unsigned char, 3> sent{1, 2, 3};
  ASSERT_EQ(::send(far_.get(), sent.data(), 3, 0), 3);
  ASSERT_EQ(::send(far_.get(), sent.data(), 1, 0), 1);
  const std::vector<Packet> packets = read(port);
  ASSERT_EQ(packets.size(), 2U);
  EXPECT_EQ(packets[0].size(), 3U);
  EXPECT_EQ(packets[1].size(), 1U);
  EXPECT_TRUE(read(port).empty());
  EXPECT_FALSE(port.lost());
  EXPECT_EQ(port.statistics().reads, 2U);
}

// A header goes in front of what is written, and comes off what is read: tun/virtio_header.hpp.
TEST_P(PortTest, WithOffloadSuperPacketsPassAndCountAsMany) {
  Port port{io_, *packet_io_, 0, near_.get(), true};
  const std::vector<std::byte> data(2500);
  const testing::Packet wire = testing::Sender{}.super_packet(data);
  const Bytes bytes = wire.bytes();
  Packet packet = pool_.copy_of(bytes);
  ASSERT_TRUE(note_offload(packet, 1000));
  port.write(std::move(packet));
  port.flush();
  EXPECT_EQ(port.statistics().writes, 3U);
  std::array<std::byte, 4096> frame{};
  const ssize_t size = ::recv(far_.get(), frame.data(), frame.size(), 0);
  ASSERT_EQ(size, std::ssize(bytes) + 10);
  ASSERT_EQ(::send(far_.get(), frame.data(), static_cast<std::size_t>(size), 0), size);
  const std::vector<Packet> packets = read(port);
  ASSERT_EQ(packets.size(), 1U);
  EXPECT_TRUE(std::ranges::equal(packets[0].bytes(), bytes));
  EXPECT_EQ(packets[0].packets(), 3U);
  EXPECT_EQ(port.statistics().reads, 3U);
}

TEST_P(PortTest, FullQueueKeepsPacketsAndTheirOrder) {
  Port port = this->port();
  const int given = fill(port);
  const auto waiting = static_cast<int>(port.statistics().write_queue_full);
  EXPECT_GT(waiting, 0);
  EXPECT_EQ(port.statistics().writes, static_cast<unsigned>(given - waiting));
  for (int i = 0; i < given - waiting; ++i) ASSERT_EQ(take(), i);
  port.flush();
  EXPECT_FALSE(port.has_backlog());
  for (int i = given - waiting; i < given; ++i) ASSERT_EQ(take(), i);
  EXPECT_EQ(take(), -1);
  EXPECT_EQ(port.statistics().writes, static_cast<unsigned>(given));
}

TEST_P(PortTest, NoPacketOvertakesOneThatWaits) {
  Port port = this->port();
  int given = fill(port);
  EXPECT_EQ(take(), 0);  // room for one more
  for (std::size_t i = 0; i < kBatch; ++i) port.write(packet(given++));
  int expected = 1;
  while (port.has_fresh() || port.has_backlog()) {
    port.flush();
    for (int next = take(); next != -1; next = take()) ASSERT_EQ(next, expected++);
  }
  EXPECT_EQ(expected, given);
}

TEST_P(PortTest, BeyondTheBoundIsDroppedAndCounted) {
  Port port = this->port();
  fill(port);
  while (port.statistics().write_queue_full < Port::kBacklog) {
    port.write(packet(1));
    port.flush();
  }
  EXPECT_EQ(port.statistics().dropped, 0U);
  port.write(packet(1));
  port.write(packet(1));
  port.flush();
  EXPECT_EQ(port.statistics().dropped, 2U);
  EXPECT_EQ(port.statistics().write_queue_full, Port::kBacklog);
}

TEST_P(PortTest, OtherErrorsAreCounted) {
  Port port = this->port();
  far_ = UniqueFd{};
  for (std::size_t i = 0; i < kBatch; ++i) port.write(packet(1));
  port.flush();
  EXPECT_EQ(port.statistics().failed, kBatch);
  EXPECT_FALSE(port.has_backlog());
}

TEST_P(PortTest, WritesMoreThanABatchAtOnce) {
  Port port = this->port();
  constexpr int kPackets = 2 * kBatch + 1;
  for (int i = 0; i < kPackets; ++i) port.write(packet(i));
  port.flush();
  for (int i = 0; i < kPackets; ++i) ASSERT_EQ(take(), i);
}

TEST_P(PortTest, LeavesTheDescriptorOpen) {
  {
    const Port port = this->port();
  }
  EXPECT_EQ(::send(near_.get(), "x", 1, 0), 1);
}

// An engine of which every packet ends as the test says.
class ScriptedIo final : public PacketIo {
 public:
  explicit ScriptedIo(std::vector<int> errors) : errors_(std::move(errors)) {}
  [[nodiscard]] IoEngine engine() const noexcept override { return IoEngine::epoll; }
  Reading read(std::size_t, PacketPool&, std::span<Packet>) override { return {0, EAGAIN}; }
  void write(std::size_t, std::span<const Packet> packets, std::span<int> errors) override {
    for (std::size_t i = 0; i < packets.size(); ++i) errors[i] = errors_.at(next_++);
  }

 private:
  std::vector<int> errors_;
  std::size_t next_ = 0;
};

TEST(PortStatistics, CountEachPacketOnce) {
  boost::asio::io_context io;
  PacketPool pool;
  std::array<int, 2> ends{};
  ASSERT_EQ(::pipe2(ends.data(), O_NONBLOCK), 0);
  const UniqueFd from{ends[0]};
  const UniqueFd to{ends[1]};
  const std::vector<int> errors{0, ECANCELED, EIO, EINVAL, EBADF, 0, EAGAIN, EAGAIN};
  ScriptedIo scripted{errors};
  Port port{io, scripted, 0, to.get()};
  for (std::size_t i = 0; i < errors.size(); ++i) port.write(pool.acquire(1));
  port.flush();
  EXPECT_EQ(port.statistics().writes, 2U);
  EXPECT_EQ(port.statistics().dropped, 1U);
  EXPECT_EQ(port.statistics().device_down, 1U);
  EXPECT_EQ(port.statistics().refused, 1U);
  EXPECT_EQ(port.statistics().failed, 1U);
  EXPECT_EQ(port.statistics().write_queue_full, 2U);
  EXPECT_TRUE(port.has_backlog());
}

// With a device, and batches that are large enough for the ring.
class PortOnDevice : public ::testing::TestWithParam<IoEngine> {
 protected:
  void write_batch(std::byte first) {
    for (std::size_t i = 0; i < kBatch; ++i) {
      Packet packet = pool_.acquire(20);
      std::ranges::fill(packet.bytes(), first);
      port_.write(std::move(packet));
    }
    port_.flush();
  }
  std::size_t read() {
    std::vector<Packet> packets(kBatch);
    return port_.read(pool_, packets);
  }

  boost::asio::io_context io_;
  PacketPool pool_;
  TunDevice device_{options_for("tun0")};
  std::unique_ptr<PacketIo> packet_io_ = make_packet_io(GetParam(), {device_.fd()});
  Port port_{io_, *packet_io_, 0, device_.fd()};
};

INSTANTIATE_TEST_SUITE_P(Engines, PortOnDevice, kEngines, name_of_engine);

TEST_P(PortOnDevice, ThatIsDownCountsAndGoesOn) {
  sh("ip link set tun0 down");
  write_batch(std::byte{0x45});
  EXPECT_EQ(port_.statistics().device_down, kBatch);
  EXPECT_FALSE(port_.has_backlog());
}

TEST_P(PortOnDevice, CountsAPacketTheKernelRefuses) {
  write_batch(std::byte{0xff});  // version 15
  EXPECT_EQ(port_.statistics().refused, kBatch);
}

TEST_P(PortOnDevice, ThatIsDeletedIsLost) {
  EXPECT_EQ(read(), 0U);
  EXPECT_FALSE(port_.lost());
  sh("ip link delete tun0");
  EXPECT_EQ(read(), 0U);
  EXPECT_TRUE(port_.lost());
  write_batch(std::byte{0x45});
  EXPECT_EQ(port_.statistics().failed, kBatch);
}

// A file of the ring would hold it.
TEST_P(PortOnDevice, IsGoneOnceItIsTakenDown) {
  packet_io_.reset();
  EXPECT_TRUE(device_.take_down().empty());
  EXPECT_FALSE(device_exists("tun0"));
}

}  // namespace
}  // namespace hop::test
