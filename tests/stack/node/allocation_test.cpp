// Nothing is allocated for a packet in the steady state, on any path through a node.

#include <gtest/gtest.h>

#include <ostream>
#include <string_view>
#include <vector>

#include "tests/stack/node/allocations.hpp"
#include "tests/stack/node/bench.hpp"
#include "tests/stack/node/nat_bench.hpp"
#include "tests/stack/node/recorder.hpp"
#include "tests/support/packet_dsl.hpp"

namespace hop {
namespace {

using testing::icmp;
using testing::icmp_echo;
using testing::Ip;
using testing::ip;
using testing::raw;
using testing::udp;

struct PathCase {
  std::string_view name;
  std::vector<Wire> packets;  // one round
  Verdict last;               // of the last packet of a round
  std::size_t sent;           // in one round
};
std::ostream& operator<<(std::ostream& out, const PathCase& row) { return out << row.name; }

NodeConfig everything_on() {
  NodeConfig config = router_config();
  config.source_routing = true;
  config.icmp.rate = IcmpPolicy::kUnlimited;
  config.icmp.source_quench = true;
  config.icmp.extensions = {.interface = true, .mpls = true};
  config.icmp.answers.set(42);
  config.icmp.extended_echo = {.by_index = {Prefix{}}, .rate = 1'000'000};
  return config;
}

/// An endpoint that needs no memory to be told something.
class Deaf : public UdpSink {};

/// A router whose packets are put in from its own pool, as a network does it.
class Loop {
 public:
  Loop() {
    bench_.node.bind({17, 7}, echo_);
    bench_.node.bind({17, 9}, sink_);
    bench_.node.interfaces()[2].queue.limit.packets = 3;
    bench_.node.interfaces()[0].labels = {{.label = 16004}};
  }

  /// One round of packets; the verdict about the last, and what all of them made the node send.
  Verdict run(const std::vector<Wire>& packets) {
    Verdict last = kHeld;
    sent_ = 0;
    for (const Wire& packet : packets) {
      last = bench_.node.receive(pool_.copy_of(packet), {.from = 1, .now = kNow}, out_);
      sent_ += out_.size();
      out_.clear();
      for (Interface& interface : bench_.node.interfaces()) interface.queue.length = {0, 0};
    }
    return last;
  }
  [[nodiscard]] std::size_t sent() const { return sent_; }
  Node& node() { return bench_.node; }
  Outbox& out() { return out_; }

