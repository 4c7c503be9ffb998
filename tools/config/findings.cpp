#include "tools/config/findings.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <tuple>

namespace hop {

namespace {

/// What a node holds, in words.
std::string describe(const YamlNode& node) {
  if (node.is_scalar()) return fmt::format("'{}'", node.scalar());
  if (node.is_list()) return "a list";
  if (node.is_map()) return "a map";
  return "nothing";
}

/// In the order of the file; of two at one place the one that was found first.
bool before(const ConfigError* a, const ConfigError* b) {
  return std::tie(a->line, a->column, a) < std::tie(b->line, b->column, b);
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

void Findings::expected(std::string_view what, const YamlNode& found, std::string_view hint) {
  add(place_of(found), fmt::format("expected {}, found {}{}", what, describe(found), hint));
}

YAML::Mark Findings::place_of(const YamlNode& node) const {
  return node.is_null() ? key_ : node.place();
}

std::vector<ConfigError> Findings::sorted() const {
  std::vector<const ConfigError*> order;
  for (const ConfigError& error : errors_) order.push_back(&error);
  std::ranges::sort(order, before);
  std::vector<ConfigError> errors;
  for (const ConfigError* const error : order) errors.push_back(*error);
  return errors;
}

}  // namespace hop
