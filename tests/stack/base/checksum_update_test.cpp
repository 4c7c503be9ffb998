// The incremental update of RFC 1624 against recomputation.

#include <gtest/gtest.h>

#include <random>
#include <vector>

#include "stack/base/checksum.hpp"
#include "tests/stack/base/row_name.hpp"
#include "tests/support/decode.hpp"

namespace hop {
namespace {

constexpr std::uint32_t folded(std::uint32_t sum) {
  sum = (sum & 0xffffU) + (sum >> 16U);
  return (sum & 0xffffU) + (sum >> 16U);
}
constexpr std::uint16_t checksum_of_sum(std::uint32_t sum) {
  return static_cast<std::uint16_t>(~folded(sum));
}

struct UpdateCase {
  std::string_view name;
  std::uint16_t checksum, was, is, expected;
};
class ChecksumUpdate : public ::testing::TestWithParam<UpdateCase> {};

TEST_P(ChecksumUpdate, FollowsRfc1624Equation3) {
  const auto& [name, checksum, was, is, expected] = GetParam();
  EXPECT_EQ(adjust_checksum(checksum, was, is), expected);
}

INSTANTIATE_TEST_SUITE_P(
    Examples, ChecksumUpdate,
    ::testing::Values(UpdateCase{"rfc1624_section4", 0xdd2f, 0x5555, 0x3285, 0x0000},
                      UpdateCase{"and_back", 0x0000, 0x3285, 0x5555, 0xdd2f},
                      UpdateCase{"nothing_changed", 0xb861, 0x4011, 0x4011, 0xb861},
                      UpdateCase{"ttl_64_to_63", 0xb861, 0x4011, 0x3f11, 0xb961},
                      UpdateCase{"carry", 0xff61, 0x4011, 0x3f11, 0x0062}),
    kRowName);

static_assert(adjust_checksum(0xdd2f, 0x5555, 0x3285) == 0x0000);

/// Over all sums that the other words of a header can have; 0 is none, for the version is not 0.
int wrong_updates(std::uint16_t was, std::uint16_t is) {
  int wrong = 0;
  for (std::uint32_t others = 1; others <= 0xffff; ++others) {
    const auto updated = adjust_checksum(checksum_of_sum(others + was), was, is);
    if (updated != checksum_of_sum(others + is)) ++wrong;
  }
  return wrong;
}

TEST(ChecksumUpdateExhaustive, EqualsRecomputationForAllChecksumsAndAllTtls) {
  for (unsigned ttl = 1; ttl <= 255; ++ttl) {
    const auto was = static_cast<std::uint16_t>(ttl << 8U | 17U);
    ASSERT_EQ(wrong_updates(was, static_cast<std::uint16_t>(was - 0x100)), 0) << "TTL " << ttl;
  }
}

// The same in its shortest form.
TEST(ChecksumUpdateExhaustive, EqualsRecomputationForAllDecreases) {
  for (const std::uint16_t less : std::initializer_list<std::uint16_t>{
           0x0000, 0x0001, 0x0100, 0x0800, 0x8000, 0xfffe, 0xffff}) {
    for (std::uint32_t others = 1; others <= 0xffff; ++others) {
      const std::uint16_t checksum = checksum_of_sum(others + 0xffff);
      ASSERT_EQ(checksum_after_decrease(checksum, less), checksum_of_sum(others + 0xffff - less))
          << others << " less " << less;
    }
  }
}

// Four words at a time, with the checksum as the last of them.
TEST(ChecksumUpdateRandom, FollowsFourWordsAtOnce) {
  std::mt19937_64 random{1624};
  for (int round = 0; round < 100'000; ++round) {
    std::vector<std::byte> bytes(8);
    store_be<std::uint64_t>(bytes, 0, random() << 16U | std::uint64_t{1} << 63U);
    const std::uint64_t is = random() << 16U | std::uint64_t{1} << 63U;
    const auto was = load_be<std::uint64_t>(bytes, 0) | internet_checksum(bytes);
    store_be(bytes, 0, is);
    ASSERT_EQ(checksum_after(was, is), internet_checksum(bytes)) << "round " << round;
  }
}

TEST(ChecksumUpdateExhaustive, EqualsRecomputationForAllChecksumsAndRandomWords) {
  std::mt19937 random{1624};
  for (int round = 0; round < 100; ++round) {
    const auto was = static_cast<std::uint16_t>(random());
    const auto is = static_cast<std::uint16_t>(random());
    ASSERT_EQ(wrong_updates(was, is), 0) << was << " to " << is;
  }
}

TEST(ChecksumUpdateExhaustive, EqualsRecomputationForTheExtremeWords) {
  constexpr std::array<std::uint16_t, 6> kWords{0x0000, 0x0001, 0x7fff, 0x8000, 0xfffe, 0xffff};
  for (const std::uint16_t was : kWords) {
    for (const std::uint16_t is : kWords) {
      ASSERT_EQ(wrong_updates(was, is), 0) << was << " to " << is;
    }
  }
}

TEST(ChecksumUpdateRandom, FollowsAnyWordOfAnyBytes) {
  std::mt19937 random{42};
  for (int round = 0; round < 2000; ++round) {
    std::vector<std::byte> bytes(4 + random() % 60);
    std::ranges::generate(bytes, [&] { return static_cast<std::byte>(random()); });
    bytes[0] = std::byte{0x45};
    const std::size_t at = 2 + random() % ((bytes.size() - 2) / 2) * 2;
    const std::uint16_t before = internet_checksum(bytes);
    const auto was = load_be<std::uint16_t>(bytes, at);
    const auto is = static_cast<std::uint16_t>(random());
    store_be(bytes, at, is);
    ASSERT_EQ(adjust_checksum(before, was, is), internet_checksum(bytes)) << "round " << round;
  }
}

}  // namespace
}  // namespace hop
