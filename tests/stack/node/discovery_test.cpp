// Router discovery of a node (RFC 1256): what it sends, takes and refuses.

#include <gmock/gmock.h>

#include <array>
#include <ostream>
#include <string_view>

#include "tests/stack/node/bench.hpp"
#include "tests/support/decode.hpp"
#include "tests/support/matchers.hpp"

namespace hop {
namespace {

using std::chrono::seconds;
using ::testing::AllOf;
using testing::Dst;
using testing::icmp;
using testing::icmp_echo;
using testing::IcmpIs;
using ::testing::IsEmpty;
using testing::RestOfHeader;
using testing::Src;
using testing::Ttl;
using testing::ValidChecksums;

constexpr Arrival kArrival{.from = 1, .broadcast = true, .now = kNow};

DiscoveryPolicy discovery_on() { return {.on = true}; }

/// A node with one interface, 10.0.1.1/24 of a router or 10.0.1.2/24 of a host, that discovers.
class Lone {
 public:
  explicit Lone(NodeKind kind, const DiscoveryPolicy& policy = discovery_on(),
                std::vector<InterfaceAddress> secondary = {}, std::uint16_t mtu = 1500)
      : node_(config(kind), pool_, Random{1}) {
    for (std::uint8_t i = 1; i < 10; ++i) link_.add(Ipv4Address{10, 0, 1, i}, i);
    const std::uint8_t own = kind == NodeKind::router ? 1 : 2;
    node_.add_interface({.address = {Ipv4Address{10, 0, 1, own}, 24},
                         .mtu = mtu,
                         .neighbours = &link_,
                         .queue = {},
                         .discovery = policy,
                         .secondary = std::move(secondary)});
    node_.begin(kNow);
  }

  Verdict receive(Bytes packet, Instant now = kNow) {
    Outbox out;
    Arrival arrival = kArrival;
    arrival.now = now;
    arrival.broadcast = !testing::decode(packet)->is_fragment() && is_group(packet);
    const Verdict verdict = node_.receive(pool_.copy_of(packet), arrival, out);
    keep(out);
    return verdict;
  }
  /// Goes on to the next thing that is due; what was sent is in sent().
  Instant next() {
    const Instant at = node_.next_deadline().value();
    Outbox out;
    node_.expire(at, out);
    keep(out);
    return at;
  }
  [[nodiscard]] const std::vector<Sent>& sent() const { return sent_; }
  [[nodiscard]] Wire answer() const {
    EXPECT_EQ(sent_.size(), 1U);
    return sent_.size() == 1 ? sent_.front().packet : Wire{};
  }
  Node& node() { return node_; }

 private:
  static NodeConfig config(NodeKind kind) {
    return kind == NodeKind::router ? router_config() : host_config();
  }
  static bool is_group(Bytes packet) {
    const std::uint32_t to = testing::decode(packet)->dst;
    return to >> 28U >= 0xe || (to & 0xffU) == 0xff;
  }
  void keep(Outbox& out) {
    sent_.clear();
    for (Emit& emit : out) {
      sent_.push_back({Wire{Bytes{emit.packet.bytes()}}, emit.out, emit.to});
      node_.interfaces()[emit.out].queue.leave(emit.packet.size());
    }
  }

