#include "stack/base/checksum.hpp"

#include <gmock/gmock.h>

#include <random>
#include <vector>

#include "tests/stack/base/row_name.hpp"
#include "tests/support/decode.hpp"
#include "tests/support/hex_literal.hpp"

namespace hop {
namespace {

using namespace testing::literals;

/// The definition, 16 bits at a time, from the tests' own sum.
std::uint16_t expected_checksum(Bytes bytes) {
  return static_cast<std::uint16_t>(~testing::internet_sum(bytes));
}

std::vector<std::byte> random_bytes(std::size_t size, std::mt19937& random) {
  std::vector<std::byte> bytes(size);
  std::ranges::generate(bytes, [&] { return static_cast<std::byte>(random() & 0xffU); });
  return bytes;
}

// Section 3: the sum of these bytes is ddf2, in every order of addition.
constexpr auto kRfc1071 = "00 01 f2 03 f4 f5 f6 f7"_bytes;
// The second half of the example with an odd boundary: f0eb.
constexpr auto kRfc1071Odd = "03 f4 f5 f6 f7"_bytes;
// RFC 1624 section 3: the header sums to cd7a + 5555, and to cd7a + 3285 = ffff.
constexpr auto kRfc1624Before = "cd 7a 55 55"_bytes;
constexpr auto kRfc1624After = "cd 7a 32 85"_bytes;
// The header of a UDP datagram from 192.168.0.1 to 192.168.0.199, without its checksum b861.
constexpr auto kHeader = "45 00 00 73 00 00 40 00 40 11 00 00 c0 a8 00 01 c0 a8 00 c7"_bytes;
constexpr auto kHeaderSummed = "45 00 00 73 00 00 40 00 40 11 b8 61 c0 a8 00 01 c0 a8 00 c7"_bytes;
constexpr auto kZeros = "00 00 00 00"_bytes;
constexpr auto kOnes = "ff ff ff ff"_bytes;

struct SumCase {
  std::string_view name;
  Bytes bytes;
  std::uint16_t checksum;
};
class Checksum : public ::testing::TestWithParam<SumCase> {};

TEST_P(Checksum, IsThatOfRfc1071) {
  EXPECT_EQ(internet_checksum(GetParam().bytes), GetParam().checksum);
  EXPECT_EQ(ChecksumSum{}.add(GetParam().bytes).finish(), GetParam().checksum);
  EXPECT_EQ(has_right_checksum(GetParam().bytes), GetParam().checksum == 0);
}

INSTANTIATE_TEST_SUITE_P(
    Examples, Checksum,
    ::testing::Values(SumCase{"rfc1071_section3", kRfc1071, 0x220d},
                      SumCase{"rfc1071_odd_length", kRfc1071Odd, 0x0f14},
                      SumCase{"rfc1071_one_byte", Bytes{kRfc1071Odd}.last(1), 0x08ff},
                      SumCase{"rfc1624_before", kRfc1624Before, 0xdd2f},
                      SumCase{"rfc1624_after_is_zero", kRfc1624After, 0x0000},
                      SumCase{"captured_header", kHeader, 0xb861},
                      SumCase{"captured_header_verifies", kHeaderSummed, 0x0000},
                      SumCase{"nothing", Bytes{}, 0xffff}, SumCase{"zeros", kZeros, 0xffff},
                      SumCase{"negative_zero", kOnes, 0x0000}),
    kRowName);

TEST(ChecksumLengths, EveryLengthAndAlignmentMatchesTheDefinition) {
  std::mt19937 random{1071};
  const auto pool = random_bytes(400, random);
  for (std::size_t start = 0; start < 16; ++start) {
    for (std::size_t size = 0; size <= 300; ++size) {
      const Bytes span = Bytes{pool}.subspan(start, size);
      ASSERT_EQ(internet_checksum(span), expected_checksum(span)) << start << "+" << size;
    }
  }
}

TEST(ChecksumLengths, LongSpansMatchTheDefinition) {
  std::mt19937 random{1624};
  for (int round = 0; round < 100; ++round) {
    const auto bytes = random_bytes(random() % 65536, random);
    ASSERT_EQ(internet_checksum(bytes), expected_checksum(bytes)) << bytes.size();
  }
}

TEST(ChecksumLengths, NoCarryIsLost) {
  for (const std::size_t size : {65534U, 65535U}) {
    std::vector<std::byte> bytes(size, std::byte{0xff});
    ASSERT_EQ(internet_checksum(bytes), expected_checksum(bytes)) << size;
    bytes.front() = std::byte{0xfe};
    ASSERT_EQ(internet_checksum(bytes), expected_checksum(bytes)) << size;
  }
}

TEST(ChecksumField, VerifiesToZero) {
  std::mt19937 random{7};
  for (int round = 0; round < 1000; ++round) {
    auto bytes = random_bytes(2 + random() % 200, random);
    const std::size_t field = random() % (bytes.size() / 2) * 2;
    store_be<std::uint16_t>(bytes, field, 0);
    store_be<std::uint16_t>(bytes, field, internet_checksum(bytes));
    ASSERT_EQ(internet_checksum(bytes), 0) << "round " << round;
  }
}

TEST(ChecksumField, IsRightOnlyWhenItVerifiesToZero) {
  std::mt19937 random{9};
  for (int round = 0; round < 1000; ++round) {
    auto bytes = random_bytes(20 + random() % 100, random);
    store_be<std::uint16_t>(bytes, 10, 0);
    const auto right = internet_checksum(bytes);
    for (const int off : {-1, 0, 1, 0x100, 0x8000}) {
      store_be(bytes, 10, static_cast<std::uint16_t>(right + off));
      ASSERT_EQ(has_right_checksum(bytes), internet_checksum(bytes) == 0) << round << ", " << off;
    }
  }
}

// A sum of 20 bytes, and what is summed up in words of 8 bytes, fills the upper words, too.
TEST(ChecksumField, IsJudgedByAllWordsOfTheSum) {
  for (const std::uint8_t fill :
       std::initializer_list<std::uint8_t>{0, 1, 0x7f, 0x80, 0xfe, 0xff}) {
    for (std::size_t size = 0; size < 70; ++size) {
      std::vector<std::byte> bytes(size, std::byte{fill});
      ASSERT_EQ(has_right_checksum(bytes), expected_checksum(bytes) == 0)
          << size << " of " << +fill;
    }
  }
}

TEST(ChecksumOf20, IsThatOfAnySpan) {
  std::mt19937 random{20};
  for (int round = 0; round < 10'000; ++round) {
    auto bytes = random_bytes(20, random);
    ASSERT_EQ(internet_checksum(Bytes{bytes}.first<20>()), expected_checksum(bytes));
    ASSERT_EQ(has_right_checksum(Bytes{bytes}.first<20>()), expected_checksum(bytes) == 0);
    store_be<std::uint16_t>(bytes, 10, 0);
    store_be<std::uint16_t>(bytes, 10, expected_checksum(bytes));
    ASSERT_TRUE(has_right_checksum(Bytes{bytes}.first<20>()));
  }
  EXPECT_FALSE(has_right_checksum(Bytes{std::vector<std::byte>(20)}.first<20>())) << "all zeros";
  EXPECT_TRUE(has_right_checksum(Bytes{std::vector<std::byte>(20, std::byte{0xff})}.first<20>()));
}

TEST(ChecksumPieces, AddUpWhereverTheyAreCut) {
  std::mt19937 random{2};
  const auto bytes = random_bytes(101, random);
  for (std::size_t cut = 0; cut <= 100; cut += 2) {
    ChecksumSum sum;
    sum.add(Bytes{bytes}.first(cut)).add(Bytes{bytes}.subspan(cut));
    ASSERT_EQ(sum.finish(), expected_checksum(bytes)) << cut;
  }
}

TEST(ChecksumPieces, WordsCountAsTheyStandInThePacket) {
  ChecksumSum sum;
  sum.add_word(0x0001).add(Bytes{kRfc1071}.subspan(2, 4)).add_word(0xf6f7);
  EXPECT_EQ(sum.finish(), 0x220d);
}

// 200000 words of ffff and a 1: an accumulator of 32 bits without folding would overflow.
TEST(ChecksumPieces, ManyWordsLoseNoCarry) {
  ChecksumSum sum;
  for (int i = 0; i < 200000; ++i) sum.add_word(0xffff);
  EXPECT_EQ(sum.finish(), 0x0000);
  EXPECT_EQ(sum.add_word(1).finish(), 0xfffe);
}

}  // namespace
}  // namespace hop
