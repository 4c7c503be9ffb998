// Writing and editing IPv4 headers, against bytes that scapy 2.5.0 made.

#include <gmock/gmock.h>

#include <random>
#include <vector>

#include "stack/wire/ipv4.hpp"
#include "tests/stack/base/row_name.hpp"
#include "tests/support/decode.hpp"
#include "tests/support/hex_literal.hpp"
#include "tests/support/matchers.hpp"
#include "tests/support/packet_dsl.hpp"

namespace hop {
namespace {

using namespace testing::literals;
using ::testing::ElementsAreArray;
using testing::ip;
using testing::raw;

constexpr Ipv4Address kFrom{198, 18, 0, 1};
constexpr Ipv4Address kTo{203, 0, 113, 9};
constexpr auto kRecordRoute = "07 07 04 00 00 00 00 00"_bytes;
constexpr std::array<std::byte, 40> kFortyZeros{};

std::vector<std::byte> unwritten(std::size_t size) {
  return std::vector<std::byte>(size, std::byte{0xa5});
}

struct WriteCase {
  std::string_view name;
  Ipv4Header header;
  std::size_t size;
  std::vector<std::byte> expected;
};
class HeaderWriting : public ::testing::TestWithParam<WriteCase> {};

template <std::size_t N>
std::vector<std::byte> vec(const std::array<std::byte, N>& bytes) {
  return {bytes.begin(), bytes.end()};
}

TEST_P(HeaderWriting, FollowsRfc791Section3_1) {
  const auto& [name, header, size, expected] = GetParam();
  auto datagram = unwritten(size);
  write_ipv4_header(header, datagram);
  EXPECT_EQ(header.length(), expected.size());
  EXPECT_THAT(Bytes{datagram}.first(expected.size()), ElementsAreArray(expected));
  EXPECT_THAT(Bytes{datagram}.subspan(expected.size()), ::testing::Each(std::byte{0xa5}));
}

INSTANTIATE_TEST_SUITE_P(
    Golden, HeaderWriting,
    ::testing::Values(
        WriteCase{"fields",
                  {.source = kFrom,
                   .destination = kTo,
                   .tos = 0xb8,
                   .ttl = 17,
                   .protocol = 253,
                   .id = 0xbeef,
                   .dont_fragment = true,
                   .options = {}},
                  22,
                  vec("45 b8 00 16 be ef 40 00 11 fd a7 26 c6 12 00 01 cb 00 71 09"_bytes)},
        WriteCase{
            "options",
            {.source = kFrom, .destination = kTo, .protocol = 1, .id = 1, .options = kRecordRoute},
            31,
            vec("47 00 00 1f 00 01 00 00 40 01 6b b9 c6 12 00 01 cb 00 71 09"
                "07 07 04 00 00 00 00 00"_bytes)},
        WriteCase{"largest",
                  {.source = kFrom, .destination = kTo, .ttl = 255, .protocol = 17, .options = {}},
                  65535,
                  vec("45 00 ff ff 00 00 00 00 ff 11 b9 cf c6 12 00 01 cb 00 71 09"_bytes)}),
    kRowName);

TEST(HeaderWritingEdges, SixtyByteHeader) {
  auto datagram = unwritten(60);
  write_ipv4_header({.source = kFrom, .destination = kTo, .protocol = 253, .options = kFortyZeros},
                    datagram);
  EXPECT_EQ(byte_at(datagram, 0), 0x4f);
  EXPECT_THAT(datagram, testing::ValidChecksums());
  EXPECT_THAT(Bytes{datagram}.last(40), ElementsAreArray(kFortyZeros));
}

TEST(HeaderWritingEdges, DefaultsAreTtl64AndNoFlags) {
  auto datagram = unwritten(20);
  write_ipv4_header({.source = kFrom, .destination = kTo, .options = {}}, datagram);
  const auto header = testing::decode(datagram).value();
  EXPECT_EQ(header.ttl, 64);
  EXPECT_EQ(header.tos, 0);
  EXPECT_FALSE(header.df || header.reserved || header.is_fragment());
}

struct FragmentCase {
  std::string_view name;
  testing::Ip header;
  std::size_t offset;
  bool more;
  std::uint16_t word;  ///< flags and offset afterwards
};
class FragmentFields : public ::testing::TestWithParam<FragmentCase> {};

TEST_P(FragmentFields, AreWrittenAsRfc791Section3_1Says) {
  std::vector<std::byte> packet = GetParam().header / raw("12345678");
  const std::vector<std::byte> before = packet;
  store_be<std::uint16_t>(packet, 2, 0xa5a5);
  write_fragment_fields(packet, GetParam().offset, GetParam().more);
  EXPECT_EQ(load_be<std::uint16_t>(packet, 6), GetParam().word);
  EXPECT_EQ(load_be<std::uint16_t>(packet, 2), packet.size());
  EXPECT_THAT(packet, testing::ValidChecksums());
  store_be(packet, 6, load_be<std::uint16_t>(before, 6));
  store_be(packet, 10, load_be<std::uint16_t>(before, 10));
  EXPECT_THAT(packet, ElementsAreArray(before)) << "nothing else has changed";
}

INSTANTIATE_TEST_SUITE_P(
    Table, FragmentFields,
    ::testing::Values(FragmentCase{"first", ip(), 0, true, 0x2000},
                      FragmentCase{"middle", ip(), 8, true, 0x2001},
                      FragmentCase{"last", ip(), 1480, false, 0x00b9},
                      FragmentCase{"whole_again", ip().mf().offset(80), 0, false, 0x0000},
                      FragmentCase{"largest_offset", ip(), 65528, false, 0x1fff},
                      FragmentCase{"reserved_kept", ip().reserved_bit(), 16, true, 0xa002},
                      FragmentCase{"old_offset_gone", ip().mf().offset(65528), 8, false, 0x0001},
                      FragmentCase{"options", ip().options({1, 1, 1, 0}), 24, true, 0x2003}),
    kRowName);

// Also of those whose checksum is 0, before or after, in both forms of zero (RFC 1624 section 3).
TEST(TurnedHeader, IsThatOfAnAnswerToItsSource) {
  std::mt19937 random{792};
  for (int round = 0; round < 20'000; ++round) {
    Ipv4Header header{.source = Ipv4Address{static_cast<std::uint32_t>(random())},
                      .destination = Ipv4Address{static_cast<std::uint32_t>(random())},
                      .tos = static_cast<std::uint8_t>(random()),
                      .ttl = static_cast<std::uint8_t>(random()),
                      .protocol = static_cast<std::uint8_t>(random()),
                      .id = 0,
                      .dont_fragment = random() % 2 == 0,
                      .options = {}};
    std::vector<std::byte> datagram(20 + random() % 100);
    write_ipv4_header(header, datagram);
    if (round % 3 != 0) {
      header.id = load_be<std::uint16_t>(datagram, 10);
      write_ipv4_header(header, datagram);
      ASSERT_EQ(load_be<std::uint16_t>(datagram, 10), 0);
      if (round % 3 == 2) store_be<std::uint16_t>(datagram, 10, 0xffff);
    }
    std::swap(header.source, header.destination);
    header.ttl = static_cast<std::uint8_t>(random());
    header.id = static_cast<std::uint16_t>(random());
    header.dont_fragment = false;
    std::vector<std::byte> expected(datagram.size());
    write_ipv4_header(header, expected);
    turn_ipv4_header(datagram, header.ttl, header.id);
    ASSERT_EQ(datagram, expected) << "round " << round;
  }
}

TEST(RefreshHeaderChecksum, MakesAnyHeaderRightAndTouchesNothingElse) {
  std::mt19937 random{791};
  for (int round = 0; round < 1000; ++round) {
    std::vector<std::byte> header(20 + random() % 11 * 4);
    std::ranges::generate(header, [&] { return static_cast<std::byte>(random()); });
    header[0] = static_cast<std::byte>(0x40U | header.size() / 4);
    auto expected = header;
    store_be<std::uint16_t>(expected, 10, 0);
    store_be(expected, 10, static_cast<std::uint16_t>(~testing::internet_sum(expected)));
    refresh_header_checksum(header);
    ASSERT_THAT(header, ElementsAreArray(expected)) << "round " << round;
  }
}

}  // namespace
}  // namespace hop
