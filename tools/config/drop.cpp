#include "tools/config/drop.hpp"

#include <fmt/format.h>

#include <limits>

#include "tools/config/match.hpp"
#include "tools/config/units.hpp"

namespace hop {

namespace {

struct DropDraft : MatchDraft {
  std::optional<std::uint64_t> nth{};
  std::optional<std::uint64_t> count{};
  std::optional<std::uint64_t> every{};
};

template <auto member>
void read_count(Findings& findings, const YamlNode& node, DropDraft& draft) {
  constexpr auto kMost = std::numeric_limits<std::uint64_t>::max();
  read_scalar(findings, node, "a number from 1", &parse_within<std::uint64_t, 1, kMost>,
              draft.*member);
}

constexpr Field<DropDraft> kDropFields[] = {
    {"nth", read_count<&DropDraft::nth>},
    {"count", read_count<&DropDraft::count>},
    {"every", read_count<&DropDraft::every>},
};

DropRule read_rule(Findings& findings, const YamlNode& node) {
  DropDraft draft;
  const std::size_t mistakes = findings.size();
  read_map(findings, node, "a rule such as { nth: 3, protocol: udp }",
           joined(kDropFields, kMatchFields), draft);
  check_match(findings, node.place(), draft.rule);
  if (findings.size() == mistakes && !draft.nth && !draft.every) {
    findings.add(node.place(), "expected 'nth' or 'every', which packets to drop");
  }
  if (draft.every && draft.count.value_or(1) > *draft.every) {
    findings.add(node.place(), fmt::format("a 'count' of {} does not fit into 'every' {}",
                                           *draft.count, *draft.every));
  }
  return {.packets = draft.rule,
          .nth = draft.nth.value_or(draft.every.value_or(1)),
          .count = draft.count.value_or(1),
          .every = draft.every.value_or(0)};
}

}  // namespace

void read_drop(Findings& findings, const YamlNode& node, std::vector<DropRule>& into) {
  for (const YamlNode& item : items_of(findings, node, "a list such as [{ nth: 3 }]")) {
    into.push_back(read_rule(findings, item));
  }
}

}  // namespace hop
