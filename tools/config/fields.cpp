#include "tools/config/fields.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <iterator>
#include <unordered_map>

namespace hop {

namespace {

/// Where the keys of a map stand; a section may have a hundred thousand.
using Places = std::unordered_map<std::string, YAML::Mark>;

/// Is the key usable and new? Says so if not.
bool check_key(Findings& findings, const YamlNode& key, Places& before) {
  if (!key.is_scalar()) {
    findings.expected("a key that is a plain word", key);
    return false;
  }
  const auto [first, is_new] = before.emplace(key.scalar(), key.place());
  if (is_new) return true;
  findings.add(key.place(), fmt::format("duplicate key '{}', which stands on line {} already",
                                        key.scalar(), line_of(first->second)));
  return false;
}

}  // namespace

std::vector<Entry> entries_of(Findings& findings, const YamlNode& node, std::string_view what) {
  std::vector<Entry> entries;
  if (node.is_null()) return entries;
  if (!node.is_map()) {
    findings.expected(what, node);
    return entries;
  }
  Places places;
  for (std::size_t i = 0; i < node.size(); ++i) {
    const YamlNode key = node.key(i);
    if (check_key(findings, key, places)) {
      entries.push_back({key.scalar(), key.place(), node.value(i)});
    }
  }
  return entries;
}

std::vector<YamlNode> items_of(Findings& findings, const YamlNode& node, std::string_view what) {
  std::vector<YamlNode> items;
  if (node.is_list()) {
    for (std::size_t i = 0; i < node.size(); ++i) items.push_back(node.item(i));
  } else if (!node.is_null()) {
    findings.expected(what, node);
  }
  return items;
}

void report_unknown_key(Findings& findings, const Entry& entry,
                        std::span<const std::string_view> known) {
  if (entry.key == "<<") {
    return findings.add(entry.at, "merge keys ('<<') are not supported; write the keys out");
  }
  std::string hint = did_you_mean(entry.key, known);
  if (hint.empty()) hint = fmt::format("; expected one of: {}", fmt::join(known, ", "));
  findings.add(entry.at, fmt::format("unknown key '{}'{}", entry.key, hint));
}

void read_entries(Findings& findings, const YamlNode& map, std::string_view what,
                  std::span<const KnownKey> known,
                  const std::function<void(std::size_t, const YamlNode&)>& read) {
  if (!map.is_map() && !map.is_null()) return findings.expected(what, map);
  std::vector<bool> seen(known.size());
  std::vector<std::string_view> keys;
  std::ranges::transform(known, std::back_inserter(keys), &KnownKey::key);
  for (const Entry& entry : entries_of(findings, map, what)) {
    const auto at = static_cast<std::size_t>(std::ranges::find(keys, entry.key) - keys.begin());
    if (at == keys.size()) {
      report_unknown_key(findings, entry, keys);
    } else {
      seen[at] = true;
      findings.enter(entry.at);
      read(at, entry.value);
    }
  }
  for (std::size_t i = 0; i < known.size(); ++i) {
    if (known[i].need == Need::optional || seen[i]) continue;
    findings.add(findings.place_of(map), fmt::format("key '{}' is missing", known[i].key));
  }
}

void read_bool(Findings& findings, const YamlNode& node, bool& into) {
  static constexpr Choice<bool> kWords[] = {{"true", true}, {"false", false}};
  read_choice(findings, node, "true or false", kWords, into);
}

}  // namespace hop
