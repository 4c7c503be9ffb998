// The tests' own encoder and decoder against bytes that scapy 2.5.0 made.

#include <gmock/gmock.h>

#include "tests/support/decode.hpp"
#include "tests/support/describe.hpp"
#include "tests/support/hex_literal.hpp"
#include "tests/support/matchers.hpp"
#include "tests/support/packet_dsl.hpp"

namespace hop::testing {
namespace {

using ::testing::AllOf;
using ::testing::ElementsAre;
using ::testing::ElementsAreArray;
using ::testing::HasSubstr;
using ::testing::Not;
using ::testing::SizeIs;

// IP(src="10.0.0.2",dst="192.0.2.9",ttl=1,tos=16,id=0x1234,flags="DF")/ICMP(id=7,seq=1)/"abc"
constexpr auto kEcho =
    "45 10 00 1f 12 34 40 00 01 01 9b 8f 0a 00 00 02 c0 00 02 09"
    "08 00 33 95 00 07 00 01 61 62 63"_bytes;
// IP(…,id=2,ttl=1)/UDP(sport=40000,dport=33434)/"hello"
constexpr auto kUdpProbe =
    "45 00 00 21 00 02 00 00 01 11 ed bf 0a 00 00 02 c0 00 02 09"
    "9c 40 82 9a 00 0d d1 1b 68 65 6c 6c 6f"_bytes;
// IP(…,id=1)/TCP(sport=40000,dport=80,seq=1,flags="S",window=64240)
constexpr auto kSynProbe =
    "45 00 00 28 00 01 00 00 40 06 ae c4 0a 00 00 02 c0 00 02 09"
    "9c 40 00 50 00 00 00 01 00 00 00 00 50 02 fa f0 4c 55 00 00"_bytes;
// IP(src="10.0.0.1",dst="10.0.0.2",tos=0xc0,id=0)/ICMP(type=11)/kUdpProbe
constexpr auto kTimeExceeded =
    "45 c0 00 3d 00 00 00 00 40 01 65 fe 0a 00 00 01 0a 00 00 02"
    "0b 00 c1 29 00 00 00 00"
    "45 00 00 21 00 02 00 00 01 11 ed bf 0a 00 00 02 c0 00 02 09"
    "9c 40 82 9a 00 0d d1 1b 68 65 6c 6c 6f"_bytes;
// IP(…,id=3,proto=253,options=IPOption(b"\x94\x04\0\0"))/"xy"
constexpr auto kRouterAlert =
    "46 00 00 1a 00 03 00 00 40 fd 18 d5 0a 00 00 02 c0 00 02 09 94 04 00 00 78 79"_bytes;
// fragment(IP(…,id=5)/ICMP(id=7,seq=1)/"0123456789abcdef", fragsize=16)
constexpr auto kFirstFragment =
    "45 00 00 24 00 05 20 00 40 01 8e c9 0a 00 00 02 c0 00 02 09"
    "08 00 c8 c0 00 07 00 01 30 31 32 33 34 35 36 37"_bytes;
constexpr auto kLastFragment =
    "45 00 00 1c 00 05 00 02 40 01 ae cf 0a 00 00 02 c0 00 02 09 38 39 61 62 63 64 65 66"_bytes;

// IP(…,id=0)/UDP(sport=1,dport=2)/b"\x33\xcc", whose checksum computes to zero
constexpr auto kZeroSum =
    "45 00 00 1e 00 00 00 00 40 11 ae c4 0a 00 00 02 c0 00 02 09"
    "00 01 00 02 00 0a ff ff 33 cc"_bytes;

Ip to_server() { return ip().src("10.0.0.2").dst("192.0.2.9"); }
Packet udp_probe() { return to_server().ttl(1).id(2) / udp(40000, 33434, "hello"); }
Packet time_exceeded() {
  return ip().src("10.0.0.1").dst("10.0.0.2").tos(0xc0) / icmp(11, 0, 0, udp_probe());
}

TEST(HexLiteral, IgnoresSpacesAndCase) {
  EXPECT_THAT("0f a5FF"_bytes, ElementsAre(std::byte{0x0f}, std::byte{0xa5}, std::byte{0xff}));
}

TEST(PacketDsl, EncodesAsScapyDoes) {
  EXPECT_THAT((to_server().ttl(1).tos(0x10).id(0x1234).df() / icmp_echo({.id = 7, .seq = 1}, "abc"))
                  .bytes(),
              ElementsAreArray(kEcho));
  EXPECT_THAT(udp_probe().bytes(), ElementsAreArray(kUdpProbe));
  EXPECT_THAT((to_server().id(1) / tcp_syn(40000, 80)).bytes(), ElementsAreArray(kSynProbe));
  EXPECT_THAT(time_exceeded().bytes(), ElementsAreArray(kTimeExceeded));
  EXPECT_THAT((to_server().id(3).options({0x94, 4, 0, 0}) / raw("xy")).bytes(),
              ElementsAreArray(kRouterAlert));
}

TEST(PacketDsl, FragmentsAsScapyDoes) {
  const Packet whole = to_server().id(5) / icmp_echo({.id = 7, .seq = 1}, "0123456789abcdef");
  const auto cut = fragments(whole, {16});
  ASSERT_THAT(cut, SizeIs(2));
  EXPECT_THAT(cut[0].bytes(), ElementsAreArray(kFirstFragment));
  EXPECT_THAT(cut[1].bytes(), ElementsAreArray(kLastFragment));
}

TEST(PacketDsl, LaterFragmentsCarryOnlyCopiedOptions) {
  const Packet whole = to_server().options({0x5e, 4, 1, 1, 0x9e, 4, 2, 2}) / raw("0123456789");
  const auto cut = fragments(whole, {8});
  ASSERT_THAT(cut, SizeIs(2));
  EXPECT_EQ(decode(cut[0])->header_length, 28U);
  EXPECT_THAT(decode(cut[1])->header.subspan(20), ElementsAreArray("9e 04 02 02"_bytes));
}

TEST(PacketDsl, FragmentOfAFragmentKeepsItsPlace) {
  const Packet middle = to_server().mf().offset(80) / raw("0123456789abcdef");
  const auto cut = fragments(middle, {8});
  ASSERT_THAT(cut, SizeIs(2));
  EXPECT_EQ(decode(cut[1])->offset, 88U);
  EXPECT_TRUE(decode(cut[1])->mf);
}

TEST(PacketDsl, BreaksOneThingAtATime) {
  const Packet good = udp_probe();
  EXPECT_THAT(good, ValidChecksums());
  EXPECT_THAT(good.with_checksum(0x1234), Not(ValidChecksums()));
  EXPECT_THAT(patched(good, 1, 0x20), Not(ValidChecksums()));
  EXPECT_THAT(patched(good, 1, 0x20).resummed(), AllOf(Tos(0x20), ValidChecksums()));
  EXPECT_THAT(good.with_ttl(9), AllOf(Ttl(9), ValidChecksums()));
  EXPECT_THAT(good.with_total_length(50), ValidChecksums());
  EXPECT_EQ(decode(good.with_ihl(15))->header_length, 60U);
  EXPECT_THAT(good.truncated(24), SizeIs(24));
  EXPECT_THAT(good.padded(3), AllOf(SizeIs(good.size() + 3), ValidChecksums()));
}

TEST(PacketDsl, SendsAZeroUdpChecksumAsOnes) {
  EXPECT_THAT((to_server() / udp(1, 2, "\x33\xcc")).bytes(), ElementsAreArray(kZeroSum));
  EXPECT_THAT(kZeroSum, ValidChecksums());
}

TEST(PacketDsl, RefusesWhatIsNoAddress) {
  EXPECT_THROW(ip().src("10.0.0"), std::invalid_argument);
  EXPECT_THROW(ip().src("10.0.0.256"), std::invalid_argument);
  EXPECT_THROW(ip().src("10.0.0.1."), std::invalid_argument);
}

TEST(Matchers, ReadTheGoldenBytes) {
  EXPECT_THAT(kTimeExceeded, AllOf(Src("10.0.0.1"), Dst("10.0.0.2"), Ttl(64), Tos(0xc0),
                                   Protocol(1), IpId(0), ValidChecksums()));
  EXPECT_THAT(kTimeExceeded, AllOf(IcmpIs(11, 0), RestOfHeader(0U), Quotes(kUdpProbe),
                                   QuotesFirst(33, kUdpProbe)));
  EXPECT_THAT(kTimeExceeded, Not(Quotes(kEcho)));
  EXPECT_THAT(kTimeExceeded, Not(QuotesFirst(28, kUdpProbe)));
  EXPECT_THAT(kFirstFragment, ValidChecksums());
  EXPECT_THAT(kSynProbe, ValidChecksums());
}

TEST(Matchers, QuotesAtMost576Bytes) {
  const std::vector<std::byte> data(1000);
  const Packet large = to_server() / udp(1, 2, data);
  EXPECT_THAT(ip() / icmp(3, 3, 0, large.truncated(548)), Quotes(large));
  EXPECT_THAT(ip() / icmp(3, 3, 0, large), Not(Quotes(large)));
}

TEST(Matchers, ExplainThemselvesWithTheDecodedPacket) {
  ::testing::StringMatchResultListener listener;
  EXPECT_FALSE(::testing::ExplainMatchResult(Ttl(9), kEcho, &listener));
  EXPECT_THAT(listener.str(), HasSubstr("10.0.0.2 > 192.0.2.9 ttl 1"));
}

TEST(Describe, SaysWhatAPacketIs) {
  EXPECT_EQ(describe(kEcho),
            "10.0.0.2 > 192.0.2.9 ttl 1 id 4660 tos 0x10 df len 31: icmp 8/0 rest 0x00070001, "
            "3 bytes");
  EXPECT_THAT(describe(kTimeExceeded), HasSubstr("icmp 11/0 rest 0x00000000 quoting 33 bytes "
                                                 "[10.0.0.2 > 192.0.2.9 ttl 1 id 2 len 33: "
                                                 "udp 40000 > 33434, 13 bytes]"));
  EXPECT_THAT(describe(kLastFragment), HasSubstr("offset 16"));
}

TEST(Describe, SaysWhatIsWrong) {
  EXPECT_EQ(describe(Bytes{kEcho}.first(19)), "no IPv4 header: 19 bytes");
  EXPECT_THAT(describe(udp_probe().with_checksum(1)), HasSubstr("bad header checksum 0x0001"));
  EXPECT_THAT(describe(udp_probe().truncated(30)), HasSubstr("(30 bytes of it)"));
  EXPECT_THAT(describe(udp_probe().padded(4)), HasSubstr("(4 bytes of padding)"));
  EXPECT_THAT(describe(patched(udp_probe(), 30, 0)), HasSubstr("bad payload checksum"));
}

}  // namespace
}  // namespace hop::testing