  PacketPool pool_;
  Neighbours link_;
  Node node_;
  std::vector<Sent> sent_;
};

std::vector<std::byte> bytes(std::initializer_list<int> values) {
  std::vector<std::byte> all;
  for (const int value : values) all.push_back(static_cast<std::byte>(value));
  return all;
}

/// One router with a preference, good for 1800 s.
Wire advertised(std::uint8_t host, int preference, std::string_view source = "10.0.1.1") {
  return testing::ip().src(source).dst("224.0.0.1").ttl(1) /
         icmp(9, 0, 0x01020708, bytes({10, 0, 1, host, 0, 0, 0, preference}));
}

Wire solicitation(std::string_view source = "10.0.1.2", std::string_view to = "224.0.0.2") {
  return testing::ip().src(source).dst(to).ttl(1) / icmp(10, 0);
}

/// What stands behind the ICMP header.
std::vector<std::byte> entries(const Wire& packet) {
  const auto message = payload_of(packet);
  return {message.begin() + 8, message.end()};
}

TEST(RouterAdvertisement, HasTheFieldsOfRfc1256Section3) {
  Lone router{NodeKind::router};
  EXPECT_EQ(router.next(), kNow + seconds{16});
  EXPECT_THAT(router.answer(), AllOf(IcmpIs(9, 0), Src("10.0.1.1"), Dst("224.0.0.1"), Ttl(1),
                                     RestOfHeader(0x01020708U), ValidChecksums()));
  EXPECT_THAT(entries(router.answer()), bytes({10, 0, 1, 1, 0, 0, 0, 0}));
  EXPECT_EQ(router.sent().front().to, kLinkBroadcast);
  EXPECT_EQ(router.node().counters().icmp_out(IcmpType::router_advertisement), 1U);
}

TEST(RouterAdvertisement, NamesAllAddressesThatAreAdvertised) {
  DiscoveryPolicy policy = discovery_on();
  policy.broadcast = true;
  policy.lifetime = seconds{9000};
  policy.addresses = {{Ipv4Address{10, 0, 1, 1}, std::nullopt}, {Ipv4Address{10, 9, 0, 1}, -1}};
  Lone router{
      NodeKind::router, policy, {{Ipv4Address{10, 8, 0, 1}, 24}, {Ipv4Address{10, 9, 0, 1}, 24}}};
  router.next();
  EXPECT_THAT(router.answer(),
              AllOf(IcmpIs(9, 0), Dst("255.255.255.255"), RestOfHeader(0x02022328U)));
  EXPECT_THAT(entries(router.answer()),
              bytes({10, 8, 0, 1, 0, 0, 0, 0, 10, 9, 0, 1, 255, 255, 255, 255}));
}

TEST(RouterAdvertisement, IsCutIntoMessagesThatFitTheLink) {
  // Section 4.3: (68 - 20 - 8) / 8 = 5 addresses in each.
  std::vector<InterfaceAddress> more;
  for (std::uint8_t i = 0; i < 7; ++i) more.push_back({Ipv4Address{10, 9, i, 1}, 24});
  Lone router{NodeKind::router, discovery_on(), more, 68};
  router.next();
  ASSERT_EQ(router.sent().size(), 2U);
  EXPECT_THAT(router.sent()[0].packet, RestOfHeader(0x05020708U));
  EXPECT_THAT(router.sent()[1].packet, RestOfHeader(0x03020708U));
}

TEST(RouterAdvertisement, IsNotSentByASilentNode) {
  NodeConfig config = router_config();
  config.icmp.silent.set(9);
  PacketPool pool;
  Neighbours link;
  Node node{config, pool, Random{1}};
  node.add_interface({.address = {Ipv4Address{10, 0, 1, 1}, 24},
                      .neighbours = &link,
                      .queue = {},
                      .discovery = discovery_on()});
  node.begin(kNow);
  Outbox out;
  node.expire(kNow + seconds{16}, out);
  EXPECT_TRUE(out.empty());
}

TEST(RouterAdvertisement, IsNotSentUnlessItIsOn) {
  Lone router{NodeKind::router, {}};
  EXPECT_EQ(router.node().next_deadline(), std::nullopt);
}

struct SolicitCase {
  std::string_view name;
  Wire packet;
  Verdict verdict;
};
std::ostream& operator<<(std::ostream& out, const SolicitCase& row) { return out << row.name; }
class RouterSolicitation : public ::testing::TestWithParam<SolicitCase> {};

TEST_P(RouterSolicitation, IsJudgedByRfc1256Section4_2) {
  Lone router{NodeKind::router};
  EXPECT_EQ(router.receive(GetParam().packet), GetParam().verdict);
  EXPECT_THAT(router.sent(), IsEmpty()) << "a multicast answer must be delayed";
  const Instant at = router.next();
  EXPECT_THAT(router.answer(), AllOf(IcmpIs(9, 0), Dst("224.0.0.1")));
  if (GetParam().verdict == kDelivered) {
    EXPECT_LE(at, kNow + seconds{2});
  } else {
    EXPECT_EQ(at, kNow + seconds{16}) << "the one that is due anyway";
  }
}

constexpr Verdict kInvalid = dropped(DropReason::router_discovery_invalid);
INSTANTIATE_TEST_SUITE_P(
    Table, RouterSolicitation,
    ::testing::Values(
        SolicitCase{"Neighbour", solicitation(), kDelivered},
        SolicitCase{"FromNowhere", solicitation("0.0.0.0"), kDelivered},
        SolicitCase{"FromNowhereToBroadcast", solicitation("0.0.0.0", "255.255.255.255"),
                    kDelivered},
        SolicitCase{"ToBroadcast", solicitation("10.0.1.2", "255.255.255.255"), kDelivered},
        SolicitCase{"ToUs", solicitation("10.0.1.2", "10.0.1.1"), kDelivered},
        SolicitCase{
            "ReservedAndMore",
            testing::ip().src("10.0.1.2").dst("224.0.0.2") / icmp(10, 0, 0xffffffff, "more"),
            kDelivered},
        SolicitCase{"NoNeighbour", solicitation("10.0.2.2"), kInvalid},
        SolicitCase{"Code", testing::ip().src("10.0.1.2").dst("224.0.0.2") / icmp(10, 1), kInvalid},
        SolicitCase{"Checksum",
                    testing::ip().src("10.0.1.2").dst("224.0.0.2") / icmp(10, 0).checksum(1),
                    dropped(DropReason::icmp_bad_checksum)},
        SolicitCase{"FromNowhereToUs", solicitation("0.0.0.0", "10.0.1.1"),
                    dropped(DropReason::source_zero_net)},
        SolicitCase{"EchoFromNowhere",
                    testing::ip().src("0.0.0.0").dst("224.0.0.2") / icmp_echo({}),
                    dropped(DropReason::source_zero_net)},
        SolicitCase{"ZeroNetIsNotNowhere", solicitation("0.0.0.1"),
                    dropped(DropReason::source_zero_net)},
        SolicitCase{"Advertisement", advertised(9, 0, "10.0.1.9"),
                    dropped(DropReason::icmp_not_answered)}),
    kCaseName);

TEST(RouterSolicitationAnswers, AreOneForSeveralSolicitations) {
  Lone router{NodeKind::router};
  for (int i = 0; i < 5; ++i) EXPECT_EQ(router.receive(solicitation()), kDelivered);
  EXPECT_LE(router.next(), kNow + seconds{2});
  EXPECT_EQ(router.sent().size(), 1U);
  EXPECT_GE(*router.node().next_deadline(), kNow + seconds{16}) << "the timer starts anew";
}

TEST(RouterDiscoveryOff, IgnoresBothMessages) {
  for (const NodeKind kind : {NodeKind::router, NodeKind::host}) {
    Lone node{kind, {}};
    EXPECT_EQ(node.receive(solicitation("10.0.1.3", "255.255.255.255")),
              dropped(DropReason::icmp_to_group));
    EXPECT_EQ(node.receive(advertised(3, 0, "10.0.1.3")), dropped(DropReason::icmp_to_group));
    EXPECT_EQ(node.receive(solicitation("0.0.0.0")).why, DropReason::source_zero_net);
  }
}

TEST(HostDiscovery, AsksThreeTimesForARouter) {
  // Sections 5.3 and 6.
  Lone host{NodeKind::host};
  const Instant first = host.next();
  EXPECT_LE(first, kNow + seconds{1});
  EXPECT_THAT(host.answer(), AllOf(IcmpIs(10, 0), Src("10.0.1.2"), Dst("224.0.0.2"), Ttl(1),
                                   RestOfHeader(0U), ValidChecksums()));
  EXPECT_EQ(host.next(), first + seconds{3});
  EXPECT_EQ(host.next(), first + seconds{6});
  EXPECT_EQ(host.node().next_deadline(), std::nullopt);
}

TEST(HostDiscovery, AsksByBroadcastWhereItIsTold) {
  Lone host{NodeKind::host, {.on = true, .broadcast = true}};
  host.next();
  EXPECT_THAT(host.answer(), AllOf(IcmpIs(10, 0), Dst("255.255.255.255")));
}

/// Where the host sends an answer to a host that it has no route to; nowhere if it cannot.
std::optional<LinkAddress> first_hop(Lone& host, Instant now) {
  const auto query = testing::ip().src("192.0.2.9").dst("10.0.1.2") / icmp_echo({});
  if (host.receive(query, now) != kAnswered) return std::nullopt;
  return host.sent().front().to;
}

TEST(HostDiscovery, LearnsTheMostPreferredRouterUntilItsTimeIsOver) {
  Lone host{NodeKind::host};
  EXPECT_EQ(first_hop(host, kNow), std::nullopt);
  EXPECT_EQ(host.receive(advertised(5, 1)), kDelivered);
  EXPECT_EQ(host.receive(advertised(6, 9), kNow + seconds{10}), kDelivered);
  EXPECT_EQ(first_hop(host, kNow + seconds{10}), 6);
  EXPECT_EQ(host.receive(advertised(5, 1), kNow + seconds{600}), kDelivered);
  EXPECT_EQ(first_hop(host, kNow + seconds{1810}), 5) << "the other one is not heard any more";
  EXPECT_EQ(first_hop(host, kNow + seconds{2400}), std::nullopt);
}

TEST(HostDiscovery, StopsAskingWhenARouterIsHeard) {
  Lone host{NodeKind::host};
  EXPECT_EQ(host.receive(advertised(5, 0)), kDelivered);
  EXPECT_EQ(host.node().next_deadline(), std::nullopt);
}

TEST(HostDiscovery, GoesOnAskingAfterRoutersThatAreNotForIt) {
  // Section 5.3: a neighbouring address whose preference level is other than hex 80000000.
  Lone host{NodeKind::host};
  EXPECT_EQ(host.receive(testing::ip().src("10.0.1.1").dst("224.0.0.1") /
                         icmp(9, 0, 0x02020708,
                              bytes({10, 0, 1, 5, 0x80, 0, 0, 0, 10, 0, 2, 5, 0, 0, 0, 9}))),
            kDelivered);
  EXPECT_TRUE(host.node().next_deadline().has_value());
  EXPECT_EQ(first_hop(host, kNow), std::nullopt);
}

TEST(HostDiscovery, PrefersAConfiguredDefaultRouteToEquals) {
  // RFC 1256 section 5.1: configured routers have the preference 0 by default.
  Lone host{NodeKind::host};
  host.node().add_route({.to = Prefix{}, .out = 0, .via = Ipv4Address{10, 0, 1, 1}});
  EXPECT_EQ(host.receive(advertised(5, 0)), kDelivered);
  EXPECT_EQ(first_hop(host, kNow), 1);
  EXPECT_EQ(host.receive(advertised(6, 1)), kDelivered);
  EXPECT_EQ(first_hop(host, kNow), 6);
}

TEST(HostDiscovery, KeepsThePreferenceOfAConfiguredRouter) {
  // Section 5.3: no change is made to it, whatever is advertised; nor is there a timer.
  Lone host{NodeKind::host};
  host.node().add_route({.to = Prefix{}, .out = 0, .via = Ipv4Address{10, 0, 1, 1}});
  EXPECT_EQ(host.receive(advertised(1, 9)), kDelivered);
  EXPECT_EQ(host.node().next_deadline(), std::nullopt) << "a router was heard";
  EXPECT_EQ(host.receive(advertised(6, 5)), kDelivered);
  EXPECT_EQ(first_hop(host, kNow), 6);
  EXPECT_EQ(first_hop(host, kNow + seconds{1800}), 1);
}

TEST(HostDiscovery, IgnoresAddressesThatCannotBeANeighbour) {
  // The broadcast address, the subnet's own and the host's.
  for (const std::uint8_t address : std::to_array<std::uint8_t>({255, 0, 2})) {
    Lone host{NodeKind::host};
    EXPECT_EQ(host.receive(advertised(address, 9)), kDelivered);
    EXPECT_TRUE(host.node().next_deadline().has_value()) << "it goes on asking";
    EXPECT_EQ(host.receive(advertised(5, 1)), kDelivered);
    EXPECT_EQ(first_hop(host, kNow), 5) << int{address};
  }
}

TEST(HostDiscovery, KeepsRoutesThatAreMoreThanADefault) {
  Lone host{NodeKind::host};
  host.node().add_route(
      {.to = *Prefix::parse("192.0.2.0/24"), .out = 0, .via = Ipv4Address{10, 0, 1, 1}});
  EXPECT_EQ(host.receive(advertised(5, 9)), kDelivered);
  EXPECT_EQ(first_hop(host, kNow), 1);
}

TEST(HostDiscovery, RefusesBrokenAdvertisementsAndSolicitations) {
  Lone host{NodeKind::host};
  EXPECT_EQ(host.receive(testing::ip().src("10.0.1.1").dst("224.0.0.1") / icmp(9, 0, 0x02020708)),
            kInvalid);
  EXPECT_EQ(host.receive(solicitation("10.0.1.3", "255.255.255.255")),
            dropped(DropReason::icmp_not_answered));
  EXPECT_EQ(host.receive(solicitation("10.0.1.3")), dropped(DropReason::group_not_joined));
  EXPECT_TRUE(host.node().next_deadline().has_value());
}

}  // namespace
}  // namespace hop