 private:
  PacketPool pool_;
  Bench bench_{everything_on()};
  UdpEcho echo_;
  Deaf sink_;
  Outbox out_;
  std::size_t sent_ = 0;
};

class SteadyState : public ::testing::TestWithParam<PathCase> {};

TEST_P(SteadyState, AllocatesNothing) {
  const PathCase& row = GetParam();
  Loop loop;
  for (int i = 0; i < 100; ++i) (void)loop.run(row.packets);
  const std::size_t before = allocations();
  for (int i = 0; i < 5000; ++i) (void)loop.run(row.packets);
  EXPECT_EQ(allocations(), before);
  EXPECT_EQ(loop.run(row.packets), row.last) << "or the path is another";
  EXPECT_EQ(loop.sent(), row.sent);
}

/// Interface number 1 (RFC 8335 section 2.1), without a checksum of the structure.
const std::vector<std::byte> kIndex1 = [] {
  constexpr std::uint8_t kBytes[] = {0x20, 0, 0, 0, 0, 8, 3, 2, 0, 0, 0, 1};
  const Bytes bytes = std::as_bytes(std::span{kBytes});
  return std::vector<std::byte>{bytes.begin(), bytes.end()};
}();

PathCase path(std::string_view name, const Wire& packet, Verdict verdict, std::size_t sent = 1) {
  return {.name = name, .packets = {packet}, .last = verdict, .sent = sent};
}
Ip narrow() { return transit().dst("198.51.100.9"); }
std::vector<Wire> pieces(const Wire& packet) {
  return testing::fragments(packet, {1480, 1480, 1480});
}

INSTANTIATE_TEST_SUITE_P(
    Good, SteadyState,
    ::testing::Values(
        path("Forward", transit() / udp(1, 2, counting(100)), kForwarded),
        path("Fragment", narrow() / udp(1, 2, counting(1400)), kForwarded, 3),
        path("Redirect", transit().dst("203.0.113.9") / udp(1, 2), kForwarded, 2),
        path("RecordRoute", transit().options({7, 7, 4, 0, 0, 0, 0}) / udp(1, 2), kForwarded),
        path("SourceRoute", to_router().options({131, 7, 4, 192, 0, 2, 9}) / udp(1, 2), kForwarded),
        path("Echo", to_router() / icmp_echo({}, counting(1472)), kAnswered),
        path("EchoWithOptions",
             to_router().options({7, 7, 4, 0, 0, 0, 0}) / icmp_echo({}, counting(10)), kAnswered),
        path("Timestamp", to_router() / icmp(13, 0, 0, counting(12)), kAnswered),
        path("ExtendedEcho", to_router() / icmp(42, 0, 1, kIndex1), kAnswered),
        path("UdpEcho", to_router() / udp(1, 7, counting(100)), kDelivered),
        path("UdpSink", to_router() / udp(1, 9), kDelivered, 0),
        path("Reset", to_router() / testing::tcp_syn(1, 80), kAnswered),
        PathCase{"EchoInFragments", pieces(to_router() / icmp_echo({}, counting(5000))), kAnswered,
                 4}),
    kCaseName);

INSTANTIATE_TEST_SUITE_P(
    Error, SteadyState,
    ::testing::Values(
        path("TtlExpired", transit().ttl(1) / udp(1, 2, counting(1400)),
             dropped(DropReason::ttl_expired)),
        path("NoRoute", transit().dst("8.8.8.8") / udp(1, 2), dropped(DropReason::no_route)),
        path("Reject", transit().dst("100.64.13.1") / udp(1, 2),
             dropped(DropReason::route_rejects)),
        path("Blackhole", transit().dst("100.65.0.1") / udp(1, 2),
             dropped(DropReason::route_blackhole), 0),
        path("HostUnreachable", transit().dst("10.0.2.77") / udp(1, 2),
             dropped(DropReason::host_unreachable)),
        path("FragNeeded", narrow().df() / udp(1, 2, counting(1000)),
             dropped(DropReason::frag_needed)),
        path("PortUnreachable", to_router() / udp(1, 33434), dropped(DropReason::port_unreachable)),
        path("ProtocolUnreachable", to_router() / raw(), dropped(DropReason::protocol_unreachable)),
        path("ParameterProblem", transit().options({0x9e, 9, 0, 0}) / udp(1, 2),
             dropped(DropReason::option_bad_length)),
        path("Truncated", (transit() / udp(1, 2)).truncated(25),
             dropped(DropReason::ipv4_incomplete)),
        path("SourceRouteFailed", to_router().options({137, 7, 4, 192, 0, 2, 9}) / udp(1, 2),
             dropped(DropReason::source_route_failed)),
        path("SourceQuench", narrow().src("10.0.1.2") / udp(1, 2, counting(1900)),
             dropped(DropReason::queue_full)),
        path("Vetoed", transit().ttl(1) / icmp(3, 1, 0, counting(28)),
             dropped(DropReason::ttl_expired), 0),
        path("BadChecksum", (transit() / udp(1, 2)).with_checksum(1),
             dropped(DropReason::ipv4_bad_checksum), 0),
        path("Martian", transit().src("127.0.0.1") / udp(1, 2),
             dropped(DropReason::source_loopback), 0),
        path("ErrorReceived",
             to_router() / icmp(11, 0, 0, ip().src("10.0.1.1").dst("8.8.8.8") / udp(7, 1)),
             kDelivered, 0)),
    kCaseName);

TEST(SteadyState, AllocatesNothingForAnEndpointThatSends) {
  Loop loop;
  const auto data = counting(32);
  const auto send = [&] {
    const Outgoing what{.destination = Ipv4Address{192, 0, 2, 9}};
    EXPECT_TRUE(loop.node().send_udp(what, 9, 33434, data, loop.out()));
    EXPECT_TRUE(loop.node().send_icmp(what, {.type = IcmpType::echo}, data, loop.out()));
    loop.out().clear();
    loop.node().interfaces()[1].queue.length = {0, 0};
  };
  for (int i = 0; i < 100; ++i) send();
  const std::size_t before = allocations();
  for (int i = 0; i < 5000; ++i) send();
  EXPECT_EQ(allocations(), before);
}

TEST(SteadyState, AllocatesNothingWhenReassemblyTimesOut) {
  PacketPool pool;
  Bench bench{everything_on()};
  Outbox out;
  const Wire piece = to_router().mf() / udp(1, 2, counting(8));
  Instant now = kNow;
  const auto expire_one = [&] {
    EXPECT_EQ(bench.node.receive(pool.copy_of(piece), {.from = 1, .now = now}, out), kHeld);
    now += std::chrono::seconds{60};
    bench.node.expire(now, out);
    EXPECT_EQ(out.size(), 1U);
    out.clear();
    bench.node.interfaces()[0].queue.length = {0, 0};
  };
  for (int i = 0; i < 100; ++i) expire_one();
  const std::size_t before = allocations();
  for (int i = 0; i < 2000; ++i) expire_one();
  EXPECT_EQ(allocations(), before);
}

TEST(SteadyState, AllocatesNothingForTheSessionsOfANat) {
  PacketPool pool;
  NatBench bench;
  Outbox out;
  const Wire there = transit() / udp(5000, 53, counting(100));
  const Wire back = inward() / udp(53, 5000, counting(100));
  const Wire outside = transit().src("10.0.2.1").ttl(63) / udp(5000, 53, counting(100));
  const Wire error = inward().src("10.0.2.2") / icmp(11, 0, 0, outside);
  const auto exchange = [&] {
    for (const auto& [packet, in] : {std::pair{&there, NatBench::kInside},
                                     {&back, NatBench::kOutside},
                                     {&error, NatBench::kOutside}}) {
      const Arrival arrival{.in = in, .from = 1, .now = kNow};
      EXPECT_EQ(bench.node.receive(pool.copy_of(*packet), arrival, out), kForwarded);
    }
    out.clear();
    for (Interface& interface : bench.node.interfaces()) interface.queue.length = {0, 0};
  };
  for (int i = 0; i < 100; ++i) exchange();
  const std::size_t before = allocations();
  for (int i = 0; i < 2000; ++i) exchange();
  EXPECT_EQ(allocations(), before);
}

TEST(Allocations, AreSeen) {
  const std::size_t before = allocations();
  const std::vector<int> some(10);
  EXPECT_EQ(allocations(), before + 1) << some.size();
}

}  // namespace
}  // namespace hop
