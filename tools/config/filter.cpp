// The filter of a node.

#include "tools/config/draft.hpp"
#include "tools/config/units.hpp"

namespace hop {

namespace {

/// A rule and what it says of its action.
struct RuleDraft {
  FilterRule rule;
  int actions = 0;
};

void read_from(Findings& findings, const YAML::Node& node, RuleDraft& draft) {
  read_destination(findings, node, draft.rule.from);
}

void read_to(Findings& findings, const YAML::Node& node, RuleDraft& draft) {
  read_destination(findings, node, draft.rule.to);
}

std::optional<std::uint8_t> parse_protocol(std::string_view text) {
  if (text == "icmp") return static_cast<std::uint8_t>(IpProtocol::icmp);
  if (text == "tcp") return static_cast<std::uint8_t>(IpProtocol::tcp);
  if (text == "udp") return static_cast<std::uint8_t>(IpProtocol::udp);
  return parse_number<std::uint8_t>(text);
}

void read_protocol(Findings& findings, const YAML::Node& node, RuleDraft& draft) {
  read_scalar(findings, node, "icmp, tcp, udp or a protocol number from 0 to 255", &parse_protocol,
              draft.rule.protocol);
}

/// "53" or "1024-65535".
std::optional<PortRange> parse_ports(std::string_view text) {
  const std::size_t dash = text.find('-');
  const auto first = parse_number<std::uint16_t>(text.substr(0, dash));
  const auto last =
      dash == std::string_view::npos ? first : parse_number<std::uint16_t>(text.substr(dash + 1));
  if (!first || !last || *first > *last) return std::nullopt;
  return PortRange{*first, *last};
}

constexpr std::string_view kPortWords = "a port or a range of ports such as 53 or 1024-65535";

void read_ports(Findings& findings, const YAML::Node& node, RuleDraft& draft) {
  read_scalar(findings, node, kPortWords, &parse_ports, draft.rule.destination_ports);
}

void read_source_ports(Findings& findings, const YAML::Node& node, RuleDraft& draft) {
  read_scalar(findings, node, kPortWords, &parse_ports, draft.rule.source_ports);
}

void read_precedence(Findings& findings, const YAML::Node& node, RuleDraft& draft) {
  std::bitset<8>& precedences = draft.rule.precedences.emplace();
  for (const YAML::Node& item :
       items_of(findings, node, "a list of precedences such as [4, 5], from 0 to 7")) {
    std::uint8_t precedence = 0;
    read_scalar(findings, item, "a precedence from 0 to 7", &parse_within<std::uint8_t, 0, 7>,
                precedence);
    precedences.set(precedence);
  }
  if (precedences.none()) findings.add(findings.place_of(node), "expected at least one precedence");
}

void read_action(Findings& findings, const YAML::Node& node, RuleDraft& draft) {
  static constexpr Choice<FilterAction> kActions[] = {{"accept", FilterAction::accept},
                                                      {"drop", FilterAction::drop}};
  ++draft.actions;
  read_choice(findings, node, "accept or drop", kActions, draft.rule.action);
}

void read_reject(Findings& findings, const YAML::Node& node, RuleDraft& draft) {
  ++draft.actions;
  read_unreachable_code(findings, node, draft.rule.code);
}

constexpr Field<RuleDraft> kRuleFields[] = {
    {"from", read_from},
    {"to", read_to},
    {"protocol", read_protocol},
    {"ports", read_ports},
    {"source-ports", read_source_ports},
    {"precedence", read_precedence},
    {"action", read_action},
    {"reject", read_reject},
};

bool has_ports(const FilterRule& rule) {
  return rule.protocol == static_cast<std::uint8_t>(IpProtocol::tcp) ||
         rule.protocol == static_cast<std::uint8_t>(IpProtocol::udp);
}

FilterRule read_rule(Findings& findings, const YAML::Node& node) {
  RuleDraft draft;
  read_map(findings, node, "a rule such as { protocol: tcp, ports: 22 }", kRuleFields, draft);
  FilterRule& rule = draft.rule;
  if (node.size() == 0) {
    findings.add(
        findings.place_of(node),
        "an empty rule would be about every packet; if so, say 'action: drop' or 'reject'");
  }
  if (draft.actions > 1)
    findings.add(node.Mark(), "expected one of 'action' and 'reject', found both");
  if ((rule.source_ports || rule.destination_ports) && !has_ports(rule)) {
    findings.add(node.Mark(), "ports need 'protocol: tcp' or 'protocol: udp'");
  }
  // RFC 1812 section 5.3.3.3 (2); any other filter says 13 (section 5.2.7.1).
  if (draft.actions == 0 && rule.precedences)
    rule.code = UnreachableCode::host_precedence_violation;
  return rule;
}

}  // namespace

void read_filter(Findings& findings, const YAML::Node& node, Filter& into) {
  for (const YAML::Node& item : items_of(findings, node, "a list of rules")) {
    into.push_back(read_rule(findings, item));
  }
}

}  // namespace hop
