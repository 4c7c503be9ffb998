#include "stack/wire/udp.hpp"

#include <gmock/gmock.h>

#include <random>
#include <vector>

#include "stack/wire/pseudo_header.hpp"
#include "tests/stack/base/row_name.hpp"
#include "tests/support/decode.hpp"
#include "tests/support/hex_literal.hpp"

namespace hop {
namespace {

using namespace testing::literals;
using ::testing::ElementsAreArray;

constexpr Ipv4Address kFrom{10, 0, 0, 2};
constexpr Ipv4Address kTo{192, 0, 2, 9};

// Between kFrom and kTo, as scapy 2.5.0 makes them.
constexpr auto kHello = "9c 40 82 9a 00 0d d1 1b 68 65 6c 6c 6f"_bytes;
constexpr auto kEmpty = "00 35 ff ff 00 08 33 9e"_bytes;
// The sum of everything is ffff, so the checksum computes to 0 and is sent as ffff.
constexpr auto kZeroSum = "00 01 00 02 00 0a ff ff 33 cc"_bytes;
constexpr auto kNoChecksum = "9c 40 82 9a 00 0d 00 00 68 65 6c 6c 6f"_bytes;
constexpr auto kNoChecksumDamaged = "9c 40 82 9a 00 0d 00 00 99 99 99 99 99"_bytes;
// The length says 13 bytes; the rest of the IP payload belongs to nobody.
constexpr auto kHelloAndMore = "9c 40 82 9a 00 0d d1 1b 68 65 6c 6c 6f a5 a5 a5"_bytes;

struct GoodCase {
  std::string_view name;
  Bytes segment;
  std::uint16_t source, destination;
  std::size_t data;
};
class UdpDatagrams : public ::testing::TestWithParam<GoodCase> {};

TEST_P(UdpDatagrams, AreReadAsRfc768Says) {
  const auto& [row, segment, source, destination, data] = GetParam();
  const auto view = UdpView::parse(segment, kFrom, kTo);
  ASSERT_TRUE(view) << name(view.error());
  EXPECT_EQ(view->source_port(), source);
  EXPECT_EQ(view->destination_port(), destination);
  EXPECT_THAT(view->data(), ElementsAreArray(segment.subspan(8, data)));
}

INSTANTIATE_TEST_SUITE_P(
    Golden, UdpDatagrams,
    ::testing::Values(GoodCase{"hello", kHello, 40000, 33434, 5},
                      GoodCase{"empty", kEmpty, 53, 65535, 0},
                      GoodCase{"checksum_ffff", kZeroSum, 1, 2, 2},
                      GoodCase{"checksum_not_computed", kNoChecksum, 40000, 33434, 5},
                      GoodCase{"not_computed_is_not_checked", kNoChecksumDamaged, 40000, 33434, 5},
                      GoodCase{"length_below_the_segment", kHelloAndMore, 40000, 33434, 5}),
    kRowName);

struct WriteCase {
  std::string_view name;
  Bytes golden;
};
class UdpWriting : public ::testing::TestWithParam<WriteCase> {};

TEST_P(UdpWriting, FollowsRfc768) {
  const Bytes golden = GetParam().golden;
  std::vector<std::byte> written(golden.size(), std::byte{0xa5});
  std::ranges::copy(golden.subspan(8), written.begin() + 8);
  write_udp({.source = load_be<std::uint16_t>(golden, 0),
             .destination = load_be<std::uint16_t>(golden, 2)},
            kFrom, kTo, written);
  EXPECT_THAT(written, ElementsAreArray(golden));
}

INSTANTIATE_TEST_SUITE_P(Golden, UdpWriting,
                         ::testing::Values(WriteCase{"hello", kHello}, WriteCase{"empty", kEmpty},
                                           WriteCase{"zero_is_sent_as_ones", kZeroSum}),
                         kRowName);

struct BadCase {
  std::string_view name;
  std::vector<std::byte> segment;
  DropReason why;
};
class BadUdp : public ::testing::TestWithParam<BadCase> {};

TEST_P(BadUdp, IsRefused) {
  const auto view = UdpView::parse(GetParam().segment, kFrom, kTo);
  ASSERT_FALSE(view);
  EXPECT_EQ(view.error(), GetParam().why) << name(view.error());
}

std::vector<std::byte> hello(std::size_t size) {
  return {kHello.begin(), kHello.begin() + static_cast<std::ptrdiff_t>(size)};
}
/// The datagram with `length` in its length field and no checksum, so that only the length is bad.
std::vector<std::byte> with_length(std::uint16_t length) {
  std::vector<std::byte> bytes{kNoChecksum.begin(), kNoChecksum.end()};
  store_be(bytes, 4, length);
  return bytes;
}
std::vector<std::byte> with_checksum(std::uint16_t checksum) {
  auto bytes = hello(kHello.size());
  store_be(bytes, 6, checksum);
  return bytes;
}

INSTANTIATE_TEST_SUITE_P(
    Table, BadUdp,
    ::testing::Values(BadCase{"nothing", {}, DropReason::udp_truncated},
                      BadCase{"seven_bytes", hello(7), DropReason::udp_truncated},
                      BadCase{"length_0", with_length(0), DropReason::udp_bad_length},
                      BadCase{"length_7", with_length(7), DropReason::udp_bad_length},
                      BadCase{"length_beyond_segment", with_length(14), DropReason::udp_bad_length},
                      BadCase{"length_65535", with_length(65535), DropReason::udp_bad_length},
                      BadCase{"data_cut", hello(12), DropReason::udp_bad_length},
                      BadCase{"checksum", with_checksum(0xd11c), DropReason::udp_bad_checksum},
                      BadCase{"checksum_ones", with_checksum(0xffff),
                              DropReason::udp_bad_checksum}),
    kRowName);

TEST(UdpChecksum, CoversThePseudoHeaderRfc768) {
  EXPECT_TRUE(UdpView::parse(kHello, kFrom, kTo));
  EXPECT_TRUE(UdpView::parse(kHello, kTo, kFrom)) << "a sum does not know an order";
  EXPECT_FALSE(UdpView::parse(kHello, kFrom, Ipv4Address{192, 0, 2, 10}));
  EXPECT_FALSE(UdpView::parse(kHello, Ipv4Address{10, 0, 1, 2}, kTo));
}

TEST(UdpChecksum, LargestDatagramIsWrittenAndRead) {
  std::vector<std::byte> segment(65515, std::byte{0xee});
  write_udp({.source = 1, .destination = 2}, kFrom, kTo, segment);
  EXPECT_EQ(load_be<std::uint16_t>(segment, 4), 65515);
  const auto view = UdpView::parse(segment, kFrom, kTo);
  ASSERT_TRUE(view);
  EXPECT_EQ(view->data().size(), 65507U);
}

TEST(UdpChecksum, NeverWritesZeroAndMatchesTheDefinition) {
  std::mt19937 random{768};
  for (int round = 0; round < 2000; ++round) {
    std::vector<std::byte> segment(8 + random() % 30);
    std::ranges::generate(segment, [&] { return static_cast<std::byte>(random()); });
    const Ipv4Address from{static_cast<std::uint32_t>(random())};
    const Ipv4Address to{static_cast<std::uint32_t>(random())};
    write_udp({.source = 40000, .destination = 7}, from, to, segment);
    const auto pseudo = testing::pseudo_header_sum(from.value, to.value, 17, segment.size());
    ASSERT_EQ(testing::internet_sum(segment, pseudo), 0xffff) << "round " << round;
    ASSERT_NE(load_be<std::uint16_t>(segment, 6), 0);
  }
}

TEST(PseudoHeader, IsThatOfRfc768) {
  for (const std::size_t length : {8U, 20U, 65515U}) {
    const auto expected = testing::pseudo_header_sum(kFrom.value, kTo.value, 17, length);
    EXPECT_EQ(pseudo_header_sum(kFrom, kTo, IpProtocol::udp, length).finish(),
              static_cast<std::uint16_t>(~expected));
  }
}

}  // namespace
}  // namespace hop
