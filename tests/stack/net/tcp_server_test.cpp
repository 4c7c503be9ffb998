// Open and filtered ports of nodes in a network.

#include <gmock/gmock.h>

#include "tests/stack/net/lab.hpp"
#include "tests/support/decode.hpp"
#include "tests/support/matchers.hpp"

namespace hop {
namespace {

using namespace std::chrono_literals;
using ::testing::AllOf;
using testing::Dst;
using testing::IcmpIs;
using testing::kAck;
using testing::kFin;
using testing::kRst;
using testing::kSyn;
using testing::Src;
using testing::tcp;
using testing::tcp_syn;
using testing::udp;
using testing::ValidChecksums;

/// line(), and what the web host has.
Lab lab_with_ports() {
  Lab lab = line();
  NodeSpec& web = lab.topology.nodes[2];
  web.tcp_open = {{80, 80}, {8000, 8002}};
  web.tcp_sink = {{9, 9}};
  web.tcp_filtered.ports = {{25, 26}};
  web.udp_filtered = {.ports = {{53, 53}}, .reject = UnreachableCode::admin_prohibited};
  return lab;
}

struct Segment {
  std::uint32_t seq, ack;
  std::uint8_t flags;
  std::size_t header;
};
Segment segment_of(const Wire& packet) {
  const Bytes bytes = testing::decode(packet)->payload;
  return {load_be<std::uint32_t>(bytes, 4), load_be<std::uint32_t>(bytes, 8),
          std::to_integer<std::uint8_t>(bytes[13]),
          (std::to_integer<std::size_t>(bytes[12]) >> 4U) * 4};
}

TEST(TcpServer, AcceptsAndCloses) {
  Running running{lab_with_ports()};
  running.send(from_tun0("10.0.2.2") / tcp_syn(5000, 80, 100));
  const Wire answer = running.only().packet;
  EXPECT_THAT(answer, AllOf(Src("10.0.2.2"), Dst("198.18.0.1"), ValidChecksums()));
  const Segment syn = segment_of(answer);
  EXPECT_EQ(syn.flags, kSyn | kAck);
  EXPECT_EQ(syn.ack, 101U);
  EXPECT_EQ(syn.header, 24U);
  const Bytes mss = Bytes{testing::decode(answer)->payload}.subspan(20);
  EXPECT_EQ(load_be<std::uint32_t>(mss, 0), 0x020405b4U) << "1460";
  running.clear();
  running.send(from_tun0("10.0.2.2") / tcp({5000, 80, 101, syn.seq + 1, kAck}));
  running.send(from_tun0("10.0.2.2") / tcp({5000, 80, 101, syn.seq + 1, kFin | kAck}));
  const Segment fin = segment_of(running.only().packet);
  EXPECT_EQ(fin.flags, kFin | kAck);
  EXPECT_EQ(fin.ack, 102U);
  EXPECT_EQ(fin.seq, syn.seq + 1);
  running.clear();
  running.send(from_tun0("10.0.2.2") / tcp({5000, 80, 102, fin.seq + 1, kAck}));
  running.finish();
  EXPECT_TRUE(running.left().empty());
  EXPECT_EQ(running.counters("web").get(Mib::tcp_passive_opens), 1U);
  EXPECT_EQ(running.counters("web").get(Mib::tcp_retrans_segs), 0U);
}

TEST(TcpServer, ResetsWhatItDoesNotKnow) {
  Running running{lab_with_ports()};
  running.send(from_tun0("10.0.2.2") / tcp({5000, 80, 7, 9, kAck}));
  const Segment reset = segment_of(running.only().packet);
  EXPECT_EQ(reset.flags, kRst);
  EXPECT_EQ(reset.seq, 9U);
  running.clear();
  running.send(from_tun0("10.0.2.2") / tcp({5000, 80, 7, 9, kRst}));
  EXPECT_TRUE(running.left().empty());
}

TEST(TcpServer, GivesUpAPeerThatIsGone) {
  Running running{lab_with_ports()};
  running.send(from_tun0("10.0.2.2") / tcp_syn(5000, 80));
  running.finish();
  EXPECT_EQ(running.left().size(), 8U);
  EXPECT_EQ(running.counters("web").get(Mib::tcp_retrans_segs), 7U);
  EXPECT_EQ(running.counters("web").get(Mib::tcp_attempt_fails), 1U);
}

TEST(TcpServer, EndsAHalfOpenConnectionAtAHardError) {
  Running running{lab_with_ports()};
  running.send(from_tun0("10.0.2.2") / tcp_syn(5000, 80));
  const Wire answer = running.only().packet;
  running.clear();
  running.send(from_tun0("10.0.2.2") / testing::icmp(3, 3, 0, answer));
  running.finish();
  EXPECT_TRUE(running.left().empty());
  EXPECT_EQ(running.counters("web").get(Mib::tcp_attempt_fails), 1U);
}

TEST(TcpServer, LetsAnHonestPeerInDuringAFlood) {
  Running running{lab_with_ports()};
  for (std::uint32_t i = 0; i < 3000; ++i) {
    running.send(from_tun0("10.0.2.2") / tcp_syn(static_cast<std::uint16_t>(10'000 + i), 80));
  }
  running.clear();
  running.send(from_tun0("10.0.2.2") / tcp_syn(5000, 80, 100));
  const Segment syn = segment_of(running.only().packet);
  for (std::uint32_t i = 0; i < 500; ++i) {
    running.send(from_tun0("10.0.2.2") / tcp_syn(static_cast<std::uint16_t>(20'000 + i), 80));
  }
  running.clear();
  running.send(from_tun0("10.0.2.2") / tcp({5000, 80, 101, syn.seq + 1, kFin | kAck}));
  EXPECT_EQ(segment_of(running.only().packet).flags, kFin | kAck);
}

TEST(TcpServers, ThatAForgedSynBringsTogetherFallSilent) {
  Lab lab;
  lab.tun("tun0", "198.18.0.1/24").router("r1").host("a").host("b");
  lab.link({"tun0", "r1"}).link({"r1 10.0.1.1/24", "a 10.0.1.2/24", "b 10.0.1.3/24"});
  lab.topology.nodes[1].tcp_open = lab.topology.nodes[2].tcp_open = {{80, 80}};
  Running running{lab};
  running.send(testing::ip().src("10.0.1.3").dst("10.0.1.2") / tcp_syn(80, 80, 100));
  running.send(testing::ip().src("10.0.1.2").dst("10.0.1.3") / tcp_syn(80, 80, 100));
  running.finish();
  EXPECT_LT(running.counters("a").received(), 100U);
}

TEST(FilteredPorts, AreSilentOrSayWhatTheyAreTold) {
  Running running{lab_with_ports()};
  running.send(from_tun0("10.0.2.2") / tcp_syn(5000, 26));
  EXPECT_TRUE(running.left().empty());
  running.send(from_tun0("10.0.2.2") / udp(5000, 53, "x"));
  EXPECT_THAT(running.only().packet, IcmpIs(3, 13));
  EXPECT_EQ(running.counters("web").get(DropReason::filtered), 2U);
}

// Whatever comes, nothing is acknowledged that did not come, and all that was begun ends.
TEST(TcpServer, EndsWhateverComes) {
  Random random{7};
  Running running{lab_with_ports()};
  std::uint32_t theirs = 0;
  for (int i = 0; i < 20'000; ++i) {
    const std::uint32_t seq = 1000 + random.below(40);
    const auto flags = static_cast<std::uint8_t>(random.below(32));
    const std::uint16_t port = random.below(2) == 0 ? 80 : 9;
    const auto source = static_cast<std::uint16_t>(5000 + random.below(4));
    running.now += Duration{random.below(1'000'000)};
    running.send(from_tun0("10.0.2.2") / tcp({source, port, seq, theirs + random.below(3), flags},
                                             counting(random.below(10))));
    for (const Left& left : running.left()) {
      const Segment segment = segment_of(left.packet);
      if ((segment.flags & kSyn) != 0) theirs = segment.seq;
      if ((segment.flags & kAck) == 0 || (segment.flags & kRst) != 0) continue;
      EXPECT_LE(segment.ack, 1000U + 40 + 10 + 2);
      EXPECT_GE(segment.ack, 1000U);
    }
    running.clear();
  }
  running.finish();
  EXPECT_EQ(running.network.next_event(), std::nullopt);
}

}  // namespace
}  // namespace hop
