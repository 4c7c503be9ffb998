// Local delivery above ICMP: UDP endpoints, closed ports, unknown protocols (RFC 768, RFC 1122
// sections 3.2.2.1 and 4.1.3, RFC 9293 section 3.10.7.1).

#include <gmock/gmock.h>

#include <ostream>
#include <string_view>

#include "tests/stack/node/bench.hpp"
#include "tests/support/matchers.hpp"

namespace hop {
namespace {

using ::testing::AllOf;
using testing::Dst;
using testing::IcmpIs;
using ::testing::IsEmpty;
using testing::kAck;
using testing::kFin;
using testing::kRst;
using testing::kSyn;
using testing::Quotes;
using testing::raw;
using testing::RestOfHeader;
using testing::Src;
using testing::Tcp;
using testing::tcp;
using testing::Ttl;
using testing::udp;
using testing::ValidChecksums;

constexpr std::uint8_t kUdpProtocol = 17;
constexpr std::uint32_t kRouter = 0x0a000101;
constexpr std::uint32_t kHost = 0x0a000102;

/// A bench whose UDP ports 7 and 9 do what their names say.
struct Services {
  Bench bench;
  UdpEcho echo;
  UdpSink sink;

  Services() {
    bench.node.bind({kUdpProtocol, 7}, echo);
    bench.node.bind({kUdpProtocol, 9}, sink);
  }
};

TEST(UdpEcho, AnswersAlongTheSourceRoute) {
  // RFC 1122 section 4.1.3.2: from 10.0.1.2 by 10.0.1.3, and back. The checksum is over the ends.
  Services services;
  const Wire request = to_router().options({131, 7, 8, 10, 0, 1, 3}) / udp(5000, 7, "hello");
  EXPECT_EQ(services.bench.receive(request), kDelivered);
  const Wire reply = services.bench.answer();
  EXPECT_THAT(reply, AllOf(Src("10.0.1.1"), Dst("10.0.1.3")));
  EXPECT_EQ(payload_of(reply), udp(7, 5000, "hello").encode(kRouter, kHost, kUdpProtocol));
  const Wire route = to_router().options({131, 7, 4, 10, 0, 1, 2}) / raw();
  EXPECT_THAT(reply.bytes().subspan(20, 8),
              ::testing::ElementsAreArray(route.bytes().subspan(20, 8)));
}

TEST(UdpEcho, SendsBackWhatItGets) {
  for (const std::size_t size : {0U, 1U, 100U, 1472U}) {
    Services services;
    const auto data = counting(size);
    EXPECT_EQ(services.bench.receive(to_router().ttl(0) / udp(5000, 7, data)), kDelivered);
    services.bench.expect_counted(kDelivered);
    const Wire reply = services.bench.answer();
    EXPECT_THAT(reply, AllOf(Src("10.0.1.1"), Dst("10.0.1.2"), Ttl(64), ValidChecksums()));
    EXPECT_EQ(payload_of(reply), udp(7, 5000, data).encode(kRouter, kHost, kUdpProtocol)) << size;
  }
}

TEST(UdpEcho, AnswersFromTheAddressThatWasAsked) {
  // RFC 1122 section 4.1.3.5.
  Services services;
  EXPECT_EQ(services.bench.receive(to_router().dst("10.0.3.1") / udp(5000, 7)), kDelivered);
  EXPECT_THAT(services.bench.answer(), AllOf(Src("10.0.3.1"), Dst("10.0.1.2")));
}

TEST(UdpEcho, AnswersABroadcastFromTheInterfaceItCameBy) {
  // RFC 1122 section 4.1.3.5: from the specific-destination address, wherever the answer leaves by.
  Services services;
  EXPECT_EQ(services.bench.receive(to_router().src("192.0.2.9").dst("10.0.1.255") / udp(5000, 7)),
            kDelivered);
  EXPECT_THAT(services.bench.answer(), AllOf(Src("10.0.1.1"), Dst("192.0.2.9")));
  EXPECT_EQ(services.bench.sent().front().out, 1);
}

TEST(UdpEcho, DoesNotBelieveWhatItCannotHaveSent) {
  // RFC 5927 section 7: its datagrams may be fragmented, so no frag-needed is about them.
  Services services;
  const auto sent = [](bool df) {
    testing::Ip header = testing::ip().src("10.0.1.1").dst("10.0.1.2");
    return (df ? header.df() : header) / udp(7, 5000, counting(600));
  };
  const auto forged = [&](bool df) {
    return to_router() / testing::icmp(3, 4, 68, sent(df).bytes());
  };
  EXPECT_EQ(services.bench.receive(forged(true)), dropped(DropReason::icmp_not_ours));
  EXPECT_EQ(services.bench.receive(forged(false)), kDelivered);
  EXPECT_EQ(services.bench.node.path_mtu(Ipv4Address{10, 0, 1, 2}, kNow), 1500);
}

TEST(UdpSink, BelievesNothing) {
  Services services;
  const Wire quoted = testing::ip().src("10.0.1.1").dst("10.0.1.2") / udp(9, 5000);
  EXPECT_EQ(services.bench.receive(to_router() / testing::icmp(3, 3, 0, quoted.bytes())),
            dropped(DropReason::icmp_not_ours));
}

TEST(UdpEcho, FragmentsAReplyThatIsLargerThanTheLink) {
  Services services;
  const Wire request = to_router().src("198.51.100.1") / udp(5000, 7, counting(1000));
  EXPECT_EQ(services.bench.receive(request), kDelivered);
  EXPECT_EQ(services.bench.sent_by(2).size(), 2U) << "the link has an MTU of 600";
}

TEST(UdpSink, TakesAndSaysNothing) {
  Services services;
  EXPECT_EQ(services.bench.receive(to_router() / udp(5000, 9, "data")), kDelivered);
  services.bench.expect_counted(kDelivered);
  EXPECT_EQ(services.bench.counters().get(Mib::udp_in_datagrams), 1U);
  EXPECT_THAT(services.bench.sent(), IsEmpty());
}

TEST(UdpSink, TakesADatagramWithoutChecksum) {
  // RFC 768: zero means that the sender computed none.
  Services services;
  EXPECT_EQ(services.bench.receive(to_router() / udp(5000, 9, "data").checksum(0)), kDelivered);
}

TEST(UdpPort, IsNoLongerServedAfterUnbind) {
  Services services;
  services.bench.node.unbind({kUdpProtocol, 9});
  EXPECT_EQ(services.bench.receive(to_router() / udp(5000, 9)),
            dropped(DropReason::port_unreachable));
}

TEST(UdpPort, IsServedBySecondBinding) {
  Services services;
  services.bench.node.bind({kUdpProtocol, 9}, services.echo);
  EXPECT_EQ(services.bench.receive(to_router() / udp(5000, 9)), kDelivered);
  EXPECT_EQ(services.bench.sent().size(), 1U);
}

struct UnreachableCase {
  std::string_view name;
  Wire packet;
  DropReason why;
  std::uint8_t code;
};
std::ostream& operator<<(std::ostream& out, const UnreachableCase& row) { return out << row.name; }

class LocalUnreachable : public ::testing::TestWithParam<UnreachableCase> {};

TEST_P(LocalUnreachable, FollowsRfc1122Section3_2_2_1) {
  Services services;
  EXPECT_EQ(services.bench.receive(GetParam().packet), dropped(GetParam().why));
  services.bench.expect_counted(dropped(GetParam().why));
  EXPECT_THAT(services.bench.answer(),
              AllOf(IcmpIs(3, GetParam().code), RestOfHeader(0U), Src("10.0.1.1"), Dst("10.0.1.2"),
                    Quotes(GetParam().packet), ValidChecksums()));
  EXPECT_EQ(services.bench.counters().icmp_out(IcmpType::dest_unreachable), 1U);
}

INSTANTIATE_TEST_SUITE_P(
    Table, LocalUnreachable,
    ::testing::Values(UnreachableCase{"Port", to_router() / udp(40000, 33434, "probe"),
                                      DropReason::port_unreachable, 3},
                      UnreachableCase{"PortTtlZero", to_router().ttl(0) / udp(40000, 33434),
                                      DropReason::port_unreachable, 3},
                      UnreachableCase{"PortWithoutChecksum",
                                      to_router() / udp(40000, 33434, "x").checksum(0),
                                      DropReason::port_unreachable, 3},
                      UnreachableCase{"Protocol253", to_router() / raw("data"),
                                      DropReason::protocol_unreachable, 2},
                      UnreachableCase{"Protocol0", to_router().protocol(0) / raw("data"),
                                      DropReason::protocol_unreachable, 2},
                      UnreachableCase{"Igmp", to_router().protocol(2) / raw("data"),
                                      DropReason::protocol_unreachable, 2},
                      UnreachableCase{"NoData", to_router().protocol(255) / raw(),
                                      DropReason::protocol_unreachable, 2}),
    kCaseName);

TEST(LocalUnreachable, IsSaidForEveryProtocolThatIsNotThere) {
  Bench bench;
  for (int protocol = 0; protocol < 256; ++protocol) {
    if (protocol == 1 || protocol == 6 || protocol == 17) continue;
    const Wire packet = to_router().protocol(static_cast<std::uint8_t>(protocol)) / raw("data");
    EXPECT_EQ(bench.receive(packet), dropped(DropReason::protocol_unreachable)) << protocol;
    EXPECT_THAT(bench.answer(), IcmpIs(3, 2)) << protocol;
  }
  EXPECT_EQ(bench.counters().get(Mib::ip_in_unknown_protos), 253U);
}

struct SilentCase {
  std::string_view name;
  Wire packet;
  DropReason why;
};
std::ostream& operator<<(std::ostream& out, const SilentCase& row) { return out << row.name; }

class BadSegment : public ::testing::TestWithParam<SilentCase> {};

TEST_P(BadSegment, IsDroppedInSilence) {
  Services services;
  EXPECT_EQ(services.bench.receive(GetParam().packet), dropped(GetParam().why));
  services.bench.expect_counted(dropped(GetParam().why));
  EXPECT_THAT(services.bench.sent(), IsEmpty());
}

Wire udp_with_length(std::uint8_t length) {
  return patched(to_router() / udp(5000, 7, "data").checksum(0), 25, length);
}

INSTANTIATE_TEST_SUITE_P(
    Udp, BadSegment,
    ::testing::Values(
        SilentCase{"Checksum", to_router() / udp(5000, 7, "data").checksum(0x1234),
                   DropReason::udp_bad_checksum},
        SilentCase{"ChecksumToAClosedPort", to_router() / udp(5000, 33434, "data").checksum(0x1234),
                   DropReason::udp_bad_checksum},
        SilentCase{"SevenBytes", to_router().protocol(17) / raw("1234567"),
                   DropReason::udp_truncated},
        SilentCase{"NoBytes", to_router().protocol(17) / raw(), DropReason::udp_truncated},
        SilentCase{"LengthBelow8", udp_with_length(7), DropReason::udp_bad_length},
        SilentCase{"LengthPastTheEnd", udp_with_length(13), DropReason::udp_bad_length}),
    kCaseName);

INSTANTIATE_TEST_SUITE_P(
    Tcp, BadSegment,
    ::testing::Values(
        SilentCase{"Checksum",
                   to_router() / tcp({.sport = 5, .dport = 80, .flags = kSyn}).checksum(0x1234),
                   DropReason::tcp_bad_checksum},
        SilentCase{"NineteenBytes", to_router().protocol(6) / raw(counting(19)),
                   DropReason::tcp_truncated},
        SilentCase{"NoBytes", to_router().protocol(6) / raw(), DropReason::tcp_truncated},
        // RFC 9293 section 3.10.7.1: an incoming segment containing a RST is discarded.
        SilentCase{"Reset", to_router() / tcp({.sport = 5, .dport = 80, .flags = kRst}),
                   DropReason::tcp_reset_to_closed},
        SilentCase{"ResetAck", to_router() / tcp({.sport = 5, .dport = 80, .flags = kRst | kAck}),
                   DropReason::tcp_reset_to_closed},
        SilentCase{"ResetSyn", to_router() / tcp({.sport = 5, .dport = 80, .flags = kRst | kSyn}),
                   DropReason::tcp_reset_to_closed}),
    kCaseName);

struct ResetCase {
  std::string_view name;
  Tcp segment;
  std::string_view data;
  std::uint32_t seq, ack;  // of the reset
  std::uint8_t flags;
};
std::ostream& operator<<(std::ostream& out, const ResetCase& row) { return out << row.name; }

class ResetOfAClosedPort : public ::testing::TestWithParam<ResetCase> {};

TEST_P(ResetOfAClosedPort, FollowsRfc9293Section3_10_7_1) {
  const ResetCase& row = GetParam();
  Bench bench;
  EXPECT_EQ(bench.receive(to_router().ttl(1) / tcp(row.segment, row.data)), kAnswered);
  bench.expect_counted(kAnswered);
  EXPECT_EQ(bench.counters().get(Mib::tcp_out_rsts), 1U);
  EXPECT_THAT(bench.answer(), AllOf(Src("10.0.1.1"), Dst("10.0.1.2"), Ttl(64), ValidChecksums()));
  const auto expected = tcp({.sport = row.segment.dport,
                             .dport = row.segment.sport,
                             .seq = row.seq,
                             .ack = row.ack,
                             .flags = row.flags});
  EXPECT_EQ(payload_of(bench.answer()), expected.encode(kRouter, kHost, 6));
}

Tcp segment(std::uint8_t flags, std::uint32_t seq, std::uint32_t ack = 0) {
  return {.sport = 50000, .dport = 80, .seq = seq, .ack = ack, .flags = flags, .window = 64240};
}

INSTANTIATE_TEST_SUITE_P(
    WithoutAck, ResetOfAClosedPort,
    ::testing::Values(ResetCase{"Syn", segment(kSyn, 1000), "", 0, 1001, kRst | kAck},
                      ResetCase{"SynWithData", segment(kSyn, 1000), "four", 0, 1005, kRst | kAck},
                      ResetCase{"Fin", segment(kFin, 1000), "", 0, 1001, kRst | kAck},
                      ResetCase{"SynFin", segment(kSyn | kFin, 1000), "x", 0, 1003, kRst | kAck},
                      ResetCase{"NoFlags", segment(0, 1000), "data", 0, 1004, kRst | kAck},
                      ResetCase{"SequenceWraps", segment(kSyn, 0xffffffff), "", 0, 0, kRst | kAck}),
    kCaseName);

INSTANTIATE_TEST_SUITE_P(
    WithAck, ResetOfAClosedPort,
    ::testing::Values(ResetCase{"Ack", segment(kAck, 1000, 77), "", 77, 0, kRst},
                      ResetCase{"SynAck", segment(kSyn | kAck, 1000, 77), "", 77, 0, kRst},
                      ResetCase{"FinAck", segment(kFin | kAck, 1000, 77), "data", 77, 0, kRst},
                      ResetCase{"AckZero", segment(kAck, 1000, 0), "", 0, 0, kRst}),
    kCaseName);

}  // namespace
}  // namespace hop
