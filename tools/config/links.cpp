// The section `links` of a topology file.

#include <fmt/format.h>

#include <algorithm>
#include <limits>

#include "tools/config/disclosure.hpp"
#include "tools/config/draft.hpp"
#include "tools/config/units.hpp"

namespace hop {

namespace {

/// A link and its endpoints as the file has them: they are read when the subnet is known, which
/// may stand behind them.
struct LinkDraft {
  LinkSpec spec;
  YAML::Node endpoints;
};

void keep_endpoints(Findings&, const YAML::Node& node, LinkDraft& link) {
  link.endpoints.reset(node);
}

void read_subnet(Findings& findings, const YAML::Node& node, LinkDraft& link) {
  read_prefix(findings, node, link.spec.subnet.emplace());
}

void read_mtu(Findings& findings, const YAML::Node& node, LinkDraft& link) {
  // RFC 791 section 3.2: every module forwards datagrams of 68 bytes without fragmenting them.
  read_scalar(findings, node, "an MTU from 68 to 65535", &parse_within<std::uint16_t, 68, 65535>,
              link.spec.mtu);
}

void read_limit(Findings& findings, const YAML::Node& node, LinkDraft& link) {
  constexpr auto kMost = std::numeric_limits<std::uint32_t>::max();
  read_scalar(findings, node, "a number of packets from 1", &parse_within<std::uint32_t, 1, kMost>,
              link.spec.limit);
}

void read_delay(Findings& findings, const YAML::Node& node, LinkDraft& link) {
  read_scalar(findings, node, kDurationWords, &parse_duration, link.spec.delay);
}

void read_rate(Findings& findings, const YAML::Node& node, LinkDraft& link) {
  read_scalar(findings, node, kBitRateWords, &parse_bit_rate, link.spec.rate);
}

constexpr Field<LinkDraft> kLinkFields[] = {
    {"endpoints", keep_endpoints, Need::required},
    {"subnet", read_subnet},
    {"mtu", read_mtu},
    {"limit", read_limit},
    {"delay", read_delay},
    {"rate", read_rate},
};

/// An endpoint as the file has it: a name, or a map of a node and what its interface is like.
struct EndpointDraft {
  YAML::Node name;
  YAML::Node address;
  YAML::Node addresses;
  YAML::Node interface;
  YAML::Node discovery;
  std::vector<MplsLabel> labels{};
  InterfaceComponent component{};
  bool forwards = true;
  bool extended_echo = true;
};

void keep_name(Findings& findings, const YAML::Node& node, EndpointDraft& endpoint) {
  if (!node.IsScalar()) findings.expected("the name of a node", node);
  endpoint.name.reset(node);
}

void keep_address(Findings&, const YAML::Node& node, EndpointDraft& endpoint) {
  endpoint.address.reset(node);
}

void keep_addresses(Findings&, const YAML::Node& node, EndpointDraft& endpoint) {
  endpoint.addresses.reset(node);
}

void keep_interface(Findings&, const YAML::Node& node, EndpointDraft& endpoint) {
  endpoint.interface.reset(node);
}

void read_mpls(Findings& findings, const YAML::Node& node, EndpointDraft& endpoint) {
  read_labels(findings, node, endpoint.labels);
}

void read_component_of(Findings& findings, const YAML::Node& node, EndpointDraft& endpoint) {
  read_component(findings, node, endpoint.component);
}

void read_forwards(Findings& findings, const YAML::Node& node, EndpointDraft& endpoint) {
  read_bool(findings, node, endpoint.forwards);
}

void read_accepts_extended_echo(Findings& findings, const YAML::Node& node,
                                EndpointDraft& endpoint) {
  read_bool(findings, node, endpoint.extended_echo);
}

void keep_discovery(Findings&, const YAML::Node& node, EndpointDraft& endpoint) {
  endpoint.discovery.reset(node);
}

constexpr Field<EndpointDraft> kEndpointFields[] = {
    {"node", keep_name, Need::required},  {"address", keep_address},
    {"addresses", keep_addresses},        {"name", keep_interface},
    {"component", read_component_of},     {"mpls", read_mpls},
    {"forwarding", read_forwards},        {"extended-echo", read_accepts_extended_echo},
    {"router-discovery", keep_discovery},
};

/// Reads the endpoints of one link.
class EndpointReader {
 public:
  EndpointReader(Draft& draft, LinkSpec& link)
      : draft_(draft), findings_(draft.findings), link_(link) {}

  void read(const YAML::Node& node) {
    EndpointDraft endpoint;
    if (node.IsScalar()) {
      endpoint.name.reset(node);
    } else {
      read_map(findings_, node, "a name, or { node: NAME, address: ADDRESS }", kEndpointFields,
               endpoint);
    }
    if (endpoint.name.IsScalar()) add(endpoint);
  }

