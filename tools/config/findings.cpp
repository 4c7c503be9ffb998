#include "tools/config/findings.hpp"

#include <fmt/format.h>
#include <yaml-cpp/yaml.h>

#include <algorithm>
#include <tuple>

namespace hop {

namespace {

/// What a node holds, in words.
std::string describe(const YAML::Node& node) {
  if (node.IsScalar()) return fmt::format("'{}'", node.Scalar());
  if (node.IsSequence()) return "a list";
  if (node.IsMap()) return "a map";
  return "nothing";
}

bool before(const ConfigError& a, const ConfigError& b) {
  return std::tie(a.line, a.column) < std::tie(b.line, b.column);
}

}  // namespace

std::string to_string(const ConfigError& error) {
  return fmt::format("{}:{}:{}: {}", error.file, error.line, error.column, error.message);
}

int line_of(const YAML::Mark& mark) { return mark.is_null() ? 1 : mark.line + 1; }

void Findings::add(const YAML::Mark& at, std::string message) {
  const int column = at.is_null() ? 1 : at.column + 1;
  errors_.push_back({file_, line_of(at), column, std::move(message)});
}

void Findings::expected(std::string_view what, const YAML::Node& found, std::string_view hint) {
  add(place_of(found), fmt::format("expected {}, found {}{}", what, describe(found), hint));
}

YAML::Mark Findings::place_of(const YAML::Node& node) const {
  return node.IsNull() ? key_ : node.Mark();
}

std::vector<ConfigError> Findings::sorted() const {
  std::vector<ConfigError> errors = errors_;
  std::ranges::stable_sort(errors, before);
  return errors;
}

}  // namespace hop
