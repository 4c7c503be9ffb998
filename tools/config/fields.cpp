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
bool check_key(Findings& findings, const YAML::Node& key, Places& before) {
  if (!key.IsScalar()) {
    findings.expected("a key that is a plain word", key);
    return false;
  }
  const auto [first, is_new] = before.emplace(key.Scalar(), key.Mark());
  if (is_new) return true;
  findings.add(key.Mark(), fmt::format("duplicate key '{}', which stands on line {} already",
                                       key.Scalar(), line_of(first->second)));
  return false;
}

}  // namespace

std::vector<Entry> entries_of(Findings& findings, const YAML::Node& node, std::string_view what) {
  std::vector<Entry> entries;
  if (node.IsNull()) return entries;
  if (!node.IsMap()) {
    findings.expected(what, node);
    return entries;
  }
  Places places;
  for (const auto& pair : node) {
    const YAML::Node& key = pair.first;
    if (check_key(findings, key, places)) {
      entries.push_back({key.Scalar(), key.Mark(), pair.second});
    }
  }
  return entries;
}

std::vector<YAML::Node> items_of(Findings& findings, const YAML::Node& node,
                                 std::string_view what) {
  if (node.IsSequence()) return {node.begin(), node.end()};
  if (!node.IsNull()) findings.expected(what, node);
  return {};
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

void read_entries(Findings& findings, const YAML::Node& map, std::string_view what,
                  std::span<const KnownKey> known,
                  const std::function<void(std::size_t, const YAML::Node&)>& read) {
  if (!map.IsMap() && !map.IsNull()) return findings.expected(what, map);
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

void read_bool(Findings& findings, const YAML::Node& node, bool& into) {
  static constexpr Choice<bool> kWords[] = {{"true", true}, {"false", false}};
  read_choice(findings, node, "true or false", kWords, into);
}

}  // namespace hop
