// The traceroute option and message of RFC 1393.

#include <gmock/gmock.h>

#include "tests/stack/node/bench.hpp"
#include "tests/support/matchers.hpp"

namespace hop {
namespace {

using ::testing::AllOf;
using testing::Dst;
using testing::icmp;
using testing::icmp_echo;
using testing::IcmpIs;
using testing::Ip;
using ::testing::IsEmpty;
using ::testing::SizeIs;
using testing::Src;
using testing::Tos;
using testing::Ttl;
using testing::udp;
using testing::ValidChecksums;

NodeConfig tracing() {
  NodeConfig config = router_config();
  config.options.set(OptionType::traceroute, OptionAction::process);
  return config;
}

/// With option 82 of 10.0.1.2, ID 0x4321, and these hop counts.
Ip traced(Ip header, std::uint8_t outbound, std::uint16_t back = 0xffff) {
  return header.options({82, 12, 0x43, 0x21, 0, outbound, static_cast<std::uint8_t>(back >> 8U),
                         static_cast<std::uint8_t>(back), 10, 0, 1, 2});
}
/// The message that tells of it: behind the first 8 bytes hop counts, speed and MTU.
Wire message(std::uint8_t code, std::uint8_t outbound, std::uint16_t back, std::uint16_t mtu) {
  const std::uint8_t rest[] = {0,
                               outbound,
                               static_cast<std::uint8_t>(back >> 8U),
                               static_cast<std::uint8_t>(back),
                               0,
                               0,
                               0,
                               0,
                               0,
                               0,
                               static_cast<std::uint8_t>(mtu >> 8U),
                               static_cast<std::uint8_t>(mtu)};
  return testing::ip() / icmp(30, code, 0x43210000U, Bytes{as_bytes(std::span{rest})});
}

TEST(TracerouteOption, IsByDefaultLeftAlone) {
  Bench bench;
  const Wire packet = traced(transit(), 0) / udp(1, 2, "data");
  EXPECT_EQ(bench.receive(packet), kForwarded);
  EXPECT_EQ(bench.answer(), packet.with_ttl(63));
}

TEST(TracerouteOption, IsCountedAndReportedRfc1393Section3_3) {
  Bench bench{tracing()};
  EXPECT_EQ(bench.receive(traced(transit().tos(0xb9), 3) / udp(1, 2, "data")), kForwarded);
  bench.expect_counted(kForwarded);
  ASSERT_THAT(bench.sent_by(1), SizeIs(1));
  EXPECT_EQ(bench.sent_by(1)[0], traced(transit().tos(0xb9).ttl(63), 4) / udp(1, 2, "data"));
  ASSERT_THAT(bench.sent_by(0), SizeIs(1));
  const Wire report = bench.sent_by(0)[0];
  EXPECT_THAT(report, AllOf(IcmpIs(30, 0), Src("10.0.1.1"), Dst("10.0.1.2"), Ttl(64), Tos(0xb8),
                            ValidChecksums()));
  EXPECT_EQ(payload_of(report), payload_of(message(0, 4, 0xffff, 1500)));
  EXPECT_EQ(bench.counters().icmp_out(IcmpType::traceroute), 1U);
}

TEST(TracerouteOption, CountsTheReturnHopsOfAReturnPacket) {
  Bench bench{tracing()};
  EXPECT_EQ(bench.receive(traced(transit().dst("198.51.100.9"), 5, 0) / udp(1, 2, "data")),
            kForwarded);
  EXPECT_EQ(bench.sent_by(2)[0],
            traced(transit().dst("198.51.100.9").ttl(63), 5, 1) / udp(1, 2, "data"));
  EXPECT_EQ(payload_of(bench.sent_by(0)[0]), payload_of(message(0, 5, 1, 600)));
}

// RFC 1393 section 2.3: in octets per second.
TEST(TracerouteOption, IsToldTheSpeedOfTheLinkItLeavesBy) {
  Bench bench{tracing()};
  bench.node.interfaces()[1].rate = 10'000'000;
  EXPECT_EQ(bench.receive(traced(transit(), 0) / udp(1, 2)), kForwarded);
  const auto told = payload_of(bench.sent_by(0)[0]);
  EXPECT_EQ(load_be<std::uint32_t>(told, 12), 1'250'000U);
}

// "A hop count should only be incremented when an ICMP Traceroute message is sent."
TEST(TracerouteOption, IsNotCountedWhenNothingIsSentRfc1393Section3_1) {
  NodeConfig silent = tracing();
  silent.icmp.silent.set(30);
  NodeConfig slow = tracing();
  slow.icmp.rate = slow.icmp.burst = 0;
  for (const NodeConfig& config : {silent, slow}) {
    Bench bench{config};
    const Wire packet = traced(transit(), 3) / udp(1, 2, "data");
    EXPECT_EQ(bench.receive(packet), kForwarded);
    EXPECT_EQ(bench.answer(), packet.with_ttl(63));
  }
}

TEST(TracerouteOption, OfAnOriginatorThatCannotBeIsNotAnswered) {
  for (const std::uint32_t originator : {0U, 0x7f000001U, 0xe0000001U, 0xffffffffU, 0x0a0001ffU}) {
    Bench bench{tracing()};
    std::array<std::byte, 12> option{std::byte{82}, std::byte{12}};
    store_be<std::uint16_t>(option, 6, 0xffff);
    store_be<std::uint32_t>(option, 8, originator);
    const Wire packet = transit().options(option) / udp(1, 2, "data");
    EXPECT_EQ(bench.receive(packet), kForwarded);
    EXPECT_EQ(bench.answer(), packet.with_ttl(63)) << originator;
  }
}

TEST(TracerouteOption, OfAnotherLengthIsUnknown) {
  Bench bench{tracing()};
  const Wire packet = transit().options({82, 4, 1, 2}) / udp(1, 2, "data");
  EXPECT_EQ(bench.receive(packet), kForwarded);
  EXPECT_EQ(bench.answer(), packet.with_ttl(63));
}

// Beside the error that is due in any case.
TEST(TracerouteOption, WithoutARouteIsReportedWithCodeOne) {
  Bench bench{tracing()};
  EXPECT_EQ(bench.receive(traced(transit().dst("8.8.8.8"), 3) / udp(1, 2)),
            dropped(DropReason::no_route));
  ASSERT_THAT(bench.sent(), SizeIs(2));
  EXPECT_THAT(bench.sent()[0].packet, IcmpIs(3, 0));
  EXPECT_THAT(bench.sent()[1].packet, IcmpIs(30, 1));
  EXPECT_EQ(payload_of(bench.sent()[1].packet), payload_of(message(1, 4, 0xffff, 0)));
}

TEST(TracerouteOption, OfAReturnPacketWithoutARouteIsNotReported) {
  Bench bench{tracing()};
  EXPECT_EQ(bench.receive(traced(transit().dst("8.8.8.8"), 3, 1) / udp(1, 2)),
            dropped(DropReason::no_route));
  EXPECT_THAT(bench.answer(), IcmpIs(3, 0));
}

// RFC 1393 section 2.2: it is not copied, so one message tells of all fragments.
TEST(TracerouteOption, IsReportedOnceForAllFragments) {
  Bench bench{tracing()};
  EXPECT_EQ(bench.receive(traced(transit().dst("198.51.100.9"), 0) / udp(1, 2, counting(1200))),
            kForwarded);
  EXPECT_THAT(bench.sent_by(0), SizeIs(1));
  EXPECT_THAT(bench.sent_by(2), SizeIs(3));
}

// RFC 1393 section 3.2.
TEST(TracerouteOption, IsReturnedByTheDestinationUncounted) {
  Bench bench{tracing()};
  EXPECT_EQ(bench.receive(traced(to_router(), 3) / icmp_echo({})), kAnswered);
  const Wire expected = traced(to_router(), 3, 0) / icmp_echo({});
  EXPECT_THAT(bench.answer(), AllOf(IcmpIs(0, 0), ValidChecksums()));
  EXPECT_THAT(bench.answer().bytes().subspan(20, 12),
              ::testing::ElementsAreArray(expected.bytes().subspan(20, 12)));
}

}  // namespace
}  // namespace hop
