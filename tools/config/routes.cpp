// The section `routes` of a topology file.

#include <fmt/format.h>

#include <algorithm>

#include "tools/config/draft.hpp"
#include "tools/config/units.hpp"

namespace hop {

namespace {

/// A route and how many of 'via', 'type' and 'reject' it has.
struct RouteDraft {
  RouteSpec spec;
  int actions = 0;
};

void read_to(Findings& findings, const YamlNode& node, RouteDraft& route) {
  read_destination(findings, node, route.spec.to);
}

/// The values of RFC 1349 section 4, and any other number of four bits of which the lowest is 0: no
/// packet has the others, see tos_field().
std::optional<std::uint8_t> parse_tos(std::string_view text) {
  static constexpr std::pair<std::string_view, std::uint8_t> kNames[] = {
      {"normal", 0},
      {"maximize-reliability", 2},
      {"maximize-throughput", 4},
      {"minimize-delay", 8}};
  const auto* const known = std::ranges::find(kNames, text, [](const auto& n) { return n.first; });
  if (known != std::end(kNames)) return known->second;
  const auto number = parse_within<std::uint8_t, 0, 14>(text);
  return number && *number % 2 == 0 ? number : std::nullopt;
}

void read_tos(Findings& findings, const YamlNode& node, RouteDraft& route) {
  read_scalar(findings, node,
              "minimize-delay, maximize-throughput, maximize-reliability, normal or an even number "
              "from 0 to 14 (the lowest bit is one of ECN)",
              &parse_tos, route.spec.tos);
}

void read_via(Findings& findings, const YamlNode& node, RouteDraft& route) {
  ++route.actions;
  route.spec.type = RouteType::via;
  constexpr std::string_view kWords = "the address of the next hop";
  if (!node.is_list()) {
    return read_scalar(findings, node, kWords, &Ipv4Address::parse, route.spec.via);
  }
  std::vector<Ipv4Address>& others = route.spec.others;
  for (const YamlNode& item : items_of(findings, node, kWords)) {
    read_scalar(findings, item, kWords, &Ipv4Address::parse, others.emplace_back());
    if (std::ranges::count(others, others.back()) > 1) {
      findings.add(item.place(), to_string(others.back()) + " stands here twice");
    }
  }
  if (others.empty()) return findings.expected("the address of a next hop or more", node);
  route.spec.via = others.front();
  others.erase(others.begin());
}

/// RFC 1256 section 4.1: the least one is for routers that are no default routers.
std::optional<std::int32_t> parse_wanted(std::string_view text) {
  const auto preference = parse_preference(text);
  return preference == kNotADefaultRouter ? std::nullopt : preference;
}

void read_preference(Findings& findings, const YamlNode& node, RouteDraft& route) {
  read_scalar(findings, node, "a preference from -2147483647 to 2147483647", &parse_wanted,
              route.spec.preference.emplace());
}

/// The types of ip-route(8): what is rejected, and with which code.
struct TypeWord {
  RouteType type;
  UnreachableCode code;
};
constexpr Choice<TypeWord> kTypes[] = {
    {"unreachable", {RouteType::reject, UnreachableCode::host_unreachable}},
    {"prohibit", {RouteType::reject, UnreachableCode::admin_prohibited}},
    {"blackhole", {RouteType::blackhole, UnreachableCode::net_unreachable}},
};

void read_type(Findings& findings, const YamlNode& node, RouteDraft& route) {
  ++route.actions;
  TypeWord word{route.spec.type, route.spec.reject};
  read_choice(findings, node, "unreachable, prohibit or blackhole", kTypes, word);
  route.spec.type = word.type;
  route.spec.reject = word.code;
}

std::vector<std::string_view> code_names() {
  std::vector<std::string_view> names;
  names.reserve(kUnreachableCodes);
  for (std::uint8_t code = 0; code < kUnreachableCodes; ++code) {
    names.push_back(name(static_cast<UnreachableCode>(code)));
  }
  return names;
}

void read_reject(Findings& findings, const YamlNode& node, RouteDraft& route) {
  ++route.actions;
  route.spec.type = RouteType::reject;
  read_unreachable_code(findings, node, route.spec.reject);
}

constexpr Field<RouteDraft> kRouteFields[] = {
    {"to", read_to, Need::required},
    {"tos", read_tos},
    {"via", read_via},
    {"type", read_type},
    {"reject", read_reject},
    {"preference", read_preference},
};

void read_route(Draft& draft, const std::string& node_name, const YamlNode& node) {
  constexpr std::string_view kWords = "a route such as { to: 192.0.2.0/24, via: 198.18.0.2 }";
  RouteDraft route;
  read_map(draft.findings, node, kWords, kRouteFields, route);
  if (node.is_map() && route.actions != 1) {
    draft.findings.add(node.place(), fmt::format("expected one of 'via', 'type' and 'reject', "
                                                 "found {}",
                                                 route.actions == 0 ? "none" : "several"));
  }
  route.spec.node = node_name;
  draft.topology.routes.push_back(route.spec);
}

void check_node(Draft& draft, const Entry& entry) {
  const DefinedName* const known = draft.find(entry.key, entry.at, "node");
  if (known == nullptr || known->kind == NameKind::node) return;
  draft.findings.add(entry.at, fmt::format("'{}' is a TUN; routes of this machine into it stand "
                                           "under 'tuns' as 'routes: [PREFIX, ...]'",
                                           entry.key));
}

}  // namespace

void read_unreachable_code(Findings& findings, const YamlNode& node, UnreachableCode& into) {
  const std::string text = node.is_scalar() ? node.scalar() : std::string{};
  const auto code = unreachable_code_of(text);
  if (code) {
    into = *code;
  } else {
    findings.expected("a code of destination unreachable, such as net-prohibited", node,
                      did_you_mean(text, code_names()));
  }
}

void read_routes(Draft& draft, const YamlNode& section) {
  for (const Entry& entry :
       entries_of(draft.findings, section, "a map from the names of nodes to lists of routes")) {
    check_node(draft, entry);
    draft.findings.enter(entry.at);
    for (const YamlNode& item : items_of(draft.findings, entry.value, "a list of routes")) {
      read_route(draft, entry.key, item);
    }
  }
}

}  // namespace hop
