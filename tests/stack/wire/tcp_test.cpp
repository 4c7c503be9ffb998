#include "stack/wire/tcp.hpp"

#include <gmock/gmock.h>

#include <vector>

#include "tests/stack/base/row_name.hpp"
#include "tests/support/decode.hpp"
#include "tests/support/hex_literal.hpp"

namespace hop {
namespace {

using namespace testing::literals;
using ::testing::ElementsAreArray;

constexpr Ipv4Address kFrom{10, 0, 0, 2};
constexpr Ipv4Address kTo{192, 0, 2, 9};

// As scapy 2.5.0 makes them.
constexpr auto kSyn = "9c 40 00 50 00 00 00 01 00 00 00 00 50 02 fa f0 4c 55 00 00"_bytes;
// SYN and FIN, eight bytes of options, "abc".
constexpr auto kSynFinData =
    "9c 40 01 bb ff ff ff fe 00 00 00 07 70 03 20 00 35 ad 00 00 02 04 05 b4 04 02 00 00"
    "61 62 63"_bytes;
// From kTo to kFrom.
constexpr auto kResetAck = "00 50 9c 40 00 00 00 00 00 00 00 02 50 14 00 00 47 33 00 00"_bytes;
constexpr auto kReset = "ff ff 00 01 ff ff ff fe 00 00 00 00 50 04 00 00 e3 d5 00 00"_bytes;

TEST(TcpHeaderFields, AreReadAsRfc9293Section3_1Says) {
  const auto view = TcpView::parse(kSynFinData, kFrom, kTo);
  ASSERT_TRUE(view) << name(view.error());
  EXPECT_EQ(view->source_port(), 40000);
  EXPECT_EQ(view->destination_port(), 443);
  EXPECT_EQ(view->sequence(), 0xfffffffeU);
  EXPECT_EQ(view->acknowledgment(), 7U);
  EXPECT_TRUE(view->has(TcpFlag::syn));
  EXPECT_TRUE(view->has(TcpFlag::fin));
  EXPECT_FALSE(view->has(TcpFlag::rst));
  EXPECT_FALSE(view->has(TcpFlag::psh));
  EXPECT_FALSE(view->has(TcpFlag::ack));
}

/// A segment with these flags, `words` of header and `data` bytes behind it, summed as it should.
std::vector<std::byte> segment(std::uint8_t flags, std::uint8_t words, std::size_t data) {
  std::vector<std::byte> bytes(std::size_t{words} * 4 + data, std::byte{0x11});
  bytes[12] = static_cast<std::byte>(words << 4U);
  bytes[13] = std::byte{flags};
  store_be<std::uint16_t>(bytes, 16, 0);
  const auto pseudo = testing::pseudo_header_sum(kFrom.value, kTo.value, 6, bytes.size());
  store_be(bytes, 16, static_cast<std::uint16_t>(~testing::internet_sum(bytes, pseudo)));
  return bytes;
}

struct LengthCase {
  std::string_view name;
  std::uint8_t flags, words;
  std::size_t data;
  std::uint32_t length;
};
class SequenceLength : public ::testing::TestWithParam<LengthCase> {};

// SEG.LEN: data, SYN and FIN, no options.
TEST_P(SequenceLength, IsThatOfRfc9293Section3_3_1) {
  const auto& [row, flags, words, data, length] = GetParam();
  const auto bytes = segment(flags, words, data);
  const auto view = TcpView::parse(bytes, kFrom, kTo);
  ASSERT_TRUE(view) << name(view.error());
  EXPECT_EQ(view->sequence_length(), length);
}

INSTANTIATE_TEST_SUITE_P(
    Table, SequenceLength,
    ::testing::Values(LengthCase{"ack", 0x10, 5, 0, 0}, LengthCase{"syn", 0x02, 5, 0, 1},
                      LengthCase{"fin", 0x11, 5, 0, 1}, LengthCase{"syn_fin", 0x03, 5, 0, 2},
                      LengthCase{"rst", 0x04, 5, 0, 0}, LengthCase{"data", 0x18, 5, 100, 100},
                      LengthCase{"options_do_not_count", 0x02, 15, 0, 1},
                      LengthCase{"all", 0x03, 8, 5, 7}, LengthCase{"odd", 0x10, 5, 1, 1}),
    kRowName);

struct BadCase {
  std::string_view name;
  std::vector<std::byte> segment;
  DropReason why;
};
class BadTcp : public ::testing::TestWithParam<BadCase> {};

TEST_P(BadTcp, IsRefused) {
  const auto view = TcpView::parse(GetParam().segment, kFrom, kTo);
  ASSERT_FALSE(view);
  EXPECT_EQ(view.error(), GetParam().why) << name(view.error());
}

std::vector<std::byte> syn(std::size_t size) {
  return {kSyn.begin(), kSyn.begin() + static_cast<std::ptrdiff_t>(size)};
}
/// `segment` of 24 bytes that says it has a header of `words`, the checksum right.
std::vector<std::byte> with_offset(unsigned words) {
  auto bytes = segment(0x02, 6, 0);
  bytes[12] = static_cast<std::byte>(words << 4U);
  store_be<std::uint16_t>(bytes, 16, 0);
  const auto pseudo = testing::pseudo_header_sum(kFrom.value, kTo.value, 6, bytes.size());
  store_be(bytes, 16, static_cast<std::uint16_t>(~testing::internet_sum(bytes, pseudo)));
  return bytes;
}
std::vector<std::byte> with_checksum(std::uint16_t value) {
  auto bytes = syn(kSyn.size());
  store_be(bytes, 16, value);
  return bytes;
}

INSTANTIATE_TEST_SUITE_P(
    Table, BadTcp,
    ::testing::Values(BadCase{"nothing", {}, DropReason::tcp_truncated},
                      BadCase{"nineteen_bytes", syn(19), DropReason::tcp_truncated},
                      BadCase{"offset_0", with_offset(0), DropReason::tcp_truncated},
                      BadCase{"offset_4", with_offset(4), DropReason::tcp_truncated},
                      BadCase{"offset_beyond_segment", with_offset(7), DropReason::tcp_truncated},
                      BadCase{"offset_15", with_offset(15), DropReason::tcp_truncated},
                      BadCase{"checksum", with_checksum(0x4c56), DropReason::tcp_bad_checksum},
                      BadCase{"checksum_0", with_checksum(0), DropReason::tcp_bad_checksum}),
    kRowName);

TEST(TcpOffset, UpToTheWholeSegmentIsRight) {
  EXPECT_TRUE(TcpView::parse(with_offset(5), kFrom, kTo));
  EXPECT_TRUE(TcpView::parse(with_offset(6), kFrom, kTo));
}

TEST(TcpChecksum, CoversThePseudoHeaderRfc9293Section3_1) {
  EXPECT_TRUE(TcpView::parse(kSyn, kFrom, kTo));
  EXPECT_FALSE(TcpView::parse(kSyn, kFrom, Ipv4Address{192, 0, 2, 8}));
  EXPECT_FALSE(TcpView::parse(kSyn, Ipv4Address{10, 0, 0, 1}, kTo));
}

TEST(TcpWriting, ResetWithAckIsThatOfScapy) {
  std::array<std::byte, kTcpMinHeader> written{};
  written.fill(std::byte{0xa5});
  write_tcp({.source_port = 80,
             .destination_port = 40000,
             .sequence = 0,
             .acknowledgment = 2,
             .flags = 0x14},
            kTo, kFrom, written);
  EXPECT_THAT(written, ElementsAreArray(kResetAck));
}

TEST(TcpWriting, ResetIsThatOfScapy) {
  std::array<std::byte, kTcpMinHeader> written{};
  written.fill(std::byte{0xa5});
  write_tcp({.source_port = 65535,
             .destination_port = 1,
             .sequence = 0xfffffffe,
             .acknowledgment = 0,
             .flags = 0x04},
            kTo, kFrom, written);
  EXPECT_THAT(written, ElementsAreArray(kReset));
}

}  // namespace
}  // namespace hop
