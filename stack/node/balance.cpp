// Load balancing among next hops that are equally good (RFC 1812 section 5.2.4.5).

#include <algorithm>

#include "stack/node/node.hpp"

namespace hop {

// The route for a packet that is to be forwarded: by its TOS, then by what balances the load.
const Route* Node::route_for(const Ipv4HeaderView& ip, Ipv4Address destination) {
  const Route* const route = routes_.lookup(destination, tos_field(ip.tos()));
  if (route == nullptr || route->type != RouteType::multipath) return route;
  if (config_.balance.by == Balance::packet) ++turn_;
  return way_for(route, ip, destination);
}

const Route* Node::way_for(const Route* route, const Ipv4HeaderView& ip,
                           Ipv4Address destination) const {
  if (route == nullptr || route->type != RouteType::multipath) return route;
  const std::span<const Route> ways = routes_.ways(*route);
  return &ways[turn_of(ip, destination, ways.size())];
}

std::size_t Node::turn_of(const Ipv4HeaderView& ip, Ipv4Address destination,
                          std::size_t ways) const {
  const BalancePolicy& policy = config_.balance;
  switch (policy.by) {
    case Balance::packet:
      return turn_ % ways;
    case Balance::destination:
      return way_of(mix(balance_seed_, destination.value), ways);
    case Balance::off:
      return 0;
    case Balance::flow:
      break;
  }
  return way_of(flow_hash(ip, destination, policy.fields, balance_seed_), ways);
}

// The node's own packets to one address go one way. Hosts take the first: of the strong model a way
// is only good for the addresses of its interface (RFC 1122 section 3.3.4.2).
const Route* Node::own_way(const Route* route, Ipv4Address destination) const {
  if (route == nullptr || route->type != RouteType::multipath) return route;
  const std::span<const Route> ways = routes_.ways(*route);
  const bool is_first = config_.balance.by == Balance::off || config_.kind == NodeKind::host;
  if (is_first) return &ways.front();
  return &ways[way_of(mix(balance_seed_, destination.value), ways.size())];
}

// Is that one of several ways out? (RFC 3704 section 2.3: feasible paths.)
bool Node::may_leave(const Route* route, InterfaceIndex out) const {
  if (route == nullptr || route->type != RouteType::multipath) return false;
  return std::ranges::any_of(routes_.ways(*route),
                             [&](const Route& way) { return way.out == out; });
}

}  // namespace hop
