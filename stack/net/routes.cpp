// What the nodes of a network know of their neighbours and of the way to everybody else.

#include <algorithm>
#include <tuple>
#include <utility>

#include "stack/net/network.hpp"

namespace hop {
namespace {

// Where a neighbour with that address is.
InterfaceIndex interface_toward(Node& node, Ipv4Address via) {
  const auto interfaces = node.interfaces();
  auto out = std::ranges::find_if(interfaces, [&](const Interface& interface) {
    return interface.toward(via).subnet().contains(via);
  });
  if (out == interfaces.end()) {  // an address without a subnet
    out = std::ranges::find_if(interfaces, [&](const Interface& interface) {
      return interface.neighbours->find(via) != kNobody;
    });
  }
  return out == interfaces.end() ? InterfaceIndex{0}
                                 : static_cast<InterfaceIndex>(out - interfaces.begin());
}

}  // namespace

// Who is off is not found, as nobody answers for it.
void Network::fill_neighbours(std::uint32_t number) {
  const std::vector<EndpointSpec>& endpoints = topology_.links[number].endpoints;
  Link& link = *links_[number];
  link.neighbours.clear();
  link.gateway = kNobody;
  bool to_router = false;
  for (std::size_t i = 0; i < endpoints.size(); ++i) {
    const auto at = static_cast<LinkAddress>(i);
    const LinkEnd& end = link.ends[i];
    const auto know = [&](Ipv4Address address) {
      end.up ? link.neighbours.add(address, at) : link.neighbours.add_absent(address);
    };
    know(endpoints[i].address->address);
    for (const InterfaceAddress& more : endpoints[i].secondary) know(more.address);
    if (!end.up) continue;
    if (end.kind == LinkEnd::Kind::port) {
      link.neighbours.set_outside(at);
      continue;
    }
    const bool is_router = graph_.is_router(end.index);
    if (link.gateway == kNobody || (is_router && !to_router)) link.gateway = at;
    to_router = to_router || is_router;
  }
}

// Who has an address in no subnet of a node's interface is on its link all the same: what
// `ip route add ADDRESS dev LINK` says for an address without a subnet (/32).
void Network::introduce_strangers(std::uint32_t number) {
  Node& node = *nodes_[number];
  for (const auto& [link, end] : states_[number].interfaces) {
    if (link >= topology_.links.size()) continue;  // a loopback
    const InterfaceIndex out = links_[link]->ends[end].interface;
    const Interface& interface = node.interfaces()[out];
    if (!interface.up) continue;
    const auto introduce = [&](Ipv4Address address) {
      if (interface.toward(address).subnet().contains(address)) return;
      node.add_route({.to = {address, 32}, .type = RouteType::connected, .out = out});
    };
    for (const EndpointSpec& other : topology_.links[link].endpoints) {
      introduce(other.address->address);
      for (const InterfaceAddress& more : other.secondary) introduce(more.address);
    }
  }
}

// Those of one node, or of all. Own addresses are in the tables already and win; static routes come
// before computed ones, and of the default gateways of a host the table has the most preferred.
void Network::add_written_routes(std::optional<std::uint32_t> of) {
  std::vector<const RouteSpec*> by_preference;
  for (const RouteSpec& spec : topology_.routes) {
    if (!of || spec.node == topology_.nodes[*of].name) by_preference.push_back(&spec);
  }
  // By prefix, since a large table is made four times as fast if neighbours come one after the
  // other. Of equal ones, the order of the file: std::stable_sort would do, but clang with
  // libstdc++ 12 warns of what it uses inside.
  std::ranges::sort(by_preference, {}, [](const RouteSpec* spec) {
    return std::tuple{-std::int64_t{spec->preference.value_or(0)}, spec->to, spec};
  });
  for (const RouteSpec* const spec : by_preference) add_written_route(*spec);
}

// A way over a link that is down is none.
void Network::add_written_route(const RouteSpec& spec) {
  Node& node = *nodes_[*graph_.index_of(spec.node)];
  PrefixRoute route{
      .to = spec.to, .type = spec.type, .code = spec.reject, .via = spec.via, .tos = spec.tos};
  const auto is_up = [&](InterfaceIndex out) { return node.interfaces()[out].up; };
  if (spec.others.empty()) {
    route.out = interface_toward(node, spec.via);
    if (spec.type != RouteType::via || is_up(route.out)) {
      node.add_route(route, spec.preference.value_or(0));
    }
    return;
  }
  std::vector<NextHop> ways{{.out = interface_toward(node, spec.via), .via = spec.via}};
  for (const Ipv4Address other : spec.others) {
    ways.push_back({.out = interface_toward(node, other), .via = other});
  }
  std::erase_if(ways, [&](const NextHop& way) { return !is_up(way.out); });
  if (!ways.empty()) node.add_route(route, ways);
}

// A node begins anew with what it was told.
void Network::relearn_routes_of(std::uint32_t node) {
  nodes_[node]->reset_routes();
  introduce_strangers(node);
  add_written_routes(node);
}

// Routes that were worked out before are forgotten.
void Network::compute_routes() {
  lay_tunnels();
  if (topology_.routing != Routing::shortest) return;
  paths_ = std::make_unique<ShortestPaths>(topology_, graph_);
  for (const TunnelWay& tunnel : laid_) paths_->add_tunnel(tunnel);
  for (std::uint32_t i = 0; i < nodes_.size(); ++i) {
    nodes_[i]->compute_routes_by(*paths_, i);
    nodes_[i]->forget_computed_routes();
  }
}

}  // namespace hop
