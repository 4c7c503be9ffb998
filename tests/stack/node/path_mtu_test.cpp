// Path MTU discovery of a node's own packets (RFC 1191), and what it does not believe.

#include <gmock/gmock.h>

#include "tests/stack/node/bench.hpp"
#include "tests/stack/node/recorder.hpp"
#include "tests/support/matchers.hpp"

namespace hop {
namespace {

using std::chrono::minutes;
using testing::icmp;
using testing::icmp_echo;
using testing::ip;
using ::testing::IsEmpty;
using ::testing::SizeIs;

constexpr Ipv4Address kServer{192, 0, 2, 9};
constexpr std::uint8_t kFragNeeded = 4;

struct Sender {
  Bench bench;
  Recorder client;

  Sender() { bench.node.bind({testing::kUdp, 5000}, client); }

  SendResult send(std::size_t size, bool df = true, Instant now = kNow) {
    Outbox out;
    const Outgoing what{.destination = kServer, .dont_fragment = df, .now = now};
    const SendResult result = bench.node.send_udp(what, 5000, 9, counting(size - 28), out);
    bench.collect(out);
    return result;
  }
  Verdict told(std::uint16_t mtu) {
    const Wire probe = bench.sent().front().packet;
    return bench.receive(ip().src("10.0.2.2").dst("10.0.2.1") / icmp(3, kFragNeeded, mtu, probe),
                         1);
  }
};

TEST(PathMtuDiscovery, RefusesWhatIsLargerThanThePath) {
  Sender sender;
  ASSERT_TRUE(sender.send(1500));
  EXPECT_EQ(sender.told(1400), kDelivered);
  EXPECT_EQ(sender.bench.node.path_mtu(kServer, kNow), 1400);
  EXPECT_EQ(sender.send(1401), SendResult{std::unexpected(SendFault::too_big)});
  EXPECT_TRUE(sender.send(1400));
}

TEST(PathMtuDiscovery, FragmentsToThePathWithoutDf) {
  Sender sender;
  ASSERT_TRUE(sender.send(1500));
  EXPECT_EQ(sender.told(1400), kDelivered);
  EXPECT_TRUE(sender.send(1500, false));
  ASSERT_THAT(sender.bench.sent(), SizeIs(2));
  EXPECT_THAT(sender.bench.sent()[0].packet, SizeIs(1396));
}

TEST(PathMtuDiscovery, BeginsAnewAfterTenMinutes) {
  Sender sender;
  ASSERT_TRUE(sender.send(1500));
  EXPECT_EQ(sender.told(1400), kDelivered);
  EXPECT_FALSE(sender.send(1500, true, kNow + minutes{9}));
  EXPECT_TRUE(sender.send(1500, true, kNow + minutes{10}));
}

TEST(PathMtuDiscovery, IsNotTriedAgainSoonAfterAProbeFailed) {
  // RFC 1191 section 3: MUST NOT within 5 minutes. The probe is sent whatever the estimate.
  Sender sender;
  ASSERT_TRUE(sender.send(1500));
  const Wire probe = sender.bench.sent().front().packet;
  EXPECT_EQ(sender.told(1400), kDelivered);
  sender.bench.now = kNow + minutes{9};
  EXPECT_EQ(sender.bench.receive(
                ip().src("10.0.2.2").dst("10.0.2.1") / icmp(3, kFragNeeded, 1400, probe), 1),
            kDelivered);
  EXPECT_FALSE(sender.send(1500, true, kNow + minutes{13}));
  EXPECT_TRUE(sender.send(1500, true, kNow + minutes{14}));
}

TEST(PathMtuDiscovery, LearnsOfPathsThatOnlyATosHas) {
  Bench bench;
  Recorder client;
  bench.node.bind({testing::kUdp, 5000}, client);
  bench.node.add_route(
      {.to = *Prefix::parse("198.18.7.0/24"), .out = 1, .via = Ipv4Address{10, 0, 2, 2}, .tos = 8});
  const Wire probe =
      ip().src("10.0.2.1").dst("198.18.7.9").tos(0x10).df() / testing::udp(5000, 9, counting(1472));
  EXPECT_EQ(
      bench.receive(ip().src("10.0.2.2").dst("10.0.2.1") / icmp(3, kFragNeeded, 1400, probe), 1),
      kDelivered);
  Outbox out;
  const Outgoing what{
      .destination = Ipv4Address{198, 18, 7, 9}, .tos = 0x10, .dont_fragment = true, .now = kNow};
  EXPECT_EQ(bench.node.send_udp(what, 5000, 9, counting(1472), out),
            SendResult{std::unexpected(SendFault::too_big)});
}

TEST(PathMtuDiscovery, SearchesPlateausWhenNoMtuIsTold) {
  Sender sender;
  ASSERT_TRUE(sender.send(1400));
  EXPECT_EQ(sender.told(0), kDelivered);
  EXPECT_EQ(sender.bench.node.path_mtu(kServer, kNow), 1006);
}

TEST(PathMtuDiscovery, DoesNotBelieveWhatTheEndpointDoesNot) {
  // RFC 5927 section 7: a forged frag-needed would slow us down.
  Sender sender;
  ASSERT_TRUE(sender.send(1500));
  sender.client.believes = false;
  EXPECT_EQ(sender.told(68), dropped(DropReason::icmp_not_ours));
  EXPECT_EQ(sender.bench.node.path_mtu(kServer, kNow), 1500);
}

TEST(PathMtuDiscovery, DoesNotBelieveWhatIsAboutAPacketThatCouldBeFragmented) {
  Sender sender;
  ASSERT_TRUE(sender.send(1500, false));
  EXPECT_EQ(sender.told(1400), kDelivered);
  EXPECT_EQ(sender.bench.node.path_mtu(kServer, kNow), 1500);
}

TEST(PathMtuDiscovery, LearnsNothingForNobody) {
  // What nobody here sent changes nothing that can be seen from outside (CVE-2021-20322).
  Sender sender;
  ASSERT_TRUE(sender.send(1500));
  sender.bench.node.unbind({testing::kUdp, 5000});
  EXPECT_EQ(sender.told(1400), dropped(DropReason::icmp_no_endpoint));
  EXPECT_EQ(sender.bench.node.path_mtu(kServer, kNow), 1500);
}

TEST(PathMtu, IsThatOfTheFirstHopWhileNothingIsKnown) {
  Bench bench;
  EXPECT_EQ(bench.node.path_mtu(Ipv4Address{198, 51, 100, 9}, kNow), 600);
  EXPECT_EQ(bench.node.path_mtu(Ipv4Address{8, 8, 8, 8}, kNow), std::nullopt);
}

TEST(ErrorAboutAGroup, IsNotBelieved) {
  // RFC 1122 section 3.2.2: nobody may send one.
  for (const auto* group : {"224.0.0.9", "255.255.255.255", "10.0.2.255"}) {
    Sender sender;
    const Wire quote = ip().src("10.0.2.1").dst(group) / testing::udp(5000, 9);
    const Verdict verdict =
        sender.bench.receive(ip().src("10.0.2.2").dst("10.0.2.1") / icmp(3, 3, 0, quote), 1);
    EXPECT_EQ(verdict, dropped(DropReason::icmp_bad_quote)) << group;
    EXPECT_THAT(sender.client.errors, IsEmpty());
  }
}

}  // namespace
}  // namespace hop
