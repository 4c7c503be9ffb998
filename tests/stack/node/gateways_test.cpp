// The gateways of a host: several defaults, and one that is dead (RFC 1122 section 3.3.1).

#include <gmock/gmock.h>

#include <optional>
#include <ostream>

#include "tests/stack/node/bench.hpp"
#include "tests/support/decode.hpp"
#include "tests/support/matchers.hpp"

namespace hop {
namespace {

using std::chrono::seconds;
using ::testing::AllOf;
using testing::Dst;
using testing::icmp_echo_reply;
using testing::IcmpIs;
using testing::ip;
using ::testing::IsEmpty;
using ::testing::SizeIs;
using testing::Src;

constexpr Ipv4Address kServer{192, 0, 2, 9};
constexpr Instant kDoubt = kNow + GatewayWatch::kTrust;

/// A host 10.0.1.2/24 with the gateways 10.0.1.5, preferred, and 10.0.1.6.
class TwoGateways : public ::testing::Test {
 protected:
  TwoGateways() : node(host_config(), pool, Random{1}) {
    link.add(Ipv4Address{10, 0, 1, 2}, 2);
    link.add(Ipv4Address{10, 0, 1, 5}, 5);
    link.add(Ipv4Address{10, 0, 1, 6}, 6);
    node.add_interface(
        {.address = {Ipv4Address{10, 0, 1, 2}, 24}, .neighbours = &link, .queue = {}});
    give(6, 0);
    give(5, 1);
  }
  void give(std::uint8_t gateway, std::int32_t preference) {
    node.add_route({.to = Prefix{}, .out = 0, .via = Ipv4Address{10, 0, 1, gateway}}, preference);
  }

  /// Sends to the server; to whom it went first, or nobody.
  std::optional<LinkAddress> send(Instant at) {
    Outbox out;
    if (!node.send_udp({.destination = kServer, .now = at}, 5000, 9, {}, out)) return std::nullopt;
    return out.empty() ? std::nullopt : std::optional{out.front().to};
  }
  /// What the node does by itself at its next deadline.
  std::vector<Sent> next() {
    Outbox out;
    node.expire(node.next_deadline().value(), out);
    std::vector<Sent> sent;
    for (const Emit& emit : out) {
      sent.push_back({.packet = Wire{emit.packet.bytes()}, .out = emit.out, .to = emit.to});
    }
    return sent;
  }
  Verdict receive(Bytes packet, Instant at) {
    Outbox out;
    return node.receive(pool.copy_of(packet), {.in = 0, .from = 5, .now = at}, out);
  }
  /// Lets the preferred gateway be asked in vain from kDoubt on.
  void lose_the_first() {
    for (int i = 0; i < 3; ++i) EXPECT_THAT(next(), SizeIs(1));
    EXPECT_THAT(next(), IsEmpty());
  }

