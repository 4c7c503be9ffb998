#include "tools/explain/paths.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <set>

namespace hop {

PathFinder::PathFinder(const Topology& resolved)
    : network_(resolved),
      tuns_(resolved.tuns),
      links_of_(resolved.nodes.size()),
      tun_on_(resolved.links.size()),
      gateway_of_(resolved.links.size()) {
  for (std::size_t i = 0; i < resolved.nodes.size(); ++i) {
    node_numbers_[resolved.nodes[i].name] = i;
  }
  for (std::size_t i = 0; i < resolved.links.size(); ++i) learn_link(resolved, i);
}

// What a TUN sends to an address that nobody on the link has goes to the first router, else the
// first host.
void PathFinder::learn_link(const Topology& resolved, std::size_t link) {
  bool has_router = false;
  for (const EndpointSpec& end : resolved.links[link].endpoints) {
    Owner owner{.link = link};
    if (const auto node = node_numbers_.find(end.name); node != node_numbers_.end()) {
      owner.index = node->second;
      owner.interface = static_cast<InterfaceIndex>(links_of_[owner.index].size());
      links_of_[owner.index].push_back(link);
      const bool is_router = resolved.nodes[owner.index].kind == NodeKind::router;
      if (!gateway_of_[link] || (is_router && !has_router)) gateway_of_[link] = owner;
      has_router |= is_router;
    } else {
      owner.is_tun = true;
      owner.index = static_cast<std::size_t>(
          std::ranges::find(resolved.tuns, end.name, &TunSpec::name) - resolved.tuns.begin());
      tun_on_[link] = owner.index;
    }
    owners_[end.address->address.value] = owner;
    for (const InterfaceAddress& more : end.secondary) owners_[more.address.value] = owner;
  }
}

std::optional<PathFinder::Owner> PathFinder::find(Ipv4Address address, std::size_t link) const {
  const auto found = owners_.find(address.value);
  if (found == owners_.end() || found->second.link != link) return std::nullopt;
  return found->second;
}

std::optional<PathFinder::At> PathFinder::entry(std::size_t tun, Ipv4Address destination) const {
  const Owner& own = owners_.at(tuns_[tun].address.address.value);
  const std::optional<Owner> there = find(destination, own.link);
  const std::optional<Owner> first = there && !there->is_tun ? there : gateway_of_[own.link];
  if (!first) return std::nullopt;
  return At{.node = first->index, .in = first->interface};
}

RoundTrip PathFinder::round_trip(std::size_t tun, Ipv4Address destination) {
  const Ipv4Address own = tuns_[tun].address.address;
  RoundTrip trip;
  const std::optional<At> first = entry(tun, destination);
  if (!first) {
    trip.forward.fault = "nobody is on the link";
    return trip;
  }
  Probe probe{.source = own, .destination = destination};
  trip.forward = walk(*first, probe);
  if (!trip.forward.fault.empty()) return trip;
  const std::size_t target = trip.forward.steps.back().node;
  Probe answer{.source = destination, .destination = probe.source, .behind = probe.behind};
  trip.back = walk({.node = target, .in = std::nullopt}, answer);
  const auto nodes_of = [](const Path& path) {
    std::vector<std::size_t> nodes;
    for (const Step& step : path.steps) nodes.push_back(step.node);
    return nodes;
  };
  std::vector<std::size_t> there = nodes_of(trip.forward);
  there.pop_back();
  std::ranges::reverse(there);
  trip.is_symmetric = trip.back.fault.empty() && there == nodes_of(trip.back);
  return trip;
}

Path PathFinder::walk(At at, Probe& probe) {
  Path path;
  std::set<std::size_t> seen;
  std::optional<At> next = at;
  while (next) {
    at = *next;
    if (!seen.insert(at.node).second) {
      path.fault = fmt::format("it comes to {} again: a loop", name_of(at.node));
      return path;
    }
    next = advance(at, probe, path);
  }
  return path;
}

const Route* PathFinder::route_of(std::size_t node, Ipv4Address destination) const {
  const RouteTable& routes = network_.node(node).routes();
  const Route* const route = routes.lookup(destination, 0);
  const bool several = route != nullptr && route->type == RouteType::multipath;
  return several ? &routes.ways(*route).front() : route;
}

bool PathFinder::has_several(std::size_t node, Ipv4Address destination) const {
  const NodeConfig& config = network_.node(node).config();
  const bool balances = config.kind == NodeKind::router && config.balance.by != Balance::off;
  const Route* const route = network_.node(node).routes().lookup(destination, 0);
  return balances && route != nullptr && route->type == RouteType::multipath;
}

// An answer that comes to an external address goes on to who is behind it.
bool PathFinder::enter_nat(At at, Probe& probe) {
  Node& node = network_.node(at.node);
  const bool comes_in = node.config().nat && at.in && node.interfaces()[*at.in].external;
  if (!comes_in || probe.behind.empty()) return false;
  const bool is_external =
      node.routes().is_local(probe.destination) ||
      node.config().nat->address == probe.destination ||
      std::ranges::count(node.config().nat->one_to_one, probe.destination, &NatPair::external) > 0;
  if (!is_external) return false;
  probe.destination = probe.behind.back();
  probe.behind.pop_back();
  return true;
}

void PathFinder::leave_by_nat(At at, InterfaceIndex out, Probe& probe) {
  Node& node = network_.node(at.node);
  const auto interfaces = node.interfaces();
  if (!node.config().nat || !at.in || interfaces[*at.in].external) return;
  if (!interfaces[out].external) return;
  probe.behind.push_back(probe.source);
  const NatPolicy& nat = *node.config().nat;
  const auto pair = std::ranges::find(nat.one_to_one, probe.source, &NatPair::internal);
  probe.source = pair != nat.one_to_one.end()
                     ? pair->external
                     : nat.address.value_or(interfaces[out].address.address);
}

// Does a NAT keep out what is to an address inside?
bool PathFinder::is_hidden(At at, InterfaceIndex out) {
  Node& node = network_.node(at.node);
  return node.config().nat && at.in && node.interfaces()[*at.in].external &&
         !node.interfaces()[out].external;
}

std::optional<PathFinder::At> PathFinder::advance(At at, Probe& probe, Path& path) {
  const bool is_taken_in = enter_nat(at, probe);
  const Route* const route = route_of(at.node, probe.destination);
  path.is_one_of_several |= has_several(at.node, probe.destination);
  if (route != nullptr && route->type == RouteType::local) {
    path.steps.push_back({at.node, answer_from(at, IcmpType::dest_unreachable, probe)});
    return std::nullopt;
  }
  if (std::string refused = refusal(at, route); !refused.empty()) {
    const bool tells = refused.contains(" says ");
    path.fault = std::move(refused);
    if (!at.in) return std::nullopt;
    path.steps.push_back(
        {at.node, tells ? answer_from(at, IcmpType::dest_unreachable, probe) : std::nullopt});
    return std::nullopt;
  }
  if (!is_taken_in && is_hidden(at, route->out)) {
    path.steps.push_back({at.node, std::nullopt});
    path.fault = fmt::format("{} is a NAT and lets nothing in to {}", name_of(at.node),
                             to_string(probe.destination));
    return std::nullopt;
  }
  const bool is_seen = at.in && network_.node(at.node).config().decrements_ttl;
  if (is_seen) path.steps.push_back({at.node, answer_from(at, IcmpType::time_exceeded, probe)});
  leave_by_nat(at, route->out, probe);
  if (route->type == RouteType::tunnel) return pass_tunnel(at, *route, probe, path);
  return leave(at, *route, probe, path);
}

std::optional<PathFinder::At> PathFinder::pass_tunnel(At at, const Route& route, const Probe& probe,
                                                      Path& path) {
  const Tunnel& tunnel = network_.node(at.node).label_switching()->tunnels[route.tunnel];
  LabelHop hop = tunnel.first;
  std::uint8_t ttl = tunnel.policy.label_ttl;
  for (;;) {
    const std::optional<Owner> next = find(hop.via, links_of_[at.node][hop.out]);
    if (!next) return std::nullopt;
    at = {.node = next->index, .in = next->interface};
    if (!hop.label) return at;
    const LabelRoute& label = network_.node(at.node).label_switching()->routes.at(*hop.label);
    if (!label.next) return at;
    if (!pass_labelled(at, label, ttl, probe, path)) return std::nullopt;
    hop = *label.next;
  }
}

// A router within a tunnel. Of the Uniform Model it is a hop like any other; otherwise it is the
// TTL of the label that may end, for every packet.
bool PathFinder::pass_labelled(At at, const LabelRoute& label, std::uint8_t& ttl,
                               const Probe& probe, Path& path) {
  if (!network_.node(at.node).config().decrements_ttl) return true;
  const bool ends = !label.policy.propagates_ttl && ttl-- <= 1;
  if (!label.policy.propagates_ttl && !ends) return true;
  path.steps.push_back({at.node, answer_within_tunnel(at, label, probe)});
  if (ends) {
    path.fault = fmt::format("it comes no further than {}: its label began with a TTL of {}",
                             name_of(at.node), label.policy.label_ttl);
  }
  return !ends;
}

std::optional<PathFinder::At> PathFinder::leave(At at, const Route& route, const Probe& probe,
                                                Path& path) {
  const std::size_t link = links_of_[at.node][route.out];
  const Ipv4Address next = next_hop(route, probe.destination);
  const std::optional<Owner> owner = find(next, link);
  if (owner && !owner->is_tun) return At{.node = owner->index, .in = owner->interface};
  const bool came_from_there = at.in == route.out;
  if (!owner && (!tun_on_[link] || came_from_there)) {
    path.fault =
        fmt::format("{} says host-unreachable: nobody has {}", name_of(at.node), to_string(next));
    return std::nullopt;
  }
  const TunSpec& tun = tuns_[*tun_on_[link]];
  if (tun.address.address != probe.destination) {
    path.fault = fmt::format("it leaves by {}", tun.name);
  }
  return std::nullopt;
}

/// Why a node passes nothing on, if so.
std::string PathFinder::refusal(At at, const Route* route) {
  Node& node = network_.node(at.node);
  const std::string& name = node.config().name;
  if (at.in && node.config().kind == NodeKind::host) {
    return fmt::format("{} is a host and does not forward", name);
  }
  if (route == nullptr) return fmt::format("{} says net-unreachable: it has no route", name);
  if (route->type == RouteType::blackhole) return fmt::format("{} discards it", name);
  if (route->type == RouteType::reject) {
    return fmt::format("{} says {}", name, hop::name(route->code));
  }
  if (!leads_out(*route)) return fmt::format("{} has no way for this TOS", name);
  const bool forwards =
      node.interfaces()[route->out].forwards && (!at.in || node.interfaces()[*at.in].forwards);
  if (at.in && !forwards) return fmt::format("{} does not forward on that interface", name);
  return {};
}

std::optional<Ipv4Address> PathFinder::answer_from(At at, IcmpType type, const Probe& probe) {
  const Route* const back = route_of(at.node, probe.source);
  if (back == nullptr || !leads_out(*back)) return std::nullopt;
  return answer_by(at, type, {.out = back->out, .via = next_hop(*back, probe.source)}, probe);
}

// The error goes on to the end of the tunnel, if it is told to, and back from there: who sends it
// need not know the way, who ends the tunnel has to.
std::optional<Ipv4Address> PathFinder::answer_within_tunnel(At at, const LabelRoute& label,
                                                            const Probe& probe) {
  constexpr IcmpType kType = IcmpType::time_exceeded;
  if (!label.policy.errors_along) return answer_from(at, kType, probe);
  const Route* const back = route_of(end_of_tunnel(at, label), probe.source);
  if (back == nullptr || !leads_out(*back)) return std::nullopt;
  const Route* const direct = route_of(at.node, probe.source);
  const bool knows = direct != nullptr && leads_out(*direct);
  return knows ? answer_from(at, kType, probe) : answer_by(at, kType, *label.next, probe);
}

std::size_t PathFinder::end_of_tunnel(At at, const LabelRoute& label) {
  const LabelRoute* route = &label;
  while (route->next) {
    const std::optional<Owner> next = find(route->next->via, links_of_[at.node][route->next->out]);
    if (!next) break;
    at.node = next->index;
    if (!route->next->label) break;
    route = &network_.node(at.node).label_switching()->routes.at(*route->next->label);
  }
  return at.node;
}

// As Node::error_source() has it, for a probe without options and with a TOS of 0.
std::optional<Ipv4Address> PathFinder::answer_by(At at, IcmpType type, const LabelHop& first,
                                                 const Probe& probe) {
  Node& node = network_.node(at.node);
  const IcmpPolicy& policy = node.config().icmp;
  if (policy.silent[std::to_underlying(type)]) return std::nullopt;
  if (policy.source == SourcePolicy::fixed) return policy.fixed_source;
  const bool as_asked = policy.answer_as_asked || node.config().kind == NodeKind::host;
  if (as_asked && node.routes().is_local(probe.destination)) return probe.destination;
  if (policy.source == SourcePolicy::ingress && at.in) {
    return node.interfaces()[*at.in].toward(probe.source).address;
  }
  return node.interfaces()[first.out].toward(first.via).address;
}

}  // namespace hop
