// Both engines over pairs of sockets, of which one write is one packet, and over pipes, which can
// take a packet behind one that they do not take.

#include "tun/packet_io.hpp"

#include <fcntl.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstddef>
#include <memory>
#include <numeric>
#include <string>
#include <vector>

#include "tests/tun/engines.hpp"
#include "tests/tun/machine.hpp"
#include "tun/error.hpp"
#include "tun/unique_fd.hpp"

namespace hop::test {
namespace {

using testing::Each;
using testing::ElementsAre;
using testing::HasSubstr;

class PacketIoTest : public testing::TestWithParam<IoEngine> {
 protected:
  struct Pair {
    UniqueFd near;
    UniqueFd far;
  };

  PacketIoTest() {
    for (Pair& pair : pairs_) {
      std::array<int, 2> ends{};
      EXPECT_EQ(::socketpair(AF_UNIX, SOCK_DGRAM | SOCK_NONBLOCK, 0, ends.data()), 0);
      pair = {UniqueFd{ends[0]}, UniqueFd{ends[1]}};
    }
    io_ = make_packet_io(GetParam(), {pairs_[0].near.get(), pairs_[1].near.get()});
  }

  // Packets of 1, 2, 3 ... bytes at the far end.
  void send(std::size_t pair, std::size_t count) {
    const std::vector<std::byte> bytes(count, std::byte{7});
    for (std::size_t size = 1; size <= count; ++size) {
      EXPECT_EQ(::send(pairs_.at(pair).far.get(), bytes.data(), size, 0),
                static_cast<ssize_t>(size));
    }
  }
  // The sizes of what is read, and how it ended.
  std::vector<std::size_t> read(std::size_t pair, std::size_t most = kBatch) {
    std::vector<Packet> packets(most);
    const auto [count, error] = io_->read(pair, pool_, packets);
    error_ = error;
    std::vector<std::size_t> sizes;
    for (std::size_t i = 0; i < count; ++i) sizes.push_back(packets[i].size());
    return sizes;
  }
  std::vector<Packet> packets(const std::vector<std::size_t>& sizes) {
    std::vector<Packet> made;
    for (const std::size_t size : sizes) made.push_back(pool_.acquire(size));
    return made;
  }

  PacketPool pool_;
  std::array<Pair, 2> pairs_;
  std::unique_ptr<PacketIo> io_;
  int error_ = 0;
};

INSTANTIATE_TEST_SUITE_P(Engines, PacketIoTest, kEngines, name_of_engine);

std::vector<std::size_t> one_to(std::size_t last) {
  std::vector<std::size_t> numbers(last);
  std::iota(numbers.begin(), numbers.end(), 1);
  return numbers;
}

TEST_P(PacketIoTest, IsTheEngineThatWasAskedFor) { EXPECT_EQ(io_->engine(), GetParam()); }

TEST_P(PacketIoTest, ReadsAllThereIsInOrder) {
  for (const std::size_t count : {1U, 2U, 3U, 4U, 5U, 9U, 33U, 63U, 2U, 40U}) {
    send(0, count);
    EXPECT_EQ(read(0), one_to(count));
    EXPECT_EQ(error_, EAGAIN);
  }
  EXPECT_TRUE(read(0).empty());
  EXPECT_EQ(error_, EAGAIN);
}

TEST_P(PacketIoTest, LeavesWhatThereIsNoRoomFor) {
  send(0, 50);
  EXPECT_EQ(read(0, 20), one_to(20));
  EXPECT_EQ(error_, 0);
  EXPECT_EQ(read(0).size(), 30U);
}

TEST_P(PacketIoTest, KeepsTheDescriptorsApart) {
  send(0, 5);
  send(1, 60);
  EXPECT_EQ(read(1), one_to(60));
  EXPECT_EQ(read(0), one_to(5));
  std::vector<int> errors(10);
  io_->write(1, packets(one_to(10)), errors);
  EXPECT_THAT(errors, Each(0));
  std::array<std::byte, 100> buffer{};
  for (ssize_t size = 1; size <= 10; ++size) {
    EXPECT_EQ(::recv(pairs_[1].far.get(), buffer.data(), buffer.size(), 0), size);
  }
  EXPECT_EQ(::recv(pairs_[0].far.get(), buffer.data(), buffer.size(), 0), -1);
}

TEST_P(PacketIoTest, TheLargestPacketsAreWhole) {
  std::vector<std::byte> sent(PacketPool::kMaxPacket);
  for (const std::byte mark : {std::byte{1}, std::byte{2}}) {
    sent.front() = sent.back() = mark;
    for (int i = 0; i < 3; ++i) {
      ASSERT_EQ(::send(pairs_[0].far.get(), sent.data(), sent.size(), 0), std::ssize(sent));
    }
    std::vector<Packet> packets(kBatch);
    ASSERT_EQ(io_->read(0, pool_, packets).count, 3U);
    for (const Packet& packet : std::span{packets}.first(3)) {
      EXPECT_EQ(packet.size(), PacketPool::kMaxPacket);
      EXPECT_EQ(packet.bytes().front(), mark);
      EXPECT_EQ(packet.bytes().back(), mark);
    }
  }
}

// So that they are in the cache when they are written; the rest is for the next batch.
TEST_P(PacketIoTest, ABatchEndsWhenItHasEnoughBytes) {
  std::array<int, 2> ends{};
  ASSERT_EQ(::pipe2(ends.data(), O_NONBLOCK), 0);
  const UniqueFd from{ends[0]};
  const UniqueFd to{ends[1]};
  constexpr int kMegabyte = 1 << 20;
  ASSERT_EQ(::fcntl(to.get(), F_SETPIPE_SZ, kMegabyte), kMegabyte);
  io_ = make_packet_io(GetParam(), {from.get()});
  const std::vector<std::byte> bytes(kMegabyte);
  ASSERT_EQ(::write(to.get(), bytes.data(), bytes.size()), kMegabyte);
  std::size_t total = 0;
  for (int batch = 0; batch < 3; ++batch) {  // each read takes as much as a packet can have
    const std::vector<std::size_t> sizes = read(0);
    EXPECT_LE(sizes.size(), 8U);
    EXPECT_GE(sizes.size(), 1U);
    total = std::accumulate(sizes.begin(), sizes.end(), total);
  }
  EXPECT_GE(total, 3 * kBatchBytes);
}

TEST_P(PacketIoTest, TellsWhyADescriptorIsOfNoUse) {
  std::array<int, 2> ends{};
  ASSERT_EQ(::pipe2(ends.data(), O_NONBLOCK), 0);
  const UniqueFd from{ends[0]};
  UniqueFd to{ends[1]};
  io_ = make_packet_io(GetParam(), {from.get()});
  const std::array<std::byte, 8> bytes{};
  ASSERT_EQ(::write(to.get(), bytes.data(), bytes.size()), 8);
  EXPECT_EQ(read(0).size(), 1U);
  to = UniqueFd{};
  EXPECT_TRUE(read(0).empty());
  EXPECT_EQ(error_, ENODEV);
}

// A full page takes no second packet of its size, but a small one.
class FullPipe : public PacketIoTest {
 protected:
  FullPipe() {
    std::array<int, 2> ends{};
    EXPECT_EQ(::pipe2(ends.data(), O_NONBLOCK), 0);
    from_ = UniqueFd{ends[0]};
    to_ = UniqueFd{ends[1]};
    EXPECT_EQ(::fcntl(to_.get(), F_SETPIPE_SZ, kPage), kPage);
    io_ = make_packet_io(GetParam(), {to_.get()});
  }
  std::vector<int> write(const std::vector<std::size_t>& sizes) {
    std::vector<int> errors(sizes.size());
    io_->write(0, packets(sizes), errors);
    return errors;
  }

