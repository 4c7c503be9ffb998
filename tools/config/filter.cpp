// The filter of a node.

#include "tools/config/draft.hpp"
#include "tools/config/match.hpp"

namespace hop {

namespace {

/// A rule and what it says of its action.
struct RuleDraft : MatchDraft {
  int actions = 0;
};

void read_action(Findings& findings, const YamlNode& node, RuleDraft& draft) {
  static constexpr Choice<FilterAction> kActions[] = {{"accept", FilterAction::accept},
                                                      {"drop", FilterAction::drop}};
  ++draft.actions;
  read_choice(findings, node, "accept or drop", kActions, draft.rule.action);
}

void read_reject(Findings& findings, const YamlNode& node, RuleDraft& draft) {
  ++draft.actions;
  read_unreachable_code(findings, node, draft.rule.code);
}

constexpr Field<RuleDraft> kRuleFields[] = {
    {"action", read_action},
    {"reject", read_reject},
};

FilterRule read_rule(Findings& findings, const YamlNode& node) {
  RuleDraft draft;
  read_map(findings, node, "a rule such as { protocol: tcp, ports: 22 }",
           joined(kRuleFields, kMatchFields), draft);
  FilterRule& rule = draft.rule;
  if (node.size() == 0) {
    findings.add(
        findings.place_of(node),
        "an empty rule would be about every packet; if so, say 'action: drop' or 'reject'");
  }
  if (draft.actions > 1)
    findings.add(node.place(), "expected one of 'action' and 'reject', found both");
  check_match(findings, node.place(), rule);
  // RFC 1812 section 5.3.3.3 (2); any other filter says 13 (section 5.2.7.1).
  if (draft.actions == 0 && rule.precedences)
    rule.code = UnreachableCode::host_precedence_violation;
  return rule;
}

}  // namespace

void read_filter(Findings& findings, const YamlNode& node, Filter& into) {
  into.clear();
  for (const YamlNode& item : items_of(findings, node, "a list of rules")) {
    into.push_back(read_rule(findings, item));
  }
}

}  // namespace hop
