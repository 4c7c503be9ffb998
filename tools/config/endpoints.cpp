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

/// Reads an endpoint of a link.
class EndpointReader {
 public:
  EndpointReader(Draft& draft, LinkSpec& link)
      : draft_(draft), findings_(draft.findings), link_(link) {}

  void read(const YAML::Node& node) {
    at_ = node.Mark();
    EndpointDraft endpoint;
    endpoint.take_over(link_);
    if (node.IsScalar()) {
      endpoint.name.reset(node);
    } else {
      read_map(findings_, node, "a name, or { node: NAME, address: ADDRESS }",
               joined(kEndpointFields, kDirectionFields), endpoint);
    }
    if (endpoint.name.IsScalar()) add(endpoint);
  }

 private:
  void add(const EndpointDraft& endpoint) {
    EndpointSpec& spec = link_.endpoints.emplace_back();
    spec.name = endpoint.name.Scalar();
    read_direction(endpoint, spec);
    DefinedName* const known = draft_.find(spec.name, endpoint.name.Mark(), "TUN or node");
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
  YAML::Mark at_;  // of the endpoint
};

}  // namespace

void read_endpoint(Draft& draft, const YAML::Node& node, LinkSpec& link) {
  EndpointReader{draft, link}.read(node);
}

}  // namespace hop
