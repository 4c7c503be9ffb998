// Super-packets and checksums that are left to others, through a network: what leaves it is what
// leaves when the sender has done all of it, whatever is between.

#include <gmock/gmock.h>

#include <array>
#include <functional>

#include "stack/ip/segmentation.hpp"
#include "tests/stack/net/lab.hpp"
#include "tests/support/super_packet.hpp"

namespace hop {
namespace {

using std::chrono::milliseconds;
using testing::kAck;
using testing::Sender;

constexpr std::size_t kData = 20'000;
constexpr std::size_t kSegment = 1000;
constexpr std::size_t kPackets = kData / kSegment;

/// tun0 - r1 - r2 - tun1
Lab two_ends() {
  Lab lab;
  lab.tun("tun0", "198.18.0.1/24").tun("tun1", "198.18.9.1/24").routers({"r1", "r2"});
  lab.link({"tun0", "r1"}).link({"r1", "r2"}).link({"r2", "tun1"});
  return lab;
}
LinkSpec& middle(Lab& lab) { return lab.topology.links[1]; }

Sender sender_to(std::string_view destination) {
  return {.header = from_tun0(destination).df(), .tcp = {.sport = 1, .dport = 2, .flags = kAck}};
}

/// One network gets the packets of a sender, another the super-packet.
class Pair {
 public:
  explicit Pair(const Lab& lab) : singles_(lab), whole_(lab.resolved()) {}

  void send(const Sender& sender, std::size_t size = kData) {
    const auto data = counting(size);
    for (const Wire& packet : sender.plain(data, kSegment)) singles_.send_at(now_, packet);
    Packet packet = whole_.pool().copy_of(sender.super_packet(data));
    EXPECT_TRUE(note_offload(packet, kSegment));
    whole_.receive(0, std::move(packet), now_);
    collect();
  }
  void wait(Duration time) {
    now_ += time;
    singles_.run_until(now_);
    whole_.run_until(now_);
    collect();
  }
  void both(const std::function<void(Network&)>& act) {
    act(singles_.network);
    act(whole_);
  }
  void change(const Change& change) {
    both([&](Network& network) { network.change(change, now_); });
    collect();
  }
  /// What left is the same, at the same instants, and so are the counters.
  void expect_the_same() {
    while (whole_.next_event()) wait(milliseconds{10});
    ASSERT_EQ(left_.size(), singles_.left().size());
    for (std::size_t i = 0; i < left_.size(); ++i) {
      EXPECT_EQ(left_[i].packet, singles_.left()[i].packet) << i;
      EXPECT_EQ(left_[i].port, singles_.left()[i].port) << i;
      EXPECT_EQ(left_[i].at, singles_.left()[i].at) << i;
    }
    expect_equal_counters();
  }
  /// Packets and super-packets that left.
  [[nodiscard]] std::size_t departures() const { return departures_; }
  [[nodiscard]] const std::vector<Left>& left() const { return left_; }

 private:
  void collect() {
    for (Departure& departure : whole_.departures()) {
      ++departures_;
      take_apart(std::move(departure.packet), whole_.pool(), [&](const Packet& one) {
        left_.push_back({departure.port, departure.at, Wire{one.bytes()}});
      });
    }
    whole_.departures().clear();
  }
  void expect_equal_counters() {
    for (std::size_t node = 0; node < whole_.node_count(); ++node) {
      EXPECT_EQ(whole_.node(node).counters().snapshot(),
                singles_.network.node(node).counters().snapshot());
    }
    const PortCounters& whole = whole_.port_counters(0);
    const PortCounters& singles = singles_.network.port_counters(0);
    EXPECT_EQ(whole.received, singles.received);
    EXPECT_EQ(whole.queue_full, singles.queue_full);
    EXPECT_EQ(whole.nobody_there, singles.nobody_there);
    EXPECT_EQ(whole.link_down, singles.link_down);
    for (std::size_t link = 0; link < whole_.topology().links.size(); ++link) {
      for (const std::size_t end : {0U, 1U}) expect_equal_counters(link, end);
    }
  }
  void expect_equal_counters(std::size_t link, std::size_t end) {
    const DirectionCounters whole = whole_.direction_counters(link, end);
    const DirectionCounters singles = singles_.network.direction_counters(link, end);
    EXPECT_EQ(whole.lost, singles.lost);
    EXPECT_EQ(whole.corrupted, singles.corrupted);
    EXPECT_EQ(whole.duplicated, singles.duplicated);
    EXPECT_EQ(whole.marked, singles.marked);
    EXPECT_EQ(whole.queue_full, singles.queue_full);
    EXPECT_EQ(whole.link_down, singles.link_down);
  }

