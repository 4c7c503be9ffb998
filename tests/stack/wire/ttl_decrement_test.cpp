// RFC 1812 section 5.3.1 with the checksum update of RFC 1624.

#include <gmock/gmock.h>

#include <vector>

#include "stack/wire/ipv4.hpp"
#include "tests/support/hex_literal.hpp"
#include "tests/support/packet_dsl.hpp"

namespace hop {
namespace {

using namespace testing::literals;
using ::testing::ElementsAreArray;
using testing::ip;
using testing::raw;

TEST(TtlDecrement, GoldenHeader) {
  auto header = "45 00 00 73 00 00 40 00 40 11 b8 61 c0 a8 00 01 c0 a8 00 c7"_bytes;
  decrement_ttl(header);
  EXPECT_THAT(header, ElementsAreArray(
                          "45 00 00 73 00 00 40 00 3f 11 b9 61 c0 a8 00 01 c0 a8 00 c7"_bytes));
}

std::uint16_t folded(std::uint32_t sum) {
  sum = (sum & 0xffffU) + (sum >> 16U);
  return static_cast<std::uint16_t>((sum & 0xffffU) + (sum >> 16U));
}

/// A header that holds version, identification and TTL and nothing else.
std::array<std::byte, 20> header_with(std::uint8_t ttl, std::uint16_t id) {
  std::array<std::byte, 20> header{std::byte{0x45}};
  store_be(header, 4, id);
  header[8] = std::byte{ttl};
  const auto sum = folded(0x4500U + id + (std::uint32_t{ttl} << 8U));
  store_be(header, 10, static_cast<std::uint16_t>(~sum));
  return header;
}

int wrong_decrements(std::uint8_t ttl) {
  int wrong = 0;
  for (unsigned id = 0; id <= 0xffff; ++id) {
    auto header = header_with(ttl, static_cast<std::uint16_t>(id));
    decrement_ttl(header);
    const auto expected =
        header_with(static_cast<std::uint8_t>(ttl - 1), static_cast<std::uint16_t>(id));
    if (header != expected) ++wrong;
  }
  return wrong;
}

// All checksums of a header occur. For all TTLs as well: base/checksum_update_test.cpp.
TEST(TtlDecrement, EqualsRecomputationForAllChecksums) {
  for (const unsigned ttl : {1U, 2U, 63U, 64U, 128U, 129U, 255U}) {
    EXPECT_EQ(wrong_decrements(static_cast<std::uint8_t>(ttl)), 0) << "TTL " << ttl;
  }
}

TEST(TtlDecrement, EqualsRecomputationForAllTtls) {
  for (unsigned ttl = 255; ttl >= 1; --ttl) {
    const auto at = static_cast<std::uint8_t>(ttl);
    const auto before = ip().ttl(at).options({1, 1, 1, 0}).reserved_bit() / raw("abc");
    std::vector<std::byte> after = before;
    decrement_ttl(after);
    EXPECT_THAT(after, ElementsAreArray(before.with_ttl(static_cast<std::uint8_t>(at - 1)).bytes()))
        << "TTL " << ttl;
  }
}

}  // namespace
}  // namespace hop
