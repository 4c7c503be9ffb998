// The endpoints of a link.

#include <fmt/format.h>

#include "tools/config/direction.hpp"
#include "tools/config/disclosure.hpp"
#include "tools/config/draft.hpp"
#include "tools/config/units.hpp"

namespace hop {

namespace {

/// An endpoint as the file has it: a name, or a map of a node and what its interface is like.
struct EndpointDraft : DirectionSpec {
  /// What it does not say is as the link has it.
  void take_over(const DirectionSpec& link) { static_cast<DirectionSpec&>(*this) = link; }

  YamlNode name;
  YamlNode address;
  YamlNode addresses;
  YamlNode interface;
  YamlNode discovery;
  std::vector<MplsLabel> labels{};
  InterfaceComponent component{};
  bool forwards = true;
  bool extended_echo = true;
};

void keep_name(Findings& findings, const YamlNode& node, EndpointDraft& endpoint) {
  if (!node.is_scalar()) findings.expected("the name of a node", node);
  endpoint.name = node;
}

void keep_address(Findings&, const YamlNode& node, EndpointDraft& endpoint) {
  endpoint.address = node;
}

void keep_addresses(Findings&, const YamlNode& node, EndpointDraft& endpoint) {
  endpoint.addresses = node;
}

void keep_interface(Findings&, const YamlNode& node, EndpointDraft& endpoint) {
  endpoint.interface = node;
}

void read_mpls(Findings& findings, const YamlNode& node, EndpointDraft& endpoint) {
  read_labels(findings, node, endpoint.labels);
}

void read_component_of(Findings& findings, const YamlNode& node, EndpointDraft& endpoint) {
  read_component(findings, node, endpoint.component);
}

void read_forwards(Findings& findings, const YamlNode& node, EndpointDraft& endpoint) {
  read_bool(findings, node, endpoint.forwards);
}

void read_accepts_extended_echo(Findings& findings, const YamlNode& node, EndpointDraft& endpoint) {
  read_bool(findings, node, endpoint.extended_echo);
}

void keep_discovery(Findings&, const YamlNode& node, EndpointDraft& endpoint) {
  endpoint.discovery = node;
}

constexpr Field<EndpointDraft> kEndpointFields[] = {
    {"node", keep_name, Need::required},  {"address", keep_address},
    {"addresses", keep_addresses},        {"name", keep_interface},
    {"component", read_component_of},     {"mpls", read_mpls},
    {"forwarding", read_forwards},        {"extended-echo", read_accepts_extended_echo},
    {"router-discovery", keep_discovery},
};

/// Reads an endpoint of a link.
class EndpointReader {
 public:
  EndpointReader(Draft& draft, LinkSpec& link)
      : draft_(draft), findings_(draft.findings), link_(link) {}

  void read(const YamlNode& node) {
    at_ = node.place();
    EndpointDraft endpoint;
    endpoint.take_over(link_);
    if (node.is_scalar()) {
      endpoint.name = node;
    } else {
      read_map(findings_, node, "a name, or { node: NAME, address: ADDRESS }",
               joined(kEndpointFields, kDirectionFields), endpoint);
    }
    if (endpoint.name.is_scalar()) add(endpoint);
  }

 private:
  void add(const EndpointDraft& endpoint) {
    EndpointSpec& spec = link_.endpoints.emplace_back();
    spec.name = endpoint.name.scalar();
    read_direction(endpoint, spec);
    DefinedName* const known = draft_.find(spec.name, endpoint.name.place(), "TUN or node");
    if (known == nullptr) return;
    ++known->uses;
    if (known->kind == NameKind::tun) {
      check_tun(*known, endpoint);
    } else {
      read_interface(endpoint, spec);
    }
  }

  /// What it sends, if not as the link says.
  void read_direction(const DirectionSpec& sends, EndpointSpec& spec) {
    if (sends == link_) return;
    check_direction(findings_, at_, sends);
    spec.sends = sends;
  }

  void read_interface(const EndpointDraft& endpoint, EndpointSpec& spec) {
    spec.labels = endpoint.labels;
    spec.component = endpoint.component;
    spec.forwards = endpoint.forwards;
    spec.extended_echo = endpoint.extended_echo;
    if (!endpoint.address.is_null()) read_address(endpoint.address, spec.address.emplace());
    read_secondary(endpoint.addresses, spec);
    if (!endpoint.interface.is_null()) {
      read_scalar(findings_, endpoint.interface, "a name of 1 to 63 bytes without spaces",
                  &parse_interface_name, spec.interface);
    }
    if (!endpoint.discovery.is_null()) {
      read_discovery(findings_, endpoint.discovery, spec.discovery.emplace());
    }
  }

  void check_tun(const DefinedName& tun, const EndpointDraft& endpoint) {
    if (tun.uses > 1) {
      findings_.add(endpoint.name.place(),
                    fmt::format("TUN '{}' is on a link already; it can be on one only",
                                endpoint.name.scalar()));
    }
    if (!endpoint.address.is_null()) {
      findings_.add(endpoint.address.place(),
                    fmt::format("TUN '{}' has its address under 'tuns'", endpoint.name.scalar()));
    }
    if (!endpoint.addresses.is_null()) {
      findings_.add(endpoint.addresses.place(),
                    fmt::format("TUN '{}' has one address, under 'tuns'", endpoint.name.scalar()));
    }
    if (!endpoint.interface.is_null()) {
      findings_.add(endpoint.interface.place(), "a TUN has its name under 'tuns'");
    }
    if (!endpoint.labels.empty()) {
      findings_.add(endpoint.name.place(),
                    fmt::format("TUN '{}' has no labels; a node's interface has them",
                                endpoint.name.scalar()));
    }
    if (!endpoint.discovery.is_null()) {
      findings_.add(endpoint.discovery.place(),
                    fmt::format("'router-discovery' is for nodes, and '{}' is a TUN",
                                endpoint.name.scalar()));
    }
  }

  /// More addresses of the node on this link.
  void read_secondary(const YamlNode& node, EndpointSpec& spec) {
    for (const YamlNode& item :
         items_of(findings_, node, "a list of addresses such as [192.0.2.1/24]")) {
      read_address(item, spec.secondary.emplace_back());
    }
  }

  /// "192.0.2.1/24", or "192.0.2.1" when the link says its subnet.
  void read_address(const YamlNode& node, InterfaceAddress& into) {
    const auto bare = node.is_scalar() ? Ipv4Address::parse(node.scalar()) : std::nullopt;
    if (bare && link_.subnet) {
      into = {*bare, link_.subnet->length()};
    } else if (bare) {
      findings_.add(node.place(),
                    fmt::format("address {} lacks its prefix length: write {}/24, for "
                                "example, or give the link a 'subnet'",
                                node.scalar(), node.scalar()));
    } else {
      read_scalar(findings_, node, "an address such as 192.0.2.1/24", &InterfaceAddress::parse,
                  into);
    }
  }

  Draft& draft_;
  Findings& findings_;
  LinkSpec& link_;
  YAML::Mark at_;  // of the endpoint
};

}  // namespace

void read_endpoint(Draft& draft, const YamlNode& node, LinkSpec& link) {
  EndpointReader{draft, link}.read(node);
}

}  // namespace hop
