// ICMP errors through a NAT (RFC 5508 section 4), and its own (RFC 3022 section 4.3).

#include <gmock/gmock.h>

#include "tests/stack/node/nat_bench.hpp"
#include "tests/support/hex_literal.hpp"
#include "tests/support/matchers.hpp"

namespace hop {
namespace {

using ::testing::AllOf;
using testing::Dst;
using testing::icmp;
using testing::icmp_echo;
using testing::IcmpIs;
using testing::ip;
using ::testing::IsEmpty;
using testing::Quotes;
using testing::RestOfHeader;
using testing::Src;
using testing::udp;
using testing::ValidChecksums;
using namespace testing::literals;

// What a router outside says about a packet that came out of the NAT.
Wire error_about(const Wire& packet, std::uint8_t type = 11, std::uint8_t code = 0,
                 std::uint32_t rest = 0) {
  return ip().src("10.0.2.2").dst("10.0.2.1") / icmp(type, code, rest, packet);
}

class NatError : public ::testing::Test {
 protected:
  explicit NatError(NatErrors errors = NatErrors::translate) : bench(policy(errors)) {}
  static NatPolicy policy(NatErrors errors) {
    return {.ports = {6000, 6009}, .assignment = PortAssignment::sequential, .errors = errors};
  }
  // What a packet from inside becomes.
  Wire out(const Wire& packet) {
    EXPECT_EQ(bench.receive(packet), kForwarded);
    return bench.answer();
  }
  NatBench bench;
};

TEST_F(NatError, FromOutsideIsTranslatedWithAllChecksumsRfc5508Req4) {
  ASSERT_EQ(bench.receive("4500 001e 1234 0000 4011 9b90 0a00 0102 c000 0209"
                          "1389 0035 000a b6a7 6869"_bytes),
            kForwarded);
  EXPECT_EQ(bench.from_outside("4500 003a 0077 0000 4001 624a 0a00 0202 0a00 0201"
                               "0b00 c325 0000 0000 4500 001e 1234 0000 0111 d991"
                               "0a00 0201 c000 0209 1770 0035 000a b1c1 6869"_bytes),
            kForwarded);
  EXPECT_EQ(bench.answer(), Wire("4500 003a 0077 0000 3f01 6449 0a00 0202 0a00 0102"
                                 "0b00 c226 0000 0000 4500 001e 1234 0000 0111 da90"
                                 "0a00 0102 c000 0209 1389 0035 000a b6a7 6869"_bytes));
}

TEST_F(NatError, QuotesEchoAndTcpAsTheyWereSent) {
  const Wire echo = transit() / icmp_echo({.id = 7, .seq = 1}, "abc");
  ASSERT_EQ(bench.from_outside(error_about(out(echo))), kForwarded);
  EXPECT_THAT(bench.answer(),
              AllOf(IcmpIs(11, 0), Quotes(echo.with_ttl(63)), Dst("10.0.1.2"), Src("10.0.2.2")));
  const Wire syn = transit() / testing::tcp_syn(5000, 80);
  ASSERT_EQ(bench.from_outside(error_about(out(syn))), kForwarded);
  EXPECT_THAT(bench.answer(), AllOf(Quotes(syn.with_ttl(63)), ValidChecksums()));
}

TEST_F(NatError, QuotesAsFewAsEightBytesRight) {
  const Wire syn = transit() / testing::tcp_syn(5000, 80);
  ASSERT_EQ(bench.from_outside(error_about(out(syn).truncated(28))), kForwarded);
  EXPECT_THAT(bench.answer(), Quotes(syn.with_ttl(63).truncated(28)));
}

TEST_F(NatError, FindsTheTransportBehindOptionsRfc5508Req3b) {
  const Wire packet = transit().options({7, 7, 4, 0, 0, 0, 0}) / udp(5000, 53, "hi");
  const Wire sent = out(packet);
  ASSERT_EQ(bench.from_outside(error_about(sent)), kForwarded);
  EXPECT_THAT(bench.answer(), AllOf(Dst("10.0.1.2"), ValidChecksums()));
  const auto quoted = payload_of(bench.answer());
  EXPECT_EQ(quoted[8 + 28], std::byte{0x13}) << "port 5000 is 0x1388";
  EXPECT_EQ(quoted[8 + 29], std::byte{0x88});
}

TEST_F(NatError, KeepsTypeCodeAndMtuRfc5508Req4b) {
  const Wire packet = transit().df() / udp(5000, 53, "hi");
  ASSERT_EQ(bench.from_outside(error_about(out(packet), 3, 4, 1280)), kForwarded);
  EXPECT_THAT(bench.answer(),
              AllOf(IcmpIs(3, 4), RestOfHeader(1280U), Quotes(packet.with_ttl(63))));
}

TEST_F(NatError, IsLetInFromAnybodyRfc4787Req12a) {
  const Wire sent = out(transit() / udp(5000, 53));
  const Wire error = ip().src("192.0.2.77").dst("10.0.2.1") / icmp(11, 0, 0, sent);
  EXPECT_EQ(bench.from_outside(error), kForwarded);
}

TEST_F(NatError, NeitherProlongsNorEndsASessionRfc5508Req6) {
  const Wire sent = out(transit() / icmp_echo({.id = 7}));
  bench.now += std::chrono::seconds{59};
  EXPECT_EQ(bench.from_outside(error_about(sent, 3, 1)), kForwarded);
  EXPECT_EQ(bench.from_outside(inward() / testing::icmp_echo_reply({.id = 6000})), kForwarded);
  bench.now += std::chrono::seconds{59};
  EXPECT_EQ(bench.from_outside(error_about(sent, 3, 1)), kForwarded);
  bench.now += std::chrono::seconds{1};
  EXPECT_EQ(bench.from_outside(error_about(sent, 3, 1)), dropped(DropReason::icmp_no_endpoint));
}

TEST_F(NatError, WithoutASessionIsDroppedRfc5508Req4) {
  const Wire sent = out(transit() / udp(5000, 53));
  const Wire other = ip().src("10.0.2.1").dst("192.0.2.9") / udp(6005, 53);
  EXPECT_EQ(bench.from_outside(error_about(other)), dropped(DropReason::icmp_no_endpoint));
  const Wire stranger = ip().src("10.0.2.1").dst("192.0.2.99") / udp(6000, 53);
  EXPECT_EQ(bench.from_outside(error_about(stranger)), dropped(DropReason::icmp_no_endpoint));
  EXPECT_THAT(bench.sent(), IsEmpty());
}

TEST_F(NatError, WithAWrongChecksumIsDroppedRfc5508Req3) {
  const Wire sent = out(transit() / udp(5000, 53));
  const Wire wrong = ip().src("10.0.2.2").dst("10.0.2.1") / icmp(11, 0, 0, sent).checksum(1);
  EXPECT_EQ(bench.from_outside(wrong), dropped(DropReason::icmp_bad_checksum));
  // Section 3 a: of the quoted header.
  EXPECT_EQ(bench.from_outside(error_about(sent.with_checksum(1))),
            dropped(DropReason::icmp_no_endpoint));
  EXPECT_THAT(bench.sent(), IsEmpty());
}

TEST_F(NatError, IsTranslatedThoughTheQuotedTransportIsWrongRfc5508Req3c) {
  const Wire sent = out(transit() / udp(5000, 53, "hi").checksum(0x1234));
  EXPECT_EQ(bench.from_outside(error_about(sent)), kForwarded);
  EXPECT_THAT(bench.answer(), Quotes(transit().ttl(63) / udp(5000, 53, "hi").checksum(0x1234)));
}

TEST_F(NatError, ThatIsARedirectIsForTheNodeItself) {
  const Wire sent = out(transit() / udp(5000, 53));
  EXPECT_NE(bench.from_outside(error_about(sent, 5, 1, 0x0a000203)), kForwarded);
}

TEST_F(NatError, FromInsideIsTranslatedRfc5508Req5) {
  const Wire sent = out(transit() / udp(5000, 53));
  const Wire reply = inward() / udp(53, 6000, "hi");
  ASSERT_EQ(bench.from_outside(reply), kForwarded);
  const Wire inside = bench.answer();
  // By the host itself, and by a router on the way to it.
  for (const std::string_view reporter : {"10.0.1.2", "10.0.1.3"}) {
    const Wire error = ip().src(reporter).dst("192.0.2.9") / icmp(3, 3, 0, inside);
    ASSERT_EQ(bench.receive(error), kForwarded);
    EXPECT_THAT(bench.answer(), AllOf(Src("10.0.2.1"), Dst("192.0.2.9"), IcmpIs(3, 3),
                                      Quotes(reply.with_ttl(63)), ValidChecksums()));
  }
}

TEST_F(NatError, FromInsideAboutWhatDidNotComeThroughIsDroppedRfc5508Req5) {
  const Wire forged = ip().src("192.0.2.9").dst("10.0.1.2") / udp(53, 5000);
  const Wire error = ip().src("10.0.1.2").dst("192.0.2.9") / icmp(3, 3, 0, forged);
  EXPECT_EQ(bench.receive(error), dropped(DropReason::nat_no_mapping));
}

TEST_F(NatError, ToAnotherThanTheSenderOfWhatItQuotesIsNotTranslatedRfc792) {
  const Wire sent = out(transit() / udp(5000, 53));
  const Wire outside = ip().src("10.0.2.2").dst("10.0.3.1") / icmp(11, 0, 0, sent);
  EXPECT_EQ(bench.from_outside(outside), dropped(DropReason::icmp_no_endpoint))
      << "it is for the NAT itself, which has sent no such packet";
  ASSERT_EQ(bench.from_outside(inward() / udp(53, 6000)), kForwarded);
  const Wire inside = ip().src("10.0.1.2").dst("192.0.2.77") / icmp(3, 3, 0, bench.answer());
  EXPECT_EQ(bench.receive(inside), dropped(DropReason::icmp_bad_quote));
  EXPECT_THAT(bench.sent(), IsEmpty());
}

TEST(NatErrorOneToOne, ComesFromTheAddressOfItsSenderRfc5508Req5c) {
  const Ipv4Address host{10, 0, 1, 2}, router{10, 0, 1, 3};
  NatBench bench{
      {.one_to_one = {{host, Ipv4Address{10, 0, 2, 50}}, {router, Ipv4Address{10, 0, 2, 51}}}}};
  const Wire packet = inward().dst("10.0.2.50") / udp(53, 5000);
  ASSERT_EQ(bench.from_outside(packet), kForwarded);
  const Wire error = ip().src("10.0.1.3").dst("192.0.2.9") / icmp(11, 0, 0, bench.answer());
  ASSERT_EQ(bench.receive(error), kForwarded);
  EXPECT_THAT(bench.answer(), AllOf(Src("10.0.2.51"), IcmpIs(11, 0), Quotes(packet.with_ttl(63))));
}

TEST(NatErrorTurnedRound, IsTranslatedOnBothSidesRfc5508Req7) {
  NatBench bench{{.ports = {6000, 6009},
                  .assignment = PortAssignment::sequential,
                  .forward = {{17, 80, {Ipv4Address{10, 0, 1, 3}, 8080}}}}};
  const Wire packet = transit().dst("10.0.2.1") / udp(4000, 80, "hi");
  ASSERT_EQ(bench.receive(packet), kForwarded);
  const Wire error = ip().src("10.0.1.3").dst("10.0.2.1") / icmp(3, 3, 0, bench.answer());
  ASSERT_EQ(bench.receive(error), kForwarded);
  EXPECT_THAT(bench.answer(), AllOf(Src("10.0.2.1"), Dst("10.0.1.2"), IcmpIs(3, 3),
                                    Quotes(packet.with_ttl(63)), ValidChecksums()));
}

TEST(NatErrorTurnedRound, ToAnotherAddressThanItQuotesIsNotTranslated) {
  NatBench bench{{.forward = {{17, 80, {Ipv4Address{10, 0, 1, 3}, 8080}}}}};
  ASSERT_EQ(bench.receive(transit().dst("10.0.2.1") / udp(4000, 80)), kForwarded);
  const Wire error = ip().src("10.0.1.3").dst("10.0.3.1") / icmp(3, 3, 0, bench.answer());
  EXPECT_EQ(bench.receive(error), dropped(DropReason::icmp_no_endpoint));
  EXPECT_THAT(bench.sent(), IsEmpty());
}

// The ways in which boxes in the field break it.

TEST(NatErrorBroken, MayHaveStaleChecksumsInTheQuote) {
  NatBench bench{{.ports = {6000, 6000},
                  .assignment = PortAssignment::sequential,
                  .errors = NatErrors::stale_checksums}};
  ASSERT_EQ(bench.receive(transit() / udp(5001, 53, "hi")), kForwarded);
  ASSERT_EQ(bench.from_outside(error_about(bench.answer().with_ttl(1))), kForwarded);
  // The checksums are those of the packet outside, the rest is of the one inside.
  EXPECT_THAT(bench.answer(),
              AllOf(Dst("10.0.1.2"), Quotes(Wire("4500 001e 1234 0000 0111 d991 0a00 0102 c000 0209"
                                                 "1389 0035 000a b1c1 6869"_bytes))));
}

TEST(NatErrorBroken, MayTranslateTheOuterHeaderOnly) {
  NatBench bench{{.errors = NatErrors::outer_only}};
  ASSERT_EQ(bench.receive(transit() / udp(5000, 53, "hi")), kForwarded);
  const Wire sent = bench.answer();
  ASSERT_EQ(bench.from_outside(error_about(sent)), kForwarded);
  EXPECT_THAT(bench.answer(), AllOf(Src("10.0.2.2"), Dst("10.0.1.2"), Quotes(sent)));
}

TEST(NatErrorBroken, MayDropThem) {
  NatBench bench{{.errors = NatErrors::drop}};
  ASSERT_EQ(bench.receive(transit() / udp(5000, 53, "hi")), kForwarded);
  EXPECT_EQ(bench.from_outside(error_about(bench.answer())),
            dropped(DropReason::nat_error_dropped));
  EXPECT_THAT(bench.sent(), IsEmpty());
  bench.expect_counted(dropped(DropReason::nat_error_dropped));
}

// What the NAT itself has to say of packets from inside: they are quoted as they were sent.

TEST(NatOwnError, OfAnExpiredPacketQuotesItAsSentAndLeavesNoSession) {
  NatBench bench;
  const Wire probe = transit().ttl(1) / udp(5000, 53);
  EXPECT_EQ(bench.receive(probe), dropped(DropReason::ttl_expired));
  EXPECT_THAT(bench.answer(), AllOf(Src("10.0.1.1"), IcmpIs(11, 0), Quotes(probe)));
  EXPECT_EQ(bench.from_outside(inward() / udp(53, 5000)), dropped(DropReason::port_unreachable));
}

TEST(NatOwnError, OfATooBigPacketQuotesItAsSentRfc4787Req13) {
  NatBench bench;
  const Wire big = transit().dst("198.51.100.7").df() / udp(5000, 53, counting(700));
  EXPECT_EQ(bench.receive(big), dropped(DropReason::frag_needed));
  EXPECT_THAT(bench.answer(), AllOf(Src("10.0.1.1"), IcmpIs(3, 4), RestOfHeader(600U),
                                    Quotes(big.truncated(testing::kMostQuoted))));
}

}  // namespace
}  // namespace hop
