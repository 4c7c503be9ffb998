#pragma once
// Strict reading of YAML: maps with known keys, lists, and scalars of one form.

#include <algorithm>
#include <functional>
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
  YamlNode value;
};

/// The entries of a map in the order of the file. Duplicate keys and keys
/// that are not plain words are reported and left out. Nothing at all counts as an empty map.
/// `what` says what was expected where `node` is not a map.
[[nodiscard]] std::vector<Entry> entries_of(Findings& findings, const YamlNode& node,
                                            std::string_view what);

/// The items of a list; nothing at all counts as an empty list.
[[nodiscard]] std::vector<YamlNode> items_of(Findings& findings, const YamlNode& node,
                                             std::string_view what);

enum class Need : std::uint8_t { optional, required };

/// A key that a map may have, and how its value is read into a T.
template <class T>
struct Field {
  std::string_view key;
  void (*read)(Findings&, const YamlNode&, T&);
  Need need = Need::optional;
};

/// Says that a key is none of those that are known.
void report_unknown_key(Findings& findings, const Entry& entry,
                        std::span<const std::string_view> known);

/// A key that a map may have.
struct KnownKey {
  std::string_view key;
  Need need = Need::optional;
};

/// Reads a map whose keys are those of `known` and no others: `read` gets the position of the key
/// there, and the value.
void read_entries(Findings& findings, const YamlNode& map, std::string_view what,
                  std::span<const KnownKey> known,
                  const std::function<void(std::size_t, const YamlNode&)>& read);

/// Reads a map whose keys are those of `fields` and no others.
template <class T, std::size_t n>
void read_map(Findings& findings, const YamlNode& map, std::string_view what,
              const Field<T> (&fields)[n], T& into) {
  KnownKey known[n];
  for (std::size_t i = 0; i < n; ++i) known[i] = {fields[i].key, fields[i].need};
  read_entries(findings, map, what, known, [&](std::size_t at, const YamlNode& value) {
    fields[at].read(findings, value, into);
  });
}

/// Keys of a map's own, and those of a part that it shares with others: a base of T.
template <class T, std::size_t n, class Part, std::size_t m>
struct JoinedFields {
  const Field<T> (&own)[n];
  const Field<Part> (&shared)[m];
};
template <class T, std::size_t n, class Part, std::size_t m>
[[nodiscard]] JoinedFields<T, n, Part, m> joined(const Field<T> (&own)[n],
                                                 const Field<Part> (&shared)[m]) {
  return {own, shared};
}

/// Reads a map whose keys are those of `fields` and no others.
template <class T, std::size_t n, class Part, std::size_t m>
void read_map(Findings& findings, const YamlNode& map, std::string_view what,
              const JoinedFields<T, n, Part, m>& fields, T& into) {
  KnownKey known[n + m];
  for (std::size_t i = 0; i < n; ++i) known[i] = {fields.own[i].key, fields.own[i].need};
  for (std::size_t i = 0; i < m; ++i) known[n + i] = {fields.shared[i].key, fields.shared[i].need};
  read_entries(findings, map, what, known, [&](std::size_t at, const YamlNode& value) {
    if (at < n) return fields.own[at].read(findings, value, into);
    fields.shared[at - n].read(findings, value, into);
  });
}

/// Reads a scalar by `parse`, which gives nothing for text that it does not accept.
template <class T, class U>
void read_scalar(Findings& findings, const YamlNode& node, std::string_view what,
                 std::optional<T> (*parse)(std::string_view), U& into) {
  const std::optional<T> value = node.is_scalar() ? parse(node.scalar()) : std::nullopt;
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
void read_choice(Findings& findings, const YamlNode& node, std::string_view what,
                 const Choice<T> (&choices)[n], T& into) {
  std::string_view words[n];
  for (std::size_t i = 0; i < n; ++i) words[i] = choices[i].word;
  const std::string text = node.is_scalar() ? node.scalar() : std::string{};
  const auto at = static_cast<std::size_t>(std::ranges::find(words, text) - words);
  if (at == n) return findings.expected(what, node, did_you_mean(text, words));
  into = choices[at].value;
}

/// `true` or `false`.
void read_bool(Findings& findings, const YamlNode& node, bool& into);

}  // namespace hop
