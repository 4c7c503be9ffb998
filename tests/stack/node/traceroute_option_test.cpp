// The traceroute option and message of RFC 1393.

#include <gmock/gmock.h>

#include "tests/stack/node/bench.hpp"
#include "tests/stack/node/recorder.hpp"
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
using testing::Quotes;
using testing::RestOfHeader;
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

// RFC 1393 section 2.2 has one length. Where the option is not processed nobody looks at it.
TEST(TracerouteOption, OfAnotherLengthIsAParameterProblem) {
  for (const std::uint8_t length : std::to_array<std::uint8_t>({2, 4, 11, 13})) {
    std::vector<std::byte> option(length, std::byte{1});
    option[0] = std::byte{82};
    option[1] = std::byte{length};
    for (const Ip& header : {transit(), to_router()}) {
      const Wire packet = Ip{header}.options(option) / udp(1, 2, "data");
      Bench bench{tracing()};
      EXPECT_EQ(bench.receive(packet), dropped(DropReason::option_bad_length)) << int{length};
      EXPECT_THAT(bench.answer(), AllOf(IcmpIs(12, 0), RestOfHeader(20U << 24U), Quotes(packet)));
    }
    const Wire packet = transit().options(option) / udp(1, 2, "data");
    Bench ignoring;
    EXPECT_EQ(ignoring.receive(packet), kForwarded);
    EXPECT_EQ(ignoring.answer(), packet.with_ttl(63));
  }
}

struct StuckCase {
  std::string_view name;
  Wire packet;
  DropReason why;
  int type, code;
};
std::ostream& operator<<(std::ostream& out, const StuckCase& row) { return out << row.name; }

class TracerouteOptionStuck : public ::testing::TestWithParam<StuckCase> {};

// "If the Outbound Packet cannot be forwarded", beside the error that is due in any case.
TEST_P(TracerouteOptionStuck, IsReportedWithCodeOneRfc1393Section3_3) {
  NodeConfig config = tracing();
  config.filter.push_back({.protocol = 99, .action = FilterAction::reject});
  config.options.set(OptionType::security, OptionAction::reject);
  Bench bench{config};
  bench.node.add_route(
      {.to = *Prefix::parse("198.18.7.0/24"), .out = 1, .via = Ipv4Address{10, 0, 2, 2}, .tos = 8});
  EXPECT_EQ(bench.receive(GetParam().packet), dropped(GetParam().why));
  ASSERT_THAT(bench.sent(), SizeIs(2));
  EXPECT_THAT(bench.sent()[0].packet, IcmpIs(GetParam().type, GetParam().code));
  EXPECT_THAT(bench.sent()[1].packet, AllOf(IcmpIs(30, 1), Dst("10.0.1.2")));
  EXPECT_EQ(payload_of(bench.sent()[1].packet), payload_of(message(1, 4, 0xffff, 0)));
}

/// Option 82 and then this one.
Ip traced_and(Ip header, std::initializer_list<std::uint8_t> more) {
  std::vector<std::byte> options;
  for (const std::uint8_t byte :
       std::to_array<std::uint8_t>({82, 12, 0x43, 0x21, 0, 3, 0xff, 0xff, 10, 0, 1, 2})) {
    options.push_back(std::byte{byte});
  }
  for (const std::uint8_t byte : more) options.push_back(std::byte{byte});
  return header.options(options);
}

INSTANTIATE_TEST_SUITE_P(
    Table, TracerouteOptionStuck,
    ::testing::Values(
        StuckCase{"NoRoute", traced(transit().dst("8.8.8.8"), 3) / udp(1, 2), DropReason::no_route,
                  3, 0},
        StuckCase{"NoRouteForItsTos", traced(transit().dst("198.18.7.9"), 3) / udp(1, 2),
                  DropReason::no_route_for_tos, 3, 11},
        StuckCase{"Rejected", traced(transit().dst("100.64.13.9"), 3) / udp(1, 2),
                  DropReason::route_rejects, 3, 13},
        StuckCase{"Filtered", traced(transit().protocol(99), 3) / testing::raw("data"),
                  DropReason::filtered, 3, 13},
        StuckCase{"TtlExpired", traced(transit().ttl(1), 3) / udp(1, 2), DropReason::ttl_expired,
                  11, 0},
        StuckCase{"FragNeeded",
                  traced(transit().dst("198.51.100.9").df(), 3) / udp(1, 2, counting(1000)),
                  DropReason::frag_needed, 3, 4},
        StuckCase{"NobodyThere", traced(transit().dst("192.0.2.200"), 3) / udp(1, 2),
                  DropReason::host_unreachable, 3, 1},
        StuckCase{"BadOptionBehind", traced_and(transit(), {7, 2, 0, 0}) / udp(1, 2),
                  DropReason::option_bad_length, 12, 0},
        StuckCase{"RefusedOption", traced_and(transit(), {130, 3, 0, 0}) / udp(1, 2),
                  DropReason::option_not_permitted, 3, 13},
        StuckCase{"SourceRouteRefused",
                  traced_and(to_router(), {131, 7, 4, 192, 0, 2, 9, 0}) / udp(1, 2),
                  DropReason::source_route_refused, 3, 5}),
    kCaseName);

// RFC 1393 section 3.2: the destination sends no messages.
TEST(TracerouteOption, AtItsDestinationIsNotReportedWhateverIsWrong) {
  for (const Wire& packet : {traced(to_router(), 3) / udp(1, 33434),
                             traced(to_router(), 3).protocol(99) / testing::raw("data"),
                             traced_and(to_router(), {7, 2, 0, 0}) / udp(1, 2)}) {
    Bench bench{tracing()};
    EXPECT_EQ(bench.receive(packet).action, Action::dropped);
    EXPECT_THAT(bench.sent(), SizeIs(1));
    EXPECT_FALSE(bench.counters().icmp_out(IcmpType::traceroute));
  }
}

TEST(TracerouteOption, OfWhatIsDiscardedInSilenceIsNotReported) {
  Bench bench{tracing()};
  EXPECT_EQ(bench.receive(traced(transit().dst("100.65.0.9"), 3) / udp(1, 2)),
            dropped(DropReason::route_blackhole));
  EXPECT_THAT(bench.sent(), IsEmpty());
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

// RFC 1393 section 2.3: by the ID number of the option that it sent.
TEST(TracerouteMessage, IsGivenToWhoeverHasItsIdNumber) {
  Bench bench;
  Recorder originator;
  bench.node.bind({static_cast<std::uint8_t>(IpProtocol::icmp), 0x4321}, originator);
  const auto told = payload_of(message(0, 4, 0xffff, 1500));
  const auto header = to_router().src("192.0.2.9").protocol(1);
  EXPECT_EQ(bench.receive(Ip{header} / testing::raw(told), 1), kDelivered);
  ASSERT_THAT(originator.heard, SizeIs(1));
  EXPECT_THAT(originator.heard[0].data, ::testing::ElementsAreArray(told.begin() + 8, told.end()));
  bench.node.unbind({static_cast<std::uint8_t>(IpProtocol::icmp), 0x4321});
  EXPECT_EQ(bench.receive(Ip{header} / testing::raw(told), 1),
            dropped(DropReason::icmp_no_endpoint));
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
