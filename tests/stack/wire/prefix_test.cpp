#include <gtest/gtest.h>

#include <array>

#include "stack/wire/ipv4_address.hpp"
#include "tests/stack/base/row_name.hpp"

namespace hop {
namespace {

Ipv4Address addr(std::string_view text) { return Ipv4Address::parse(text).value(); }
Prefix prefix(std::string_view text) { return Prefix::parse(text).value(); }

struct PrefixCase {
  std::string_view name, text, address;
  unsigned length;
  std::uint32_t mask;
  std::string_view broadcast;  ///< empty: it has none
};
class PrefixText : public ::testing::TestWithParam<PrefixCase> {};

TEST_P(PrefixText, IsReadAndWritten) {
  const auto read = Prefix::parse(GetParam().text);
  ASSERT_TRUE(read);
  EXPECT_EQ(read->address(), addr(GetParam().address));
  EXPECT_EQ(read->length(), GetParam().length);
  EXPECT_EQ(read->mask(), GetParam().mask);
  EXPECT_EQ(Prefix::parse(to_string(*read)), read);
}

// RFC 3021 section 2.1 for /31; a host route has no broadcast either.
TEST_P(PrefixText, HasTheBroadcastOfRfc919AndRfc3021) {
  const auto broadcast = prefix(GetParam().text).broadcast();
  EXPECT_EQ(broadcast ? to_string(*broadcast) : "", GetParam().broadcast);
}

INSTANTIATE_TEST_SUITE_P(
    Good, PrefixText,
    ::testing::Values(
        PrefixCase{"all", "0.0.0.0/0", "0.0.0.0", 0, 0, "255.255.255.255"},
        PrefixCase{"half", "128.0.0.0/1", "128.0.0.0", 1, 0x80000000U, "255.255.255.255"},
        PrefixCase{"class_a", "10.0.0.0/8", "10.0.0.0", 8, 0xff000000U, "10.255.255.255"},
        PrefixCase{"net_24", "192.0.2.0/24", "192.0.2.0", 24, 0xffffff00U, "192.0.2.255"},
        PrefixCase{"net_30", "192.0.2.4/30", "192.0.2.4", 30, 0xfffffffcU, "192.0.2.7"},
        PrefixCase{"net_31", "192.0.2.2/31", "192.0.2.2", 31, 0xfffffffeU, ""},
        PrefixCase{"net_32", "192.0.2.3/32", "192.0.2.3", 32, 0xffffffffU, ""},
        PrefixCase{"without_length", "192.0.2.1", "192.0.2.1", 32, 0xffffffffU, ""}),
    kRowName);

struct BadText {
  std::string_view name, text;
};
class BadPrefixText : public ::testing::TestWithParam<BadText> {};

TEST_P(BadPrefixText, IsNothing) { EXPECT_FALSE(Prefix::parse(GetParam().text)); }

INSTANTIATE_TEST_SUITE_P(
    Bad, BadPrefixText,
    ::testing::Values(
        BadText{"empty", ""}, BadText{"host_bits", "192.0.2.1/24"},
        BadText{"host_bit_of_31", "192.0.2.1/31"}, BadText{"host_bits_of_0", "128.0.0.0/0"},
        BadText{"too_long", "192.0.2.0/33"}, BadText{"no_length", "192.0.2.0/"},
        BadText{"no_address", "/24"}, BadText{"minus", "192.0.2.0/-1"},
        BadText{"plus", "192.0.2.0/+24"}, BadText{"space", "192.0.2.0/ 24"},
        BadText{"space_after", "192.0.2.0/24 "}, BadText{"two_lengths", "192.0.2.0/24/24"},
        BadText{"mask", "192.0.2.0/255.255.255.0"}, BadText{"letter", "192.0.2.0/24a"},
        BadText{"length_24_and_2_to_32", "192.0.2.0/4294967320"},
        BadText{"length_24_and_256", "192.0.2.0/280"}, BadText{"bad_address", "192.0.2/24"}),
    kRowName);

TEST(PrefixText, OfAHostIsReadFromBothForms) {
  EXPECT_EQ(Prefix::parse("192.0.2.1"), Prefix::parse("192.0.2.1/32"));
}

TEST(PrefixBits, BehindTheLengthAreCleared) {
  EXPECT_EQ((Prefix{Ipv4Address{192, 0, 2, 255}, 24}), prefix("192.0.2.0/24"));
  EXPECT_EQ((Prefix{Ipv4Address{192, 0, 2, 255}, 0}), prefix("0.0.0.0/0"));
  EXPECT_EQ(Prefix{}, prefix("0.0.0.0/0"));
}

TEST(PrefixContains, EveryLengthHasItsEnds) {
  const Ipv4Address inside{0xa5c35a3cU};
  for (unsigned length = 0; length <= 32; ++length) {
    const Prefix net{inside, length};
    const auto size = std::uint64_t{1} << (32U - length);
    const std::uint64_t first = net.address().value;
    EXPECT_TRUE(net.contains(inside));
    EXPECT_TRUE(net.contains(Ipv4Address{static_cast<std::uint32_t>(first)}));
    EXPECT_TRUE(net.contains(Ipv4Address{static_cast<std::uint32_t>(first + size - 1)}));
    if (length == 0) continue;
    EXPECT_FALSE(net.contains(Ipv4Address{static_cast<std::uint32_t>(first - 1)})) << length;
    EXPECT_FALSE(net.contains(Ipv4Address{static_cast<std::uint32_t>(first + size)})) << length;
  }
}

struct PairCase {
  std::string_view name, one, other;
  bool contains, overlaps;
};
class PrefixPairs : public ::testing::TestWithParam<PairCase> {};

TEST_P(PrefixPairs, ContainAndOverlap) {
  const Prefix one = prefix(GetParam().one);
  const Prefix other = prefix(GetParam().other);
  EXPECT_EQ(one.contains(other), GetParam().contains);
  EXPECT_EQ(one.overlaps(other), GetParam().overlaps);
  EXPECT_EQ(other.overlaps(one), GetParam().overlaps);
}

INSTANTIATE_TEST_SUITE_P(
    Table, PrefixPairs,
    ::testing::Values(PairCase{"equal", "10.0.0.0/8", "10.0.0.0/8", true, true},
                      PairCase{"inside", "10.0.0.0/8", "10.1.0.0/16", true, true},
                      PairCase{"around", "10.1.0.0/16", "10.0.0.0/8", false, true},
                      PairCase{"same_address_longer", "10.0.0.0/8", "10.0.0.0/9", true, true},
                      PairCase{"same_address_shorter", "10.0.0.0/9", "10.0.0.0/8", false, true},
                      PairCase{"beside", "10.0.0.0/9", "10.128.0.0/9", false, false},
                      PairCase{"all", "0.0.0.0/0", "255.255.255.255/32", true, true},
                      PairCase{"hosts", "10.0.0.1/32", "10.0.0.2/32", false, false}),
    kRowName);

struct HostCase {
  std::string_view name, net, address;
  bool is_host;
};
class PrefixHosts : public ::testing::TestWithParam<HostCase> {};

// RFC 1812 section 4.2.3.1: neither the network's number nor its broadcast address.
TEST_P(PrefixHosts, AreThoseOfRfc1812Section4_2_3_1AndRfc3021) {
  EXPECT_EQ(prefix(GetParam().net).is_host(addr(GetParam().address)), GetParam().is_host);
}

INSTANTIATE_TEST_SUITE_P(
    Table, PrefixHosts,
    ::testing::Values(HostCase{"network", "192.0.2.0/24", "192.0.2.0", false},
                      HostCase{"first", "192.0.2.0/24", "192.0.2.1", true},
                      HostCase{"last", "192.0.2.0/24", "192.0.2.254", true},
                      HostCase{"broadcast", "192.0.2.0/24", "192.0.2.255", false},
                      HostCase{"outside", "192.0.2.0/24", "192.0.3.1", false},
                      HostCase{"net_30_first", "192.0.2.0/30", "192.0.2.1", true},
                      HostCase{"net_30_broadcast", "192.0.2.0/30", "192.0.2.3", false},
                      HostCase{"net_31_even", "192.0.2.0/31", "192.0.2.0", true},
                      HostCase{"net_31_odd", "192.0.2.0/31", "192.0.2.1", true},
                      HostCase{"net_31_outside", "192.0.2.0/31", "192.0.2.2", false},
                      HostCase{"net_32", "192.0.2.0/32", "192.0.2.0", true},
                      HostCase{"net_32_outside", "192.0.2.0/32", "192.0.2.1", false}),
    kRowName);

TEST(InterfaceAddressText, IsReadAndWritten) {
  const auto address = InterfaceAddress::parse("198.18.0.1/24");
  ASSERT_TRUE(address);
  EXPECT_EQ(address->address, addr("198.18.0.1"));
  EXPECT_EQ(address->prefix_length, 24U);
  EXPECT_EQ(address->subnet(), prefix("198.18.0.0/24"));
  EXPECT_EQ(to_string(*address), "198.18.0.1/24");
}

TEST(InterfaceAddressText, NeedsItsLength) {
  for (const auto text : {"198.18.0.1", "198.18.0.1/", "198.18.0.1/33", "198.18.0.1/-1",
                          "198.18.0.1/24 ", "198.18.0/24", "/24", ""}) {
    EXPECT_FALSE(InterfaceAddress::parse(text)) << text;
  }
}

TEST(PrefixOutput, HasTheLength) { EXPECT_EQ(to_string(prefix("192.0.2.0/24")), "192.0.2.0/24"); }

}  // namespace
}  // namespace hop
