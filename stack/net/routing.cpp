#include "stack/net/routing.hpp"

#include <algorithm>
#include <set>
#include <tuple>

#include "stack/net/graph.hpp"

namespace hop {
namespace {

std::vector<std::string> route_path(const Topology& topology, std::size_t index,
                                    std::string_view key) {
  const std::string& node = topology.routes[index].node;
  const auto before = std::count_if(topology.routes.begin(),
                                    topology.routes.begin() + static_cast<std::ptrdiff_t>(index),
                                    [&](const RouteSpec& route) { return route.node == node; });
  return {"routes", node, std::to_string(before), std::string{key}};
}

bool is_default_gateway(const RouteSpec& route) {
  return route.to.length() == 0 && route.type == RouteType::via && route.tos == 0 &&
         route.others.empty();
}

// What is wrong with `via` of a route, in words, if anything.
std::optional<std::string> via_fault(const Topology& topology, const Graph& graph,
                                     const RouteSpec& route, Ipv4Address via) {
  const std::uint32_t node = *graph.index_of(route.node);
  if (graph.neighbour(topology, node, via) == node) {
    return to_string(via) + " is an address of '" + route.node + "' itself";
  }
  for (const Graph::Port& port : graph.ports_of(node)) {
    const std::vector<Prefix> subnets = subnets_of(topology.links[port.link]);
    if (std::ranges::any_of(subnets, [&](const Prefix& subnet) { return subnet.contains(via); })) {
      return std::nullopt;
    }
  }
  return to_string(via) + " is on no link of '" + route.node +
         "'; 'via' is an address of a neighbour";
}

std::optional<std::string> any_via_fault(const Topology& topology, const Graph& graph,
                                         const RouteSpec& route) {
  if (route.type != RouteType::via) return std::nullopt;
  auto bad = via_fault(topology, graph, route, route.via);
  for (const Ipv4Address other : route.others) {
    if (!bad) bad = via_fault(topology, graph, route, other);
  }
  return bad;
}

}  // namespace

std::optional<TopologyError> check_routes(const Topology& topology) {
  const Graph graph{topology};
  std::set<std::tuple<std::string_view, Prefix, std::uint8_t, Ipv4Address>> seen;
  for (std::size_t i = 0; i < topology.routes.size(); ++i) {
    const RouteSpec& route = topology.routes[i];
    const bool is_gateway =
        is_default_gateway(route) && !graph.is_router(*graph.index_of(route.node));
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
    if (auto bad = any_via_fault(topology, graph, route)) {
      return TopologyError{route_path(topology, i, "via"), std::move(*bad)};
    }
  }
  return std::nullopt;
}

namespace {

// So many routes of this machine are as the file has them; more become as few as possible.
constexpr std::size_t kMostAsWritten = 256;

// The prefix that has just these two halves, which are in order.
std::optional<Prefix> joined(const Prefix& low, const Prefix& high) {
  if (low.length() != high.length() || low.length() == 0) return std::nullopt;
  const Prefix both{low.address(), low.length() - 1};
  return both.address() == low.address() && both.contains(high) ? std::optional{both}
                                                                : std::nullopt;
}

// The fewest prefixes that have the same addresses; those given are in order and disjoint.
std::vector<Prefix> aggregated(const std::vector<Prefix>& prefixes) {
  std::vector<Prefix> few;
  for (Prefix next : prefixes) {
    while (!few.empty()) {
      const auto both = joined(few.back(), next);
      if (!both) break;
      few.pop_back();
      next = *both;
    }
    few.push_back(next);
  }
  return few;
}

}  // namespace

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
  return widest.size() > kMostAsWritten ? aggregated(widest) : widest;
}

}  // namespace hop