 private:
  void add(const EndpointDraft& endpoint) {
    EndpointSpec& spec = link_.endpoints.emplace_back();
    spec.name = endpoint.name.Scalar();
    DefinedName* const known = draft_.find(spec.name, endpoint.name.Mark(), "TUN or node");
    if (known == nullptr) return;
    ++known->uses;
    if (known->kind == NameKind::tun) {
      check_tun(*known, endpoint);
    } else {
      read_interface(endpoint, spec);
    }
  }

  void read_interface(const EndpointDraft& endpoint, EndpointSpec& spec) {
    spec.labels = endpoint.labels;
    spec.component = endpoint.component;
    spec.forwards = endpoint.forwards;
    spec.extended_echo = endpoint.extended_echo;
    if (!endpoint.address.IsNull()) read_address(endpoint.address, spec.address.emplace());
    read_secondary(endpoint.addresses, spec);
    if (!endpoint.interface.IsNull()) {
      read_scalar(findings_, endpoint.interface, "a name of 1 to 63 bytes without spaces",
                  &parse_interface_name, spec.interface);
    }
    if (!endpoint.discovery.IsNull()) {
      read_discovery(findings_, endpoint.discovery, spec.discovery.emplace());
    }
  }

  void check_tun(const DefinedName& tun, const EndpointDraft& endpoint) {
    if (tun.uses > 1) {
      findings_.add(endpoint.name.Mark(),
                    fmt::format("TUN '{}' is on a link already; it can be on one only",
                                endpoint.name.Scalar()));
    }
    if (!endpoint.address.IsNull()) {
      findings_.add(endpoint.address.Mark(),
                    fmt::format("TUN '{}' has its address under 'tuns'", endpoint.name.Scalar()));
    }
    if (!endpoint.addresses.IsNull()) {
      findings_.add(endpoint.addresses.Mark(),
                    fmt::format("TUN '{}' has one address, under 'tuns'", endpoint.name.Scalar()));
    }
    if (!endpoint.interface.IsNull()) {
      findings_.add(endpoint.interface.Mark(), "a TUN has its name under 'tuns'");
    }
    if (!endpoint.labels.empty()) {
      findings_.add(endpoint.name.Mark(),
                    fmt::format("TUN '{}' has no labels; a node's interface has them",
                                endpoint.name.Scalar()));
    }
    if (!endpoint.discovery.IsNull()) {
      findings_.add(endpoint.discovery.Mark(),
                    fmt::format("'router-discovery' is for nodes, and '{}' is a TUN",
                                endpoint.name.Scalar()));
    }
  }

  /// More addresses of the node on this link.
  void read_secondary(const YAML::Node& node, EndpointSpec& spec) {
    for (const YAML::Node& item :
         items_of(findings_, node, "a list of addresses such as [192.0.2.1/24]")) {
      read_address(item, spec.secondary.emplace_back());
    }
  }

  /// "192.0.2.1/24", or "192.0.2.1" when the link says its subnet.
  void read_address(const YAML::Node& node, InterfaceAddress& into) {
    const auto bare = node.IsScalar() ? Ipv4Address::parse(node.Scalar()) : std::nullopt;
    if (bare && link_.subnet) {
      into = {*bare, link_.subnet->length()};
    } else if (bare) {
      findings_.add(node.Mark(), fmt::format("address {} lacks its prefix length: write {}/24, for "
                                             "example, or give the link a 'subnet'",
                                             node.Scalar(), node.Scalar()));
    } else {
      read_scalar(findings_, node, "an address such as 192.0.2.1/24", &InterfaceAddress::parse,
                  into);
    }
  }

  Draft& draft_;
  Findings& findings_;
  LinkSpec& link_;
};

void read_link(Draft& draft, const YAML::Node& node) {
  LinkDraft link;
  read_map(draft.findings, node, "a map with 'endpoints'", kLinkFields, link);
  const auto endpoints =
      items_of(draft.findings, link.endpoints, "a list of endpoints such as [r1, r2]");
  if (endpoints.size() < 2 && link.endpoints.IsSequence()) {
    draft.findings.add(link.endpoints.Mark(),
                       fmt::format("expected two endpoints or more, found {}", endpoints.size()));
  }
  EndpointReader reader(draft, link.spec);
  for (const YAML::Node& endpoint : endpoints) reader.read(endpoint);
  draft.topology.links.push_back(std::move(link.spec));
}

/// Every TUN and node is on a link; otherwise it is of no use, or its name is misspelt somewhere.
void check_all_used(Draft& draft) {
  for (const auto& [name, definition] : draft.names) {
    if (definition.uses > 0) continue;
    draft.findings.add(definition.at,
                       fmt::format("{} '{}' is on no link",
                                   definition.kind == NameKind::tun ? "TUN" : "node", name));
  }
}

}  // namespace

void read_links(Draft& draft, const YAML::Node& section) {
  const std::size_t mistakes = draft.findings.size();
  for (const YAML::Node& item : items_of(draft.findings, section, "a list of links")) {
    read_link(draft, item);
  }
  // A link that was not understood may be the one that they are on.
  if (draft.findings.size() == mistakes) check_all_used(draft);
}

}  // namespace hop
