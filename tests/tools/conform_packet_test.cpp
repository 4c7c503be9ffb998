// The packets of the conformance suite: bytes by hand, from the RFCs.

#include <gtest/gtest.h>

#include "tools/conform/expect.hpp"

namespace hop::conform {
namespace {

constexpr Address kFrom{0xc0000201}, kTo{0xc6336407};  // 192.0.2.1, 198.51.100.7

TEST(SuiteChecksum, IsThatOfRfc1071Section3) {
  const Octets example{0x00, 0x01, 0xf2, 0x03, 0xf4, 0xf5, 0xf6, 0xf7};
  EXPECT_EQ(checksum(example), 0x220d);  // the complement of ddf2
  EXPECT_EQ(checksum(Octets{}), 0xffff);
  EXPECT_EQ(checksum(Octets{0x12}), 0xedff);  // an odd byte is padded with zero
  EXPECT_EQ(checksum(Octets{0xff, 0xff}), 0);
}

TEST(SuiteAddress, IsReadStrictly) {
  EXPECT_EQ(Address::parse("192.0.2.1"), kFrom);
  EXPECT_EQ(to_string(kTo), "198.51.100.7");
  for (const char* wrong : {"", "192.0.2", "192.0.2.256", "192.0.2.01", "192.0.2.1 ", "192.0.2.1.1",
                            "1924.0.2.1", "a.b.c.d", "-1.0.0.0"}) {
    EXPECT_FALSE(Address::parse(wrong)) << wrong;
  }
}

TEST(SuiteBlock, HasNoBitsBeyondItsLength) {
  const auto block = Block::parse("198.18.20.128/25");
  ASSERT_TRUE(block);
  EXPECT_EQ(to_string(block->last()), "198.18.20.255");
  EXPECT_TRUE(block->contains({0xc61214ff}));
  EXPECT_FALSE(block->contains({0xc612147f}));
  EXPECT_FALSE(Block::parse("198.18.20.1/24"));
  EXPECT_FALSE(Block::parse("198.18.20.0/33"));
  EXPECT_TRUE(Block::parse("0.0.0.0/0")->contains(kFrom));
}

TEST(SuiteDatagram, HasTheHeaderOfRfc791) {
  const Octets bytes = Datagram(kFrom, kTo, kUdp, {0xab, 0xcd})
                           .tos(0x10)
                           .id(0x1234)
                           .ttl(5)
                           .fragment(64, true)
                           .options({1, 7, 3, 4})
                           .bytes();
  EXPECT_EQ(hex(bytes), "4610001a1234200805119240c0000201c633640701070304abcd");
}

TEST(SuiteDatagram, LiesWhenItIsTold) {
  const Datagram right(kFrom, kTo, kUdp, {});
  EXPECT_EQ(right.version(6).bytes()[0], 0x65);
  EXPECT_EQ(right.ihl(15).bytes()[0], 0x4f);
  EXPECT_EQ(u16_at(right.total_length(7).bytes(), 2), 7);
  EXPECT_EQ(u16_at(right.checksum_off(0x8001).bytes(), 10), u16_at(right.bytes(), 10) ^ 0x8001);
  EXPECT_EQ(fault_of(right.bytes()), "");
  EXPECT_EQ(fault_of(right.checksum_off(1).bytes()), "the header checksum is wrong");
  EXPECT_EQ(fault_of(right.total_length(21).bytes()), "the total length is not that of the packet");
  EXPECT_EQ(fault_of(right.ttl(0).bytes()), "TTL 0 was sent");
}

TEST(SuiteMessages, HaveTheChecksumsOfTheirProtocols) {
  EXPECT_EQ(hex(icmp(8, 0, 0x12340001)), "0800e5ca12340001");
  const Octets datagram = udp(kFrom, kTo, 1, 2, Octets{3});
  EXPECT_EQ(hex(datagram), "000100020009109d03");
  EXPECT_EQ(transport_checksum(kFrom, kTo, kUdp, datagram), 0);
  EXPECT_EQ(transport_checksum(kFrom, kTo, kTcp, tcp(kFrom, kTo, 1, 2, kSyn, 3, 4)), 0);
}

TEST(SuiteParsed, ShowsWhatIsThere) {
  const Octets bytes = Datagram(kFrom, kTo, kIcmp, icmp(12, 0, 0x14000000)).df().reserved().bytes();
  const auto parsed = Parsed::of(bytes);
  ASSERT_TRUE(parsed);
  EXPECT_TRUE(parsed->df && parsed->reserved && !parsed->mf && parsed->is_icmp());
  EXPECT_EQ(parsed->icmp_type(), 12U);
  EXPECT_EQ(describe(View(bytes)),
            "192.0.2.1 > 198.51.100.7 ICMP 12/0 parameter problem pointer 20, 0 bytes quoted, "
            "ttl 64 length 28 DF");
  EXPECT_FALSE(Parsed::of(View(bytes).first(19)));
  EXPECT_EQ(describe(View(bytes).first(2)), "2 bytes that are no IPv4 packet: 4500");
}

}  // namespace
}  // namespace hop::conform
