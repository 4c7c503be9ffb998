// Validation of received headers: RFC 1812 section 5.2.2, RFC 1122 section 3.2.1.

#include <gmock/gmock.h>

#include "stack/wire/ipv4.hpp"
#include "tests/stack/base/row_name.hpp"
#include "tests/support/decode.hpp"
#include "tests/support/hex_literal.hpp"
#include "tests/support/packet_dsl.hpp"

namespace hop {
namespace {

using namespace testing::literals;
using ::testing::ElementsAreArray;
using testing::ip;
using testing::patched;
using testing::raw;
using TestPacket = testing::Packet;

TestPacket good() { return ip().src("198.18.0.1").dst("203.0.113.9").id(7) / raw("abcd"); }
TestPacket with_options() { return ip().options({1, 1, 1, 0}) / raw("abcd"); }
TestPacket with_version(std::uint8_t version) {
  return patched(good(), 0, static_cast<std::uint8_t>(unsigned{version} << 4U | 5U)).resummed();
}

struct InvalidCase {
  std::string_view name;
  TestPacket packet;
  DropReason why;
};
class HeaderValidation : public ::testing::TestWithParam<InvalidCase> {};

TEST_P(HeaderValidation, Rfc1812Section5_2_2) {
  const auto view = Ipv4View::parse(GetParam().packet);
  ASSERT_FALSE(view) << GetParam().packet;
  EXPECT_EQ(view.error(), GetParam().why) << name(view.error());
}

INSTANTIATE_TEST_SUITE_P(
    Rule1LinkLength, HeaderValidation,
    ::testing::Values(InvalidCase{"nothing", TestPacket{}, DropReason::ipv4_truncated},
                      InvalidCase{"one_byte", good().truncated(1), DropReason::ipv4_truncated},
                      InvalidCase{"nineteen_bytes", good().truncated(19),
                                  DropReason::ipv4_truncated}),
    kRowName);

INSTANTIATE_TEST_SUITE_P(
    Rule2Checksum, HeaderValidation,
    ::testing::Values(
        InvalidCase{"zero", good().with_checksum(0), DropReason::ipv4_bad_checksum},
        InvalidCase{"wrong", good().with_checksum(0x1234), DropReason::ipv4_bad_checksum},
        InvalidCase{"of_a_changed_ttl", patched(good(), 8, 63), DropReason::ipv4_bad_checksum},
        InvalidCase{"of_changed_options", patched(with_options(), 20, 0),
                    DropReason::ipv4_bad_checksum}),
    kRowName);

INSTANTIATE_TEST_SUITE_P(
    Rule3Version, HeaderValidation,
    ::testing::Values(InvalidCase{"version_0", with_version(0), DropReason::ipv4_bad_version},
                      InvalidCase{"version_3", with_version(3), DropReason::ipv4_bad_version},
                      InvalidCase{"version_5", with_version(5), DropReason::ipv4_bad_version},
                      InvalidCase{"version_6", with_version(6), DropReason::ipv4_bad_version},
                      InvalidCase{"version_15", with_version(15), DropReason::ipv4_bad_version}),
    kRowName);

INSTANTIATE_TEST_SUITE_P(
    Rule4HeaderLength, HeaderValidation,
    ::testing::Values(InvalidCase{"ihl_0", good().with_ihl(0), DropReason::ipv4_bad_header_length},
                      InvalidCase{"ihl_1", good().with_ihl(1), DropReason::ipv4_bad_header_length},
                      InvalidCase{"ihl_4", good().with_ihl(4), DropReason::ipv4_bad_header_length}),
    kRowName);

INSTANTIATE_TEST_SUITE_P(
    Rule5TotalLength, HeaderValidation,
    ::testing::Values(
        InvalidCase{"zero", good().with_total_length(0), DropReason::ipv4_bad_total_length},
        InvalidCase{"nineteen", good().with_total_length(19), DropReason::ipv4_bad_total_length},
        InvalidCase{"ends_in_options", with_options().with_total_length(23),
                    DropReason::ipv4_bad_total_length},
        InvalidCase{"ends_before_options", with_options().with_total_length(20),
                    DropReason::ipv4_bad_total_length}),
    kRowName);

INSTANTIATE_TEST_SUITE_P(Truncated, HeaderValidation,
                         ::testing::Values(InvalidCase{"one_byte_missing", good().truncated(23),
                                                       DropReason::ipv4_incomplete},
                                           InvalidCase{"all_data_missing", good().truncated(20),
                                                       DropReason::ipv4_incomplete},
                                           InvalidCase{"total_length_65535",
                                                       good().with_total_length(65535),
                                                       DropReason::ipv4_incomplete}),
                         kRowName);

// 24 bytes that claim a header of 60: whatever the reason, never a view beyond the bytes.
TEST(HeaderValidationEdges, HeaderBeyondTheBytesIsRefused) {
  for (std::uint8_t words = 7; words <= 15; ++words) {
    EXPECT_FALSE(Ipv4View::parse(good().with_ihl(words))) << int{words};
    EXPECT_FALSE(Ipv4View::parse(good().with_ihl(words).with_total_length(65535)));
    EXPECT_FALSE(Ipv4HeaderView::parse(good().with_ihl(words))) << int{words};
  }
}

TEST(HeaderValidationEdges, EveryBitErrorOfTheHeaderIsSeen) {
  for (const TestPacket& packet : {good(), with_options()}) {
    const std::size_t header = testing::decode(packet)->header_length;
    for (std::size_t bit = 0; bit < header * 8; ++bit) {
      const auto flipped = byte_at(packet, bit / 8) ^ (1U << (bit % 8));
      const auto damaged = patched(packet, bit / 8, static_cast<std::uint8_t>(flipped));
      EXPECT_FALSE(Ipv4View::parse(damaged)) << "bit " << bit;
    }
  }
}

struct ValidCase {
  std::string_view name;
  TestPacket packet;
};
class ValidHeader : public ::testing::TestWithParam<ValidCase> {};

TEST_P(ValidHeader, IsAccepted) {
  const auto view = Ipv4View::parse(GetParam().packet);
  ASSERT_TRUE(view) << name(view.error()) << GetParam().packet;
  EXPECT_THAT(view->bytes(), ElementsAreArray(GetParam().packet.bytes()));
}

TestPacket long_header() { return ip().options(std::array<std::byte, 40>{}) / raw(); }

INSTANTIATE_TEST_SUITE_P(
    Table, ValidHeader,
    ::testing::Values(ValidCase{"plain", good()}, ValidCase{"header_only", ip() / raw()},
                      ValidCase{"options", with_options()}, ValidCase{"sixty_bytes", long_header()},
                      ValidCase{"ttl_0_rfc1122_3_2_1_7", ip().ttl(0) / raw("a")},
                      ValidCase{"reserved_bit_rfc1812_4_2_2_3", ip().reserved_bit() / raw("a")},
                      ValidCase{"all_flags",
                                ip().reserved_bit().df().mf().offset(8) / raw("12345678")},
                      ValidCase{"last_offset", ip().offset(65528) / raw("1234567")},
                      ValidCase{"largest", ip() / raw(std::vector<std::byte>(65515))},
                      ValidCase{"protocol_255", ip().protocol(255) / raw("a")}),
    kRowName);

/// The packet with an identification that makes the header checksum zero.
TestPacket with_zero_sum() {
  const auto checksum = testing::decode(ip() / raw("abcd"))->checksum;
  return ip().id(checksum) / raw("abcd");
}

TEST(HeaderChecksum, BothFormsOfZeroAreRightRfc1624Section3) {
  ASSERT_EQ(testing::decode(with_zero_sum())->checksum, 0);
  EXPECT_TRUE(Ipv4View::parse(with_zero_sum()));
  EXPECT_TRUE(Ipv4View::parse(with_zero_sum().with_checksum(0xffff)));
}

TEST(LinkPadding, IsNotPartOfTheDatagram) {
  for (const std::size_t padding : {1U, 22U, 1000U}) {
    const auto padded = good().padded(padding);
    const auto view = Ipv4View::parse(padded);
    ASSERT_TRUE(view);
    EXPECT_THAT(view->bytes(), ElementsAreArray(good().bytes()));
    EXPECT_THAT(view->payload(), ElementsAreArray("61 62 63 64"_bytes));
  }
}

// IP(src="198.18.0.1",dst="203.0.113.9",tos=0xb8,id=0xbeef,ttl=17,flags="DF",proto=253)/"xy"
constexpr auto kDatagram =
    "45 b8 00 16 be ef 40 00 11 fd a7 26 c6 12 00 01 cb 00 71 09 78 79"_bytes;

TEST(HeaderFields, AreReadFromTheirPlacesRfc791Section3_1) {
  const auto view = Ipv4View::parse(kDatagram);
  ASSERT_TRUE(view);
  EXPECT_EQ(view->header_length(), 20U);
  EXPECT_EQ(view->tos(), 0xb8);
  EXPECT_EQ(view->total_length(), 22);
  EXPECT_EQ(view->id(), 0xbeef);
  EXPECT_EQ(view->ttl(), 17);
  EXPECT_EQ(view->protocol(), 253);
  EXPECT_EQ(view->source(), (Ipv4Address{198, 18, 0, 1}));
  EXPECT_EQ(view->destination(), (Ipv4Address{203, 0, 113, 9}));
  EXPECT_THAT(view->header(), ElementsAreArray(Bytes{kDatagram}.first(20)));
  EXPECT_THAT(view->payload(), ElementsAreArray("78 79"_bytes));
  EXPECT_FALSE(view->has_options());
  EXPECT_TRUE(view->options().empty());
}

TEST(HeaderFields, OptionsStandBetweenHeaderAndPayload) {
  const auto packet = with_options();
  const auto view = Ipv4View::parse(packet);
  ASSERT_TRUE(view);
  EXPECT_TRUE(view->has_options());
  EXPECT_EQ(view->header_length(), 24U);
  EXPECT_THAT(view->options(), ElementsAreArray("01 01 01 00"_bytes));
  EXPECT_THAT(view->payload(), ElementsAreArray("61 62 63 64"_bytes));
}

TEST(HeaderFields, KnowTheirProtocol) {
  const auto packet = ip().protocol(6) / raw("a");
  const auto view = Ipv4View::parse(packet);
  ASSERT_TRUE(view);
  EXPECT_TRUE(view->carries(IpProtocol::tcp));
  EXPECT_FALSE(view->carries(IpProtocol::udp));
  EXPECT_FALSE(view->carries(IpProtocol::icmp));
}

struct FlagCase {
  std::string_view name;
  testing::Ip header;
  bool reserved, dont_fragment, more_fragments, is_fragment;
  std::size_t offset;
};
class FlagBits : public ::testing::TestWithParam<FlagCase> {};

TEST_P(FlagBits, AreThoseOfRfc791Section3_1) {
  const auto packet = GetParam().header / raw("12345678");
  const auto view = Ipv4View::parse(packet);
  ASSERT_TRUE(view);
  EXPECT_EQ(view->reserved_flag(), GetParam().reserved);
  EXPECT_EQ(view->dont_fragment(), GetParam().dont_fragment);
  EXPECT_EQ(view->more_fragments(), GetParam().more_fragments);
  EXPECT_EQ(view->is_fragment(), GetParam().is_fragment);
  EXPECT_EQ(view->fragment_offset(), GetParam().offset);
  for (const IpProtocol what : {IpProtocol::icmp, IpProtocol::tcp, IpProtocol::udp}) {
    EXPECT_EQ(view->is_whole(what), view->carries(what) && !GetParam().is_fragment);
  }
}

INSTANTIATE_TEST_SUITE_P(
    Table, FlagBits,
    ::testing::Values(FlagCase{"none", ip(), false, false, false, false, 0},
                      FlagCase{"reserved", ip().reserved_bit(), true, false, false, false, 0},
                      FlagCase{"df", ip().df(), false, true, false, false, 0},
                      FlagCase{"first_fragment", ip().mf(), false, false, true, true, 0},
                      FlagCase{"last_fragment", ip().offset(8), false, false, false, true, 8},
                      FlagCase{"offset_4096", ip().offset(32768), false, false, false, true, 32768},
                      FlagCase{"largest_offset", ip().mf().offset(65528), false, false, true, true,
                               65528},
                      FlagCase{"all", ip().reserved_bit().df().mf().offset(65528), true, true, true,
                               true, 65528}),
    kRowName);

}  // namespace
}  // namespace hop
