// Links that lose, double, change, mark and hold up packets, in virtual time.

#include <gmock/gmock.h>

#include <bit>

#include "tests/stack/net/lab.hpp"
#include "tests/support/decode.hpp"
#include "tests/support/matchers.hpp"
#include "tests/support/statistics.hpp"

namespace hop {
namespace {

using std::chrono::microseconds;
using std::chrono::milliseconds;
using std::chrono::nanoseconds;
using ::testing::AllOf;
using testing::IcmpIs;
using ::testing::SizeIs;
using testing::udp;

constexpr std::size_t kHeaders = 28;

/// tun0 - r1 - r2 - tun1, so that each direction of the link in the middle can be seen by itself.
Lab two_ends() {
  Lab lab;
  lab.tun("tun0", "198.18.0.1/24").tun("tun1", "198.18.9.1/24").routers({"r1", "r2"});
  lab.link({"tun0", "r1"}).link({"r1", "r2"}).link({"r2", "tun1"});
  return lab;
}
LinkSpec& middle(Lab& lab) { return lab.topology.links[1]; }
/// What the first end of a link sends, which is as the link says before it is changed.
DirectionSpec& first_sends(LinkSpec& link) {
  EndpointSpec& first = link.endpoints[0];
  if (!first.sends) first.sends = link.sent_by(first);
  return *first.sends;
}
DirectionSpec& r1_to_r2(Lab& lab) { return first_sends(middle(lab)); }

Wire there(std::uint16_t number = 0, std::size_t size = 125) {
  return from_tun0("198.18.9.1").id(number) / udp(1, 2, counting(size - kHeaders));
}
Wire back(std::uint16_t number = 0) {
  return testing::ip().src("198.18.9.1").dst("198.18.0.1").id(number) / udp(1, 2, counting(97));
}

/// Sends packets in both directions, one of each in a millisecond.
void send_both_ways(Running& running, int packets) {
  for (int i = 0; i < packets; ++i) {
    const auto number = static_cast<std::uint16_t>(i);
    running.send_at(kNow + milliseconds{i}, there(number), 0);
    running.send_at(kNow + milliseconds{i}, back(number), 1);
  }
  running.finish();
}

std::size_t left_by(const Running& running, PortIndex port) {
  return static_cast<std::size_t>(std::ranges::count(running.left(), port, &Left::port));
}

TEST(LossyLink, LosesAndCountsInBothDirections) {
  Lab lab = two_ends();
  middle(lab).impairment.loss.in_good = percent(10);
  Running running{lab};
  send_both_ways(running, 2000);
  const auto wanted = testing::binomial(2000, 0.1);
  for (const std::size_t end : {0U, 1U}) {
    const DirectionCounters counters = running.network.direction_counters(1, end);
    EXPECT_TRUE(wanted.contains(static_cast<double>(counters.lost))) << counters.lost;
    EXPECT_EQ(left_by(running, static_cast<PortIndex>(1 - end)), 2000 - counters.lost);
  }
}

TEST(LossyLink, LosesInOneDirectionIfOneEndSaysSo) {
  Lab lab = two_ends();
  r1_to_r2(lab).impairment.loss.in_good = percent(100);
  Running running{lab};
  send_both_ways(running, 20);
  EXPECT_EQ(left_by(running, 1), 0U);
  EXPECT_EQ(left_by(running, 0), 20U);
  EXPECT_EQ(running.network.direction_counters(1, 0).lost, 20U);
  EXPECT_EQ(running.network.direction_counters(1, 1).lost, 0U);
}

TEST(LossyLink, LosesWhatATunSends) {
  Lab lab = two_ends();
  first_sends(lab.topology.links[0]).impairment.loss.in_good = percent(100);
  Running running{lab};
  send_both_ways(running, 20);
  EXPECT_EQ(left_by(running, 1), 0U);
  EXPECT_EQ(left_by(running, 0), 20U);
  EXPECT_EQ(running.network.direction_counters(0, 0).lost, 20U);
}

TEST(LossyLink, TakesTheTimeOfWhatItLoses) {
  Lab lab = two_ends();
  middle(lab).rate = 1'000'000;  // 125 bytes a millisecond
  middle(lab).impairment.drop = {{.nth = 1}};
  Running running{lab};
  running.send(there(1));
  running.send(there(2));
  running.finish();
  EXPECT_EQ(running.only().at, kNow + milliseconds{2});
  EXPECT_THAT(running.only().packet, testing::IpId(2));
}

/// The identifications of the packets that left by a port, in order.
std::vector<std::uint16_t> numbers(const Running& running, PortIndex port) {
  std::vector<std::uint16_t> ids;
  for (const Left& left : running.left()) {
    if (left.port == port) ids.push_back(testing::decode(left.packet)->id);
  }
  return ids;
}

TEST(LossyLink, LosesTheSamePacketsWhateverAnotherLinkDoes) {
  Lab lab = two_ends();
  r1_to_r2(lab).impairment.loss.in_good = percent(30);
  Running alone{lab};
  send_both_ways(alone, 200);
  lab.topology.links[0].impairment.duplicate = percent(0);
  lab.topology.links[2].impairment.jitter = microseconds{1};
  lab.topology.links[2].delay = microseconds{1};
  Running together{lab};
  send_both_ways(together, 200);
  EXPECT_EQ(numbers(alone, 1), numbers(together, 1));
}

TEST(ImpairedNetwork, GivesTheSameBytesAtTheSameTimesForTheSameSeed) {
  Lab lab = two_ends();
  middle(lab).delay = milliseconds{3};
  middle(lab).impairment = {
      .jitter = milliseconds{3},
      .loss = {.to_bad = percent(5), .to_good = percent(20), .in_bad = percent(90)},
      .duplicate = percent(5),
      .corrupt = percent(5),
      .reorder = percent(5)};
  const auto run = [&](std::uint64_t seed) {
    lab.topology.seed = seed;
    Running running{lab};
    send_both_ways(running, 500);
    std::vector<std::pair<Instant, std::vector<std::byte>>> seen;
    for (const Left& left : running.left()) seen.emplace_back(left.at, left.packet);
    return seen;
  };
  EXPECT_EQ(run(1), run(1));
  EXPECT_NE(run(1), run(2));
}

TEST(DuplicatingLink, DeliversTwice) {
  Lab lab = two_ends();
  r1_to_r2(lab).impairment.duplicate = percent(100);
  Running running{lab};
  send_both_ways(running, 3);
  EXPECT_THAT(numbers(running, 1), ::testing::ElementsAre(0, 0, 1, 1, 2, 2));
  EXPECT_THAT(numbers(running, 0), ::testing::ElementsAre(0, 1, 2));
  EXPECT_EQ(running.network.direction_counters(1, 0).duplicated, 3U);
}

TEST(DuplicatingLink, DeliversABroadcastTwiceToAll) {
  Lab lab;
  lab.tun("tun0", "198.18.0.1/24").routers({"r1", "r2"});
  lab.link({"tun0", "r1", "r2"});
  lab.last_link().impairment.duplicate = percent(100);
  Running running{lab};
  running.send(from_tun0("255.255.255.255") / udp(1, 2));
  EXPECT_EQ(running.counters("r1").received(), 2U);
  EXPECT_EQ(running.counters("r2").received(), 2U);
}

TEST(CorruptingLink, ChangesOneBit) {
  Lab lab = two_ends();
  lab.topology.links[2].impairment.corrupt = percent(100);
  Running clean{two_ends()};
  Running running{lab};
  clean.send(there());
  running.send(there());
  const Wire wanted = clean.only().packet;
  const Wire found = running.only().packet;
  ASSERT_EQ(found.size(), wanted.size());
  int bits = 0;
  for (std::size_t i = 0; i < found.size(); ++i) {
    bits += std::popcount(std::to_integer<unsigned>(found.bytes()[i] ^ wanted.bytes()[i]));
  }
  EXPECT_EQ(bits, 1);
  EXPECT_EQ(running.network.direction_counters(2, 0).corrupted, 1U);
}

// Every packet that a router gets has a verdict, a broken one too.
TEST(CorruptingLink, LosesNoPacketWithoutAReason) {
  Lab lab = two_ends();
  r1_to_r2(lab).impairment.corrupt = percent(100);
  Running running{lab};
  send_both_ways(running, 300);
  const Counters& counters = running.counters("r2");
  EXPECT_GT(counters.get(DropReason::ipv4_bad_checksum), 0U);
  EXPECT_EQ(counters.received(), 600U);
}

TEST(ReorderingLink, SendsTheChosenAheadOfTheOthers) {
  Lab lab = two_ends();
  middle(lab).delay = milliseconds{10};
  middle(lab).impairment.reorder = percent(25);
  Running running{lab};
  send_both_ways(running, 400);
  const auto wanted = testing::binomial(400, 0.25);
  const auto ahead = running.network.direction_counters(1, 0).reordered;
  EXPECT_TRUE(wanted.contains(static_cast<double>(ahead))) << ahead;
  EXPECT_EQ(left_by(running, 1), 400U);
  EXPECT_FALSE(std::ranges::is_sorted(numbers(running, 1)));
  for (const Left& left : running.left()) {
    const Instant sent = kNow + milliseconds{testing::decode(left.packet)->id};
    EXPECT_TRUE(left.at == sent || left.at == sent + milliseconds{10});
  }
}

TEST(JitteryLink, KeepsTheOrder) {
  Lab lab = two_ends();
  middle(lab).delay = milliseconds{20};
  middle(lab).impairment.jitter = milliseconds{20};
  Running running{lab};
  send_both_ways(running, 400);
  EXPECT_THAT(numbers(running, 1), SizeIs(400));
  EXPECT_TRUE(std::ranges::is_sorted(numbers(running, 1)));
  EXPECT_TRUE(std::ranges::is_sorted(numbers(running, 0)));
}

TEST(Direction, HasADelayAndARateOfItsOwn) {
  Lab lab = two_ends();
  middle(lab).delay = milliseconds{7};
  r1_to_r2(lab).delay = microseconds{300};
  r1_to_r2(lab).rate = 1'000'000;
  Running running{lab};
  running.send(there(), 0);
  running.send(back(), 1);
  running.finish();
  ASSERT_THAT(running.left(), SizeIs(2));
  EXPECT_EQ(running.left()[0].at, kNow + microseconds{1300}) << "125 bytes at 1 Mbit/s";
  EXPECT_EQ(running.left()[1].at, kNow + milliseconds{7});
}

TEST(Direction, HasAnMtuOfItsOwn) {
  Lab lab = two_ends();
  r1_to_r2(lab).mtu = 600;
  Running running{lab};
  running.send(from_tun0("198.18.9.1").df() / udp(1, 2, counting(1000)));
  EXPECT_THAT(running.only().packet, AllOf(IcmpIs(3, 4), testing::RestOfHeader(600U)));
  running.clear();
  running.send(testing::ip().src("198.18.9.1").dst("198.18.0.1").df() / udp(1, 2, counting(1000)),
               1);
  EXPECT_THAT(running.only().packet, SizeIs(1028));
}

TEST(Direction, OfATunDecidesItsMtu) {
  Lab lab = two_ends();
  lab.topology.links[0].endpoints[0].sends = DirectionSpec{.mtu = 1280};
  EXPECT_EQ(mtu_of(lab.topology, 0), 1280);
  EXPECT_EQ(mtu_of(lab.topology, 1), 1500);
}

/// r1 sends with 1 Mbit/s, so a queue can fill: 125 bytes take a millisecond.
Lab narrow() {
  Lab lab = two_ends();
  middle(lab).rate = 1'000'000;
  return lab;
}

TEST(LimitInBytes, DropsWhatDoesNotFitWhole) {
  Lab lab = narrow();
  middle(lab).limit = {.bytes = 500};
  Running running{lab};
  for (std::uint16_t i = 0; i < 6; ++i) running.send(there(i));  // 125 bytes each
  EXPECT_EQ(running.counters("r1").get(Action::forwarded), 4U);
  EXPECT_EQ(running.counters("r1").get(DropReason::queue_full), 2U);
  running.send_at(kNow + milliseconds{1}, there(6, 126));
  EXPECT_EQ(running.counters("r1").get(DropReason::queue_full), 3U) << "125 bytes are free";
  EXPECT_EQ(running.network.direction_counters(1, 0).queue_full, 3U) << "users look at the link";
  running.send_at(kNow + milliseconds{1}, there(7, 60));
  running.send_at(kNow + milliseconds{1}, there(8, 65));
  EXPECT_EQ(running.counters("r1").get(Action::forwarded), 6U);
  running.finish();
  EXPECT_EQ(left_by(running, 1), 6U);
}

TEST(LimitInBytes, CountsTheHeadersOfFragments) {
  // 1000 bytes of payload in pieces of at most 556 (RFC 791: a multiple of 8, so 552): 1040 bytes.
  for (const std::uint64_t bytes : {1039U, 1040U}) {
    Lab lab = narrow();
    r1_to_r2(lab).mtu = 576;
    r1_to_r2(lab).limit = {.bytes = bytes};
    Running running{lab};
    running.send(there(1, 1020));
    running.finish();
    EXPECT_EQ(left_by(running, 1), bytes == 1040 ? 2U : 0U) << bytes;
  }
}

TEST(LimitInBytes, HoldsAtThePort) {
  Lab lab = two_ends();
  lab.topology.links[0].rate = 8'000;
  lab.topology.links[0].limit = {.bytes = 250};
  Running running{lab};
  for (std::uint16_t i = 0; i < 3; ++i) running.send(there(i));
  EXPECT_EQ(running.network.port_counters(0).queue_full, 1U);
}

TEST(LimitInBytes, MakesALegacyRouterQuenchTheSource) {
  Lab lab = narrow();
  middle(lab).limit = {.bytes = 200};
  lab.topology.nodes[0].icmp = IcmpPolicy::of(Profile::legacy);
  Running running{lab};
  running.send(there(1));
  running.send(there(2));
  EXPECT_THAT(running.only().packet, IcmpIs(4, 0));
}

/// Packets of the four ECN codepoints in turn, all at once. What r2 sends on of them, in order.
std::vector<std::uint8_t> codepoints_after(const Lab& lab, int rounds) {
  Running running{lab};
  for (int i = 0; i < 4 * rounds; ++i) {
    running.send(from_tun0("198.18.9.1").tos(static_cast<std::uint8_t>(0xb8 | (i % 4))) /
                 udp(1, 2, counting(97)));
  }
  running.finish();
  std::vector<std::uint8_t> seen;
  for (const Left& left : running.left()) {
    EXPECT_THAT(left.packet, testing::ValidChecksums());
    const std::uint8_t tos = testing::decode(left.packet)->tos;
    EXPECT_EQ(tos & 0xfcU, 0xb8U) << "DSCP";
    seen.push_back(tos & 3U);
  }
  return seen;
}

// RFC 3168 section 5: ECT(1) is 1, ECT(0) is 2, CE is 3.
TEST(Ecn, MarksWhatFindsTheQueueSoLong) {
  Lab lab = narrow();
  middle(lab).ecn = {.packets = 6};
  EXPECT_THAT(codepoints_after(lab, 3), ::testing::ElementsAre(0, 1, 2, 3, 0, 1, 3, 3, 0, 3, 3, 3));
}

TEST(Ecn, CountsBytes) {
  Lab lab = narrow();
  middle(lab).ecn = {.bytes = 6 * 125};
  EXPECT_THAT(codepoints_after(lab, 2), ::testing::ElementsAre(0, 1, 2, 3, 0, 1, 3, 3));
  middle(lab).ecn = {.bytes = 6 * 125 + 1};
  EXPECT_THAT(codepoints_after(lab, 2), ::testing::ElementsAre(0, 1, 2, 3, 0, 1, 2, 3));
}

TEST(Ecn, IsLeftAloneByDefault) {
  EXPECT_THAT(codepoints_after(narrow(), 2), ::testing::ElementsAre(0, 1, 2, 3, 0, 1, 2, 3));
}

TEST(Ecn, IsCountedWhereItWasMarked) {
  Lab lab = narrow();
  lab.topology.links[1].ecn = {.packets = 0};
  Running running{lab};
  for (std::uint8_t ecn = 0; ecn < 4; ++ecn) {
    running.send(from_tun0("198.18.9.1").tos(ecn) / udp(1, 2));
  }
  EXPECT_EQ(running.network.direction_counters(1, 0).marked, 2U) << "the two that are capable";
}

TEST(Ecn, IsMarkedByTheQueueOfAPort) {
  Lab lab = two_ends();
  lab.topology.links[0].ecn = {.packets = 0};
  Running running{lab};
  running.send(from_tun0("198.18.9.1").tos(2) / udp(1, 2));
  running.send(counting(3));  // nothing that could be marked
  EXPECT_THAT(running.only().packet, testing::Tos(3));
  EXPECT_EQ(running.network.direction_counters(0, 0).marked, 1U);
}

TEST(PlainLink, CountsNothing) {
  Running running{two_ends()};
  send_both_ways(running, 10);
  for (const std::size_t link : {0U, 1U, 2U}) {
    for (const std::size_t end : {0U, 1U}) {
      const DirectionCounters counters = running.network.direction_counters(link, end);
      EXPECT_EQ(counters.lost + counters.dropped + counters.duplicated + counters.corrupted +
                    counters.reordered + counters.marked,
                0U);
    }
  }
}

}  // namespace
}  // namespace hop
