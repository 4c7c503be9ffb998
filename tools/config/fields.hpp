#pragma once
// Strict reading of YAML: maps with known keys, lists, and scalars of one form.

#include <yaml-cpp/yaml.h>

#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "tools/config/findings.hpp"
#include "tools/config/suggest.hpp"

namespace hop {

/// One `key: value` of a map, with the place of the key.
struct Entry {
  std::string key;
  YAML::Mark at;
  YAML::Node value;
};

/// The entries of a map in the order of the file. Duplicate keys (which yaml-cpp keeps) and keys
/// that are not plain words are reported and left out. Nothing at all counts as an empty map.
/// `what` says what was expected where `node` is not a map.
[[nodiscard]] std::vector<Entry> entries_of(Findings& findings, const YAML::Node& node,
                                            std::string_view what);

/// The items of a list; nothing at all counts as an empty list.
[[nodiscard]] std::vector<YAML::Node> items_of(Findings& findings, const YAML::Node& node,
                                               std::string_view what);

enum class Need : std::uint8_t { optional, required };

/// A key that a map may have, and how its value is read into a T.
template <class T>
struct Field {
  std::string_view key;
  void (*read)(Findings&, const YAML::Node&, T&);
  Need need = Need::optional;
};

void report_unknown_key(Findings& findings, const Entry& entry,
                        std::span<const std::string_view> known);
void report_missing_key(Findings& findings, const YAML::Node& map, std::string_view key);

/// Reads a map whose keys are those of `fields` and no others.
template <class T, std::size_t n>
void read_map(Findings& findings, const YAML::Node& map, std::string_view what,
              const Field<T> (&fields)[n], T& into) {
  if (!map.IsMap() && !map.IsNull()) return findings.expected(what, map);
  bool seen[n] = {};
  std::string_view known[n];
  for (std::size_t i = 0; i < n; ++i) known[i] = fields[i].key;
  for (const Entry& entry : entries_of(findings, map, what)) {
    const auto at = static_cast<std::size_t>(std::ranges::find(known, entry.key) - known);
    if (at == n) {
      report_unknown_key(findings, entry, known);
    } else {
      seen[at] = true;
      findings.enter(entry.at);
      fields[at].read(findings, entry.value, into);
    }
  }
  for (std::size_t i = 0; i < n; ++i) {
    if (fields[i].need == Need::required && !seen[i]) report_missing_key(findings, map, known[i]);
  }
}

/// Reads a scalar by `parse`, which gives nothing for text that it does not accept.
template <class T, class U>
void read_scalar(Findings& findings, const YAML::Node& node, std::string_view what,
                 std::optional<T> (*parse)(std::string_view), U& into) {
  const std::optional<T> value = node.IsScalar() ? parse(node.Scalar()) : std::nullopt;
  if (!value) return findings.expected(what, node);
  into = *value;
}

/// A word that stands for a value.
template <class T>
struct Choice {
  std::string_view word;
  T value;
};

/// Reads one of a few words, with a suggestion for a misspelt one.
template <class T, std::size_t n>
void read_choice(Findings& findings, const YAML::Node& node, std::string_view what,
                 const Choice<T> (&choices)[n], T& into) {
  std::string_view words[n];
  for (std::size_t i = 0; i < n; ++i) words[i] = choices[i].word;
  const std::string text = node.IsScalar() ? node.Scalar() : std::string{};
  const auto at = static_cast<std::size_t>(std::ranges::find(words, text) - words);
  if (at == n) return findings.expected(what, node, did_you_mean(text, words));
  into = choices[at].value;
}

/// `true` or `false`.
void read_bool(Findings& findings, const YAML::Node& node, bool& into);

}  // namespace hop
