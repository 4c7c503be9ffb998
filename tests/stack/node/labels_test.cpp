// Tunnels at one router: labels that are put on, swapped and taken off (RFC 3443), and errors about
// what is under them (RFC 4950).

#include <gmock/gmock.h>

#include <ostream>
#include <string_view>
#include <vector>

#include "tests/stack/node/bench.hpp"
#include "tests/support/decode.hpp"
#include "tests/support/hex_literal.hpp"
#include "tests/support/matchers.hpp"

namespace hop {
namespace {

using namespace testing::literals;
using ::testing::AllOf;
using testing::Dst;
using testing::icmp;
using testing::icmp_echo;
using testing::IcmpIs;
using testing::RestOfHeader;
using testing::Src;
using testing::udp;
using testing::ValidChecksums;
using Memory = std::vector<std::byte>;

template <std::size_t n>
Memory memory(const std::array<std::byte, n>& bytes) {
  return {bytes.begin(), bytes.end()};
}

/// A label of the bottom, with its TTL.
Memory label(std::uint32_t number, std::uint8_t ttl) {
  return {static_cast<std::byte>(number >> 12U), static_cast<std::byte>(number >> 4U),
          static_cast<std::byte>((number & 0xfU) << 4U | 1U), std::byte{ttl}};
}

constexpr TunnelPolicy kUniform{};
constexpr TunnelPolicy kPipe{.propagates_ttl = false};
constexpr Ipv4Address kNextRouter{10, 0, 2, 2};  // at interface 1
constexpr LabelHop kSwapTo300{.label = 300, .out = 1, .via = kNextRouter};
constexpr LabelHop kPop{.out = 1, .via = kNextRouter};

TunnelPolicy direct(TunnelPolicy policy) {
  policy.errors_along = false;
  return policy;
}

/// A router where a tunnel begins, to 192.168.0.0/16, by interface 1; label 200 is passed on as
/// 300, 201 is taken off before the end, and 202 is at its end.
struct Lsr : Bench {
  explicit Lsr(const TunnelPolicy& policy, const NodeConfig& config = router_config())
      : Bench(config) {
    const TunnelIndex tunnel = node.add_tunnel({.first = kSwapTo300, .policy = policy});
    node.add_route({.to = *Prefix::parse("192.168.0.0/16"),
                    .type = RouteType::tunnel,
                    .out = 1,
                    .via = kNextRouter,
                    .tunnel = tunnel});
    node.add_label_route(200, {.next = kSwapTo300, .policy = policy});
    node.add_label_route(201, {.next = kPop, .policy = policy});
    node.add_label_route(202, {.policy = policy});
  }
};

/// What comes in with a TTL, under a label with another or none, and what goes out.
struct TtlCase {
  std::string_view name;
  TunnelPolicy policy;
  std::uint32_t in;  // label; 0 for none
  std::uint8_t label_ttl, ttl;
  Memory out;  // labels
  std::uint8_t ttl_out;
};
std::ostream& operator<<(std::ostream& out, const TtlCase& row) { return out << row.name; }

class LabelTtl : public ::testing::TestWithParam<TtlCase> {};

TEST_P(LabelTtl, IsThatOfTheModel) {
  const TtlCase& row = GetParam();
  Lsr bench{row.policy};
  const bool begins = row.in == 0;
  const Wire packet = transit().dst(begins ? "192.168.0.1" : "192.0.2.9").ttl(row.ttl) / udp(1, 2);
  const Verdict verdict =
      begins ? bench.receive(packet) : bench.receive_labelled(label(row.in, row.label_ttl), packet);
  EXPECT_EQ(verdict, kForwarded);
  bench.expect_counted(kForwarded);
  ASSERT_EQ(bench.sent().size(), 1U);
  EXPECT_EQ(bench.sent()[0].packet, packet.with_ttl(row.ttl_out));
  EXPECT_EQ(bench.sent()[0].labels, row.out);
  EXPECT_EQ(bench.sent()[0].out, 1);
  EXPECT_EQ(bench.sent()[0].to, 1);
}

// The numbers of the figures: n comes in at the ingress (I), n-1 leaves it, and so on.
INSTANTIATE_TEST_SUITE_P(
    Rfc3443Section3_1, LabelTtl,
    ::testing::Values(TtlCase{"UniformPush", kUniform, 0, 0, 10, label(300, 9), 9},
                      TtlCase{"UniformSwap", kUniform, 200, 9, 77, label(300, 8), 77},
                      TtlCase{"UniformLastSwap", kUniform, 200, 2, 77, label(300, 1), 77},
                      TtlCase{"UniformPopAtThePenultimate", kUniform, 201, 9, 77, {}, 8},
                      TtlCase{"UniformPopAtTheEnd", kUniform, 202, 9, 77, {}, 8}),
    kCaseName);
INSTANTIATE_TEST_SUITE_P(
    Rfc3443Section3_2, LabelTtl,
    ::testing::Values(TtlCase{"PipePush", kPipe, 0, 0, 10, label(300, 255), 9},
                      TtlCase{"PipeSwap", kPipe, 200, 255, 9, label(300, 254), 9},
                      TtlCase{"PipePopAtThePenultimate", kPipe, 201, 254, 9, {}, 9},
                      TtlCase{"PipePopAtTheEnd", kPipe, 202, 254, 9, {}, 8},
                      TtlCase{"PipeOfTtlOne", kPipe, 200, 2, 1, label(300, 1), 1},
                      TtlCase{"PipeOfTtlOneAtThePenultimate", kPipe, 201, 2, 1, {}, 1},
                      TtlCase{"PipeOfAnotherTtl",
                              {.propagates_ttl = false, .label_ttl = 64},
                              0,
                              0,
                              2,
                              label(300, 64),
                              1}),
    kCaseName);

/// The objects behind the quote of an error, which says how long that is.
Memory objects_of(const Wire& error) {
  EXPECT_THAT(error, ValidChecksums());
  const auto icmp = testing::decode_icmp(error);
  const std::size_t field = (icmp->rest >> 16U & 0xffU) * 4;
  if (field == 0) return {};
  const Bytes structure = icmp->data.subspan(field);
  EXPECT_EQ(testing::internet_sum(structure), 0xffff);
  return {structure.begin() + 4, structure.end()};
}

Memory quote_of(const Wire& error, std::size_t size) {
  const Bytes data = testing::decode_icmp(error)->data.first(size);
  return {data.begin(), data.end()};
}

/// A label stack object (RFC 4950 section 5).
Memory object(const Memory& labels) {
  Memory bytes = memory("00 00 01 01"_bytes);
  bytes[1] = static_cast<std::byte>(4 + labels.size());
  bytes.insert(bytes.end(), labels.begin(), labels.end());
  return bytes;
}

struct ExpiryCase {
  std::string_view name;
  TunnelPolicy policy;
  std::uint32_t in;
  std::uint8_t label_ttl, ttl;
};
std::ostream& operator<<(std::ostream& out, const ExpiryCase& row) { return out << row.name; }

class LabelExpiry : public ::testing::TestWithParam<ExpiryCase> {};

// RFC 4950 section 1: the whole stack is removed, and the error is about the IP datagram. Its TTL
// in the quote is what it is under the label, which tells tracers of the tunnel.
TEST_P(LabelExpiry, QuotesThePacketAndTellsTheStackAsItArrived) {
  const ExpiryCase& row = GetParam();
  Lsr bench{direct(row.policy)};
  const Wire packet = transit().ttl(row.ttl) / udp(1, 2, "data");
  const Memory labels = label(row.in, row.label_ttl);
  EXPECT_EQ(bench.receive_labelled(labels, packet), dropped(DropReason::ttl_expired));
  bench.expect_counted(dropped(DropReason::ttl_expired));
  const Wire error = bench.answer();
  EXPECT_THAT(error, AllOf(IcmpIs(11, 0), Src("10.0.1.1"), Dst("10.0.1.2")));
  EXPECT_EQ(quote_of(error, packet.size()), Memory{packet});
  EXPECT_EQ(objects_of(error), object(labels));
}

INSTANTIATE_TEST_SUITE_P(Table, LabelExpiry,
                         ::testing::Values(ExpiryCase{"Uniform", kUniform, 200, 1, 3},
                                           ExpiryCase{"UniformZero", kUniform, 200, 0, 3},
                                           ExpiryCase{"UniformAtThePenultimate", kUniform, 201, 1,
                                                      4},
                                           ExpiryCase{"PipeLongerThanItsTtl", kPipe, 200, 1, 60},
                                           ExpiryCase{"PipeAtTheEnd", kPipe, 202, 253, 1}),
                         kCaseName);

// The pop came first, and with it the TTL of the label.
TEST(LabelExpiryAtTheEnd, OfTheUniformModelIsThatOfThePacket) {
  Lsr bench{direct(kUniform)};
  const Wire packet = transit().ttl(5) / udp(1, 2);
  EXPECT_EQ(bench.receive_labelled(label(202, 1), packet), dropped(DropReason::ttl_expired));
  EXPECT_EQ(quote_of(bench.answer(), packet.size()), Memory{packet.with_ttl(1)});
  EXPECT_EQ(objects_of(bench.answer()), object(label(202, 1)));
}

TEST(LabelsTold, AreNotIfTheTunnelDoesNot) {
  TunnelPolicy policy = direct(kUniform);
  policy.tells_labels = false;
  NodeConfig config = router_config();
  config.icmp.extensions.mpls = true;
  Lsr bench{policy, config};
  const Wire packet = transit().ttl(3) / udp(1, 2);
  EXPECT_EQ(bench.receive_labelled(label(200, 1), packet), dropped(DropReason::ttl_expired));
  EXPECT_THAT(bench.answer(), testing::Quotes(packet));
  EXPECT_EQ(objects_of(bench.answer()), Memory{});
}

TEST(LabelsTold, AreNotThoseOfThePacketBefore) {
  Lsr bench{direct(kUniform)};
  EXPECT_EQ(bench.receive_labelled(label(200, 1), transit() / udp(1, 2)).action, Action::dropped);
  EXPECT_EQ(bench.receive(transit().ttl(1) / udp(1, 2)).action, Action::dropped);
  EXPECT_EQ(objects_of(bench.answer()), Memory{});
}

TEST(LabelsTold, AreAllOfTheStack) {
  Lsr bench{direct(kUniform)};
  const auto stack = "00 0c 80 01 00 02 01 40"_bytes;  // 200 with a TTL of 1 over 32
  EXPECT_EQ(bench.receive_labelled(stack, transit() / udp(1, 2)).why, DropReason::ttl_expired);
  EXPECT_EQ(objects_of(bench.answer()), object(memory(stack)));
}

TEST(LabelStack, IsPassedOnBelowItsTop) {
  Lsr bench{kUniform};
  const Wire packet = transit().ttl(77) / udp(1, 2);
  // Label 200 with a traffic class of 5 and a TTL of 9, over 32 with a TTL of 64.
  EXPECT_EQ(bench.receive_labelled("00 0c 8a 09 00 02 01 40"_bytes, packet), kForwarded);
  EXPECT_EQ(bench.sent()[0].labels, memory("00 12 ca 08 00 02 01 40"_bytes));
  EXPECT_EQ(bench.answer(), packet);
}

// RFC 3443 section 3.4: what is popped gives its TTL to what was under it, label or packet.
TEST(LabelStack, LosesItsTopToTheNextLabel) {
  Lsr bench{kUniform};
  const Wire packet = transit().ttl(77) / udp(1, 2);
  EXPECT_EQ(bench.receive_labelled("00 0c 90 09 00 02 01 40"_bytes, packet), kForwarded);  // 201
  EXPECT_EQ(bench.sent()[0].labels, memory("00 02 01 08"_bytes));
  EXPECT_EQ(bench.receive_labelled("00 0c a0 09 00 0c 81 40"_bytes, packet),
            kForwarded);  // 202, 200
  EXPECT_EQ(bench.sent()[0].labels, memory("00 12 c1 08"_bytes));
  Lsr pipe{kPipe};
  EXPECT_EQ(pipe.receive_labelled("00 0c 90 09 00 02 01 40"_bytes, packet), kForwarded);
  EXPECT_EQ(pipe.sent()[0].labels, memory("00 02 01 40"_bytes));
}

struct BadStackCase {
  std::string_view name;
  Memory labels;
  DropReason why;
};
std::ostream& operator<<(std::ostream& out, const BadStackCase& row) { return out << row.name; }

class BadLabelStack : public ::testing::TestWithParam<BadStackCase> {};

TEST_P(BadLabelStack, IsDroppedAndCounted) {
  Lsr bench{kUniform};
  EXPECT_EQ(bench.receive_labelled(GetParam().labels, transit() / udp(1, 2)),
            dropped(GetParam().why));
  EXPECT_TRUE(bench.sent().empty());
  bench.expect_counted(dropped(GetParam().why));
}

INSTANTIATE_TEST_SUITE_P(
    Table, BadLabelStack,
    ::testing::Values(BadStackCase{"None", {}, DropReason::label_stack_malformed},
                      BadStackCase{"NoBottom", memory("00 0c 80 09"_bytes),
                                   DropReason::label_stack_malformed},
                      BadStackCase{"TwoBottoms", memory("00 0c 81 09 00 0c 81 09"_bytes),
                                   DropReason::label_stack_malformed},
                      BadStackCase{"TooDeep", Memory(17 * 4), DropReason::label_stack_malformed},
                      BadStackCase{"Unknown", label(203, 9), DropReason::label_unknown},
                      BadStackCase{"UnknownUnderTheEnd", memory("00 0c a0 09 00 02 01 40"_bytes),
                                   DropReason::label_unknown}),
    kCaseName);

TEST(BadLabelStack, IsUnknownWithoutAnyTunnel) {
  Bench bench;
  EXPECT_EQ(bench.receive_labelled(label(200, 9), transit() / udp(1, 2)),
            dropped(DropReason::label_unknown));
  Lsr forgetful{kUniform};
  forgetful.node.forget_tunnels();
  EXPECT_EQ(forgetful.receive_labelled(label(200, 9), transit() / udp(1, 2)),
            dropped(DropReason::label_unknown));
}

TEST(BadLabelStack, IsNoWorseThanWhatItIsAround) {
  Lsr bench{kUniform};
  const Wire packet = transit() / udp(1, 2);
  EXPECT_EQ(bench.receive_labelled(label(200, 9), testing::patched(packet, 0, 0x65)),
            dropped(DropReason::ipv4_bad_version));
  EXPECT_EQ(bench.receive_labelled(label(202, 9), packet.with_checksum(0x1234)),
            dropped(DropReason::ipv4_bad_checksum));
  EXPECT_EQ(bench.receive_labelled(label(200, 9), Bytes{}), dropped(DropReason::ipv4_truncated));
}

// A router in the tunnel sends its error on to the end, which knows the way back.
TEST(ErrorAlongTheTunnel, GoesUnderTheNextLabel) {
  Lsr bench{kUniform};
  const Wire packet = transit().ttl(3) / udp(1, 2);
  EXPECT_EQ(bench.receive_labelled(label(200, 1), packet), dropped(DropReason::ttl_expired));
  EXPECT_THAT(bench.answer(), AllOf(IcmpIs(11, 0), Src("10.0.1.1"), Dst("10.0.1.2")));
  EXPECT_EQ(bench.sent()[0].out, 1);
  EXPECT_EQ(bench.sent()[0].to, 1);
  EXPECT_EQ(bench.sent()[0].labels, label(300, 64));
  Lsr pipe{kPipe};
  EXPECT_EQ(pipe.receive_labelled(label(200, 1), packet), dropped(DropReason::ttl_expired));
  EXPECT_EQ(pipe.sent()[0].labels, label(300, 255));
}

TEST(ErrorAlongTheTunnel, GoesWithoutOneWhereItIsPopped) {
  Lsr bench{kUniform};
  EXPECT_EQ(bench.receive_labelled(label(201, 1), transit() / udp(1, 2)).why,
            DropReason::ttl_expired);
  EXPECT_THAT(bench.answer(), AllOf(IcmpIs(11, 0), Dst("10.0.1.2")));
  EXPECT_EQ(bench.sent()[0].out, 1);
  EXPECT_EQ(bench.sent()[0].labels, Memory{});
}

TEST(ErrorAlongTheTunnel, ReachesASourceThatTheRouterDoesNotKnow) {
  const Wire packet = testing::ip().src("8.8.8.8").dst("192.0.2.9") / udp(1, 2);
  Lsr bench{kUniform};
  EXPECT_EQ(bench.receive_labelled(label(200, 1), packet).why, DropReason::ttl_expired);
  EXPECT_THAT(bench.answer(), AllOf(IcmpIs(11, 0), Src("10.0.2.1"), Dst("8.8.8.8")));
  EXPECT_EQ(bench.sent()[0].labels, label(300, 64));
  Lsr straight{direct(kUniform)};
  EXPECT_EQ(straight.receive_labelled(label(200, 1), packet).why, DropReason::ttl_expired);
  EXPECT_TRUE(straight.sent().empty());
  EXPECT_EQ(straight.counters().get(NotTold::no_way_back), 1U);
}

TEST(ErrorAlongTheTunnel, IsForRoutersInTheTunnelOnly) {
  Lsr bench{kUniform};
  EXPECT_EQ(bench.receive_labelled(label(202, 1), transit() / udp(1, 2)).why,
            DropReason::ttl_expired);
  EXPECT_EQ(bench.sent()[0].out, 0);
  EXPECT_EQ(bench.receive(transit().dst("192.168.0.1").ttl(1) / udp(1, 2)).why,
            DropReason::ttl_expired);
  EXPECT_EQ(bench.sent()[0].out, 0);
  EXPECT_EQ(objects_of(bench.answer()), Memory{});
}

// RFC 1122 section 3.2.1.3 would have its source be forged.
TEST(ErrorAlongTheTunnel, MayComeByAgain) {
  Lsr bench{kUniform};
  const Wire error = testing::ip().src("10.0.1.1").dst("10.0.1.2") / icmp(11, 0);
  EXPECT_EQ(bench.receive(error, 1), kForwarded);
  const Wire to_us = testing::ip().src("10.0.1.1").dst("10.0.2.1") / icmp(11, 0);
  EXPECT_EQ(bench.receive(to_us, 1), dropped(DropReason::source_own_address));
  EXPECT_EQ(bench.receive(testing::ip().src("10.0.1.1").dst("10.0.1.2") / udp(1, 2), 1),
            dropped(DropReason::source_own_address));
  EXPECT_EQ(Bench{}.receive(error, 1), dropped(DropReason::source_own_address));
}

TEST(ErrorAlongTheTunnel, IsNoneAboutAnError) {
  Lsr bench{kUniform};
  const Wire packet = transit() / icmp(3, 3, 0, transit() / udp(1, 2));
  EXPECT_EQ(bench.receive_labelled(label(200, 1), packet).why, DropReason::ttl_expired);
  EXPECT_TRUE(bench.sent().empty());
}

// A link carries its MTU, labels included.
TEST(MtuUnderLabels, IsFourBytesLess) {
  Lsr bench{direct(kUniform)};
  const auto of_size = [](std::size_t size) {
    return transit().dst("192.168.0.1").df() / udp(1, 2, counting(size - 28));
  };
  EXPECT_EQ(bench.receive(of_size(1496)), kForwarded);
  EXPECT_EQ(bench.receive(of_size(1497)), dropped(DropReason::frag_needed));
  EXPECT_THAT(bench.answer(), AllOf(IcmpIs(3, 4), RestOfHeader(1496U)));
  EXPECT_EQ(bench.receive_labelled(label(200, 9), of_size(1496)), kForwarded);
  EXPECT_EQ(bench.receive_labelled(label(200, 9), of_size(1497)), dropped(DropReason::frag_needed));
  EXPECT_THAT(bench.answer(), IcmpIs(3, 4));
  EXPECT_EQ(testing::decode_icmp(bench.answer())->rest & 0xffffU, 1496U);
  EXPECT_EQ(objects_of(bench.answer()), object(label(200, 9)));
  EXPECT_EQ(bench.receive_labelled(label(201, 9), of_size(1500)), kForwarded);
}

TEST(MtuUnderLabels, CutsWhatMayBeCutAndLabelsThePieces) {
  Lsr bench{kUniform};
  const Wire packet = transit().dst("192.168.0.1").ttl(10) / udp(1, 2, counting(1472));
  EXPECT_EQ(bench.receive(packet), kForwarded);
  ASSERT_EQ(bench.sent().size(), 2U);
  EXPECT_EQ(bench.sent()[0].packet.size(), 1492U);  // a multiple of 8 behind the header
  EXPECT_EQ(bench.sent()[1].packet.size(), 28U);
  for (const Sent& sent : bench.sent()) EXPECT_EQ(sent.labels, label(300, 9));
  EXPECT_EQ(bench.receive_labelled(label(200, 5), packet), kForwarded);
  ASSERT_EQ(bench.sent().size(), 2U);
  for (const Sent& sent : bench.sent()) EXPECT_EQ(sent.labels, label(300, 4));
}

TEST(MtuUnderLabels, LeavesWhatEveryLinkCarries) {
  Lsr bench{kUniform};
  bench.node.interfaces()[1].mtu = 68;
  const Wire packet = transit().dst("192.168.0.1") / udp(1, 2, counting(60));
  EXPECT_EQ(bench.receive(packet), kForwarded);
  ASSERT_EQ(bench.sent().size(), 2U);
  EXPECT_EQ(bench.sent()[0].packet.size(), 68U);
}

TEST(TunnelIngress, ExpiresTheTtlAsAnyRouter) {
  Lsr bench{kUniform};
  const Wire packet = transit().dst("192.168.0.1").ttl(1) / udp(1, 2);
  EXPECT_EQ(bench.receive(packet), dropped(DropReason::ttl_expired));
  EXPECT_THAT(bench.answer(), testing::Quotes(packet));
}

TEST(TunnelIngress, LooksAtItsFilterBefore) {
  NodeConfig config = router_config();
  config.precedence_cutoff = 1;
  Lsr bench{kUniform, config};
  EXPECT_EQ(bench.receive(transit().dst("192.168.0.1") / udp(1, 2)),
            dropped(DropReason::precedence_cut_off));
  // Routers in the tunnel do not look under the label.
  EXPECT_EQ(bench.receive_labelled(label(200, 9), transit() / udp(1, 2)), kForwarded);
}

TEST(TunnelIngress, LabelsWhatItSendsItself) {
  Lsr bench{kUniform};
  const Wire ask =
      testing::ip().src("192.168.0.1").dst("10.0.1.1") / icmp_echo({.id = 1, .seq = 1});
  EXPECT_EQ(bench.receive(ask), kAnswered);
  EXPECT_EQ(bench.sent()[0].labels, label(300, 64));
  EXPECT_EQ(bench.sent()[0].out, 1);
  const Wire closed = testing::ip().src("192.168.0.1").dst("10.0.1.1") / udp(1, 2);
  EXPECT_EQ(bench.receive(closed).why, DropReason::port_unreachable);
  EXPECT_EQ(bench.sent()[0].labels, label(300, 64));
  EXPECT_EQ(bench.node.path_mtu(Ipv4Address{192, 168, 0, 1}, kNow), 1496);
}

TEST(TunnelIngress, SendsNoRedirectForATunnel) {
  Lsr bench{kUniform};
  EXPECT_EQ(bench.receive(testing::ip().src("10.0.2.7").dst("192.168.0.1") / udp(1, 2), 1),
            kForwarded);
  EXPECT_EQ(bench.sent().size(), 1U);
}

TEST(TunnelEnd, TakesWhatIsForItself) {
  Lsr bench{kPipe};
  EXPECT_EQ(bench.receive_labelled(label(202, 9), to_router().ttl(1) / icmp_echo({.id = 1})),
            kAnswered);
  EXPECT_THAT(bench.answer(), IcmpIs(0, 0));
}

TEST(HiddenRouterInATunnel, LeavesTheTtlOfTheLabel) {
  NodeConfig config = router_config();
  config.decrements_ttl = false;
  Lsr bench{kUniform, config};
  EXPECT_EQ(bench.receive_labelled(label(200, 1), transit() / udp(1, 2)), kForwarded);
  EXPECT_EQ(bench.sent()[0].labels, label(300, 1));
}

TEST(FullQueueInATunnel, DropsWhatHasNoRoom) {
  Lsr bench{kUniform};
  bench.node.interfaces()[1].queue.limit = {.packets = 0};
  EXPECT_EQ(bench.receive_labelled(label(200, 9), transit() / udp(1, 2)),
            dropped(DropReason::queue_full));
  EXPECT_EQ(bench.receive(transit().dst("192.168.0.1") / udp(1, 2)),
            dropped(DropReason::queue_full));
}

// A mark of congestion is in the packet, not in the label.
TEST(FullQueueInATunnel, MarksThePacketUnderTheLabel) {
  Lsr bench{kUniform};
  bench.node.interfaces()[1].queue.ecn = {.packets = 0};
  const Wire packet = transit().tos(2) / udp(1, 2);
  EXPECT_EQ(bench.receive_labelled(label(200, 9), packet), kForwarded);
  EXPECT_THAT(bench.answer(), AllOf(testing::Tos(3), ValidChecksums()));
  EXPECT_EQ(bench.sent()[0].labels, label(300, 8));
}

TEST(LabelledPackets, KeepTheLawOfCounters) {
  Lsr bench{kUniform};
  Random random{7};
  const Wire packet = transit().ttl(3) / udp(1, 2, counting(100));
  for (int i = 0; i < 20000; ++i) {
    Memory labels(random.next() % 4 * 4);
    for (std::byte& byte : labels) byte = static_cast<std::byte>(random.next());
    if (labels.size() >= 4 && random.next() % 2 == 0) {
      const Memory known = label(200 + static_cast<std::uint32_t>(random.next() % 3),
                                 static_cast<std::uint8_t>(random.next() % 4));
      std::ranges::copy(known, labels.begin());
    }
    const Bytes all = packet.bytes();
    const Bytes cut = random.next() % 4 == 0 ? all.first(random.next() % all.size()) : all;
    std::ignore = bench.receive_labelled(labels, cut);
  }
  EXPECT_EQ(bench.counters().received(), 20000U);
  EXPECT_EQ(bench.counters().received(), sum_of_verdicts(bench.counters()));
  EXPECT_GT(bench.counters().get(Action::forwarded), 1000U);
}

}  // namespace
}  // namespace hop
