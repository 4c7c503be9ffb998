// The section `timeline` of a topology file.

#include <algorithm>

#include "tools/config/change.hpp"
#include "tools/config/draft.hpp"
#include "tools/config/units.hpp"

namespace hop {

namespace {

/// An entry and its place.
struct EntryDraft : ChangeDraft {
  YAML::Mark place;
  Duration at{};
  Duration every{};
};

void read_at(Findings& findings, const YamlNode& node, EntryDraft& entry) {
  read_scalar(findings, node, kDurationWords, &parse_duration, entry.at);
}

/// A change takes time of the machine, and has to be over before the next one.
std::optional<Duration> parse_period(std::string_view text) {
  const auto period = parse_duration(text);
  return period && *period >= std::chrono::milliseconds{1} ? period : std::nullopt;
}

void read_every(Findings& findings, const YamlNode& node, EntryDraft& entry) {
  read_scalar(findings, node, "a duration of 1ms or more, such as 10s", &parse_period, entry.every);
}

constexpr Field<EntryDraft> kEntryFields[] = {
    {"at", read_at, Need::required},
    {"every", read_every},
};

std::vector<const EntryDraft*> in_time(const std::vector<EntryDraft>& entries) {
  std::vector<const EntryDraft*> order;
  for (const EntryDraft& entry : entries) order.push_back(&entry);
  std::ranges::sort(order, {}, [](const EntryDraft* entry) { return std::pair{entry->at, entry}; });
  return order;
}

}  // namespace

// Each entry is read for a network that those before it in time have changed.
void read_timeline(Draft& draft, const YamlNode& section) {
  constexpr std::string_view kWords =
      "a list of changes such as { at: 5s, link: r1-r2, set: { mtu: 1280 } }";
  const std::size_t mistakes = draft.findings.size();
  std::vector<EntryDraft> entries;
  for (const YamlNode& item : items_of(draft.findings, section, kWords)) {
    EntryDraft& entry = entries.emplace_back();
    entry.place = item.place();
    read_map(draft.findings, item, "a change such as { at: 5s, link: r1-r2, set: { mtu: 1280 } }",
             joined(kEntryFields, kChangeFields), entry);
  }
  if (entries.empty() || draft.findings.size() > mistakes) return;
  Topology then = draft.topology;
  for (const EntryDraft* const entry : in_time(entries)) {
    draft.topology.timeline.push_back(
        {.at = entry->at,
         .every = entry->every,
         .change = read_change(draft.findings, entry->place, *entry, then)});
  }
}

}  // namespace hop
