// Documents as trees: what is where, and what an alias stands for.

#include "tools/config/yaml_node.hpp"

#include <gtest/gtest.h>

#include "tools/config/yaml_text.hpp"

namespace hop {
namespace {

YamlNode parsed(std::string_view text) {
  Findings findings("t.yaml");
  const auto node = parse_yaml(findings, text);
  EXPECT_TRUE(findings.empty());
  return node.value_or(YamlNode{});
}

std::string error_of(std::string_view text) {
  Findings findings("t.yaml");
  EXPECT_FALSE(parse_yaml(findings, text));
  const auto errors = findings.sorted();
  return errors.empty() ? "" : to_string(errors.front());
}

TEST(YamlTree, HasTheEntriesOfAMapInOrder) {
  const YamlNode map = parsed("b: 1\na: [x, y]\nc:\n");
  ASSERT_TRUE(map.is_map());
  ASSERT_EQ(map.size(), 3U);
  EXPECT_EQ(map.key(0).scalar(), "b");
  EXPECT_EQ(map.value(0).scalar(), "1");
  EXPECT_TRUE(map.value(1).is_list());
  EXPECT_EQ(map.value(1).item(1).scalar(), "y");
  EXPECT_TRUE(map.value(2).is_null());
}

TEST(YamlTree, KnowsItsPlaces) {
  const YamlNode map = parsed("a:\n  - { b: c }\n");
  const YamlNode item = map.value(0).item(0);
  EXPECT_EQ(item.place().line, 1);
  EXPECT_EQ(item.place().column, 4);
  EXPECT_EQ(item.value(0).place().column, 9);
}

TEST(YamlTree, FindsTheValueOfAKey) {
  const YamlNode map = parsed("a: 1\nb: 2\n");
  EXPECT_EQ(map.find("b").scalar(), "2");
  EXPECT_TRUE(map.find("c").is_null());
  EXPECT_TRUE(map.find("b").find("c").is_null()) << "a scalar has no keys";
}

TEST(YamlTree, IsNothingByItself) {
  const YamlNode nothing;
  EXPECT_TRUE(nothing.is_null());
  EXPECT_EQ(nothing.size(), 0U);
  EXPECT_EQ(nothing.scalar(), "");
  EXPECT_TRUE(nothing.place().is_null());
}

TEST(YamlTree, OutlivesTheOtherNamesOfItsDocument) {
  YamlNode item = parsed("[[deep]]").item(0).item(0);
  EXPECT_EQ(item.scalar(), "deep");
}

TEST(YamlTree, HasWhatAnAliasStandsFor) {
  const YamlNode map = parsed("a: &both { delay: 1ms }\nb: *both\n");
  EXPECT_EQ(map.value(1).find("delay").scalar(), "1ms");
}

TEST(YamlTree, HasNoAliasOfWhatItIsAPartOf) {
  EXPECT_EQ(error_of("a: &self [1, *self]\n"),
            "t.yaml:1:14: not valid YAML: an alias of what it is a part of");
}

TEST(YamlTree, IsWrittenInOneLine) {
  EXPECT_EQ(flow_text(parsed("mtu: 1280\nloss:\n  - a\n  -\n")), "{mtu: 1280, loss: [a, ~]}");
}

}  // namespace
}  // namespace hop
