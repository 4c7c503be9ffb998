// Tunnels, label by label.

#include <algorithm>
#include <utility>

#include "stack/net/network.hpp"

namespace hop {
namespace {

// The first link by which two nodes reach each other now.
std::optional<LabelHop> hop_between(const Graph& graph, std::uint32_t from, std::uint32_t to) {
  for (const Graph::Port& port : graph.ports_of(from)) {
    for (const Graph::Port& next : graph.on_link(port.link)) {
      if (next.node != to || !port.up || !next.up) continue;
      return LabelHop{.out = port.interface, .via = next.address};
    }
  }
  return std::nullopt;
}

}  // namespace

// Anew, as it was found: a tunnel with two routers that do not reach each other is down, and what
// would go into it takes the way of any other packet.
void Network::lay_tunnels() {
  laid_.clear();
  for (const TunnelSpec& tunnel : topology_.tunnels) {
    for (const std::string& name : tunnel.path) nodes_[*graph_.index_of(name)]->forget_tunnels();
    relearn_routes_of(*graph_.index_of(tunnel.path.front()));
  }
  for (const TunnelSpec& tunnel : topology_.tunnels) lay(tunnel);
}

void Network::lay(const TunnelSpec& tunnel) {
  std::vector<std::uint32_t> path;
  for (const std::string& name : tunnel.path) path.push_back(*graph_.index_of(name));
  std::vector<LabelHop> hops;
  for (std::size_t i = 0; i + 1 < path.size(); ++i) {
    const auto hop = hop_between(graph_, path[i], path[i + 1]);
    if (!hop) return;
    hops.push_back(*hop);
    if (i < tunnel.labels.size()) hops.back().label = tunnel.labels[i];
  }
  for (std::size_t i = 0; i < tunnel.labels.size(); ++i) {
    const bool ends = i + 1 == hops.size();
    nodes_[path[i + 1]]->add_label_route(
        tunnel.labels[i],
        {.next = ends ? std::nullopt : std::optional{hops[i + 1]}, .policy = tunnel.policy});
  }
  lead_into(tunnel, hops.front(), {path.front(), path.back()});
}

void Network::lead_into(const TunnelSpec& tunnel, const LabelHop& first,
                        std::pair<std::uint32_t, std::uint32_t> ends) {
  Node& node = *nodes_[ends.first];
  const TunnelIndex number = node.add_tunnel({.first = first, .policy = tunnel.policy});
  const NextHop way{.out = first.out, .tunnel = number, .via = first.via};
  for (const Prefix& to : tunnel.to) node.add_route({.to = to}, std::span{&way, 1});
  if (tunnel.to.empty()) laid_.push_back({.from = ends.first, .to = ends.second, .way = way});
}

}  // namespace hop
