#include "tools/commands/summary.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "tools/commands/direction_text.hpp"

namespace hop {

namespace {

using Output = std::back_insert_iterator<std::string>;

std::size_t longest_name(const Topology& topology) {
  std::size_t longest = 4;
  for (const NodeSpec& node : topology.nodes) longest = std::max(longest, node.name.size());
  for (const TunSpec& tun : topology.tuns) longest = std::max(longest, tun.name.size());
  return longest;
}

void append_tuns(Output to, const Topology& topology, std::size_t width) {
  for (std::size_t i = 0; i < topology.tuns.size(); ++i) {
    const TunSpec& tun = topology.tuns[i];
    fmt::format_to(to, "  {:{}}  {}  mtu {}", tun.name, width, to_string(tun.address),
                   mtu_of(topology, i));
    if (!tun.netns.empty()) fmt::format_to(to, "  netns {}", tun.netns);
    fmt::format_to(to, "\n");
    for (const Prefix& prefix : prefixes_behind(topology, i)) {
      fmt::format_to(to, "  {:{}}  route {}\n", "", width, to_string(prefix));
    }
  }
}

void append_nodes(Output to, const Topology& topology, std::size_t width) {
  for (const NodeSpec& node : topology.nodes) {
    fmt::format_to(to, "  {:{}}  {:6}", node.name, width,
                   node.kind == NodeKind::router ? "router" : "host");
    for (const InterfaceSummary& interface : interfaces_of(topology, node.name)) {
      fmt::format_to(to, "  {}", to_string(interface.address));
    }
    fmt::format_to(to, "\n");
  }
}

void append_links(Output to, const Topology& topology) {
  for (const LinkSpec& link : topology.links) {
    std::string names;
    for (const EndpointSpec& endpoint : link.endpoints) {
      names += (names.empty() ? "" : " - ") + endpoint.name;
    }
    fmt::format_to(to, "  {}  {}  {}\n", names, link.subnet ? to_string(*link.subnet) : "",
                   direction_text(link));
    for (const EndpointSpec& endpoint : link.endpoints) {
      if (!endpoint.sends) continue;
      fmt::format_to(to, "    from {}  {}\n", endpoint.name, direction_text(*endpoint.sends));
    }
  }
}

}  // namespace

std::vector<InterfaceSummary> interfaces_of(const Topology& resolved, std::string_view name) {
  std::vector<InterfaceSummary> interfaces;
  for (std::size_t i = 0; i < resolved.links.size(); ++i) {
    for (const EndpointSpec& endpoint : resolved.links[i].endpoints) {
      if (endpoint.name != name || !endpoint.address) continue;
      interfaces.push_back({i, *endpoint.address});
      for (const InterfaceAddress& more : endpoint.secondary) interfaces.push_back({i, more});
    }
  }
  return interfaces;
}

std::string summary_text(const Topology& resolved) {
  const std::size_t width = longest_name(resolved);
  std::string text;
  const Output to(text);
  fmt::format_to(to, "{}: seed {}, {} routing\n", resolved.name.empty() ? "network" : resolved.name,
                 resolved.seed, resolved.routing == Routing::shortest ? "shortest-path" : "static");
  fmt::format_to(to, "tuns ({})\n", resolved.tuns.size());
  append_tuns(to, resolved, width);
  fmt::format_to(to, "nodes ({})\n", resolved.nodes.size());
  append_nodes(to, resolved, width);
  fmt::format_to(to, "links ({})\n", resolved.links.size());
  append_links(to, resolved);
  return text;
}

}  // namespace hop
