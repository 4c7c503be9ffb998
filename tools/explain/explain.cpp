#include "tools/explain/explain.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <iterator>

#include "tools/config/units.hpp"
#include "tools/explain/paths.hpp"
#include "tools/explain/settings.hpp"

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
  fmt::format_to(to, "tuns ({}): this machine's end\n", topology.tuns.size());
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

/// "r1:eth0 198.18.0.2", with all addresses.
std::string end_text(const EndpointSpec& end) {
  std::string text = end.interface.empty() ? end.name : end.name + ':' + end.interface;
  text += ' ' + to_string(end.address->address);
  for (const InterfaceAddress& more : end.secondary) text += ", " + to_string(more);
  return text;
}

void append_link(Output to, const LinkSpec& link) {
  std::string ends;
  for (const EndpointSpec& end : link.endpoints)
    ends += (ends.empty() ? "" : " - ") + end_text(end);
  fmt::format_to(to, "  {:18}  {}", to_string(*link.subnet), ends);
  for (const Setting& one : settings_of(link)) fmt::format_to(to, "  {} {}", one.key, one.value);
  fmt::format_to(to, "\n");
  for (const EndpointSpec& end : link.endpoints) {
    for (const Setting& one : settings_of(end, link)) {
      fmt::format_to(to, "{:22}{} {}: {}\n", "", end.name, one.key, one.value);
    }
  }
}

/// "echo, timestamp; udp.echo [7]; never sends time-exceeded".
std::string manners_text(const NodeSpec& node) {
  const std::vector<std::string> answers = answers_of(node.icmp);
  const std::vector<std::string> silent = silent_types(node.icmp);
  std::string text = answers.empty() ? "nothing" : fmt::format("{}", fmt::join(answers, ", "));
  for (const Setting& one : settings_of(node)) {
    if (one.key.starts_with("udp.")) text += fmt::format("; {} {}", one.key, one.value);
  }
  if (!silent.empty()) text += fmt::format("; never sends {}", fmt::join(silent, ", "));
  return text;
}

void append_node(Output to, const NodeSpec& node, const std::vector<Attachment>& interfaces,
                 std::size_t width) {
  fmt::format_to(to, "  {:{}}  {:6}", node.name, width,
                 node.kind == NodeKind::router ? "router" : "host");
  for (const Attachment& at : interfaces) {
    fmt::format_to(to, "  {}", to_string(*at.end->address));
    for (const InterfaceAddress& more : at.end->secondary)
      fmt::format_to(to, "  {}", to_string(more));
  }
  fmt::format_to(to, "\n  {:{}}  answers {}\n", "", width, manners_text(node));
  for (const Setting& one : settings_of(node)) {
    if (one.key.starts_with("udp.") || one.key == "icmp.silent") continue;  // said already
    fmt::format_to(to, "  {:{}}  {}: {}\n", "", width, one.key, one.value);
  }
}

void append_tunnels(Output to, const Topology& topology) {
  if (topology.tunnels.empty()) return;
  fmt::format_to(to, "tunnels ({})\n", topology.tunnels.size());
  for (const TunnelSpec& tunnel : topology.tunnels) {
    fmt::format_to(to, "  {}  labels {}", fmt::join(tunnel.path, " > "),
                   fmt::join(tunnel.labels, ", "));
    for (const Setting& one : settings_of(tunnel)) {
      fmt::format_to(to, "  {} {}", one.key, one.value);
    }
    fmt::format_to(to, "\n");
  }
}

std::string address_text(const Step& step) { return step.address ? to_string(*step.address) : "*"; }

std::string path_text(const Path& path) {
  std::string text;
  for (const Step& step : path.steps) text += (text.empty() ? "" : "  ") + address_text(step);
  if (path.is_one_of_several) text += "  (one of several)";
  if (path.fault.empty()) return text;
  return text + (text.empty() ? "" : "  ") + "- " + path.fault;
}

void append_trip(Output to, const std::string& name, std::size_t width, const RoundTrip& trip) {
  fmt::format_to(to, "  {:{}}  {}\n", name, width, path_text(trip.forward));
  if (!trip.is_symmetric && trip.forward.fault.empty()) {
    fmt::format_to(to, "  {:{}}  back: {}\n", "", width, path_text(trip.back));
  }
}

void append_paths(Output to, const Topology& topology) {
  PathFinder finder(topology);
  const std::vector<Target> targets = targets_of(topology);
  std::size_t width = 0;
  for (const Target& target : targets) width = std::max(width, target.name.size());
  for (std::size_t tun = 0; tun < topology.tuns.size(); ++tun) {
    fmt::format_to(to, "paths from {}\n", topology.tuns[tun].name);
    for (const Target& target : targets) {
      append_trip(to, target.name, width, finder.round_trip(tun, target.address));
    }
  }
}

}  // namespace

std::string timeline_text(const Topology& resolved) {
  if (resolved.timeline.empty()) return {};
  std::string text = fmt::format("timeline ({})\n", resolved.timeline.size());
  for (const TimedChange& one : resolved.timeline) {
    const std::string every =
        one.every > Duration::zero() ? ", and every " + duration_text(one.every) : "";
    text += fmt::format("  at {}{}  {}\n", duration_text(one.at), every, one.change.text);
  }
  return text;
}

std::string explained(const Topology& resolved) {
  const std::size_t width = longest_name(resolved);
  std::string text = heading(resolved);
  const Output to(text);
  append_tuns(to, resolved, width);
  fmt::format_to(to, "links ({})\n", resolved.links.size());
  for (const LinkSpec& link : resolved.links) append_link(to, link);
  fmt::format_to(to, "nodes ({})\n", resolved.nodes.size());
  const auto interfaces = interfaces_by_node(resolved);
  for (std::size_t i = 0; i < interfaces.size(); ++i) {
    append_node(to, resolved.nodes[i], interfaces[i], width);
  }
  append_tunnels(to, resolved);
  append_paths(to, resolved);
  return text + timeline_text(resolved);
}

}  // namespace hop
