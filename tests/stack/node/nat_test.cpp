// What a NAT makes of packets that go through (RFC 3022), but for ICMP errors.

#include <gmock/gmock.h>

#include "tests/stack/base/row_name.hpp"
#include "tests/stack/node/nat_bench.hpp"
#include "tests/support/hex_literal.hpp"
#include "tests/support/matchers.hpp"

namespace hop {
namespace {

using ::testing::AllOf;
using testing::Dst;
using testing::icmp_echo;
using testing::icmp_echo_reply;
using testing::IcmpIs;
using testing::ip;
using ::testing::IsEmpty;
using testing::kAck;
using testing::kSyn;
using testing::Quotes;
using testing::raw;
using testing::Src;
using testing::tcp;
using testing::udp;
using testing::ValidChecksums;
using namespace testing::literals;

// Another host inside, behind the same interface.
testing::Ip from_neighbour() { return ip().src("10.0.1.3").dst("192.0.2.9").id(0x2345); }

struct AlertTaker : RouterAlertListener {
  bool examine(const Received& packet, Node& /*node*/, Outbox& /*out*/) override {
    taken = Wire{packet.ip.bytes()};
    return true;
  }
  Wire taken;
};

TEST(NatOutward, TranslatesAddressAndPortAndBothChecksumsRfc3022Section4_1) {
  NatBench bench{{.ports = {6000, 6000}, .assignment = PortAssignment::sequential}};
  EXPECT_EQ(bench.receive("4500 001e 1234 0000 4011 9b90 0a00 0102 c000 0209"
                          "1389 0035 000a b6a7 6869"_bytes),
            kForwarded);
  EXPECT_EQ(bench.answer(), Wire("4500 001e 1234 0000 3f11 9b91 0a00 0201 c000 0209"
                                 "1770 0035 000a b1c1 6869"_bytes));
}

TEST(NatOutward, KeepsAUdpChecksumOfZeroRfc768) {
  NatBench bench;
  EXPECT_EQ(bench.receive(transit() / udp(5000, 53, "hi").checksum(0)), kForwarded);
  EXPECT_EQ(bench.answer(),
            Wire{transit().src("10.0.2.1").ttl(63) / udp(5000, 53, "hi").checksum(0)});
}

TEST(NatOutward, SendsAUdpChecksumThatComesOutAsZeroAsAllOnesRfc768) {
  NatBench bench;
  constexpr auto kData = "1e13"_bytes;
  EXPECT_EQ(bench.receive(transit() / udp(5000, 53, kData)), kForwarded);
  EXPECT_EQ(bench.answer(),
            Wire{transit().src("10.0.2.1").ttl(63) / udp(5000, 53, kData).checksum(0xffff)});
}

TEST(NatOutward, MakesAWrongChecksumNotRight) {
  NatBench bench;
  EXPECT_EQ(bench.receive(transit() / tcp({.sport = 5000, .dport = 80}).checksum(1)), kForwarded);
  EXPECT_THAT(bench.answer(), ::testing::Not(ValidChecksums()));
}

TEST(NatOutward, TranslatesTheIdentifierOfAQuery) {
  NatBench bench{{.ports = {6000, 6001}, .assignment = PortAssignment::sequential}};
  EXPECT_EQ(bench.receive(transit() / icmp_echo({.id = 7, .seq = 9}, "abc")), kForwarded);
  EXPECT_EQ(bench.answer(),
            Wire{transit().src("10.0.2.1").ttl(63) / icmp_echo({.id = 6000, .seq = 9}, "abc")});
  EXPECT_EQ(bench.from_outside(inward() / icmp_echo_reply({.id = 6000, .seq = 9}, "abc")),
            kForwarded);
  EXPECT_EQ(bench.answer(),
            Wire{inward().dst("10.0.1.2").ttl(63) / icmp_echo_reply({.id = 7, .seq = 9}, "abc")});
}

// The checksum of a message that becomes all zeros is 0xffff: with 0 it would be taken for damaged.
TEST(NatInward, KeepsAReplyOfZerosRightRfc1624Section3) {
  NatBench bench{{.ports = {6000, 6001}, .assignment = PortAssignment::sequential}};
  const std::vector<std::byte> zeros(4);
  EXPECT_EQ(bench.receive(transit() / icmp_echo({.id = 0, .seq = 0}, zeros)), kForwarded);
  EXPECT_EQ(bench.from_outside(inward() / icmp_echo_reply({.id = 6000, .seq = 0}, zeros)),
            kForwarded);
  EXPECT_EQ(bench.answer(),
            Wire{inward().dst("10.0.1.2").ttl(63) / icmp_echo_reply({.id = 0, .seq = 0}, zeros)});
}

TEST(NatOutward, TranslatesTheAddressAloneOfOtherProtocols) {
  NatBench bench;
  EXPECT_EQ(bench.receive(transit() / raw("abcdefgh")), kForwarded);
  EXPECT_EQ(bench.answer(), Wire{transit().src("10.0.2.1").ttl(63) / raw("abcdefgh")});
  EXPECT_EQ(bench.from_outside(inward() / raw("xyz")), kForwarded);
  EXPECT_EQ(bench.answer(), Wire{inward().dst("10.0.1.2").ttl(63) / raw("xyz")});
}

TEST(NatOutward, HasTheAddressOfTheInterfaceItLeavesBy) {
  NatBench bench;
  EXPECT_EQ(bench.receive(transit().dst("198.51.100.7") / udp(5000, 53)), kForwarded);
  EXPECT_THAT(bench.answer(), AllOf(Src("10.0.3.1"), ValidChecksums()));
}

TEST(NatOutward, MayHaveAnotherAddress) {
  NatBench bench{{.address = Ipv4Address{203, 0, 113, 77}}};
  EXPECT_EQ(bench.receive(transit() / udp(5000, 53)), kForwarded);
  EXPECT_THAT(bench.answer(), Src("203.0.113.77"));
  EXPECT_EQ(bench.from_outside(inward().dst("203.0.113.77") / udp(53, 5000)), kForwarded);
  EXPECT_THAT(bench.answer(), Dst("10.0.1.2"));
}

// Against RFC 6864 section 5.3.1; but see the README.
TEST(NatOutward, KeepsTheIdentificationAsErrorsQuoteIt) {
  NatBench bench;
  for (const std::uint16_t id : std::initializer_list<std::uint16_t>{0, 1, 0x8765}) {
    EXPECT_EQ(bench.receive(transit().id(id) / udp(5000, 53)), kForwarded);
    EXPECT_EQ(bench.answer(), Wire{transit().id(id).src("10.0.2.1").ttl(63) / udp(5000, 53)});
  }
}

TEST(NatOutward, KeepsTwoHostsApart) {
  NatBench bench{{.ports = {6000, 6001}, .assignment = PortAssignment::sequential}};
  EXPECT_EQ(bench.receive(transit() / udp(5000, 53)), kForwarded);
  EXPECT_EQ(bench.receive(from_neighbour() / udp(5000, 53)), kForwarded);
  EXPECT_EQ(bench.from_outside(inward() / udp(53, 6001)), kForwarded);
  EXPECT_THAT(bench.answer(), Dst("10.0.1.3"));
  EXPECT_EQ(bench.from_outside(inward() / udp(53, 6000)), kForwarded);
  EXPECT_THAT(bench.answer(), Dst("10.0.1.2"));
}

TEST(NatOutward, LeavesAReplyToNobodyUntold) {
  NatBench bench;
  EXPECT_EQ(bench.receive(transit() / icmp_echo_reply({.id = 7})),
            dropped(DropReason::nat_no_mapping));
  EXPECT_THAT(bench.sent(), IsEmpty());
}

TEST(NatOutward, LeavesWhatStaysInsideAsItIs) {
  NatBench bench;
  EXPECT_EQ(bench.receive(transit().dst("203.0.113.9") / udp(5000, 53)), kForwarded);
  const auto sent = bench.sent_by(NatBench::kInside);
  ASSERT_FALSE(sent.empty());
  EXPECT_EQ(sent.back(), Wire{transit().dst("203.0.113.9").ttl(63) / udp(5000, 53)});
}

TEST(NatRefusal, TellsAdminProhibitedRfc5508Req8) {
  NatBench bench{{.ports = {6000, 6000}, .assignment = PortAssignment::sequential}};
  EXPECT_EQ(bench.receive(transit() / udp(5000, 53)), kForwarded);
  const Wire second = from_neighbour() / udp(5000, 53);
  EXPECT_EQ(bench.receive(second), dropped(DropReason::nat_exhausted));
  EXPECT_THAT(bench.answer(), AllOf(IcmpIs(3, 13), Quotes(second), Dst("10.0.1.3")));
  bench.expect_counted(dropped(DropReason::nat_exhausted));
}

TEST(NatRefusal, TellsAdminProhibitedWhereTheTableIsFullRfc5508Req8) {
  NatBench bench{{.limit = 1}};
  EXPECT_EQ(bench.receive(transit() / udp(5000, 53)), kForwarded);
  const Wire second = transit() / udp(5000, 54);
  EXPECT_EQ(bench.receive(second), dropped(DropReason::nat_table_full));
  EXPECT_THAT(bench.answer(), AllOf(IcmpIs(3, 13), Quotes(second)));
}

TEST(NatInward, TranslatesTheDestinationOfATcpSegment) {
  NatBench bench{{.ports = {6000, 6000}, .assignment = PortAssignment::sequential}};
  EXPECT_EQ(bench.receive(transit() / testing::tcp_syn(5000, 80)), kForwarded);
  const testing::Tcp reply{.sport = 80, .dport = 6000, .seq = 1, .ack = 2, .flags = kSyn | kAck};
  EXPECT_EQ(bench.from_outside(inward() / tcp(reply)), kForwarded);
  testing::Tcp translated = reply;
  translated.dport = 5000;
  EXPECT_EQ(bench.answer(), Wire{inward().dst("10.0.1.2").ttl(63) / tcp(translated)});
}

TEST(NatInward, IsForTheNodeItselfWithoutASession) {
  NatBench bench;
  EXPECT_EQ(bench.from_outside(inward() / icmp_echo({.id = 7})), kAnswered);
  EXPECT_THAT(bench.answer(), AllOf(Src("10.0.2.1"), IcmpIs(0, 0)));
  EXPECT_EQ(bench.from_outside(inward() / udp(53, 5000)), dropped(DropReason::port_unreachable));
  EXPECT_EQ(bench.from_outside(inward() / testing::tcp_syn(53, 80)), kAnswered) << "with a reset";
}

TEST(NatInward, OfAQueryIsForTheNodeThoughTheIdentifierIsInUse) {
  NatBench bench{{.filtering = NatDependence::endpoint_independent}};
  EXPECT_EQ(bench.receive(transit() / icmp_echo({.id = 7})), kForwarded);
  EXPECT_EQ(bench.from_outside(inward() / icmp_echo({.id = 7})), kAnswered);
}

TEST(NatInward, IsFilteredWithoutAWord) {
  NatBench bench;
  EXPECT_EQ(bench.receive(transit() / udp(5000, 53)), kForwarded);
  const Wire stranger = inward().src("192.0.2.10") / udp(53, 5000);
  EXPECT_EQ(bench.from_outside(stranger), dropped(DropReason::nat_filtered));
  EXPECT_THAT(bench.sent(), IsEmpty());
  bench.expect_counted(dropped(DropReason::nat_filtered));
}

TEST(NatInward, ToAnAddressInsideIsFiltered) {
  NatBench bench;
  EXPECT_EQ(bench.from_outside(inward().dst("10.0.1.2") / udp(53, 5000)),
            dropped(DropReason::nat_filtered));
  EXPECT_THAT(bench.sent(), IsEmpty());
}

TEST(NatInward, EndsWithTheSession) {
  NatBench bench;
  EXPECT_EQ(bench.receive(transit() / udp(5000, 53)), kForwarded);
  bench.now += std::chrono::minutes{5};
  EXPECT_EQ(bench.from_outside(inward() / udp(53, 5000)), dropped(DropReason::port_unreachable));
}

TEST(NatInward, IsToldOfErrorsAsTheSenderKnowsThePacket) {
  NatBench bench;
  EXPECT_EQ(bench.receive(transit() / udp(5000, 53)), kForwarded);
  const Wire last = inward().ttl(1) / udp(53, 5000);
  EXPECT_EQ(bench.from_outside(last), dropped(DropReason::ttl_expired));
  EXPECT_THAT(bench.answer(), AllOf(IcmpIs(11, 0), Quotes(last), Dst("192.0.2.9")));
}

TEST(NatInward, GoesToAnInsideHostThatIsNotThereAndIsToldSo) {
  NatBench bench{{.forward = {{6, 80, {Ipv4Address{10, 0, 1, 99}, 8080}}}}};
  const Wire syn = inward() / testing::tcp_syn(999, 80);
  EXPECT_EQ(bench.from_outside(syn), dropped(DropReason::host_unreachable));
  EXPECT_THAT(bench.answer(), AllOf(IcmpIs(3, 1), Quotes(syn)));
}

TEST(NatInward, IsShownToTheListenerOfARouterAlertRfc2113) {
  NodeConfig config = nat_config({});
  config.options.set(OptionType::router_alert, OptionAction::process);
  NatBench bench;
  bench.node.reconfigure(config);
  ASSERT_EQ(bench.receive(transit() / udp(5000, 53)), kForwarded);
  AlertTaker taker;
  bench.node.listen_for_alerts(17, taker);
  const Wire alert = inward().options({148, 4, 0, 0}) / udp(53, 5000);
  EXPECT_EQ(bench.from_outside(alert), kDelivered);
  EXPECT_EQ(taker.taken, alert);
  EXPECT_EQ(bench.from_outside(inward() / udp(53, 5000)), kForwarded) << "without the option";
}

TEST(NatInward, PassesWithRecordsThatAreIgnored) {
  NodeConfig config = nat_config({});
  config.options.set(OptionType::record_route, OptionAction::ignore);
  NatBench bench;
  bench.node.reconfigure(config);
  ASSERT_EQ(bench.receive(transit() / udp(5000, 53)), kForwarded);
  const std::initializer_list<std::uint8_t> options = {7, 7, 4, 0, 0, 0, 0};
  ASSERT_EQ(bench.from_outside(inward().options(options) / udp(53, 5000)), kForwarded);
  EXPECT_EQ(bench.answer(),
            Wire{inward().dst("10.0.1.2").ttl(63).options(options) / udp(53, 5000)});
}

// RFC 1393 section 3.3: code 1 for what cannot be forwarded; the originator is 192.0.2.9.
TEST(NatInward, IsCountedAndToldOfByTheTracerouteOption) {
  NodeConfig config = nat_config({});
  config.options.set(OptionType::traceroute, OptionAction::process);
  NatBench bench;
  bench.node.reconfigure(config);
  ASSERT_EQ(bench.receive(transit() / udp(5000, 53)), kForwarded);
  const auto traced = [](std::uint8_t hops) {
    return inward().options({82, 12, 0, 7, 0, hops, 0xff, 0xff, 192, 0, 2, 9});
  };
  ASSERT_EQ(bench.from_outside(traced(3) / udp(53, 5000)), kForwarded);
  EXPECT_THAT(bench.sent_by(NatBench::kInside),
              ::testing::Contains(Wire{traced(4).dst("10.0.1.2").ttl(63) / udp(53, 5000)}));
  EXPECT_THAT(bench.sent_by(NatBench::kOutside), ::testing::Contains(IcmpIs(30, 0)));
  EXPECT_EQ(bench.from_outside(traced(3).ttl(1) / udp(53, 5000)), dropped(DropReason::ttl_expired));
  EXPECT_THAT(bench.sent_by(NatBench::kOutside), ::testing::Contains(IcmpIs(30, 1)));
  EXPECT_EQ(bench.from_outside(traced(3) / udp(53, 7)), dropped(DropReason::port_unreachable));
  EXPECT_THAT(bench.sent_by(NatBench::kOutside), ::testing::Not(::testing::Contains(IcmpIs(30, 1))))
      << "it has arrived";
}

TEST(NatForwardedPort, LeadsInsideAndBack) {
  NatBench bench{{.forward = {{6, 80, {Ipv4Address{10, 0, 1, 2}, 8080}}}}};
  const testing::Tcp syn{.sport = 999, .dport = 80, .seq = 1, .flags = kSyn};
  EXPECT_EQ(bench.from_outside(inward() / tcp(syn)), kForwarded);
  testing::Tcp inside = syn;
  inside.dport = 8080;
  EXPECT_EQ(bench.answer(), Wire{inward().dst("10.0.1.2").ttl(63) / tcp(inside)});
  EXPECT_EQ(bench.receive(transit() / tcp({.sport = 8080, .dport = 999, .flags = kSyn | kAck})),
            kForwarded);
  EXPECT_EQ(bench.answer(), Wire{transit().src("10.0.2.1").ttl(63) /
                                 tcp({.sport = 80, .dport = 999, .flags = kSyn | kAck})});
}

struct AskedCase {
  std::string_view name;
  NatPolicy policy;
  std::string_view asked;
  InterfaceIndex in;
};
class NatAskedAddress : public ::testing::TestWithParam<AskedCase> {};

// The way to the peer is by the first external link, whose address is 10.0.2.1.
TEST_P(NatAskedAddress, IsWhatAForwardAnswersFrom) {
  NatPolicy policy = GetParam().policy;
  policy.forward = {{6, 80, {Ipv4Address{10, 0, 1, 2}, 8080}}};
  NatBench bench{policy};
  ASSERT_EQ(
      bench.receive(inward().dst(GetParam().asked) / testing::tcp_syn(999, 80), GetParam().in),
      kForwarded);
  const Wire inside = bench.answer();
  EXPECT_THAT(inside, Dst("10.0.1.2"));
  ASSERT_EQ(bench.receive(ip().src("10.0.1.2").dst("192.0.2.9") / testing::icmp(3, 3, 0, inside)),
            kForwarded);
  EXPECT_THAT(bench.answer(), AllOf(IcmpIs(3, 3), Quotes(inward().dst(GetParam().asked).ttl(63) /
                                                         testing::tcp_syn(999, 80))));
  ASSERT_EQ(bench.receive(transit() / tcp({.sport = 8080, .dport = 999, .flags = kSyn | kAck})),
            kForwarded);
  EXPECT_EQ(bench.answer(), Wire{transit().src(GetParam().asked).ttl(63) /
                                 tcp({.sport = 80, .dport = 999, .flags = kSyn | kAck})});
}

INSTANTIATE_TEST_SUITE_P(
    Addresses, NatAskedAddress,
    ::testing::Values(
        AskedCase{"of_the_way_out", {}, "10.0.2.1", NatBench::kOutside},
        AskedCase{"of_another_link", {}, "10.0.3.1", NatBench::kNarrow},
        AskedCase{"of_another_link_than_shared",
                  {.address = Ipv4Address{203, 0, 113, 77}},
                  "10.0.2.1",
                  NatBench::kOutside},
        AskedCase{"shared", {.address = Ipv4Address{203, 0, 113, 77}}, "203.0.113.77", 1},
        AskedCase{"of_others_than_the_host_has",
                  {.one_to_one = {{Ipv4Address{10, 0, 1, 2}, Ipv4Address{10, 0, 2, 50}}}},
                  "10.0.2.1",
                  NatBench::kOutside}),
    kRowName);

TEST(NatAsked, IsAnsweredFromThereWhenTurnedRound) {
  NatBench bench{{.ports = {6000, 6000}, .forward = {{17, 80, {Ipv4Address{10, 0, 1, 3}, 8080}}}}};
  ASSERT_EQ(bench.receive(transit().dst("10.0.3.1") / udp(5000, 80)), kForwarded);
  EXPECT_THAT(bench.answer(), AllOf(Src("10.0.2.1"), Dst("10.0.1.3")));
  ASSERT_EQ(bench.receive(from_neighbour().dst("10.0.2.1") / udp(8080, 6000)), kForwarded);
  EXPECT_THAT(bench.answer(), AllOf(Src("10.0.3.1"), Dst("10.0.1.2")));
}

TEST(NatOneToOne, TranslatesAddressesAndNothingElse) {
  const NatPair pair{Ipv4Address{10, 0, 1, 2}, Ipv4Address{10, 0, 2, 50}};
  NatBench bench{{.one_to_one = {pair}}};
  EXPECT_EQ(bench.receive(transit() / udp(5, 53, "hi")), kForwarded);
  EXPECT_EQ(bench.answer(), Wire{transit().src("10.0.2.50").ttl(63) / udp(5, 53, "hi")});
  const auto stranger = inward().src("192.0.2.77").dst("10.0.2.50");
  EXPECT_EQ(bench.from_outside(Wire{testing::Ip{stranger} / icmp_echo({.id = 3})}), kForwarded);
  EXPECT_EQ(bench.answer(),
            Wire{testing::Ip{stranger}.dst("10.0.1.2").ttl(63) / icmp_echo({.id = 3})});
  EXPECT_EQ(bench.receive(transit().dst("192.0.2.77") / icmp_echo_reply({.id = 3})), kForwarded);
  EXPECT_THAT(bench.answer(), AllOf(Src("10.0.2.50"), ValidChecksums()));
  EXPECT_EQ(bench.receive(from_neighbour() / udp(5, 53)), kForwarded);
  EXPECT_THAT(bench.answer(), Src("10.0.2.1")) << "who has no address of its own shares";
}

TEST(NatHairpin, HasTheExternalSourceRfc4787Req9a) {
  NatBench bench{{.filtering = NatDependence::endpoint_independent,
                  .ports = {6000, 6009},
                  .assignment = PortAssignment::sequential}};
  EXPECT_EQ(bench.receive(from_neighbour() / udp(5000, 53)), kForwarded);
  EXPECT_EQ(bench.receive(transit().dst("10.0.2.1") / udp(4000, 6000, "hi")), kForwarded);
  EXPECT_EQ(bench.answer(),
            Wire{transit().src("10.0.2.1").dst("10.0.1.3").ttl(63) / udp(6001, 5000, "hi")})
      << "and no redirect";
  EXPECT_EQ(bench.receive(from_neighbour().dst("10.0.2.1") / udp(5000, 6001, "ho")), kForwarded);
  EXPECT_EQ(bench.answer(),
            Wire{from_neighbour().src("10.0.2.1").dst("10.0.1.2").ttl(63) / udp(6000, 4000, "ho")});
}

TEST(NatHairpin, IsFilteredAsFromOutside) {
  NatBench bench{{.ports = {6000, 6009}, .assignment = PortAssignment::sequential}};
  EXPECT_EQ(bench.receive(from_neighbour() / udp(5000, 53)), kForwarded);
  EXPECT_EQ(bench.receive(transit().dst("10.0.2.1") / udp(4000, 6000)),
            dropped(DropReason::nat_filtered));
}

TEST(NatHairpin, MayBeLacking) {
  NatBench bench{{.hairpinning = false, .forward = {{17, 80, {Ipv4Address{10, 0, 1, 3}, 8080}}}}};
  EXPECT_EQ(bench.receive(transit().dst("10.0.2.1") / udp(4000, 80)),
            dropped(DropReason::port_unreachable));
}

TEST(NatFragments, GoOutAsOneDatagramInWhateverOrderTheyComeRfc4787Req14) {
  NatBench bench{{.ports = {6000, 6000}, .assignment = PortAssignment::sequential}};
  const auto pieces = testing::fragments(transit() / udp(5000, 53, counting(100)), {64});
  EXPECT_EQ(bench.receive(pieces[1]), kHeld);
  EXPECT_EQ(bench.receive(pieces[0]), kForwarded);
  EXPECT_EQ(bench.answer(), Wire{transit().src("10.0.2.1").ttl(63) / udp(6000, 53, counting(100))});
}

TEST(NatFragments, AreCutAgainForTheWayOutRfc4787Req13a) {
  NatBench bench;
  const auto big = transit().dst("198.51.100.7") / udp(5000, 53, counting(1000));
  EXPECT_EQ(bench.receive(big), kForwarded);
  const Wire whole =
      transit().src("10.0.3.1").dst("198.51.100.7").ttl(63) / udp(5000, 53, counting(1000));
  const auto pieces = testing::fragments(whole, {576});
  ASSERT_EQ(bench.sent().size(), 2U);
  EXPECT_EQ(bench.sent()[0].packet, pieces[0]);
  EXPECT_EQ(bench.sent()[1].packet, pieces[1]);
}

// By 198.51.100.7 is the link with MTU 600, by 192.0.2.9 one with 1500.
TEST(NatFragments, ThatMayNotBeCutGoOnAsLargeAsTheyCameRfc1812Section5_2_6) {
  for (const auto& [to, own] : {std::pair{"198.51.100.7", "10.0.3.1"}, {"192.0.2.9", "10.0.2.1"}}) {
    NatBench bench;
    const Wire sent = transit().dst(to).df() / udp(5000, 53, counting(1000));
    for (const Wire& piece : testing::fragments(sent, {576}))
      EXPECT_EQ(bench.receive(piece).why, DropReason::none);
    const Wire whole = transit().src(own).dst(to).df().ttl(63) / udp(5000, 53, counting(1000));
    const auto pieces = testing::fragments(whole, {576});
    ASSERT_EQ(bench.sent().size(), 2U) << to;
    EXPECT_EQ(bench.sent()[0].packet, pieces[0]);
    EXPECT_EQ(bench.sent()[1].packet, pieces[1]);
  }
}

TEST(NatFragments, ThatMayNotBeCutAreNoSmallerThanEveryLinkCarriesRfc791Section3_2) {
  NatBench bench;
  const Wire sent = transit().df() / udp(5000, 53, counting(100));
  for (const Wire& piece : testing::fragments(sent, {24, 24, 24, 24}))
    EXPECT_EQ(bench.receive(piece).why, DropReason::none);
  const Wire whole = transit().src("10.0.2.1").df().ttl(63) / udp(5000, 53, counting(100));
  const auto pieces = testing::fragments(whole, {48, 48});
  ASSERT_EQ(bench.sent().size(), 3U);
  for (std::size_t i = 0; i < 3; ++i) EXPECT_EQ(bench.sent()[i].packet, pieces[i]);
}

TEST(NatFragments, ThatMayNotBeCutAndDoNotFitAreToldTheMtuRfc4787Req13) {
  NatBench bench;
  const Wire sent = transit().dst("198.51.100.7").df() / udp(5000, 53, counting(1000));
  const auto pieces = testing::fragments(sent, {680});
  EXPECT_EQ(bench.receive(pieces[0]), dropped(DropReason::frag_needed)) << "at once";
  EXPECT_THAT(bench.answer(), AllOf(IcmpIs(3, 4), testing::RestOfHeader(600U), Dst("10.0.1.2"),
                                    Quotes(pieces[0].truncated(testing::kMostQuoted))));
}

TEST(NatFragments, ThatComeInAndMayNotBeCutAreToldTheMtuWhenTheyAreTogether) {
  NatBench bench{{.forward = {{17, 80, {Ipv4Address{10, 0, 1, 2}, 8080}}}}};
  bench.node.interfaces()[NatBench::kInside].mtu = 600;
  const auto pieces = testing::fragments(inward().df() / udp(53, 80, counting(1000)), {680});
  EXPECT_EQ(bench.from_outside(pieces[0]), kHeld);
  EXPECT_EQ(bench.from_outside(pieces[1]), dropped(DropReason::frag_needed));
  EXPECT_THAT(bench.answer(), AllOf(IcmpIs(3, 4), testing::RestOfHeader(600U), Dst("192.0.2.9")));
}

TEST(NatFragments, ComeInAsOneDatagram) {
  NatBench bench;
  EXPECT_EQ(bench.receive(transit() / udp(5000, 53)), kForwarded);
  const auto pieces = testing::fragments(inward() / udp(53, 5000, counting(100)), {64});
  EXPECT_EQ(bench.from_outside(pieces[1]), kHeld);
  EXPECT_EQ(bench.from_outside(pieces[0]), kForwarded);
  EXPECT_EQ(bench.answer(), Wire{inward().dst("10.0.1.2").ttl(63) / udp(53, 5000, counting(100))});
}

TEST(NatFragments, ForTheNodeItselfAreDeliveredThere) {
  NatBench bench;
  const auto pieces = testing::fragments(inward() / icmp_echo({.id = 7}, counting(100)), {64});
  EXPECT_EQ(bench.from_outside(pieces[1]), kHeld);
  EXPECT_EQ(bench.from_outside(pieces[0]), kAnswered);
}

TEST(NatFragments, ThatDoNotAllComeAreGivenUpWithoutAWord) {
  NatBench bench;
  const auto pieces = testing::fragments(transit() / udp(5000, 53, counting(100)), {64});
  EXPECT_EQ(bench.receive(pieces[0]), kHeld);
  bench.expire(kNow + std::chrono::minutes{2});
  EXPECT_THAT(bench.sent(), IsEmpty());
}

TEST(NatSwitch, CanBeTurnedOffAndOn) {
  NatBench bench;
  bench.node.reconfigure(router_config());
  EXPECT_EQ(bench.receive(transit() / udp(5000, 53)), kForwarded);
  EXPECT_THAT(bench.answer(), Src("10.0.1.2"));
  bench.node.reconfigure(nat_config({}));
  EXPECT_EQ(bench.receive(transit() / udp(5000, 53)), kForwarded);
  EXPECT_THAT(bench.answer(), Src("10.0.2.1"));
}

TEST(NatSwitch, LeavesMappingsAloneWhereNothingOfThemChanges) {
  NatBench bench;
  EXPECT_EQ(bench.receive(transit() / udp(5000, 53)), kForwarded);
  NodeConfig config = nat_config({.errors = NatErrors::drop});
  config.icmp.ttl = 99;
  bench.node.reconfigure(config);
  EXPECT_EQ(bench.from_outside(inward() / udp(53, 5000)), kForwarded);
}

}  // namespace
}  // namespace hop
