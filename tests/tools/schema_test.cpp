// The words of the schema that stand for numbers of the protocols: all of them are there. What else
// it says is held against the program by tests/clients/schema_test.py.

#include "tools/config/schema.hpp"

#include <gtest/gtest.h>

#include <boost/json.hpp>
#include <set>
#include <string>

#include "stack/wire/icmp_numbers.hpp"
#include "stack/wire/ipv4_options.hpp"

namespace hop {
namespace {

using Words = std::set<std::string>;

/// The words of `enum` of a definition.
Words words_of(std::string_view definition) {
  const boost::json::value schema = boost::json::parse(topology_schema());
  Words words;
  for (const auto& word : schema.at("$defs").at(definition).at("enum").as_array()) {
    words.emplace(word.as_string());
  }
  return words;
}

TEST(Schema, HasEveryCodeOfDestinationUnreachable) {
  Words expected{"protocol-unreachable"};  // besides prot-unreachable
  for (std::uint8_t code = 0; code < kUnreachableCodes; ++code) {
    expected.emplace(name(static_cast<UnreachableCode>(code)));
  }
  EXPECT_EQ(words_of("unreachable-code"), expected);
}

TEST(Schema, HasEveryIcmpType) {
  Words expected{"destination-unreachable"};  // besides dest-unreachable
  for (unsigned type = 0; type < 256; ++type) expected.emplace(name(static_cast<IcmpType>(type)));
  expected.erase("");
  EXPECT_EQ(words_of("icmp-type"), expected);
}

TEST(Schema, HasEveryOptionWithALength) {
  Words expected;
  for (unsigned type = 2; type < 256; ++type) expected.emplace(name(static_cast<OptionType>(type)));
  expected.erase("");
  EXPECT_EQ(words_of("option-name"), expected);
}

}  // namespace
}  // namespace hop