  static constexpr int kPage = 4096;
  UniqueFd from_;
  UniqueFd to_;
};

INSTANTIATE_TEST_SUITE_P(Engines, FullPipe, kEngines, name_of_engine);

TEST_P(FullPipe, TakesNothingBehindWhatWaits) {
  EXPECT_THAT(write({kPage - 1, 2, 2, 2, 2}), ElementsAre(0, EAGAIN, EAGAIN, EAGAIN, EAGAIN));
}

// Either nothing is taken behind it, or it is never sent.
TEST_P(FullPipe, NoPacketIsOvertaken) {
  const std::vector<int> errors = write({10, kPage - 1, 10, 10, kPage - 1});
  if (GetParam() == IoEngine::uring) {
    EXPECT_THAT(errors, ElementsAre(0, ECANCELED, 0, 0, EAGAIN));
  } else {
    EXPECT_THAT(errors, ElementsAre(0, EAGAIN, EAGAIN, EAGAIN, EAGAIN));
  }
}

// As by the default profile of containers, which forbid it.
void forbid_io_uring() {
  std::array<sock_filter, 4> program{
      sock_filter{BPF_LD | BPF_W | BPF_ABS, 0, 0, offsetof(seccomp_data, nr)},
      sock_filter{BPF_JMP | BPF_JEQ | BPF_K, 0, 1, SYS_io_uring_setup},
      sock_filter{BPF_RET | BPF_K, 0, 0, SECCOMP_RET_ERRNO | EPERM},
      sock_filter{BPF_RET | BPF_K, 0, 0, SECCOMP_RET_ALLOW}};
  const sock_fprog filter{program.size(), program.data()};
  EXPECT_EQ(::prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0), 0);
  EXPECT_EQ(::prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &filter), 0);
}

TEST(MakePacketIo, SaysWhatToDoWithoutIoUring) {
  const std::string message = in_child([] {
    forbid_io_uring();
    try {
      return std::to_string(static_cast<int>(make_packet_io(IoEngine::uring, {0})->engine()));
    } catch (const TunError& error) {
      return std::string{error.what()};
    }
  });
  EXPECT_EQ(message, "io_uring is not available: operation not permitted; use --io epoll");
}

TEST(MakePacketIo, ByItselfDoesWithoutIoUring) {
  const std::string outcome = in_child([] {
    forbid_io_uring();
    const bool plain = make_packet_io(IoEngine::automatic, {0})->engine() == IoEngine::epoll;
    return std::string{plain ? "epoll" : "uring"};
  });
  EXPECT_EQ(outcome, "epoll");
}

}  // namespace
}  // namespace hop::test
