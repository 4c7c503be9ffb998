#include "tools/config/disclosure.hpp"

#include <fmt/format.h>

#include <utility>

#include "tools/config/draft.hpp"
#include "tools/config/units.hpp"

namespace hop {

namespace {

/// What is expected where a list of words stands, and for each of them.
struct ListWords {
  std::string_view list;
  std::string_view item;
};

/// Reads a list of words, and calls `set` with what each stands for.
template <class T, std::size_t n, class Set>
void read_choices(Findings& findings, const YamlNode& node, const ListWords& words,
                  const Choice<T> (&choices)[n], Set set) {
  for (const YamlNode& item : items_of(findings, node, words.list)) {
    T value = choices[0].value;
    const std::size_t mistakes = findings.size();
    read_choice(findings, item, words.item, choices, value);
    if (findings.size() == mistakes) set(value);
  }
}

void read_roles(Findings& findings, const YamlNode& node, InterfaceDisclosure& into) {
  static constexpr Choice<InterfaceRole> kRoles[] = {
      {"incoming", InterfaceRole::incoming},
      {"component", InterfaceRole::incoming_component},
      {"outgoing", InterfaceRole::outgoing},
      {"next-hop", InterfaceRole::next_hop}};
  into.roles.reset();
  read_choices(findings, node,
               {"a list of roles such as [incoming]", "incoming, component, outgoing or next-hop"},
               kRoles, [&into](InterfaceRole role) { into.roles.set(std::to_underlying(role)); });
}

void read_parts(Findings& findings, const YamlNode& node, InterfaceDisclosure& into) {
  static constexpr Choice<bool InterfaceDisclosure::*> kParts[] = {
      {"index", &InterfaceDisclosure::index},
      {"address", &InterfaceDisclosure::address},
      {"name", &InterfaceDisclosure::name},
      {"mtu", &InterfaceDisclosure::mtu}};
  for (const auto& part : kParts) into.*part.value = false;
  read_choices(findings, node,
               {"a list of parts such as [index, name]", "index, address, name or mtu"}, kParts,
               [&into](bool InterfaceDisclosure::* part) { into.*part = true; });
}

constexpr Field<InterfaceDisclosure> kDisclosureFields[] = {{"roles", read_roles},
                                                            {"parts", read_parts}};

/// Reads a list of prefixes, `default` among them.
template <std::vector<Prefix> ExtendedEchoPolicy::* list>
void read_sources(Findings& findings, const YamlNode& node, ExtendedEchoPolicy& into) {
  (into.*list).clear();
  for (const YamlNode& item : items_of(findings, node, "a list of prefixes, [default] for all")) {
    read_destination(findings, item, (into.*list).emplace_back());
  }
}

void read_query_rate(Findings& findings, const YamlNode& node, ExtendedEchoPolicy& into) {
  read_scalar(findings, node, "a rate of requests such as 100/s", &parse_event_rate, into.rate);
}

constexpr Field<ExtendedEchoPolicy> kExtendedEchoFields[] = {
    {"local", read_sources<&ExtendedEchoPolicy::local>},
    {"remote", read_sources<&ExtendedEchoPolicy::remote>},
    {"name", read_sources<&ExtendedEchoPolicy::by_name>},
    {"index", read_sources<&ExtendedEchoPolicy::by_index>},
    {"address", read_sources<&ExtendedEchoPolicy::by_address>},
    {"rate", read_query_rate},
};

constexpr std::uint32_t kMaxLabel = (1U << 20U) - 1;

void read_label(Findings& findings, const YamlNode& node, MplsLabel& into) {
  read_scalar(findings, node, "a label from 0 to 1048575",
              &parse_within<std::uint32_t, 0, kMaxLabel>, into.label);
}

void read_traffic_class(Findings& findings, const YamlNode& node, MplsLabel& into) {
  read_scalar(findings, node, "a traffic class from 0 to 7", &parse_within<std::uint8_t, 0, 7>,
              into.traffic_class);
}

void read_label_ttl(Findings& findings, const YamlNode& node, MplsLabel& into) {
  read_scalar(findings, node, "a TTL from 0 to 255", &parse_within<std::uint8_t, 0, 255>, into.ttl);
}

void read_component_name(Findings& findings, const YamlNode& node, InterfaceComponent& into) {
  read_scalar(findings, node, "a name of 1 to 63 bytes without spaces", &parse_interface_name,
              into.name);
}

void read_component_index(Findings& findings, const YamlNode& node, InterfaceComponent& into) {
  read_scalar(findings, node, "an index from 1 to 4294967295",
              &parse_within<std::uint32_t, 1, 4294967295>, into.index);
}

constexpr Field<InterfaceComponent> kComponentFields[] = {{"name", read_component_name},
                                                          {"index", read_component_index}};

constexpr Field<MplsLabel> kLabelFields[] = {
    {"label", read_label, Need::required}, {"tc", read_traffic_class}, {"ttl", read_label_ttl}};

}  // namespace

void read_extensions(Findings& findings, const YamlNode& node, IcmpPolicy& policy) {
  static constexpr Choice<bool ExtensionPolicy::*> kExtensions[] = {
      {"interface", &ExtensionPolicy::interface}, {"mpls", &ExtensionPolicy::mpls}};
  for (const auto& extension : kExtensions) policy.extensions.*extension.value = false;
  read_choices(findings, node,
               {"a list of extensions such as [interface, mpls]", "interface or mpls"}, kExtensions,
               [&policy](bool ExtensionPolicy::* which) { policy.extensions.*which = true; });
}

void read_extension_layout(Findings& findings, const YamlNode& node, IcmpPolicy& policy) {
  static constexpr Choice<ExtensionLayout> kLayouts[] = {
      {"rfc4884", ExtensionLayout::rfc4884}, {"non-compliant", ExtensionLayout::non_compliant}};
  read_choice(findings, node, "rfc4884 or non-compliant", kLayouts, policy.extensions.layout);
}

void read_interface_information(Findings& findings, const YamlNode& node, IcmpPolicy& policy) {
  read_map(findings, node, "a map with 'roles' or 'parts'", kDisclosureFields,
           policy.extensions.disclosure);
}

void read_extended_echo(Findings& findings, const YamlNode& node, IcmpPolicy& policy) {
  read_map(findings, node, "a map from kinds of queries to prefixes", kExtendedEchoFields,
           policy.extended_echo);
}

void read_component(Findings& findings, const YamlNode& node, InterfaceComponent& into) {
  read_map(findings, node, "a map such as { name: ge-0/0/1, index: 7 }", kComponentFields, into);
}

void read_labels(Findings& findings, const YamlNode& node, std::vector<MplsLabel>& into) {
  for (const YamlNode& item : items_of(findings, node, "a list of labels, the top first")) {
    read_map(findings, item, "a map such as { label: 16004 }", kLabelFields, into.emplace_back());
  }
  if (into.size() > kMaxLabels) {
    findings.add(findings.place_of(node),
                 fmt::format("at most {} labels, found {}", kMaxLabels, into.size()));
  }
}

}  // namespace hop
