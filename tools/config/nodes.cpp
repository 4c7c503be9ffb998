// The section `nodes` of a topology file.

#include <fmt/format.h>

#include <algorithm>

#include "tools/config/draft.hpp"
#include "tools/config/units.hpp"

namespace hop {

namespace {

void read_up(Findings& findings, const YamlNode& node, NodeSpec& spec) {
  read_bool(findings, node, spec.up);
}

void read_kind(Findings& findings, const YamlNode& node, NodeSpec& spec) {
  static constexpr Choice<NodeKind> kKinds[] = {{"router", NodeKind::router},
                                                {"host", NodeKind::host}};
  read_choice(findings, node, "router or host", kKinds, spec.kind);
}

void read_decrement_ttl(Findings& findings, const YamlNode& node, NodeSpec& spec) {
  read_bool(findings, node, spec.decrements_ttl);
}

void read_source_routing(Findings& findings, const YamlNode& node, NodeSpec& spec) {
  read_bool(findings, node, spec.source_routing);
}

void read_directed_broadcast(Findings& findings, const YamlNode& node, NodeSpec& spec) {
  read_bool(findings, node, spec.directed_broadcast);
}

void read_rpf(Findings& findings, const YamlNode& node, NodeSpec& spec) {
  static constexpr Choice<ReversePath> kWords[] = {
      {"off", ReversePath::off}, {"loose", ReversePath::loose}, {"strict", ReversePath::strict}};
  read_choice(findings, node, "off, loose or strict", kWords, spec.reverse_path);
}

void read_host_model(Findings& findings, const YamlNode& node, NodeSpec& spec) {
  static constexpr Choice<HostModel> kModels[] = {{"weak", HostModel::weak},
                                                  {"strong", HostModel::strong}};
  read_choice(findings, node, "weak or strong", kModels, spec.host_model);
}

void read_router_id(Findings& findings, const YamlNode& node, NodeSpec& spec) {
  read_scalar(findings, node, "an address such as 192.0.2.1", &Ipv4Address::parse, spec.router_id);
}

void read_node_filter(Findings& findings, const YamlNode& node, NodeSpec& spec) {
  read_filter(findings, node, spec.filter);
}

void read_precedence_cutoff(Findings& findings, const YamlNode& node, NodeSpec& spec) {
  read_scalar(findings, node, "a precedence from 0 to 6, below which nothing is forwarded",
              &parse_within<std::uint8_t, 0, 6>, spec.precedence_cutoff);
}

void read_node_discovery(Findings& findings, const YamlNode& node, NodeSpec& spec) {
  read_discovery(findings, node, spec.discovery);
}

void read_node_icmp(Findings& findings, const YamlNode& node, NodeSpec& spec) {
  read_icmp(findings, node, spec.icmp);
}

void read_martians(Findings& findings, const YamlNode& node, NodeSpec& spec) {
  static constexpr Choice<MartianRules> kRules[] = {{"rfc1812", MartianRules::rfc1812},
                                                    {"linux", MartianRules::linux_like}};
  MartianRules rules = spec.martian_rules();
  read_choice(findings, node, "rfc1812 or linux", kRules, rules);
  spec.martians = rules;
}

void read_reassembly_timeout(Findings& findings, const YamlNode& node, NodeSpec& spec) {
  read_scalar(findings, node, kDurationWords, &parse_timeout, spec.reassembly_timeout);
}

constexpr Field<NodeSpec> kNodeFields[] = {
    {"kind", read_kind},
    {"up", read_up},
    {"router-id", read_router_id},
    {"decrement-ttl", read_decrement_ttl},
    {"source-routing", read_source_routing},
    {"options", read_options},
    {"require-option", read_required_option},
    {"directed-broadcast", read_directed_broadcast},
    {"rpf", read_rpf},
    {"host-model", read_host_model},
    {"filter", read_node_filter},
    {"nat", read_nat},
    {"ecmp", read_ecmp},
    {"precedence-cutoff", read_precedence_cutoff},
    {"router-discovery", read_node_discovery},
    {"icmp", read_node_icmp},
    {"martians", read_martians},
    {"reassembly-timeout", read_reassembly_timeout},
    {"reassembly-limits", read_reassembly_limits},
    {"overlap", read_overlap},
    {"tiny-fragments", read_tiny_fragments},
    {"tcp", read_tcp},
    {"udp", read_udp},
};

bool says_how_to_advertise(const DiscoveryPolicy& discovery) {
  return discovery.max_interval != DiscoveryPolicy{}.max_interval || discovery.min_interval ||
         discovery.lifetime || discovery.preference != 0 || !discovery.addresses.empty();
}

/// What is right by itself but not for this kind of node.
void check_node(Findings& findings, const YAML::Mark& at, const NodeSpec& node) {
  if (node.kind == NodeKind::router && node.host_model == HostModel::strong) {
    findings.add(at,
                 "'host-model: strong' is for hosts: a router takes what is for any of "
                 "its addresses by any interface (RFC 1812 section 5.2.3)");
  }
  if (node.kind == NodeKind::host && !node.decrements_ttl) {
    findings.add(at, "'decrement-ttl' is for routers: it is about what is forwarded");
  }
  if (node.kind == NodeKind::host && says_how_to_advertise(node.discovery)) {
    findings.add(at,
                 "hosts do not advertise themselves: of 'router-discovery' they know "
                 "'address' only");
  }
  if (node.kind == NodeKind::host && node.nat) {
    findings.add(at, "'nat' is for routers: it is about what is forwarded");
  }
  if (node.kind == NodeKind::host && (!node.filter.empty() || node.precedence_cutoff > 0)) {
    findings.add(at,
                 "'filter' and 'precedence-cutoff' are for routers: they are about what is "
                 "forwarded");
  }
}

}  // namespace

void read_nodes(Draft& draft, const YamlNode& section) {
  constexpr std::string_view kWords = "a map from the names of nodes to their settings";
  for (const Entry& entry : entries_of(draft.findings, section, kWords)) {
    draft.define(entry, NameKind::node);
    draft.findings.enter(entry.at);
    NodeSpec& node = draft.topology.nodes.emplace_back();
    node.name = entry.key;
    read_map(draft.findings, entry.value, "a map of settings; {} for the defaults", kNodeFields,
             node);
    check_node(draft.findings, entry.at, node);
  }
}

void read_node_settings(Findings& findings, const YamlNode& node, NodeSpec& spec) {
  read_map(findings, node, "a map such as { up: false }", kNodeFields, spec);
  check_node(findings, node.place(), spec);
}

}  // namespace hop
