#include "stack/net/graph.hpp"

#include <algorithm>

namespace hop {
namespace {

bool has(const EndpointSpec& endpoint, Ipv4Address address) {
  return endpoint.address->address == address ||
         std::ranges::count(endpoint.secondary, address, &InterfaceAddress::address) > 0;
}

}  // namespace

Graph::Graph(const Topology& topology) {
  for (std::uint32_t i = 0; i < topology.nodes.size(); ++i) {
    index_[topology.nodes[i].name] = i;
    is_router_.push_back(topology.nodes[i].kind == NodeKind::router);
  }
  first_on_link_.reserve(topology.links.size() + 1);
  for (std::uint32_t i = 0; i < topology.links.size(); ++i) add_link(topology.links[i], i);
  first_on_link_.push_back(static_cast<std::uint32_t>(ports_.size()));
  sort_by_node();
}

void Graph::add_link(const LinkSpec& link, std::uint32_t number) {
  first_on_link_.push_back(static_cast<std::uint32_t>(ports_.size()));
  for (const EndpointSpec& endpoint : link.endpoints) {
    const auto node = index_of(endpoint.name);
    if (!node) continue;
    ports_.push_back({.node = *node,
                      .link = number,
                      .interface = 0,
                      .cost = link.sent_by(endpoint).cost,
                      .address = endpoint.address->address});
  }
}

// The interfaces of a node are numbered as it is found on links.
void Graph::sort_by_node() {
  first_of_node_.assign(nodes() + 1, 0);
  for (Port& port : ports_) {
    port.interface = static_cast<InterfaceIndex>(first_of_node_[port.node + 1]++);
  }
  for (std::size_t i = 1; i <= nodes(); ++i) first_of_node_[i] += first_of_node_[i - 1];
  of_node_.resize(ports_.size());
  for (std::uint32_t i = 0; i < ports_.size(); ++i) {
    of_node_[first_of_node_[ports_[i].node] + ports_[i].interface] = i;
  }
}

std::optional<std::uint32_t> Graph::index_of(std::string_view name) const {
  const auto at = index_.find(name);
  return at == index_.end() ? std::nullopt : std::optional{at->second};
}

std::optional<std::uint32_t> Graph::neighbour(const Topology& topology, std::uint32_t node,
                                              Ipv4Address address) const {
  for (const Port& port : ports_of(node)) {
    for (const EndpointSpec& endpoint : topology.links[port.link].endpoints) {
      if (has(endpoint, address)) return index_of(endpoint.name);
    }
  }
  return std::nullopt;
}

}  // namespace hop
