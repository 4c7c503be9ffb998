// What endpoints send, get, and learn of errors (RFC 1122 sections 3.2.2 and 4.1.3.3, RFC 5927
// section 4).

#include <gmock/gmock.h>

#include <algorithm>
#include <ostream>
#include <span>
#include <string_view>

#include "tests/stack/node/bench.hpp"
#include "tests/stack/node/recorder.hpp"
#include "tests/support/hex_literal.hpp"
#include "tests/support/matchers.hpp"

namespace hop {
namespace {

using namespace testing::literals;
using ::testing::AllOf;
using testing::Dst;
using testing::icmp;
using testing::icmp_echo;
using testing::icmp_echo_reply;
using testing::Ip;
using testing::ip;
using ::testing::IsEmpty;
using testing::raw;
using ::testing::SizeIs;
using testing::Src;
using testing::Tos;
using testing::Ttl;
using testing::udp;
using testing::ValidChecksums;

constexpr std::uint8_t kIcmpProtocol = 1;
constexpr std::uint8_t kUdpProtocol = 17;
constexpr Ipv4Address kServer{192, 0, 2, 9};
constexpr Ipv4Address kReporter{10, 0, 2, 2};

/// A router on which a traceroute, another program and a ping run.
struct Clients {
  Bench bench;
  Recorder traceroute, other, ping;

  Clients() {
    bench.node.bind({kUdpProtocol, 5000}, traceroute);
    bench.node.bind({kUdpProtocol, 5001}, other);
    bench.node.bind({kIcmpProtocol, 77}, ping);
  }

