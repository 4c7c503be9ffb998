#pragma once
// The keys of `icmp:` that say what a node tells about its interfaces.

#include "stack/icmp/policy.hpp"
#include "stack/node/interface.hpp"
#include "tools/config/findings.hpp"

namespace hop {

/// `extensions: [interface, mpls]`.
void read_extensions(Findings& findings, const YamlNode& node, IcmpPolicy& policy);
/// `extension-layout: rfc4884` or `non-compliant`.
void read_extension_layout(Findings& findings, const YamlNode& node, IcmpPolicy& policy);
/// `interface-information: { roles: [...], parts: [...] }`.
void read_interface_information(Findings& findings, const YamlNode& node, IcmpPolicy& policy);
/// `extended-echo: { local: [...], remote: [...], name: [...], index: [...], address: [...] }`.
void read_extended_echo(Findings& findings, const YamlNode& node, IcmpPolicy& policy);

/// What packets come in by below IP, `component: { name: NAME, index: NUMBER }` of an endpoint.
void read_component(Findings& findings, const YamlNode& node, InterfaceComponent& into);
/// The label stack `mpls:` of an endpoint.
void read_labels(Findings& findings, const YamlNode& node, std::vector<MplsLabel>& into);

}  // namespace hop
