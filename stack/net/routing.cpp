#include "stack/net/routing.hpp"

#include <algorithm>
#include <map>
#include <set>
#include <tuple>

namespace hop {
namespace {

// The topology as a graph: nodes by index, and who is on which link with which address.
class Graph {
 public:
  struct Attachment {
    std::size_t node;
    Ipv4Address address;
  };

  explicit Graph(const Topology& topology)
      : topology_(topology), links_of_(topology.nodes.size()), on_link_(topology.links.size()) {
    std::map<std::string_view, std::size_t> index;
    for (std::size_t i = 0; i < topology.nodes.size(); ++i) index[topology.nodes[i].name] = i;
    for (std::size_t link = 0; link < topology.links.size(); ++link) {
      for (const EndpointSpec& endpoint : topology.links[link].endpoints) {
        const auto at = index.find(endpoint.name);
        if (at == index.end()) continue;  // a TUN
        links_of_[at->second].push_back(link);
        on_link_[link].push_back({at->second, endpoint.address->address});
        for (const InterfaceAddress& more : endpoint.secondary) {
          on_link_[link].push_back({at->second, more.address});
        }
      }
    }
    index_ = std::move(index);
  }

  [[nodiscard]] std::size_t nodes() const { return links_of_.size(); }
  [[nodiscard]] std::size_t index_of(std::string_view name) const { return index_.at(name); }
  [[nodiscard]] const std::vector<std::size_t>& links_of(std::size_t node) const {
    return links_of_[node];
  }
  [[nodiscard]] const std::vector<Attachment>& on_link(std::size_t link) const {
    return on_link_[link];
  }
  [[nodiscard]] bool is_router(std::size_t node) const {
    return topology_.nodes[node].kind == NodeKind::router;
  }
  // The node with that address on one of the links of `node`, if any.
  [[nodiscard]] std::optional<std::size_t> neighbour(std::size_t node, Ipv4Address address) const {
    for (const std::size_t link : links_of_[node]) {
      const auto at = std::ranges::find(on_link_[link], address, &Attachment::address);
      if (at != on_link_[link].end()) return at->node;
    }
    return std::nullopt;
  }

 private:
  const Topology& topology_;
  std::vector<std::vector<std::size_t>> links_of_;
  std::vector<std::vector<Attachment>> on_link_;
  std::map<std::string_view, std::size_t> index_;
};

// A destination that some router announces.
struct Announcement {
  Prefix to;
  std::size_t router;
};

std::vector<Announcement> announcements(const Topology& topology, const Graph& graph) {
  std::vector<Announcement> all;
  for (const RouteSpec& route : topology.routes) {
    const std::size_t node = graph.index_of(route.node);
    if (!graph.is_router(node) || route.tos != 0) continue;
    if (route.type != RouteType::via) {
      if (route.to.length() > 0) all.push_back({route.to, node});
      continue;
    }
    const auto next = graph.neighbour(node, route.via);
    if (!next || !graph.is_router(*next)) all.push_back({route.to, node});
  }
  return all;
}

// Shortest paths from one node: breadth first, through routers only.
class PathsFrom {
 public:
  PathsFrom(const Graph& graph, std::size_t start) : graph_(graph), first_hop_(graph.nodes()) {
    order_.push_back(start);
    seen_.insert(start);
    for (std::size_t i = 0; i < order_.size(); ++i) visit(order_[i], order_[i] == start);
  }

  // Nodes that can be reached, nearest first, beginning with the start itself.
  [[nodiscard]] const std::vector<std::size_t>& nearest_first() const { return order_; }
  // The address of the first router on the way to `node`, which is not the start.
  [[nodiscard]] Ipv4Address first_hop(std::size_t node) const { return first_hop_[node]; }

 private:
  void visit(std::size_t node, bool is_start) {
    if (!is_start && !graph_.is_router(node)) return;  // hosts do not forward
    for (const std::size_t link : graph_.links_of(node)) {
      for (const Graph::Attachment& next : graph_.on_link(link)) {
        if (!seen_.insert(next.node).second) continue;
        first_hop_[next.node] = is_start ? next.address : first_hop_[node];
        order_.push_back(next.node);
      }
    }
  }

  const Graph& graph_;
  std::vector<Ipv4Address> first_hop_;
  std::vector<std::size_t> order_;
  std::set<std::size_t> seen_;
};

// Collects the routes of one node, the first for each destination.
class RouteWriter {
 public:
  RouteWriter(Topology& topology, std::size_t node) : topology_(topology), node_(node) {
    for (const RouteSpec& route : topology.routes) {
      if (route.node == topology.nodes[node].name && route.tos == 0) known_.insert(route.to);
    }
  }
  void know(const Prefix& to) { known_.insert(to); }
  void add(const Prefix& to, Ipv4Address via) {
    if (!known_.insert(to).second) return;
    topology_.routes.push_back({.node = topology_.nodes[node_].name, .to = to, .via = via});
  }

