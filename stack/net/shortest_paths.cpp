#include "stack/net/shortest_paths.hpp"

#include <algorithm>
#include <array>
#include <utility>

namespace hop {

// Distances take up to 32 MiB, and there is room for four at least.
ShortestPaths::ShortestPaths(const Topology& resolved, const Graph& graph)
    : graph_(graph),
      senders_(graph),
      most_remembered_(
          std::clamp<std::size_t>((std::size_t{8} << 20U) / (graph_.nodes() + 1), 4, 256)) {
  for (std::uint32_t i = 0; i < resolved.links.size(); ++i) announce_link(resolved.links[i], i);
  for (std::uint32_t i = 0; i < resolved.nodes.size(); ++i) {
    if (const auto id = resolved.nodes[i].router_id) announce(Prefix{*id, 32}, i);
  }
  for (const RouteSpec& route : resolved.routes) announce_static(resolved, route);
}

void ShortestPaths::announce(const Prefix& prefix, std::uint32_t node) {
  std::uint32_t number = numbers_.find(prefix);
  if (number == PrefixTrie::kNothing) {
    announced_.push_back({.prefix = prefix, .nodes = {}});
    number = static_cast<std::uint32_t>(announced_.size());
    numbers_.set(prefix, number);
  }
  std::vector<std::uint32_t>& nodes = announced_[number - 1].nodes;
  if (std::ranges::find(nodes, node) == nodes.end()) nodes.push_back(node);
}

// Routers lead to the subnets of their links, those of secondary addresses included; a host only to
// its own addresses that no router leads to.
void ShortestPaths::announce_link(const LinkSpec& link, std::uint32_t number) {
  for (const Graph::Port& port : graph_.on_link(number)) {
    if (!port.up || !graph_.is_router(port.node)) continue;
    announce(*link.subnet, port.node);
    for (const EndpointSpec& end : link.endpoints) {
      const Prefix subnet = end.address->subnet();
      if (subnet != *link.subnet) announce(subnet, port.node);
    }
  }
  for (const EndpointSpec& end : link.endpoints) {
    const auto node = graph_.index_of(end.name);
    if (!node) continue;
    for (const InterfaceAddress& more : end.secondary) {
      if (more.subnet() == *link.subnet) continue;
      announce(graph_.is_router(*node) ? more.subnet() : Prefix{more.address, 32}, *node);
    }
  }
}

void ShortestPaths::announce_static(const Topology& resolved, const RouteSpec& route) {
  const std::uint32_t node = *graph_.index_of(route.node);
  if (!graph_.is_router(node) || route.tos != 0) return;
  if (route.type != RouteType::via) {
    if (route.to.length() > 0) announce(route.to, node);
    return;
  }
  const auto next = graph_.neighbour(resolved, node, route.via);
  if (!next || !graph_.is_router(*next)) announce(route.to, node);
}

std::optional<Prefix> ShortestPaths::prefix_of(Ipv4Address destination) const {
  const std::uint32_t number = numbers_.search(destination);
  if (number == PrefixTrie::kNothing) return std::nullopt;
  return announced_[number - 1].prefix;
}

std::vector<NextHop> ShortestPaths::ways(std::uint32_t node, const Prefix& to) {
  const std::uint32_t number = numbers_.find(to);
  if (number == PrefixTrie::kNothing) return {};
  const Announced& announced = announced_[number - 1];
  const Distances& distances = distances_to(number);
  std::vector<NextHop> ways;
  if (distances[node] == kUnreachable || is_at(announced, node)) return ways;
  if (const NextHop* const tunnel = way_by_tunnel(node, distances)) return {*tunnel};
  for (const Graph::Port& port : graph_.ports_of(node)) {
    if (!port.up) continue;
    for (const Graph::Port& next : graph_.on_link(port.link)) {
      if (!next.up) continue;
      const bool leads_on = graph_.is_router(next.node) || is_at(announced, next.node);
      const std::uint32_t rest = distances[next.node];
      if (next.node == node || !leads_on || rest == kUnreachable) continue;
      if (rest + port.cost == distances[node]) {
        ways.push_back({.out = port.interface, .via = next.address});
      }
    }
  }
  return ways;
}

void ShortestPaths::add_tunnel(const TunnelWay& tunnel) {
  const std::uint32_t length = senders_.distances_to(std::array{tunnel.to})[tunnel.from];
  if (length != kUnreachable) tunnels_.push_back({.tunnel = tunnel, .length = length});
}

const NextHop* ShortestPaths::way_by_tunnel(std::uint32_t node, const Distances& rest) const {
  const MeasuredTunnel* best = nullptr;
  for (const MeasuredTunnel& one : tunnels_) {
    const std::uint32_t behind = rest[one.tunnel.to];
    const bool is_on_the_way =
        one.tunnel.from == node && behind != kUnreachable && behind + one.length == rest[node];
    if (is_on_the_way && (best == nullptr || behind < rest[best->tunnel.to])) best = &one;
  }
  return best == nullptr ? nullptr : &best->tunnel.way;
}

bool ShortestPaths::is_at(const Announced& to, std::uint32_t node) const {
  return std::ranges::find(to.nodes, node) != to.nodes.end();
}

// Those that were used least lately give way.
const Distances& ShortestPaths::distances_to(std::uint32_t prefix) {
  auto at = std::ranges::find(remembered_, prefix, &Remembered::prefix);
  if (at == remembered_.end()) {
    Distances distances = senders_.distances_to(announced_[prefix - 1].nodes);
    if (remembered_.size() < most_remembered_) {
      at = remembered_.insert(at, Remembered{});
    } else {
      at = std::ranges::min_element(remembered_, {}, &Remembered::used);
    }
    *at = {.prefix = prefix, .used = 0, .distances = std::move(distances)};
  }
  at->used = ++uses_;
  return at->distances;
}

}  // namespace hop
