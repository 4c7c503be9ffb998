// The names of ICMP types and codes against IANA's table
// (https://www.iana.org/assignments/icmp-parameters).

#include "stack/wire/icmp_numbers.hpp"

#include <gmock/gmock.h>

#include <map>
#include <set>
#include <vector>

#include "tests/stack/base/row_name.hpp"

namespace hop {
namespace {

using ::testing::IsEmpty;
using ::testing::MatchesRegex;
using ::testing::Not;

constexpr auto kSpelling = "[a-z0-9]+(-[a-z0-9]+)*";

/// Every type that IANA gives a name, with the codes it names.
const std::map<unsigned, std::vector<unsigned>> kIana{
    {0, {}},
    {3, {0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15}},
    {4, {}},
    {5, {0, 1, 2, 3}},
    {6, {0}},
    {8, {}},
    {9, {0, 16}},
    {10, {}},
    {11, {0, 1}},
    {12, {0, 1, 2}},
    {13, {}},
    {14, {}},
    {15, {}},
    {16, {}},
    {17, {}},
    {18, {}},
    {30, {}},
    {31, {}},
    {32, {}},
    {33, {}},
    {34, {}},
    {35, {}},
    {36, {}},
    {37, {}},
    {38, {}},
    {39, {}},
    {40, {0, 1, 2, 3, 4, 5}},
    {41, {}},
    {42, {0}},
    {43, {0, 1, 2, 3, 4}},
    {253, {}},
    {254, {}}};

IcmpType type_of(unsigned number) { return static_cast<IcmpType>(number); }

TEST(IcmpTypeNames, EveryTypeOfIanaAndNoOther) {
  std::set<std::string_view> names;
  for (unsigned number = 0; number <= 255; ++number) {
    const std::string_view text = name(type_of(number));
    EXPECT_EQ(!text.empty(), kIana.contains(number)) << number << " " << text;
    if (text.empty()) continue;
    EXPECT_TRUE(names.insert(text).second) << text;
    EXPECT_THAT(std::string{text}, MatchesRegex(kSpelling));
  }
}

TEST(IcmpTypeNames, LeadBackToTheNumber) {
  for (const auto& [number, codes] : kIana) {
    EXPECT_EQ(icmp_type_of(name(type_of(number))), type_of(number)) << number;
  }
}

TEST(IcmpTypeNames, OtherTextIsNoType) {
  for (const auto text : {"", "ech", "echo ", "Echo", "echo_reply", "8", "unknown", "time"}) {
    EXPECT_FALSE(icmp_type_of(text)) << text;
  }
}

struct NameCase {
  std::string_view name;
  unsigned type;
  std::string_view text;
};
class IcmpTypeName : public ::testing::TestWithParam<NameCase> {};

TEST_P(IcmpTypeName, IsSpelledAsInTheTopologyFile) {
  EXPECT_EQ(name(type_of(GetParam().type)), GetParam().text);
}

INSTANTIATE_TEST_SUITE_P(
    Table, IcmpTypeName,
    ::testing::Values(NameCase{"echo_reply", 0, "echo-reply"},
                      NameCase{"dest_unreachable", 3, "dest-unreachable"},
                      NameCase{"source_quench", 4, "source-quench"},
                      NameCase{"redirect", 5, "redirect"},
                      NameCase{"router_advertisement", 9, "router-advertisement"},
                      NameCase{"router_solicitation", 10, "router-solicitation"},
                      NameCase{"time_exceeded", 11, "time-exceeded"},
                      NameCase{"parameter_problem", 12, "parameter-problem"},
                      NameCase{"timestamp_reply", 14, "timestamp-reply"},
                      NameCase{"address_mask_request", 17, "address-mask-request"},
                      NameCase{"address_mask_reply", 18, "address-mask-reply"}),
    kRowName);

TEST(IcmpCodeNames, EveryCodeOfIanaAndNoOther) {
  for (const auto& [number, codes] : kIana) {
    if (codes.empty()) continue;  // IANA says "No Code", or nothing
    std::set<std::string_view> names;
    for (unsigned code = 0; code <= 255; ++code) {
      const auto text = code_name(type_of(number), static_cast<std::uint8_t>(code));
      const bool known = std::ranges::find(codes, code) != codes.end();
      EXPECT_EQ(!text.empty(), known) << number << "/" << code << " " << text;
      if (text.empty()) continue;
      EXPECT_TRUE(names.insert(text).second) << number << "/" << code << " " << text;
      EXPECT_THAT(std::string{text}, MatchesRegex(kSpelling));
    }
  }
}

TEST(IcmpCodeNames, UnassignedTypesHaveNone) {
  for (unsigned number = 0; number <= 255; ++number) {
    if (kIana.contains(number)) continue;
    for (unsigned code = 0; code <= 255; ++code) {
      ASSERT_THAT(code_name(type_of(number), static_cast<std::uint8_t>(code)), IsEmpty());
    }
  }
}

struct CodeCase {
  std::string_view name;
  UnreachableCode code;
  unsigned number;
  std::string_view text;
};
class UnreachableCodeName : public ::testing::TestWithParam<CodeCase> {};

TEST_P(UnreachableCodeName, IsSpelledAsNftablesDoesAndLeadsBack) {
  const auto& [row, code, number, text] = GetParam();
  EXPECT_EQ(static_cast<unsigned>(code), number);
  EXPECT_EQ(name(code), text);
  EXPECT_EQ(unreachable_code_of(text), code);
  EXPECT_EQ(code_name(IcmpType::dest_unreachable, static_cast<std::uint8_t>(number)), text);
}

INSTANTIATE_TEST_SUITE_P(
    Nftables, UnreachableCodeName,
    ::testing::Values(
        CodeCase{"net", UnreachableCode::net_unreachable, 0, "net-unreachable"},
        CodeCase{"host", UnreachableCode::host_unreachable, 1, "host-unreachable"},
        CodeCase{"protocol", UnreachableCode::protocol_unreachable, 2, "prot-unreachable"},
        CodeCase{"port", UnreachableCode::port_unreachable, 3, "port-unreachable"},
        CodeCase{"frag_needed", UnreachableCode::frag_needed, 4, "frag-needed"},
        CodeCase{"net_prohibited", UnreachableCode::net_prohibited, 9, "net-prohibited"},
        CodeCase{"host_prohibited", UnreachableCode::host_prohibited, 10, "host-prohibited"},
        CodeCase{"admin_prohibited", UnreachableCode::admin_prohibited, 13, "admin-prohibited"}),
    kRowName);

TEST(UnreachableCodeNames, AllLeadBackToTheCode) {
  for (unsigned number = 0; number < kUnreachableCodes; ++number) {
    const auto code = static_cast<UnreachableCode>(number);
    EXPECT_THAT(name(code), Not(IsEmpty()));
    EXPECT_EQ(unreachable_code_of(name(code)), code) << number;
  }
  for (const auto text : {"", "net", "Net-Unreachable", "net_unreachable", "0", "in-transit"}) {
    EXPECT_FALSE(unreachable_code_of(text)) << text;
  }
}

// Errors and what may be one: an error about it is forbidden. RFC 1122 section 3.2.2 and RFC 1812
// section 4.3.1 name the queries; RFC 8335 adds extended echo, RFC 1788 domain names.
const std::set<unsigned> kQueries{0, 8, 9, 10, 13, 14, 15, 16, 17, 18, 37, 38, 42, 43};
const std::set<unsigned> kErrors{3, 4, 5, 11, 12, 31, 40};

TEST(ErrorOrUnknown, IsEveryTypeButTheKnownQueriesRfc1122Section3_2_2) {
  for (unsigned number = 0; number <= 255; ++number) {
    const bool error = is_error_or_unknown(type_of(number));
    if (kQueries.contains(number)) {
      EXPECT_FALSE(error) << number;
    } else if (kErrors.contains(number) || !kIana.contains(number)) {
      EXPECT_TRUE(error) << number;
    }
  }
}

TEST(ErrorOrUnknown, ExperimentsMayBeErrorsRfc4727) {
  EXPECT_TRUE(is_error_or_unknown(IcmpType::experiment_1));
  EXPECT_TRUE(is_error_or_unknown(IcmpType::experiment_2));
}

TEST(ErrorMessages, AreTheFiveOfRfc792) {
  const std::set<unsigned> quoting{3, 4, 5, 11, 12};
  for (unsigned number = 0; number <= 255; ++number) {
    EXPECT_EQ(is_error(type_of(number)), quoting.contains(number)) << number;
  }
}

}  // namespace
}  // namespace hop
