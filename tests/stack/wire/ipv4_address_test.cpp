#include "stack/wire/ipv4_address.hpp"

#include <gtest/gtest.h>

#include <array>

#include "tests/stack/base/row_name.hpp"

namespace hop {
namespace {

struct TextCase {
  std::string_view name, text;
  std::uint32_t value;
};
class AddressText : public ::testing::TestWithParam<TextCase> {};

TEST_P(AddressText, IsReadAndWritten) {
  const auto address = Ipv4Address::parse(GetParam().text);
  ASSERT_TRUE(address);
  EXPECT_EQ(address->value, GetParam().value);
  EXPECT_EQ(to_string(*address), GetParam().text);
}

INSTANTIATE_TEST_SUITE_P(Good, AddressText,
                         ::testing::Values(TextCase{"zero", "0.0.0.0", 0},
                                           TextCase{"ones", "255.255.255.255", 0xffffffffU},
                                           TextCase{"order", "1.2.3.4", 0x01020304U},
                                           TextCase{"digits", "198.18.0.1", 0xc6120001U},
                                           TextCase{"boundaries", "9.10.99.100", 0x090a6364U}),
                         kRowName);

struct BadText {
  std::string_view name, text;
};
class BadAddressText : public ::testing::TestWithParam<BadText> {};

TEST_P(BadAddressText, IsNothing) { EXPECT_FALSE(Ipv4Address::parse(GetParam().text)); }

INSTANTIATE_TEST_SUITE_P(
    Bad, BadAddressText,
    ::testing::Values(
        BadText{"empty", ""}, BadText{"three_parts", "1.2.3"}, BadText{"five_parts", "1.2.3.4.5"},
        BadText{"part_256", "1.2.3.256"}, BadText{"part_1000", "1.2.3.1000"},
        BadText{"overflow_of_32_bits", "1.2.3.4294967297"}, BadText{"leading_zero", "01.2.3.4"},
        BadText{"two_zeros", "1.2.3.00"}, BadText{"leading_zero_last", "1.2.3.010"},
        BadText{"empty_part", "1..3.4"}, BadText{"empty_first", ".2.3.4"},
        BadText{"empty_last", "1.2.3."}, BadText{"trailing_dot", "1.2.3.4."},
        BadText{"space_before", " 1.2.3.4"}, BadText{"space_after", "1.2.3.4 "},
        BadText{"space_within", "1. 2.3.4"}, BadText{"plus", "+1.2.3.4"},
        BadText{"minus", "1.2.3.-4"}, BadText{"hexadecimal", "0x1.2.3.4"},
        BadText{"letter_after", "1.2.3.4a"}, BadText{"commas", "1,2,3,4"},
        BadText{"number", "16909060"}, BadText{"prefix", "1.2.3.4/24"},
        BadText{"nul_after", std::string_view{"1.2.3.4\0", 8}}, BadText{"name", "localhost"}),
    kRowName);

TEST(AddressOctets, AreInReadingOrder) {
  static_assert(Ipv4Address{198, 18, 0, 1} == Ipv4Address{0xc6120001U});
  EXPECT_EQ(Ipv4Address{}, Ipv4Address{0U});
}

TEST(AddressOrder, IsThatOfTheNumbers) {
  EXPECT_LT((Ipv4Address{9, 255, 255, 255}), (Ipv4Address{10, 0, 0, 0}));
  EXPECT_GT((Ipv4Address{200, 0, 0, 0}), (Ipv4Address{100, 0, 0, 0}));
}

/// Which of the special blocks an address is in, each with its letter.
std::string blocks_of(Ipv4Address address) {
  std::string in;
  if (address.is_zero_net()) in += 'z';
  if (address.is_loopback()) in += 'l';
  if (address.is_link_local()) in += 'k';
  if (address.is_multicast()) in += 'm';
  if (address.is_class_e()) in += 'e';
  if (address.is_limited_broadcast()) in += 'b';
  return in;
}

struct BlockCase {
  std::string_view name, address, blocks;
};
class SpecialBlocks : public ::testing::TestWithParam<BlockCase> {};

TEST_P(SpecialBlocks, AreThoseOfRfc6890) {
  const Ipv4Address address = Ipv4Address::parse(GetParam().address).value();
  EXPECT_EQ(blocks_of(address), GetParam().blocks);
  const bool ordinary = GetParam().blocks.empty() || GetParam().blocks == "k";
  EXPECT_EQ(address.is_ordinary(), ordinary);
}

INSTANTIATE_TEST_SUITE_P(FirstAndLast, SpecialBlocks,
                         ::testing::Values(BlockCase{"zero", "0.0.0.0", "z"},
                                           BlockCase{"zero_net_last", "0.255.255.255", "z"},
                                           BlockCase{"one", "1.0.0.0", ""},
                                           BlockCase{"before_loopback", "126.255.255.255", ""},
                                           BlockCase{"loopback_first", "127.0.0.0", "l"},
                                           BlockCase{"localhost", "127.0.0.1", "l"},
                                           BlockCase{"loopback_last", "127.255.255.255", "l"},
                                           BlockCase{"after_loopback", "128.0.0.0", ""},
                                           BlockCase{"before_link_local", "169.253.255.255", ""},
                                           BlockCase{"link_local_first", "169.254.0.0", "k"},
                                           BlockCase{"link_local_last", "169.254.255.255", "k"},
                                           BlockCase{"after_link_local", "169.255.0.0", ""},
                                           BlockCase{"before_multicast", "223.255.255.255", ""},
                                           BlockCase{"multicast_first", "224.0.0.0", "m"},
                                           BlockCase{"multicast_last", "239.255.255.255", "m"},
                                           BlockCase{"class_e_first", "240.0.0.0", "e"},
                                           BlockCase{"class_e_last", "255.255.255.254", "e"},
                                           BlockCase{"limited_broadcast", "255.255.255.255", "b"},
                                           BlockCase{"private_net", "10.0.0.1", ""},
                                           BlockCase{"benchmarks", "198.18.0.1", ""}),
                         kRowName);

}  // namespace
}  // namespace hop
