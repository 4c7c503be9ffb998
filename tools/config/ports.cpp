// The ports of a node: `tcp` and `udp`.

#include <fmt/format.h>

#include <algorithm>

#include "tools/config/draft.hpp"
#include "tools/config/match.hpp"
#include "tools/config/units.hpp"

namespace hop {

namespace {

using Ranges = std::vector<PortRange>;

bool overlap(PortRange a, PortRange b) { return a.first <= b.last && b.first <= a.last; }

/// Reads a list of ports and ranges of ports none of which `taken` or the list itself has already.
void read_ranges(Findings& findings, const YamlNode& node, std::initializer_list<Ranges*> taken,
                 Ranges& ranges) {
  for (const YamlNode& item : items_of(findings, node, "a list of ports such as [80, 8000-8080]")) {
    std::optional<PortRange> range;
    read_scalar(findings, item, kPortWords, &parse_ports, range);
    if (!range) continue;
    const auto is_here = [&](PortRange other) { return overlap(*range, other); };
    const auto has_it = [&](const Ranges* list) { return std::ranges::any_of(*list, is_here); };
    if (has_it(&ranges) || std::ranges::any_of(taken, has_it)) {
      findings.add(item.place(),
                   fmt::format("TCP port {} of this node is taken already", item.scalar()));
    }
    ranges.push_back(*range);
  }
}

void read_open(Findings& findings, const YamlNode& node, NodeSpec& spec) {
  read_ranges(findings, node, {&spec.tcp_sink}, spec.tcp_open);
}

void read_tcp_sink(Findings& findings, const YamlNode& node, NodeSpec& spec) {
  read_ranges(findings, node, {&spec.tcp_open}, spec.tcp_sink);
}

/// `all`, or a list; ports that are open, too, stay open.
void read_filtered(Findings& findings, const YamlNode& node, PortFilter& filter) {
  if (node.is_scalar() && node.scalar() == "all") {
    filter.ports = {PortRange{}};
    return;
  }
  for (const YamlNode& item :
       items_of(findings, node, "all, or a list of ports such as [25, 8000-8080]")) {
    read_scalar(findings, item, kPortWords, &parse_ports, filter.ports.emplace_back());
  }
}

void read_tcp_filtered(Findings& findings, const YamlNode& node, NodeSpec& spec) {
  read_filtered(findings, node, spec.tcp_filtered);
}

void read_udp_filtered(Findings& findings, const YamlNode& node, NodeSpec& spec) {
  read_filtered(findings, node, spec.udp_filtered);
}

void read_tcp_reject(Findings& findings, const YamlNode& node, NodeSpec& spec) {
  read_unreachable_code(findings, node, spec.tcp_filtered.reject.emplace());
}

void read_udp_reject(Findings& findings, const YamlNode& node, NodeSpec& spec) {
  read_unreachable_code(findings, node, spec.udp_filtered.reject.emplace());
}

/// Reads a list of UDP ports none of which `taken` or the list itself has already.
void read_ports(Findings& findings, const YamlNode& node, const std::vector<std::uint16_t>& taken,
                std::vector<std::uint16_t>& ports) {
  for (const YamlNode& item : items_of(findings, node, "a list of ports such as [7]")) {
    std::uint16_t port = 0;
    read_scalar(findings, item, "a port from 1 to 65535", &parse_within<std::uint16_t, 1, 65535>,
                port);
    if (port == 0) continue;
    if (std::ranges::count(taken, port) + std::ranges::count(ports, port) > 0) {
      findings.add(item.place(), fmt::format("UDP port {} of this node is taken already", port));
    }
    ports.push_back(port);
  }
}

void read_echo(Findings& findings, const YamlNode& node, NodeSpec& spec) {
  read_ports(findings, node, spec.udp_sink, spec.udp_echo);
}

void read_sink(Findings& findings, const YamlNode& node, NodeSpec& spec) {
  read_ports(findings, node, spec.udp_echo, spec.udp_sink);
}

constexpr Field<NodeSpec> kUdpFields[] = {{"echo", read_echo},
                                          {"sink", read_sink},
                                          {"filtered", read_udp_filtered},
                                          {"reject", read_udp_reject}};

constexpr Field<NodeSpec> kTcpFields[] = {{"open", read_open},
                                          {"sink", read_tcp_sink},
                                          {"filtered", read_tcp_filtered},
                                          {"reject", read_tcp_reject}};

}  // namespace

void read_udp(Findings& findings, const YamlNode& node, NodeSpec& spec) {
  read_map(findings, node, "a map with 'echo', 'sink' or 'filtered'", kUdpFields, spec);
}

void read_tcp(Findings& findings, const YamlNode& node, NodeSpec& spec) {
  read_map(findings, node, "a map with 'open', 'sink' or 'filtered'", kTcpFields, spec);
}

}  // namespace hop
