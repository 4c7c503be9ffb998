#include <gmock/gmock.h>

#include <vector>

#include "stack/wire/ipv4_options.hpp"
#include "tests/stack/base/row_name.hpp"
#include "tests/support/hex_literal.hpp"
#include "tests/support/packet_dsl.hpp"

namespace hop {
namespace {

using namespace testing::literals;
using ::testing::ElementsAreArray;
using testing::ip;
using testing::raw;

struct Seen {
  unsigned type, offset;
  std::size_t size;
  bool operator==(const Seen&) const = default;
  friend std::ostream& operator<<(std::ostream& out, const Seen& seen) {
    return out << "type " << seen.type << " at " << seen.offset << ", " << seen.size << " bytes";
  }
};

struct ReaderCase {
  std::string_view name;
  std::vector<std::uint8_t> options;
  std::vector<Seen> seen;
  std::optional<std::uint8_t> bad_offset;
};
class OptionReading : public ::testing::TestWithParam<ReaderCase> {};

testing::Packet packet_with(const std::vector<std::uint8_t>& options) {
  return ip().options(as_bytes(std::span{options})) / raw("payload");
}

// The end of list may be seen or not: it is no option to act on.
std::vector<Seen> read_all(OptionReader& reader) {
  std::vector<Seen> all;
  while (const auto option = reader.next()) {
    if (option->type == OptionType::end_of_list) continue;
    all.push_back({static_cast<unsigned>(option->type), option->offset, option->bytes.size()});
  }
  return all;
}

TEST_P(OptionReading, FollowsRfc791Section3_1) {
  const auto packet = packet_with(GetParam().options);
  const auto header = Ipv4HeaderView::parse(packet);
  ASSERT_TRUE(header);
  OptionReader reader{*header};
  EXPECT_EQ(read_all(reader), GetParam().seen);
  EXPECT_EQ(reader.bad_offset(), GetParam().bad_offset);
  EXPECT_FALSE(reader.next()) << "it stays at its end";
  EXPECT_EQ(reader.bad_offset(), GetParam().bad_offset);
}

using Seens = std::vector<Seen>;

INSTANTIATE_TEST_SUITE_P(
    WellFormed, OptionReading,
    ::testing::Values(
        ReaderCase{"none", {}, {}, {}}, ReaderCase{"end_of_list", {0, 0, 0, 0}, {}, {}},
        ReaderCase{"no_operations", {1, 1, 1, 1}, {}, {}},
        ReaderCase{"one", {7, 7, 4, 0, 0, 0, 0, 0}, Seens{{7, 20, 7}}, {}},
        ReaderCase{"after_no_operation", {1, 7, 7, 4, 0, 0, 0, 0}, Seens{{7, 21, 7}}, {}},
        ReaderCase{"smallest", {200, 2, 201, 2}, Seens{{200, 20, 2}, {201, 22, 2}}, {}},
        ReaderCase{"two_with_no_operations",
                   {1, 1, 148, 4, 0, 0, 1, 136, 4, 1, 2, 0},
                   Seens{{148, 22, 4}, {136, 27, 4}},
                   {}},
        ReaderCase{"up_to_the_end", {136, 4, 1, 2}, Seens{{136, 20, 4}}, {}},
        ReaderCase{"unknown_type", {0x5e, 4, 9, 9}, Seens{{0x5e, 20, 4}}, {}},
        ReaderCase{"junk_after_end_of_list", {136, 4, 1, 2, 0, 7, 1, 99}, Seens{{136, 20, 4}}, {}},
        ReaderCase{"option_after_end_of_list", {0, 148, 4, 0, 0, 0, 0, 0}, {}, {}}),
    kRowName);

INSTANTIATE_TEST_SUITE_P(
    BadLength, OptionReading,
    ::testing::Values(ReaderCase{"zero", {7, 0, 4, 0}, {}, 20},
                      ReaderCase{"one", {7, 1, 4, 0}, {}, 20},
                      ReaderCase{"past_the_end", {7, 5, 4, 0}, {}, 20},
                      ReaderCase{"far_past_the_end", {7, 255, 4, 0}, {}, 20},
                      ReaderCase{"no_length_byte", {1, 1, 1, 7}, {}, 23},
                      ReaderCase{"unknown_type_too", {0x5e, 0, 0, 0}, {}, 20},
                      ReaderCase{
                          "second_option", {136, 4, 1, 2, 1, 148, 4, 0}, Seens{{136, 20, 4}}, 25},
                      ReaderCase{"last_byte_of_a_full_header",
                                 {1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1,
                                  1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 7},
                                 {},
                                 59}),
    kRowName);

// Every pair of type and length byte: always an option within the header, or the bad offset.
TEST(OptionReaderAnywhere, NeverLeavesTheHeader) {
  for (unsigned type = 2; type <= 255; ++type) {
    for (unsigned length = 0; length <= 255; ++length) {
      const auto packet = packet_with(
          {1, static_cast<std::uint8_t>(type), static_cast<std::uint8_t>(length), 0, 0, 0, 0, 0});
      const auto header = Ipv4HeaderView::parse(packet).value();
      OptionReader reader{header};
      const auto option = reader.next();
      const bool fits = length >= 2 && length <= 7;
      ASSERT_EQ(option.has_value(), fits) << type << "/" << length;
      ASSERT_EQ(reader.bad_offset().has_value(), !fits) << type << "/" << length;
    }
  }
}

TEST(OptionViewBytes, AreTypeLengthAndData) {
  const auto packet = packet_with({1, 7, 7, 4, 10, 0, 0, 1});
  const auto header = Ipv4HeaderView::parse(packet).value();
  OptionReader reader{header};
  const auto option = reader.next();
  ASSERT_TRUE(option);
  EXPECT_EQ(option->type, OptionType::record_route);
  EXPECT_EQ(option->offset, 21);
  EXPECT_EQ(option->pointer(), 4);
  EXPECT_THAT(option->bytes, ElementsAreArray("07 07 04 0a 00 00 01"_bytes));
}

struct TypeCase {
  std::string_view name;
  OptionType type;
  unsigned number;
  bool copied;
};
class OptionTypes : public ::testing::TestWithParam<TypeCase> {};

// RFC 791 section 3.1: copied flag, class and number make the type.
TEST_P(OptionTypes, HaveTheirNumbersAndCopiedFlag) {
  EXPECT_EQ(static_cast<unsigned>(GetParam().type), GetParam().number);
  const OptionView view{.type = GetParam().type, .offset = 20, .bytes = {}};
  EXPECT_EQ(view.copied(), GetParam().copied);
}

INSTANTIATE_TEST_SUITE_P(
    Table, OptionTypes,
    ::testing::Values(TypeCase{"end", OptionType::end_of_list, 0, false},
                      TypeCase{"nop", OptionType::no_operation, 1, false},
                      TypeCase{"record_route", OptionType::record_route, 7, false},
                      TypeCase{"timestamp", OptionType::timestamp, 68, false},
                      TypeCase{"traceroute_rfc1393", OptionType::traceroute, 82, false},
                      TypeCase{"security_rfc1108", OptionType::security, 130, true},
                      TypeCase{"loose", OptionType::loose_source_route, 131, true},
                      TypeCase{"extended_security", OptionType::extended_security, 133, true},
                      TypeCase{"stream_id", OptionType::stream_id, 136, true},
                      TypeCase{"strict", OptionType::strict_source_route, 137, true},
                      TypeCase{"router_alert_rfc2113", OptionType::router_alert, 148, true}),
    kRowName);

}  // namespace
}  // namespace hop
