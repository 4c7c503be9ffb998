// What the explanations have in common.

#include <fmt/format.h>

#include <set>
#include <unordered_map>

#include "tools/explain/explain.hpp"

namespace hop {

std::vector<std::vector<Attachment>> interfaces_by_node(const Topology& resolved) {
  std::unordered_map<std::string_view, std::size_t> numbers;
  for (std::size_t i = 0; i < resolved.nodes.size(); ++i) numbers[resolved.nodes[i].name] = i;
  std::vector<std::vector<Attachment>> interfaces(resolved.nodes.size());
  for (std::size_t link = 0; link < resolved.links.size(); ++link) {
    for (const EndpointSpec& end : resolved.links[link].endpoints) {
      const auto node = numbers.find(end.name);
      if (node != numbers.end()) interfaces[node->second].push_back({link, &end});
    }
  }
  return interfaces;
}

std::vector<Target> targets_of(const Topology& resolved) {
  std::vector<Target> targets;
  const auto interfaces = interfaces_by_node(resolved);
  for (std::size_t i = 0; i < interfaces.size(); ++i) {
    targets.push_back({i, resolved.nodes[i].name, interfaces[i].front().end->address->address});
  }
  std::set<Prefix> known{Prefix{}};
  for (const LinkSpec& link : resolved.links) {
    for (const Prefix& subnet : subnets_of(link)) known.insert(subnet);
  }
  for (const NodeSpec& node : resolved.nodes) {
    if (node.router_id) known.emplace(*node.router_id, 32);
  }
  for (const RouteSpec& route : resolved.routes) {
    if (!known.insert(route.to).second) continue;
    const std::uint32_t first = route.to.address().value + (route.to.length() < 31 ? 1 : 0);
    targets.push_back({std::nullopt, to_string(route.to), Ipv4Address{first}});
  }
  return targets;
}

std::vector<Refusal> refusals_of(const Topology& resolved) {
  std::vector<Refusal> refusals;
  for (const RouteSpec& route : resolved.routes) {
    if (route.type == RouteType::reject) {
      refusals.push_back({route.node, route.to, route.tos, name(route.reject)});
    } else if (route.type == RouteType::blackhole) {
      refusals.push_back({route.node, route.to, route.tos, {}});
    }
  }
  return refusals;
}

std::string refusal_text(const Refusal& refusal) {
  const std::string tos = refusal.tos == 0 ? "" : fmt::format(" with TOS {}", refusal.tos);
  const std::string what =
      refusal.answer.empty() ? "discards it" : fmt::format("says {}", refusal.answer);
  return fmt::format("{:18}  {} {}{}", to_string(refusal.to), refusal.node, what, tos);
}

std::string heading(const Topology& resolved) {
  const std::string pool =
      resolved.pool == kDefaultPool ? "" : ", subnets from " + to_string(resolved.pool);
  return fmt::format("{}: seed {}, {} routing{}\n",
                     resolved.name.empty() ? "network" : resolved.name, resolved.seed,
                     resolved.routing == Routing::shortest ? "shortest-path" : "static", pool);
}

}  // namespace hop