  Wire send_probe(const Outgoing& what = {.destination = kServer}) {
    Outbox out;
    EXPECT_TRUE(bench.node.send_udp(what, 5000, 33434, counting(32), out));
    bench.collect(out);
    return bench.answer();
  }
  Wire send_echo() {
    Outbox out;
    const IcmpMessage message{.type = IcmpType::echo, .rest = 77U << 16U | 5U};
    EXPECT_TRUE(bench.node.send_icmp({.destination = kServer}, message, counting(16), out));
    bench.collect(out);
    return bench.answer();
  }
  [[nodiscard]] std::size_t told() const {
    return traceroute.errors.size() + other.errors.size() + ping.errors.size();
  }
};

Ip report() { return ip().src("10.0.2.2").dst("10.0.2.1"); }

TEST(SendUdp, SendsWhatIsAsked) {
  Clients clients;
  const Wire probe = clients.send_probe({.destination = kServer, .ttl = 3, .tos = 0x10});
  EXPECT_THAT(probe, AllOf(Src("10.0.2.1"), Dst("192.0.2.9"), Ttl(3), Tos(0x10), ValidChecksums()));
  EXPECT_EQ(payload_of(probe),
            udp(5000, 33434, counting(32)).encode(0x0a000201, kServer.value, kUdpProtocol));
  EXPECT_EQ(clients.bench.sent().front().out, 1);
  EXPECT_FALSE(testing::decode(probe)->df);
}

TEST(SendUdp, ChoosesWhatIsLeftOut) {
  IcmpPolicy policy;
  policy.ttl = 99;
  Bench bench{with_policy(policy)};
  Outbox out;
  EXPECT_TRUE(bench.node.send_udp({.destination = kServer}, 1, 2, {}, out));
  bench.collect(out);
  EXPECT_THAT(bench.answer(), AllOf(Src("10.0.2.1"), Ttl(99), Tos(0)));
}

TEST(SendUdp, TakesSourceDfAndOptions) {
  Clients clients;
  const auto options = std::vector{std::byte{148}, std::byte{4}, std::byte{0}, std::byte{0}};
  const Wire probe = clients.send_probe({.destination = kServer,
                                         .source = Ipv4Address{10, 0, 3, 1},
                                         .dont_fragment = true,
                                         .options = options});
  EXPECT_THAT(probe, AllOf(Src("10.0.3.1"), ValidChecksums()));
  const auto ip_header = testing::decode(probe);
  EXPECT_TRUE(ip_header->df);
  EXPECT_THAT(std::vector<std::byte>(ip_header->header.begin() + 20, ip_header->header.end()),
              ::testing::ElementsAreArray(options));
}

TEST(SendUdp, FragmentsWhatIsLargerThanTheLink) {
  Bench bench;
  Outbox out;
  EXPECT_TRUE(bench.node.send_udp({.destination = Ipv4Address{198, 51, 100, 9}}, 1, 2,
                                  counting(1000), out));
  bench.collect(out);
  ASSERT_THAT(bench.sent_by(2), SizeIs(2));
  EXPECT_THAT(bench.sent_by(2)[0], SizeIs(596));
}

TEST(Send, FailsWithoutAWay) {
  Bench bench;
  Outbox out;
  for (const Ipv4Address destination : {Ipv4Address{8, 8, 8, 8}, Ipv4Address{10, 0, 2, 77},
                                        Ipv4Address{100, 64, 1, 1}, Ipv4Address{100, 65, 0, 1}}) {
    const Outgoing what{.destination = destination};
    EXPECT_FALSE(bench.node.send_udp(what, 1, 2, {}, out)) << to_string(destination);
    EXPECT_FALSE(bench.node.send_icmp(what, {.type = IcmpType::echo}, {}, out));
  }
  EXPECT_THAT(out, IsEmpty());
}

TEST(Send, SaysWhyItCannot) {
  Bench bench;
  Outbox out;
  const Outgoing whole{.destination = Ipv4Address{198, 51, 100, 9}, .dont_fragment = true};
  EXPECT_EQ(bench.node.send_udp(whole, 1, 2, counting(572), out), SendResult{});
  EXPECT_EQ(bench.node.send_udp(whole, 1, 2, counting(573), out).error(), SendFault::too_big);
  EXPECT_EQ(bench.node.send_udp({.destination = kServer}, 1, 2, counting(65508), out).error(),
            SendFault::too_big);
  EXPECT_EQ(bench.node.send_icmp({.destination = Ipv4Address{8, 8, 8, 8}}, {}, {}, out).error(),
            SendFault::no_way);
  bench.node.interfaces()[1].queue.limit.packets = 0;
  EXPECT_EQ(bench.node.send_udp({.destination = kServer}, 1, 2, {}, out).error(),
            SendFault::queue_full);
}

TEST(Send, RefusesASourceThatIsNotOurs) {
  // RFC 1122 section 3.2.1.3, RFC 1812 section 4.2.2.11: one of its own addresses, no broadcast,
  // no multicast, and nothing of 127.0.0.0/8 outside.
  const Neighbours itself;
  Bench bench;
  bench.node.add_loopback(itself);
  Outbox out;
  const SendResult refused = std::unexpected(SendFault::not_our_address);
  for (const Ipv4Address source :
       {Ipv4Address{203, 0, 113, 77}, Ipv4Address{10, 0, 2, 2}, Ipv4Address{224, 0, 0, 1},
        Ipv4Address{10, 0, 2, 255}, Ipv4Address{10, 0, 2, 0}, Ipv4Address{255, 255, 255, 255},
        Ipv4Address{0, 0, 0, 0}, Ipv4Address{127, 0, 0, 1}}) {
    const Outgoing what{.destination = kServer, .source = source};
    EXPECT_EQ(bench.node.send_udp(what, 1, 2, {}, out), refused) << to_string(source);
    EXPECT_EQ(bench.node.send_icmp(what, {.type = IcmpType::echo}, {}, out), refused);
    EXPECT_EQ(bench.node.send_tcp(what, {}, out), refused);
    EXPECT_EQ(bench.node.source_for(what).error(), SendFault::not_our_address);
  }
  EXPECT_THAT(out, IsEmpty());
}

// RFC 1122 section 3.3.1.1: to the link layer of the appropriate interface, not to a gateway.
TEST(Send, GivesGroupsToTheLink) {
  struct Row {
    Ipv4Address destination;
    std::optional<Ipv4Address> source;
    InterfaceIndex out;
    const char* from;
    int ttl;
  };
  constexpr Ipv4Address kAll{255, 255, 255, 255}, kIf2{10, 0, 3, 1};
  for (const Row& row : {Row{kAll, {}, 0, "10.0.1.1", 64}, Row{kAll, kIf2, 2, "10.0.3.1", 64},
                         Row{Ipv4Address{10, 0, 2, 255}, {}, 1, "10.0.2.1", 64},
                         Row{Ipv4Address{224, 0, 0, 1}, {}, 0, "10.0.1.1", 1}}) {
    Bench bench;
    Outbox out;
    EXPECT_TRUE(
        bench.node.send_udp({.destination = row.destination, .source = row.source}, 1, 2, {}, out));
    bench.collect(out);
    EXPECT_THAT(bench.answer(), AllOf(Src(row.from), Ttl(static_cast<std::uint8_t>(row.ttl))));
    EXPECT_EQ(bench.sent().front().out, row.out) << to_string(row.destination);
    EXPECT_EQ(bench.sent().front().to, kLinkBroadcast);
  }
}

TEST(Send, KnowsAddressesThatNobodyHas) {
  // RFC 1812 section 4.2.3.1 (4), RFC 1122 section 3.2.1.3.
  Bench bench{host_config()};
  Outbox out;
  for (const Ipv4Address nobody :
       {Ipv4Address{}, Ipv4Address{0, 1, 2, 3}, Ipv4Address{240, 0, 0, 1},
        Ipv4Address{127, 0, 0, 1}, Ipv4Address{10, 0, 1, 0}}) {
    EXPECT_EQ(bench.node.send_udp({.destination = nobody}, 1, 2, {}, out).error(),
              SendFault::no_way)
        << to_string(nobody);
  }
}

TEST(Send, NeverHasATtlOfZero) {
  // RFC 1122 section 3.2.1.7: MUST NOT.
  Bench bench;
  Outbox out;
  EXPECT_TRUE(bench.node.send_udp({.destination = kServer, .ttl = std::uint8_t{0}}, 1, 2, {}, out));
  bench.collect(out);
  EXPECT_THAT(bench.answer(), Ttl(1));
}

TEST(Send, ChoosesASourceWhereNoneIsGiven) {
  const Bench bench;
  EXPECT_EQ(bench.node.source_for({.destination = kServer}), (Ipv4Address{10, 0, 2, 1}));
  EXPECT_EQ(bench.node.source_for({.destination = kServer, .source = Ipv4Address{10, 0, 3, 1}}),
            (Ipv4Address{10, 0, 3, 1}));
  EXPECT_EQ(bench.node.source_for({.destination = Ipv4Address{8, 8, 8, 8}}).error(),
            SendFault::no_way);
}

TEST(SendTcp, SendsASegment) {
  Bench bench;
  Outbox out;
  const TcpHeader syn{.source_port = 5000,
                      .destination_port = 80,
                      .sequence = 0x01020304,
                      .acknowledgment = 0,
                      .flags = static_cast<std::uint8_t>(TcpFlag::syn),
                      .window = 5840};
  EXPECT_TRUE(bench.node.send_tcp({.destination = kServer, .ttl = 2}, syn, out));
  bench.collect(out);
  const Wire segment = bench.answer();
  EXPECT_THAT(segment, AllOf(Src("10.0.2.1"), Dst("192.0.2.9"), Ttl(2), ValidChecksums()));
  std::vector<std::byte> bytes = payload_of(segment);
  ASSERT_THAT(bytes, SizeIs(20));
  bytes[16] = bytes[17] = {};  // the checksum, looked at above
  const auto expected = std::to_array<std::uint8_t>(
      {0x13, 0x88, 0, 80, 1, 2, 3, 4, 0, 0, 0, 0, 0x50, 0x02, 0x16, 0xd0, 0, 0, 0, 0});
  EXPECT_TRUE(std::ranges::equal(bytes, std::as_bytes(std::span{expected})));
}

TEST(Endpoint, GetsTheSegmentsOfItsTcpPort) {
  Bench bench;
  Recorder client;
  bench.node.bind({testing::kTcp, 5000}, client);
  EXPECT_EQ(bench.receive(to_router() / testing::tcp_syn(80, 5000)), kDelivered);
  ASSERT_THAT(client.heard, SizeIs(1));
  EXPECT_EQ(client.heard[0].remote_port, 80);
  EXPECT_EQ(client.heard[0].local_port, 5000);
  EXPECT_THAT(bench.sent(), IsEmpty()) << "no reset";
}

TEST(SendIcmp, SendsWhatIsAsked) {
  Clients clients;
  const Wire echo = clients.send_echo();
  EXPECT_EQ(payload_of(echo), icmp_echo({.id = 77, .seq = 5}, counting(16)).encode(0, 0, 1));
  EXPECT_THAT(echo, AllOf(Src("10.0.2.1"), Dst("192.0.2.9"), Ttl(64), ValidChecksums()));
  EXPECT_EQ(clients.bench.counters().icmp_out(IcmpType::echo), 1U);
}

TEST(Endpoint, GetsTheReplyToItsEcho) {
  Clients clients;
  const Wire reply =
      ip().src("192.0.2.9").dst("10.0.2.1") / icmp_echo_reply({.id = 77, .seq = 5}, counting(16));
  EXPECT_EQ(clients.bench.receive(reply, 1), kDelivered);
  clients.bench.expect_counted(kDelivered);
  ASSERT_THAT(clients.ping.heard, SizeIs(1));
  EXPECT_EQ(clients.ping.heard[0].data, counting(16));
  EXPECT_EQ(clients.ping.heard[0].source, kServer);
  EXPECT_EQ(clients.ping.heard[0].now, kNow);
}

TEST(Endpoint, GetsTheReplyToItsTimestampRequest) {
  Clients clients;
  const Wire reply = ip().src("192.0.2.9").dst("10.0.2.1") / icmp(14, 0, 77U << 16U, counting(12));
  EXPECT_EQ(clients.bench.receive(reply, 1), kDelivered);
  ASSERT_THAT(clients.ping.heard, SizeIs(1));
  EXPECT_EQ(clients.ping.heard[0].data, counting(12));
}

TEST(Endpoint, DoesNotGetTheReplyToAnothersEcho) {
  Clients clients;
  const Wire reply = ip().src("192.0.2.9").dst("10.0.2.1") / icmp_echo_reply({.id = 78});
  EXPECT_EQ(clients.bench.receive(reply, 1), dropped(DropReason::icmp_no_endpoint));
  EXPECT_THAT(clients.ping.heard, IsEmpty());
}

TEST(Endpoint, GetsDatagramsWithBothPorts) {
  Clients clients;
  EXPECT_EQ(clients.bench.receive(to_router() / udp(4000, 5001, "data")), kDelivered);
  ASSERT_THAT(clients.other.heard, SizeIs(1));
  EXPECT_EQ(clients.other.heard[0].remote_port, 4000);
  EXPECT_EQ(clients.other.heard[0].local_port, 5001);
  EXPECT_THAT(clients.other.heard[0].data, SizeIs(4));
  EXPECT_THAT(clients.traceroute.heard, IsEmpty());
}

TEST(ReceivedError, GoesToTheEndpointWhosePacketCausedIt) {
  struct {
    std::uint8_t type, code;
    std::uint32_t rest;
  } const rows[] = {{3, 0, 0},           {3, 1, 0},  {3, 2, 0},         {3, 3, 0},  {3, 4, 1400},
                    {3, 5, 0},           {3, 13, 0}, {3, 15, 0},        {11, 0, 0}, {11, 1, 0},
                    {12, 0, 0x14000000}, {12, 2, 0}, {5, 1, 0x0a000203}};
  for (const auto& row : rows) {
    Clients clients;
    const Wire probe = clients.send_probe();
    EXPECT_EQ(clients.bench.receive(report() / icmp(row.type, row.code, row.rest, probe), 1),
              kDelivered);
    clients.bench.expect_counted(kDelivered);
    ASSERT_THAT(clients.traceroute.errors, SizeIs(1)) << int{row.type} << "/" << int{row.code};
    const Recorder::Error& error = clients.traceroute.errors[0];
    EXPECT_EQ(static_cast<int>(error.message.type), row.type);
    EXPECT_EQ(error.message.code, row.code);
    EXPECT_EQ(error.message.rest, row.rest);
    EXPECT_EQ(error.reporter, kReporter);
    EXPECT_EQ(error.destination, kServer);
    EXPECT_EQ(clients.told(), 1U) << "nobody else is told";
    EXPECT_THAT(clients.bench.sent(), IsEmpty());
  }
}

TEST(ReceivedError, GoesToThePingWhoseEchoCausedIt) {
  Clients clients;
  const Wire echo = clients.send_echo();
  EXPECT_EQ(clients.bench.receive(report() / icmp(11, 0, 0, echo), 1), kDelivered);
  EXPECT_THAT(clients.ping.errors, SizeIs(1));
  EXPECT_EQ(clients.told(), 1U);
}

TEST(ReceivedError, ComesWithItsSeverityItsHeaderAndTheTime) {
  Clients clients;
  const Wire probe = clients.send_probe();
  EXPECT_EQ(clients.bench.receive(report().ttl(61) / icmp(3, 3, 0, probe), 1), kDelivered);
  ASSERT_THAT(clients.traceroute.errors, SizeIs(1));
  EXPECT_EQ(clients.traceroute.errors[0].severity, Severity::final);
  EXPECT_EQ(clients.traceroute.errors[0].ttl, 61);
  EXPECT_EQ(clients.traceroute.errors[0].now, kNow);
}

TEST(ReceivedError, ThatTheEndpointDoesNotBelieveIsNotOurs) {
  // RFC 5927 section 4.1: who sent a packet knows more of it than its port.
  Clients clients;
  clients.traceroute.believes = false;
  const Wire probe = clients.send_probe();
  EXPECT_EQ(clients.bench.receive(report() / icmp(3, 3, 0, probe), 1),
            dropped(DropReason::icmp_not_ours));
}

TEST(ReceivedError, MayQuoteNoMoreThanHeaderAnd8Bytes) {
  Clients clients;
  const Wire probe = clients.send_probe();
  const Bytes quote = probe.bytes().first(28);
  EXPECT_EQ(clients.bench.receive(report() / icmp(11, 0, 0, quote), 1), kDelivered);
  EXPECT_THAT(clients.traceroute.errors, SizeIs(1));
}

TEST(SourceQuench, IsNotPassedOn) {
  // RFC 6633 section 3: hosts MUST silently discard it.
  Clients clients;
  const Wire probe = clients.send_probe();
  const Verdict verdict = clients.bench.receive(report() / icmp(4, 0, 0, probe), 1);
  EXPECT_EQ(verdict.action, Action::dropped);
  EXPECT_EQ(clients.told(), 0U);
}

TEST(ReceivedError, WithARoleTwiceIsDiscardedRfc5837Section4_5) {
  Clients clients;
  std::vector<std::byte> data(128 + 12);
  std::ranges::copy(clients.send_probe().bytes().first(28), data.begin());
  std::ranges::copy("20 00 00 00 00 04 02 80 00 04 02 80"_bytes, data.begin() + 128);
  const Verdict illegal = dropped(DropReason::icmp_illegal_extension);
  EXPECT_EQ(clients.bench.receive(report() / icmp(11, 0, 32U << 16U, data), 1), illegal);
  clients.bench.expect_counted(illegal);
  EXPECT_EQ(clients.told(), 0U);
}

struct RefusedCase {
  std::string_view name;
  Wire quote;
  DropReason why;
};
std::ostream& operator<<(std::ostream& out, const RefusedCase& row) { return out << row.name; }

class RefusedError : public ::testing::TestWithParam<RefusedCase> {};

TEST_P(RefusedError, IsDroppedInSilence) {
  for (const std::uint8_t type : std::to_array<std::uint8_t>({3, 5, 11, 12})) {
    Clients clients;
    const Wire error = report() / icmp(type, 0, 0, GetParam().quote);
    EXPECT_EQ(clients.bench.receive(error, 1), dropped(GetParam().why)) << int{type};
    clients.bench.expect_counted(dropped(GetParam().why));
    EXPECT_EQ(clients.told(), 0U);
    EXPECT_THAT(clients.bench.sent(), IsEmpty());
  }
}

Ip ours() { return ip().src("10.0.2.1").dst("192.0.2.9"); }

INSTANTIATE_TEST_SUITE_P(
    Table, RefusedError,
    ::testing::Values(
        // RFC 5927 section 4: an attacker has to guess more than the port.
        RefusedCase{"NotFromUs", ours().src("10.0.2.9") / udp(5000, 33434),
                    DropReason::icmp_not_ours},
        RefusedCase{"FromNobody", ours().src("0.0.0.0") / udp(5000, 33434),
                    DropReason::icmp_not_ours},
        RefusedCase{"FromTheReporter", ours().src("10.0.2.2") / udp(5000, 33434),
                    DropReason::icmp_not_ours},
        RefusedCase{"UnknownPort", ours() / udp(5002, 33434), DropReason::icmp_no_endpoint},
        RefusedCase{"PortOfTheOtherEnd", ours() / udp(33434, 5000), DropReason::icmp_no_endpoint},
        RefusedCase{"TcpOfTheSamePort", ours() / testing::tcp_syn(5000, 33434),
                    DropReason::icmp_no_endpoint},
        RefusedCase{"OtherEcho", ours() / icmp_echo({.id = 5000}), DropReason::icmp_no_endpoint},
        RefusedCase{"OtherProtocol", ours() / raw(counting(8)), DropReason::icmp_no_endpoint},
        RefusedCase{"NoQuote", Wire{}, DropReason::icmp_bad_quote},
        RefusedCase{"HalfAHeader", (ours() / udp(5000, 33434)).truncated(10),
                    DropReason::icmp_bad_quote},
        RefusedCase{"HeaderAnd7", (ours() / udp(5000, 33434, "data")).truncated(27),
                    DropReason::icmp_bad_quote},
        RefusedCase{"LaterFragment", ours().offset(8) / udp(5000, 33434),
                    DropReason::icmp_bad_quote}),
    kCaseName);

TEST(ReceivedError, IsRefusedForEveryProtocolWithoutEndpoint) {
  // Linux read past the end of its table here (CVE-2026-23398).
  Bench bench;
  for (unsigned protocol = 0; protocol < 256; ++protocol) {
    const Wire quote = ours().protocol(static_cast<std::uint8_t>(protocol)) / raw(counting(8));
    const Verdict verdict = bench.receive(report() / icmp(3, 4, 1400, quote), 1);
    EXPECT_EQ(verdict, dropped(DropReason::icmp_no_endpoint)) << protocol;
  }
}

TEST(ReceivedError, IsForNobodyAfterUnbind) {
  Clients clients;
  const Wire probe = clients.send_probe();
  clients.bench.node.unbind({kUdpProtocol, 5000});
  EXPECT_EQ(clients.bench.receive(report() / icmp(11, 0, 0, probe), 1),
            dropped(DropReason::icmp_no_endpoint));
  EXPECT_EQ(clients.told(), 0U);
}

TEST(ReceivedError, ThatIsTransitIsForwarded) {
  Clients clients;
  const Wire error = transit() / icmp(11, 0, 0, ours() / udp(5000, 33434));
  EXPECT_EQ(clients.bench.receive(error), kForwarded);
  EXPECT_EQ(clients.told(), 0U);
}

}  // namespace
}  // namespace hop
