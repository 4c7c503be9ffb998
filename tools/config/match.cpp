// Which packets a rule is about.

#include "tools/config/match.hpp"

#include "tools/config/draft.hpp"
#include "tools/config/units.hpp"

namespace hop {

namespace {

void read_from(Findings& findings, const YamlNode& node, MatchDraft& draft) {
  read_destination(findings, node, draft.rule.from);
}

void read_to(Findings& findings, const YamlNode& node, MatchDraft& draft) {
  read_destination(findings, node, draft.rule.to);
}

std::optional<std::uint8_t> parse_protocol(std::string_view text) {
  if (text == "icmp") return static_cast<std::uint8_t>(IpProtocol::icmp);
  if (text == "tcp") return static_cast<std::uint8_t>(IpProtocol::tcp);
  if (text == "udp") return static_cast<std::uint8_t>(IpProtocol::udp);
  return parse_number<std::uint8_t>(text);
}

void read_protocol(Findings& findings, const YamlNode& node, MatchDraft& draft) {
  read_scalar(findings, node, "icmp, tcp, udp or a protocol number from 0 to 255", &parse_protocol,
              draft.rule.protocol);
}

void read_ports(Findings& findings, const YamlNode& node, MatchDraft& draft) {
  read_scalar(findings, node, kPortWords, &parse_ports, draft.rule.destination_ports);
}

void read_source_ports(Findings& findings, const YamlNode& node, MatchDraft& draft) {
  read_scalar(findings, node, kPortWords, &parse_ports, draft.rule.source_ports);
}

std::optional<LengthRange> parse_lengths(std::string_view text) {
  const auto range = parse_ports(text);
  if (!range) return std::nullopt;
  return LengthRange{range->first, range->last};
}

void read_length(Findings& findings, const YamlNode& node, MatchDraft& draft) {
  read_scalar(findings, node,
              "a length in bytes, or a range of lengths such as 1301-65535, of the whole packet",
              &parse_lengths, draft.rule.lengths);
}

void read_precedence(Findings& findings, const YamlNode& node, MatchDraft& draft) {
  std::bitset<8>& precedences = draft.rule.precedences.emplace();
  for (const YamlNode& item :
       items_of(findings, node, "a list of precedences such as [4, 5], from 0 to 7")) {
    std::uint8_t precedence = 0;
    read_scalar(findings, item, "a precedence from 0 to 7", &parse_within<std::uint8_t, 0, 7>,
                precedence);
    precedences.set(precedence);
  }
  if (precedences.none()) findings.add(findings.place_of(node), "expected at least one precedence");
}

void read_type(Findings& findings, const YamlNode& node, MatchDraft& draft) {
  read_icmp_type(findings, node, draft.rule.icmp_type.emplace());
}

bool has_ports(const FilterRule& rule) {
  return rule.protocol == static_cast<std::uint8_t>(IpProtocol::tcp) ||
         rule.protocol == static_cast<std::uint8_t>(IpProtocol::udp);
}

}  // namespace

std::optional<PortRange> parse_ports(std::string_view text) {
  const std::size_t dash = text.find('-');
  const auto first = parse_number<std::uint16_t>(text.substr(0, dash));
  const auto last =
      dash == std::string_view::npos ? first : parse_number<std::uint16_t>(text.substr(dash + 1));
  if (!first || !last || *first > *last) return std::nullopt;
  return PortRange{*first, *last};
}

const Field<MatchDraft> kMatchFields[] = {
    {"from", read_from},
    {"to", read_to},
    {"protocol", read_protocol},
    {"ports", read_ports},
    {"source-ports", read_source_ports},
    {"icmp-type", read_type},
    {"length", read_length},
    {"precedence", read_precedence},
};

void check_match(Findings& findings, const YAML::Mark& at, const FilterRule& rule) {
  constexpr auto kIcmp = static_cast<std::uint8_t>(IpProtocol::icmp);
  if ((rule.source_ports || rule.destination_ports) && !has_ports(rule)) {
    findings.add(at, "ports need 'protocol: tcp' or 'protocol: udp'");
  }
  if (rule.icmp_type && rule.protocol.value_or(kIcmp) != kIcmp) {
    findings.add(at, "only packets of 'protocol: icmp' have an 'icmp-type'");
  }
}

}  // namespace hop
