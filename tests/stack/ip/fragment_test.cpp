// Fragmentation: RFC 791 section 3.2 and appendix A, RFC 1812 section 4.2.2.7.

#include "stack/ip/fragment.hpp"

#include <gmock/gmock.h>

#include "tests/stack/base/row_name.hpp"
#include "tests/stack/ip/cut.hpp"
#include "tests/stack/ip/option_packets.hpp"
#include "tests/support/matchers.hpp"

namespace hop {
namespace {

using ::testing::ElementsAreArray;
using testing::ip;
using testing::raw;
using ::testing::SizeIs;

// Example 2 of appendix A: 452 octets of data, at most 280 octets in a datagram.
TEST(Fragmenter, ExampleOfRfc791AppendixA) {
  const auto whole = ip().id(111).ttl(119).protocol(6) / raw(pattern(452));
  const auto cut = cut_for(whole, 280);
  ASSERT_THAT(cut, SizeIs(2));
  const auto first = testing::decode(cut[0]).value();
  EXPECT_EQ(first.total_length, 276);
  EXPECT_TRUE(first.mf);
  EXPECT_EQ(first.offset, 0U);
  const auto second = testing::decode(cut[1]).value();
  EXPECT_EQ(second.total_length, 216);
  EXPECT_FALSE(second.mf);
  EXPECT_EQ(second.offset, 32U * 8U);
  EXPECT_THAT(cut, ElementsAreArray(testing::fragments(whole, {256})));
}

// What a queue of bytes has to have room for.
TEST(Fragmenter, KnowsHowManyBytesAreStillToCome) {
  const auto whole = ip().options({0x83, 7, 4, 10, 0, 0, 1, 7, 7, 4, 0, 0, 0, 0, 0}) /
                     raw(pattern(1400));  // a copied option and one that is not
  const auto view = Ipv4HeaderView::parse(whole.bytes()).value();
  for (const std::size_t mtu : {68U, 69U, 75U, 576U, 1500U}) {
    PacketPool pool;
    Fragmenter fragmenter{view, mtu, pool};
    std::size_t told = fragmenter.bytes_left();
    while (const auto fragment = fragmenter.next()) {
      told -= fragment->size();
      EXPECT_EQ(fragmenter.bytes_left(), told) << mtu;
    }
    EXPECT_EQ(told, 0U) << mtu;
  }
}

struct SplitCase {
  std::string_view name;
  testing::Packet packet;
  std::size_t mtu;
  std::vector<std::size_t> payloads;
};
class Splitting : public ::testing::TestWithParam<SplitCase> {};

TEST_P(Splitting, FollowsRfc791Section3_2) {
  const auto cut = cut_for(GetParam().packet, GetParam().mtu);
  std::vector<std::size_t> payloads;
  for (const auto& piece : cut) {
    payloads.push_back(testing::decode(piece)->payload.size());
    EXPECT_LE(piece.size(), GetParam().mtu);
    EXPECT_THAT(piece, testing::ValidChecksums());
  }
  EXPECT_THAT(payloads, ElementsAreArray(GetParam().payloads));
  EXPECT_EQ(joined(cut), testing::decode(GetParam().packet)->payload);
}

testing::Packet middle() { return ip().mf().offset(1480) / raw(pattern(1480)); }
/// A header of 60 bytes, of which later fragments have 20, or 60 as well.
testing::Packet with_forty(std::uint8_t type) {
  std::array<std::byte, 40> options{std::byte{type}, std::byte{40}, std::byte{40}};
  return ip().options(options) / raw(pattern(20));
}

INSTANTIATE_TEST_SUITE_P(
    Table, Splitting,
    ::testing::Values(SplitCase{"fits_exactly", ip() / raw(pattern(1480)), 1500, {1480}},
                      SplitCase{"one_too_many", ip() / raw(pattern(1481)), 1500, {1480, 1}},
                      SplitCase{"rounded_down_to_8", ip() / raw(pattern(100)), 99, {72, 28}},
                      SplitCase{
                          "last_may_fill_the_mtu", ip() / raw(pattern(72 + 79)), 99, {72, 79}},
                      SplitCase{"smallest_mtu", ip() / raw(pattern(100)), 68, {48, 48, 4}},
                      SplitCase{"sixty_byte_header_once", with_forty(0x5e), 68, {8, 12}},
                      SplitCase{"sixty_byte_header_copied", with_forty(0x9e), 68, {8, 8, 4}},
                      SplitCase{"middle_fragment", middle(), 600, {576, 576, 328}},
                      SplitCase{"largest", ip() / raw(pattern(65515)), 65534, {65512, 3}}),
    kRowName);

TEST(FragmentOfAFragment, OffsetIsAddedAndMoreFragmentsInherited) {
  const auto cut = cut_for(middle(), 600);
  EXPECT_THAT(cut, ElementsAreArray(testing::fragments(middle(), {576, 576})));
  EXPECT_EQ(testing::decode(cut.back())->offset, 1480U + 2U * 576U);
  EXPECT_TRUE(testing::decode(cut.back())->mf) << "inherited";
}

TEST(FragmentOfAFragment, LastFragmentEndsWithoutMore) {
  const auto last = ip().offset(65000) / raw(pattern(515));
  const auto cut = cut_for(last, 100);
  EXPECT_THAT(cut, ElementsAreArray(testing::fragments(last, {80, 80, 80, 80, 80, 80})));
  EXPECT_FALSE(testing::decode(cut.back())->mf);
}

TEST(FragmentFieldsKept, IdTosTtlProtocolAddressesAndReservedFlag) {
  const auto whole = ip().src("198.18.0.1")
                         .dst("203.0.113.9")
                         .id(0xbeef)
                         .tos(0xb9)
                         .ttl(3)
                         .reserved_bit()
                         .protocol(17) /
                     raw(pattern(3000));
  EXPECT_THAT(cut_for(whole, 1500), ElementsAreArray(testing::fragments(whole, {1480, 1480})));
}

TEST(FragmentsMade, AreAsManyAsLeftSays) {
  PacketPool pool;
  const auto whole = ip() / raw(pattern(1000));
  const auto header = Ipv4HeaderView::parse(whole).value();
  Fragmenter fragmenter{header, 300, pool};
  for (std::size_t left = 4; left > 0; --left) {
    EXPECT_EQ(fragmenter.left(), left);
    EXPECT_TRUE(fragmenter.next());
  }
  EXPECT_EQ(fragmenter.left(), 0U);
  EXPECT_FALSE(fragmenter.next());
  EXPECT_FALSE(fragmenter.next()) << "and stays at its end";
}

TEST(FragmentsMade, LeaveTheDatagramAlone) {
  const auto whole = ip().options({7, 7, 4, 0, 0, 0, 0}) / raw(pattern(1000));
  const auto before = whole;
  (void)cut_for(whole, 300);
  EXPECT_EQ(whole, before);
}

}  // namespace
}  // namespace hop