 private:
  Topology& topology_;
  std::size_t node_;
  std::set<Prefix> known_;
};

std::vector<std::string> route_path(const Topology& topology, std::size_t index,
                                    std::string_view key) {
  const std::string& node = topology.routes[index].node;
  const auto before = std::count_if(topology.routes.begin(),
                                    topology.routes.begin() + static_cast<std::ptrdiff_t>(index),
                                    [&](const RouteSpec& route) { return route.node == node; });
  return {"routes", node, std::to_string(before), std::string{key}};
}

bool is_default_gateway(const RouteSpec& route) {
  return route.to.length() == 0 && route.type == RouteType::via && route.tos == 0;
}

// What is wrong with `via` of a route, in words, if anything.
std::optional<std::string> via_fault(const Topology& topology, const Graph& graph,
                                     const RouteSpec& route) {
  bool on_link = false;
  for (const std::size_t link : graph.links_of(graph.index_of(route.node))) {
    for (const Graph::Attachment& end : graph.on_link(link)) {
      if (end.address == route.via && topology.nodes[end.node].name == route.node) {
        return to_string(route.via) + " is an address of '" + route.node + "' itself";
      }
    }
    on_link = on_link ||
              std::ranges::any_of(subnets_of(topology.links[link]),
                                  [&](const Prefix& subnet) { return subnet.contains(route.via); });
  }
  if (on_link) return std::nullopt;
  return to_string(route.via) + " is on no link of '" + route.node +
         "'; 'via' is an address of a neighbour";
}

}  // namespace

std::optional<TopologyError> check_routes(const Topology& topology) {
  const Graph graph{topology};
  std::set<std::tuple<std::string_view, Prefix, std::uint8_t, Ipv4Address>> seen;
  for (std::size_t i = 0; i < topology.routes.size(); ++i) {
    const RouteSpec& route = topology.routes[i];
    const bool is_gateway =
        is_default_gateway(route) && !graph.is_router(graph.index_of(route.node));
    if (route.preference && !is_gateway) {
      return TopologyError{route_path(topology, i, "preference"),
                           "'preference' is for the default routes of hosts, "
                           "{ to: default, via: ADDRESS }"};
    }
    // A host may have several default gateways (RFC 1122 section 3.3.1.2).
    const Ipv4Address gateway = is_gateway ? route.via : Ipv4Address{};
    if (!seen.insert({route.node, route.to, route.tos, gateway}).second) {
      return TopologyError{route_path(topology, i, "to"), "'" + route.node + "' has a route to " +
                                                              to_string(route.to) + " already"};
    }
    if (route.type != RouteType::via) continue;
    if (auto bad = via_fault(topology, graph, route)) {
      return TopologyError{route_path(topology, i, "via"), std::move(*bad)};
    }
  }
  return std::nullopt;
}

namespace {

// What a node on the way to `target` has to know: a router leads to the subnets of its links, and
// to those of its secondary addresses; a host only to its own addresses that no router leads to.
std::vector<Prefix> own_prefixes(const Topology& topology, const Graph& graph, std::size_t target) {
  std::vector<Prefix> prefixes;
  for (const std::size_t number : graph.links_of(target)) {
    const LinkSpec& link = topology.links[number];
    if (graph.is_router(target)) prefixes.push_back(*link.subnet);
    for (const EndpointSpec& end : link.endpoints) {
      if (graph.is_router(target)) prefixes.push_back(end.address->subnet());
      if (end.name != topology.nodes[target].name) continue;
      for (const InterfaceAddress& more : end.secondary) {
        if (more.subnet() == *link.subnet) continue;
        prefixes.push_back(graph.is_router(target) ? more.subnet() : Prefix{more.address, 32});
      }
    }
  }
  return prefixes;
}

}  // namespace

void add_shortest_paths(Topology& topology) {
  const Graph graph{topology};
  const std::vector<Announcement> announced = announcements(topology, graph);
  for (std::size_t node = 0; node < graph.nodes(); ++node) {
    RouteWriter routes{topology, node};
    for (const std::size_t link : graph.links_of(node)) {
      routes.know(*topology.links[link].subnet);
      for (const EndpointSpec& end : topology.links[link].endpoints) {
        routes.know(end.address->subnet());
        if (end.name != topology.nodes[node].name) continue;
        for (const InterfaceAddress& more : end.secondary) routes.know(more.subnet());
      }
    }
    const PathsFrom paths{graph, node};
    for (const std::size_t target : paths.nearest_first()) {
      if (target == node) continue;
      const Ipv4Address via = paths.first_hop(target);
      if (const auto id = topology.nodes[target].router_id) routes.add(Prefix{*id, 32}, via);
      for (const Prefix& prefix : own_prefixes(topology, graph, target)) routes.add(prefix, via);
      for (const Announcement& announcement : announced) {
        if (announcement.router == target) routes.add(announcement.to, via);
      }
    }
  }
}

std::vector<Prefix> prefixes_behind(const Topology& resolved, std::size_t tun) {
  const TunSpec& own = resolved.tuns[tun];
  std::vector<Prefix> all = own.routes;
  const auto first = std::ranges::find(resolved.tuns, own.netns, &TunSpec::netns);
  if (first->name != own.name) return all;
  for (const LinkSpec& link : resolved.links) {
    for (const Prefix& subnet : subnets_of(link)) all.push_back(subnet);
  }
  for (const NodeSpec& node : resolved.nodes) {
    if (node.router_id) all.emplace_back(*node.router_id, 32);
  }
  for (const RouteSpec& route : resolved.routes) {
    if (route.to.length() > 0) all.push_back(route.to);
  }
  // Attached subnets of this namespace are the kernel's own, and a prefix within another adds
  // nothing.
  for (const TunSpec& other : resolved.tuns) {
    if (other.netns == own.netns) {
      std::erase_if(all, [&](const Prefix& p) { return other.address.subnet().contains(p); });
    }
  }
  std::ranges::sort(all);
  all.erase(std::ranges::unique(all).begin(), all.end());
  std::vector<Prefix> widest;
  for (const Prefix& prefix : all) {
    if (widest.empty() || widest.back().length() == 0 || !widest.back().contains(prefix)) {
      widest.push_back(prefix);
    }
  }
  return widest;
}

}  // namespace hop