  Running singles_;
  Network whole_;
  Instant now_ = kNow;
  std::size_t departures_ = 0;
  std::vector<Left> left_;
};

TEST(Offload, PassesWhole) {
  Pair pair{two_ends()};
  pair.send(sender_to("198.18.9.1"));
  pair.expect_the_same();
  EXPECT_EQ(pair.departures(), 1U);
}

TEST(Offload, PassesWholeByAnyNumberOfRouters) {
  Lab lab;
  lab.tun("tun0", "198.18.0.1/24").tun("tun1", "198.18.9.1/24");
  lab.routers({"r1", "r2", "r3", "r4"});
  lab.link({"tun0", "r1"}).link({"r1", "r2"}).link({"r2", "r3"});
  lab.link({"r3", "r4"}).link({"r4", "tun1"});
  Pair pair{lab};
  pair.send(sender_to("198.18.9.1"));
  pair.expect_the_same();
  EXPECT_EQ(pair.departures(), 1U);
}

TEST(Offload, OfOnePacketPassesWhole) {
  Pair pair{two_ends()};
  pair.send(sender_to("198.18.9.1"), 10);
  pair.expect_the_same();
  EXPECT_EQ(pair.departures(), 1U);
}

TEST(Offload, ADelayDoesNotCut) {
  Lab lab = two_ends();
  middle(lab).delay = milliseconds{5};
  Pair pair{lab};
  pair.send(sender_to("198.18.9.1"));
  pair.expect_the_same();
  EXPECT_EQ(pair.departures(), 1U);
}

// Where the packets are needed one by one: what is different of a link.
struct LinkCase {
  std::string_view name;
  void (*change)(LinkSpec& link);
};
std::ostream& operator<<(std::ostream& out, const LinkCase& row) { return out << row.name; }

class OffloadOnLink : public ::testing::TestWithParam<std::tuple<LinkCase, std::size_t>> {};

TEST_P(OffloadOnLink, IsCut) {
  const auto& [row, link] = GetParam();
  Lab lab = two_ends();
  row.change(lab.topology.links[link]);
  Pair pair{lab};
  Sender sender = sender_to("198.18.9.1");
  sender.header.tos(1);  // ECN-capable
  for (int i = 0; i < 5; ++i) {
    pair.send(sender);
    pair.send(sender, 10);
    pair.wait(milliseconds{3});
  }
  pair.expect_the_same();
  EXPECT_EQ(pair.departures(), pair.left().size());
  EXPECT_GT(pair.departures(), 10U);
}

INSTANTIATE_TEST_SUITE_P(
    Links, OffloadOnLink,
    ::testing::Combine(
        ::testing::Values(
            LinkCase{"WithRate", [](LinkSpec& link) { link.rate = 10'000'000; }},
            LinkCase{"WithRateAndShortQueue",
                     [](LinkSpec& link) {
                       link.rate = 10'000'000;
                       link.limit = {.packets = 7};
                     }},
            LinkCase{"ThatMarks", [](LinkSpec& link) { link.ecn = {.packets = 0}; }},
            LinkCase{"ThatLoses",
                     [](LinkSpec& link) { link.impairment.loss.in_good = percent(20); }},
            LinkCase{"ThatDoubles",
                     [](LinkSpec& link) { link.impairment.duplicate = percent(20); }},
            LinkCase{"ThatCorrupts", [](LinkSpec& link) { link.impairment.corrupt = percent(20); }},
            LinkCase{"WithJitter",
                     [](LinkSpec& link) {
                       link.delay = milliseconds{2};
                       link.impairment.jitter = milliseconds{1};
                       link.impairment.overtaking = true;
                     }}),
        ::testing::Values(0U, 1U, 2U)),
    [](const auto& row) {
      return std::string{std::get<0>(row.param).name} + "OfNumber" +
             std::to_string(std::get<1>(row.param));
    });

// RFC 1191 section 3: the error quotes a packet that was too big, not what it came in.
TEST(Offload, EachPacketThatIsTooBigIsToldSo) {
  Lab lab = two_ends();
  lab.node().icmp.rate = IcmpPolicy::kUnlimited;
  lab.topology.nodes[0].icmp.rate = IcmpPolicy::kUnlimited;
  middle(lab).mtu = 1039;
  Pair pair{lab};
  pair.send(sender_to("198.18.9.1"), kPackets * kSegment - 1);  // the last one fits
  pair.expect_the_same();
  EXPECT_EQ(std::ranges::count(pair.left(), 0, &Left::port), kPackets - 1);
  EXPECT_EQ(std::ranges::count(pair.left(), 1, &Left::port), 1);
}

TEST(Offload, EachPacketIsFragmentedThatMayBe) {
  Lab lab = two_ends();
  middle(lab).mtu = 1000;
  Pair pair{lab};
  pair.send({.header = from_tun0("198.18.9.1"), .is_tcp = false});
  pair.expect_the_same();
  EXPECT_EQ(pair.left().size(), 2 * kPackets);
}

TEST(Offload, EachPacketWhoseTimeEndsIsTold) {
  for (const std::uint8_t ttl : {std::uint8_t{1}, std::uint8_t{2}}) {
    Lab lab = two_ends();
    for (NodeSpec& node : lab.topology.nodes) node.icmp.rate = IcmpPolicy::kUnlimited;
    Pair pair{lab};
    Sender sender = sender_to("198.18.9.1");
    sender.header.ttl(ttl);
    pair.send(sender);
    pair.expect_the_same();
    EXPECT_EQ(pair.left().size(), kPackets);
  }
}

// A router takes it: ports that nobody listens at, and nobody at all.
TEST(Offload, WhatEndsInTheNetworkIsCut) {
  for (const std::string_view to : {"198.18.0.2", "198.18.9.2", "198.18.9.255", "203.0.113.1"}) {
    Pair pair{two_ends()};
    pair.send(sender_to(to));
    Sender udp = sender_to(to);
    udp.is_tcp = false;
    pair.send(udp);
    pair.expect_the_same();
  }
}

TEST(Offload, ALinkThatIsDownLosesAllPackets) {
  for (const std::uint32_t link : {0U, 1U, 2U}) {
    Lab lab = two_ends();
    for (LinkSpec& spec : lab.topology.links) spec.delay = milliseconds{1};
    Pair pair{lab};
    pair.send(sender_to("198.18.9.1"));
    pair.wait(milliseconds{1} * link);
    pair.change({.of = LinkChange{.link = link, .up = false}});
    pair.send(sender_to("198.18.9.1"));
    pair.expect_the_same();
    EXPECT_EQ(std::ranges::count(pair.left(), 1, &Left::port), 0);
  }
}

// While a sender goes on, the path gets narrow, slow and wide again.
TEST(Offload, HeedsChangesOfThePath) {
  Pair pair{two_ends()};
  const auto become = [](void (*set)(DirectionSpec&)) {
    return Change{.of = LinkChange{.link = 1, .set = set}};
  };
  pair.send(sender_to("198.18.9.1"));
  pair.change(become([](DirectionSpec& sends) { sends.mtu = 576; }));
  pair.send(sender_to("198.18.9.1"));
  pair.wait(milliseconds{3});
  pair.change(become([](DirectionSpec& sends) {
    sends.mtu = 1500;
    sends.rate = 1'000'000;
  }));
  pair.send(sender_to("198.18.9.1"));
  pair.wait(milliseconds{3});
  pair.change(become([](DirectionSpec& sends) { sends.rate = 0; }));
  pair.send(sender_to("198.18.9.1"));
  pair.expect_the_same();
}

// An observer sees what it would have seen, also of what was under way already.
TEST(Offload, ObserversSeeSinglePackets) {
  Lab lab = two_ends();
  middle(lab).delay = milliseconds{5};
  Pair pair{lab};
  pair.send(sender_to("198.18.9.1"));
  std::array<int, 2> seen{};
  std::size_t which = 0;
  pair.both([&](Network& network) {
    int& count = seen.at(which++);
    network.observe([&count](Instant, const Happening& happening) {
      const auto* const judged = std::get_if<Judged>(&happening);
      if (judged != nullptr && judged->verdict == Verdict{Action::forwarded}) ++count;
    });
  });
  pair.send(sender_to("198.18.9.1"));
  pair.expect_the_same();
  EXPECT_EQ(seen.at(0), 3 * static_cast<int>(kPackets));
  EXPECT_EQ(seen.at(1), seen.at(0));
}

}  // namespace
}  // namespace hop
