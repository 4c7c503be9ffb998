// Running out of packet buffers, at each place where one is wanted: the packet or the error is
// lost and counted, and the node goes on.

#include <gmock/gmock.h>

#include <ostream>
#include <string_view>
#include <vector>

#include "tests/stack/node/bench.hpp"
#include "tests/support/matchers.hpp"

namespace hop {
namespace {

using testing::icmp_echo;
using testing::IcmpIs;
using testing::raw;
using testing::udp;

/// A node whose pool gives no more than what there is, besides the buffer of the packet itself.
class Starved {
 public:
  Starved() { bench_.node.bind({17, 7}, echo_); }

  Verdict receive(const Wire& packet, std::size_t more_buffers) {
    return bench_.receive_with(packet, more_buffers);
  }
  Bench& bench() { return bench_; }

 private:
  Bench bench_;
  UdpEcho echo_;
};

struct MemoryCase {
  std::string_view name;
  std::vector<Wire> before;  // received with all the memory in the world
  Wire packet;
  std::size_t buffers;  // that it still gets
  Verdict verdict;
  std::size_t sent;
  bool not_told;  // an error was due
};
std::ostream& operator<<(std::ostream& out, const MemoryCase& row) { return out << row.name; }

class OutOfMemory : public ::testing::TestWithParam<MemoryCase> {};

TEST_P(OutOfMemory, LosesThePacketOrTheErrorAndCountsIt) {
  const MemoryCase& row = GetParam();
  Starved starved;
  for (const Wire& packet : row.before) (void)starved.bench().receive(packet);
  const std::uint64_t before = starved.bench().counters().received();
  EXPECT_EQ(starved.receive(row.packet, row.buffers), row.verdict);
  EXPECT_EQ(starved.bench().sent().size(), row.sent);
  const Counters& counters = starved.bench().counters();
  EXPECT_EQ(counters.received(), before + 1);
  EXPECT_EQ(counters.received(), sum_of_verdicts(counters));
  EXPECT_EQ(counters.get(NotTold::out_of_memory), row.not_told ? 1U : 0U);
}

TEST_P(OutOfMemory, IsForgottenWhenThereIsMemoryAgain) {
  Starved starved;
  for (const Wire& packet : GetParam().before) (void)starved.bench().receive(packet);
  (void)starved.receive(GetParam().packet, GetParam().buffers);
  for (const Interface& interface : starved.bench().node.interfaces()) {
    EXPECT_EQ(interface.queue.length, (QueueLength{0, 0}));
  }
  EXPECT_EQ(starved.bench().receive(transit().ttl(1) / udp(1, 2)),
            dropped(DropReason::ttl_expired));
  EXPECT_THAT(starved.bench().answer(), IcmpIs(11, 0));
}

constexpr Verdict kNoMemory = dropped(DropReason::out_of_memory);

std::vector<Wire> first_pieces(const Wire& packet) {
  std::vector<Wire> pieces = testing::fragments(packet, {1480, 1480, 1480});
  pieces.pop_back();
  return pieces;
}
Wire last_piece(const Wire& packet) {
  return testing::fragments(packet, {1480, 1480, 1480}).back();
}
Wire big_echo() { return to_router() / icmp_echo({}, counting(5000)); }
Wire to_fragment() { return transit().dst("198.51.100.9") / udp(1, 2, counting(1400)); }

INSTANTIATE_TEST_SUITE_P(
    Table, OutOfMemory,
    ::testing::Values(
        MemoryCase{"Error",
                   {},
                   transit().dst("8.8.8.8") / udp(1, 2),
                   0,
                   dropped(DropReason::no_route),
                   0,
                   true},
        MemoryCase{"RedirectBesideForwarding",
                   {},
                   transit().dst("203.0.113.9") / udp(1, 2),
                   0,
                   kForwarded,
                   1,
                   true},
        MemoryCase{"FirstFragment", {}, to_fragment(), 0, kNoMemory, 0, false},
        MemoryCase{"SecondFragment", {}, to_fragment(), 1, kNoMemory, 0, false},
        MemoryCase{"LastFragment", {}, to_fragment(), 2, kNoMemory, 0, false},
        MemoryCase{
            "Reassembly", {}, to_router().mf() / udp(1, 2, counting(8)), 0, kNoMemory, 0, false},
        MemoryCase{"FragmentsOfAReply", first_pieces(big_echo()), last_piece(big_echo()), 1,
                   kNoMemory, 0, false},
        MemoryCase{
            "EndpointThatAnswers", {}, to_router() / udp(1, 7, "hello"), 0, kDelivered, 0, false},
        MemoryCase{"PacketBecomesTheError",
                   {},
                   transit().ttl(1) / udp(1, 2),
                   0,
                   dropped(DropReason::ttl_expired),
                   1,
                   false},
        MemoryCase{"NothingNeeded", {}, to_router() / icmp_echo({}), 0, kAnswered, 1, false}),
    kCaseName);

TEST(OutOfMemoryInTime, LosesTheErrorAboutAReassembly) {
  Bench bench;
  EXPECT_EQ(bench.receive(to_router().mf() / udp(1, 2, counting(8))), kHeld);
  bench.starve(0);
  bench.expire(bench.now + std::chrono::seconds{60});
  EXPECT_TRUE(bench.sent().empty());
  EXPECT_EQ(bench.counters().get(NotTold::out_of_memory), 1U);
}

TEST(PacketPoolLimit, IsOfBuffersThatExist) {
  PacketPool pool;
  {
    const Packet one = pool.acquire(10);
  }
  pool.limit(1);
  {
    const Packet again = pool.acquire(10);
    EXPECT_THROW((void)pool.acquire(10), std::bad_alloc);
  }
  pool.limit(2);
  const Packet large = pool.acquire(5000);
  EXPECT_THROW((void)pool.acquire(5000), std::bad_alloc);
}

}  // namespace
}  // namespace hop
