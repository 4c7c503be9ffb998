#include "stack/base/bytes.hpp"

#include <gmock/gmock.h>

#include "tests/support/hex_literal.hpp"

namespace hop {
namespace {

using namespace testing::literals;
using ::testing::ElementsAreArray;

constexpr auto kOneToNine = "01 02 03 04 05 06 07 08 09"_bytes;

// RFC 791 appendix B: the most significant octet is sent first.
TEST(ByteOrder, LoadsMostSignificantFirstRfc791AppendixB) {
  EXPECT_EQ(load_be<std::uint8_t>(kOneToNine, 8), 0x09);
  EXPECT_EQ(load_be<std::uint16_t>(kOneToNine, 0), 0x0102);
  EXPECT_EQ(load_be<std::uint16_t>(kOneToNine, 7), 0x0809);
  EXPECT_EQ(load_be<std::uint32_t>(kOneToNine, 1), 0x02030405U);
  EXPECT_EQ(load_be<std::uint64_t>(kOneToNine, 1), 0x0203040506070809U);
}

TEST(ByteOrder, StoresMostSignificantFirstRfc791AppendixB) {
  std::array<std::byte, 9> bytes{};
  bytes.fill(std::byte{0xa5});
  store_be<std::uint16_t>(bytes, 1, 0x0102);
  store_be<std::uint32_t>(bytes, 4, 0xfffefdfcU);
  EXPECT_THAT(bytes, ElementsAreArray("a5 01 02 a5 ff fe fd fc a5"_bytes));
  store_be<std::uint8_t>(bytes, 0, 0x80);
  store_be<std::uint64_t>(bytes, 1, 0x8000000000000001U);
  EXPECT_THAT(bytes, ElementsAreArray("80 80 00 00 00 00 00 00 01"_bytes));
}

TEST(ByteOrder, IsKnownAtCompileTime) {
  static_assert(load_be<std::uint32_t>(kOneToNine, 0) == 0x01020304U);
  constexpr auto kStored = [] {
    std::array<std::byte, 4> bytes{};
    store_be<std::uint32_t>(bytes, 0, 0xc6120001U);
    return bytes;
  }();
  EXPECT_THAT(kStored, ElementsAreArray("c6 12 00 01"_bytes));
}

TEST(ByteAt, IsUnsigned) { EXPECT_EQ(byte_at("00 ff"_bytes, 1), 255); }

TEST(CopyBytes, WritesTheFrontAndNothingElse) {
  std::array<std::byte, 4> to{};
  to.fill(std::byte{0xa5});
  copy_bytes("01 02 03"_bytes, to);
  EXPECT_THAT(to, ElementsAreArray("01 02 03 a5"_bytes));
  copy_bytes({}, to);
  copy_bytes({}, {});
  EXPECT_THAT(to, ElementsAreArray("01 02 03 a5"_bytes));
}

}  // namespace
}  // namespace hop