  PacketPool pool;
  Neighbours link;
  Node node;
};

TEST_F(TwoGateways, TheMorePreferredIsTaken) {
  EXPECT_EQ(send(kNow), 5);
  EXPECT_EQ(node.next_deadline(), std::nullopt);
}

TEST_F(TwoGateways, OneThatIsNotOnTheLinkIsPassedOver) {
  // Section 3.3.1.4: "Failure to ARP [...] may be used as negative advice".
  give(7, 9);
  EXPECT_EQ(send(kNow), 5);
}

TEST_F(TwoGateways, ADeadOneIsNoticedAndAnotherTaken) {
  EXPECT_EQ(send(kNow), 5);
  EXPECT_EQ(send(kDoubt), 5);
  EXPECT_EQ(node.next_deadline(), kDoubt);
  const std::vector<Sent> request = next();
  ASSERT_THAT(request, SizeIs(1));
  EXPECT_EQ(request[0].to, 5);
  EXPECT_THAT(request[0].packet, AllOf(IcmpIs(8, 0), Src("10.0.1.2"), Dst("10.0.1.5")));
  EXPECT_EQ(send(kDoubt), 5) << "it is not dead yet";
  EXPECT_THAT(next(), SizeIs(1));
  EXPECT_THAT(next(), SizeIs(1));
  EXPECT_THAT(next(), IsEmpty());
  EXPECT_EQ(send(kDoubt + seconds{3}), 6);
  EXPECT_EQ(node.counters().icmp_out(IcmpType::echo), 3U);
}

TEST_F(TwoGateways, OneThatAnswersStays) {
  EXPECT_EQ(send(kNow), 5);
  EXPECT_EQ(send(kDoubt), 5);
  const std::vector<Sent> request = next();
  ASSERT_THAT(request, SizeIs(1));
  const std::vector<std::byte> echo = payload_of(request[0].packet);
  const std::uint16_t identifier = load_be<std::uint16_t>(echo, 4);
  const std::uint16_t sequence = load_be<std::uint16_t>(echo, 6);
  const Wire reply =
      ip().src("10.0.1.5").dst("10.0.1.2") / testing::icmp(0, 0, identifier << 16U | sequence);
  EXPECT_EQ(receive(reply, kDoubt), kDelivered);
  EXPECT_EQ(node.next_deadline(), std::nullopt);
  EXPECT_EQ(send(kDoubt + seconds{3}), 5);
}

TEST_F(TwoGateways, NewsFromAboveSaveTheQuestion) {
  EXPECT_EQ(send(kNow), 5);
  node.advise(kServer, WayAdvice::works, kDoubt - seconds{1});
  EXPECT_EQ(send(kDoubt), 5);
  EXPECT_EQ(node.next_deadline(), std::nullopt);
  node.advise(kServer, WayAdvice::fails, kDoubt);
  EXPECT_EQ(node.next_deadline(), std::nullopt) << "it is asked when something is sent";
  EXPECT_EQ(send(kDoubt), 5);
  EXPECT_EQ(node.next_deadline(), kDoubt);
}

TEST_F(TwoGateways, TheDeadOneComesBackWhenItAnswers) {
  send(kNow);
  send(kDoubt);
  lose_the_first();
  const Instant later = kDoubt + seconds{3} + GatewayWatch::kRevival;
  EXPECT_EQ(send(later), 6);
  const std::vector<Sent> request = next();
  ASSERT_THAT(request, SizeIs(1));
  EXPECT_EQ(request[0].to, 5);
  const std::vector<std::byte> echo = payload_of(request[0].packet);
  const Wire reply =
      ip().src("10.0.1.5").dst("10.0.1.2") / testing::icmp(0, 0, load_be<std::uint32_t>(echo, 4));
  EXPECT_EQ(receive(reply, later), kDelivered);
  EXPECT_EQ(send(later), 5);
}

TEST_F(TwoGateways, WhereAllAreDeadTheMostPreferredIsTaken) {
  // Worse than now it cannot get.
  send(kNow);
  send(kDoubt);
  lose_the_first();
  const Instant second = kDoubt + seconds{3};
  EXPECT_EQ(send(second), 6);
  EXPECT_EQ(send(second + GatewayWatch::kTrust), 6);
  for (int i = 0; i < 3; ++i) EXPECT_THAT(next(), SizeIs(1));
  EXPECT_THAT(next(), IsEmpty());
  EXPECT_EQ(send(second + GatewayWatch::kTrust + seconds{3}), 5);
}

TEST_F(TwoGateways, AreNotAskedByWhatGoesElsewhere) {
  node.add_route({.to = *Prefix::parse("192.0.2.0/24"), .out = 0, .via = Ipv4Address{10, 0, 1, 6}});
  EXPECT_EQ(send(kNow), 6);
  EXPECT_EQ(send(kDoubt), 6);
  EXPECT_EQ(node.next_deadline(), std::nullopt);
}

TEST(OneGateway, IsNotAskedAsNoOtherCouldStandIn) {
  Bench bench{host_config()};
  Outbox out;
  for (const Instant at : {kNow, kDoubt}) {
    EXPECT_TRUE(bench.node.send_udp({.destination = kServer, .now = at}, 5000, 9, {}, out));
  }
  EXPECT_EQ(bench.node.next_deadline(), std::nullopt);
}

TEST(RedirectedGateway, ThatIsDeadGivesWayToTheDefault) {
  // Section 3.3.1.5: "the IP layer can immediately switch to a default gateway".
  Bench bench{host_config()};
  const auto send = [&](Instant at) {
    Outbox out;
    EXPECT_TRUE(bench.node.send_udp({.destination = kServer, .now = at}, 5000, 9, {}, out));
    return out.front().to;
  };
  const Wire quote = ip().src("10.0.1.2").dst("192.0.2.9") / testing::udp(5000, 9);
  EXPECT_EQ(bench.receive(ip().src("10.0.1.1").dst("10.0.1.2") /
                          testing::icmp(5, 1, testing::address_of("10.0.1.3"), quote)),
            kDelivered);
  EXPECT_EQ(send(kNow), 2);
  EXPECT_EQ(send(kDoubt), 2);
  for (int i = 0; i < 3; ++i) {
    bench.expire(bench.node.next_deadline().value());
    ASSERT_THAT(bench.sent(), SizeIs(1));
    EXPECT_THAT(bench.sent()[0].packet, AllOf(IcmpIs(8, 0), Dst("10.0.1.3")));
  }
  bench.expire(bench.node.next_deadline().value());
  const Instant lost = kDoubt + seconds{3};
  EXPECT_EQ(send(lost), 1);
  // It is asked again as long as there is traffic for what stands in for it.
  EXPECT_EQ(bench.node.next_deadline(), std::nullopt);
  EXPECT_EQ(send(lost + GatewayWatch::kRevival - seconds{1}), 1);
  bench.expire(bench.node.next_deadline().value());  // about the gateway that stands in
  const Wire& about = bench.sent().at(0).packet;
  EXPECT_THAT(about, Dst("10.0.1.1"));
  EXPECT_EQ(send(lost + GatewayWatch::kRevival), 1);
  bench.expire(lost + GatewayWatch::kRevival);
  ASSERT_THAT(bench.sent(), SizeIs(2)) << "to both";
  EXPECT_THAT(bench.sent()[0].packet, AllOf(IcmpIs(8, 0), Dst("10.0.1.3")));
}

}  // namespace
}  // namespace hop
