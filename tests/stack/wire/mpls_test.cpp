// Entries of an MPLS label stack (RFC 4950 section 5).

#include "stack/wire/mpls.hpp"

#include <gtest/gtest.h>

#include <ostream>
#include <string>
#include <string_view>
#include <vector>

#include "tests/support/hex_literal.hpp"

namespace hop {
namespace {

using namespace testing::literals;

struct EntryCase {
  std::string_view name;
  std::array<std::byte, 4> bytes;
  MplsLabel entry;
};
std::ostream& operator<<(std::ostream& out, const EntryCase& row) { return out << row.name; }

class LabelEntry : public ::testing::TestWithParam<EntryCase> {};

TEST_P(LabelEntry, IsAsRfc4950Section5HasIt) {
  EXPECT_EQ(read_label(GetParam().bytes), GetParam().entry);
  std::array<std::byte, 4> written{};
  write_label(GetParam().entry, written);
  EXPECT_EQ(written, GetParam().bytes);
}

INSTANTIATE_TEST_SUITE_P(
    Table, LabelEntry,
    ::testing::Values(EntryCase{"Zero", "00 00 00 00"_bytes, {.label = 0, .ttl = 0}},
                      EntryCase{"Label", "00 01 00 00"_bytes, {.label = 16, .ttl = 0}},
                      EntryCase{"MostLabel", "ff ff f0 00"_bytes, {.label = 1048575, .ttl = 0}},
                      EntryCase{
                          "TrafficClass", "00 00 0e 00"_bytes, {.traffic_class = 7, .ttl = 0}},
                      EntryCase{"Bottom", "00 00 01 00"_bytes, {.bottom = true, .ttl = 0}},
                      EntryCase{"Ttl", "00 00 00 ff"_bytes, {.ttl = 255}},
                      EntryCase{"All",
                                "05 dc 1b 02"_bytes,
                                {.label = 24001, .traffic_class = 5, .bottom = true, .ttl = 2}}),
    [](const auto& row) { return std::string{row.param.name}; });

TEST(LabelStackOfPacket, EndsWithTheBottom) {
  const auto stack = LabelStack::parse("00 01 00 fe 00 02 01 40"_bytes);
  ASSERT_TRUE(stack);
  EXPECT_EQ(stack->depth(), 2U);
  EXPECT_EQ(stack->top(), (MplsLabel{.label = 16, .ttl = 254}));
  EXPECT_EQ(stack->entries()[1], (MplsLabel{.label = 32, .bottom = true, .ttl = 64}));
  EXPECT_TRUE(LabelStack{}.empty());
}

TEST(LabelStackOfPacket, IsNoneWithoutABottomOrWithOneInTheMiddle) {
  EXPECT_FALSE(LabelStack::parse({}));
  EXPECT_FALSE(LabelStack::parse("00 01 00 fe"_bytes));
  EXPECT_FALSE(LabelStack::parse("00 01 01 fe 00"_bytes));
  EXPECT_FALSE(LabelStack::parse("00 01 01 fe 00 02 01 40"_bytes));
  EXPECT_FALSE(LabelStack::parse("00 01 00 fe 00 02 00 40"_bytes));
}

TEST(LabelStackOfPacket, IsSixteenDeepAtMost) {
  std::vector<std::byte> bytes(16 * 4);
  bytes[15 * 4 + 2] = std::byte{1};
  EXPECT_TRUE(LabelStack::parse(bytes));
  bytes.insert(bytes.begin(), 4, std::byte{0});
  EXPECT_FALSE(LabelStack::parse(bytes));
}

}  // namespace
}  // namespace hop
