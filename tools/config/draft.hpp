#pragma once
// A topology while it is read.

#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "stack/net/topology.hpp"
#include "tools/config/fields.hpp"

namespace hop {

enum class NameKind : std::uint8_t { tun, node };

/// A name that `tuns` or `nodes` defines.
struct DefinedName {
  NameKind kind;
  YAML::Mark at;
  int uses = 0;  ///< endpoints of links with this name
};

/// What the sections of a file are read into. Sections are read in the order tuns, nodes, links,
/// routes, tunnels, timeline, whatever their order in the file: later ones refer to names of the
/// earlier.
struct Draft {
  Findings& findings;
  Topology topology;
  std::map<std::string, DefinedName> names;

  /// Defines a name, or says why it cannot be one.
  void define(const Entry& entry, NameKind kind);
  /// The definition of `name`, or null after saying, at `at`, that `wanted` does not exist.
  [[nodiscard]] DefinedName* find(const std::string& name, const YAML::Mark& at,
                                  std::string_view wanted);
};

void read_tuns(Draft& draft, const YamlNode& section);
void read_nodes(Draft& draft, const YamlNode& section);
void read_links(Draft& draft, const YamlNode& section);
void read_routes(Draft& draft, const YamlNode& section);
void read_tunnels(Draft& draft, const YamlNode& section);
void read_timeline(Draft& draft, const YamlNode& section);

/// Reads settings of a node on top of those that it has.
void read_node_settings(Findings& findings, const YamlNode& node, NodeSpec& spec);

/// Read the value of a key of a node: `options`, `require-option`, `overlap`, `tiny-fragments`,
/// `ecmp` of a node.
void read_ecmp(Findings& findings, const YamlNode& node, NodeSpec& spec);
/// `tcp` and `udp`.
void read_tcp(Findings& findings, const YamlNode& node, NodeSpec& spec);
void read_udp(Findings& findings, const YamlNode& node, NodeSpec& spec);
/// `reassembly-limits`.
void read_options(Findings& findings, const YamlNode& node, NodeSpec& spec);
void read_required_option(Findings& findings, const YamlNode& node, NodeSpec& spec);
void read_overlap(Findings& findings, const YamlNode& node, NodeSpec& spec);
void read_tiny_fragments(Findings& findings, const YamlNode& node, NodeSpec& spec);
void read_reassembly_limits(Findings& findings, const YamlNode& node, NodeSpec& spec);

/// Reads the value of `icmp:` of a node.
void read_icmp(Findings& findings, const YamlNode& node, IcmpPolicy& into);

/// Reads the name of an ICMP type.
void read_icmp_type(Findings& findings, const YamlNode& node, IcmpType& into);

/// Reads the value of `router-discovery:` of a node or an endpoint.
void read_discovery(Findings& findings, const YamlNode& node, DiscoveryPolicy& into);

/// Reads one of `endpoints:` of a link whose other keys have been read.
void read_endpoint(Draft& draft, const YamlNode& node, LinkSpec& link);

/// Reads the value of `nat:` of a node.
void read_nat(Findings& findings, const YamlNode& node, NodeSpec& spec);

/// Reads the value of `filter:` of a node.
void read_filter(Findings& findings, const YamlNode& node, Filter& into);

/// Reads the name of a code of destination unreachable.
void read_unreachable_code(Findings& findings, const YamlNode& node, UnreachableCode& into);

/// Reads a prefix; host bits that are set are pointed out.
void read_prefix(Findings& findings, const YamlNode& node, Prefix& into);
/// Reads a prefix, or `default` for 0.0.0.0/0.
void read_destination(Findings& findings, const YamlNode& node, Prefix& into);

}  // namespace hop
