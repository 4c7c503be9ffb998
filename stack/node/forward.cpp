// Transit: the part of a node's walk that makes it a router (RFC 1812 section 5.2.1.2).

#include "stack/node/node.hpp"

namespace hop {

Verdict Node::forward(Walk& walk, const Route* route) {
  const Received& received = walk.received;
  // RFC 1122 section 3.2.1.3: a host silently discards what is not addressed to it.
  if (config_.kind == NodeKind::host) return dropped(DropReason::not_for_this_host);
  if (received.options.source_route != 0 && source_route_of(received.ip, received.options).strict) {
    // RFC 1812 section 5.2.2: a strict route must not lead through somebody else.
    return report(BadParameter{kDestinationOffset}, DropReason::strict_route_elsewhere, walk);
  }
  return transit(walk, route, received.ip.destination());
}

// We are a stop on the way: the next address of the route becomes the destination.
Verdict Node::forward_source_routed(Walk& walk) {
  const SourceRoute source_route = source_route_of(walk.received.ip, walk.received.options);
  if (!config_.source_routing) {
    if (config_.kind == NodeKind::host) return dropped(DropReason::source_route_refused);
    return report(Unreachable{UnreachableCode::source_route_failed},
                  DropReason::source_route_refused, walk);
  }
  const Ipv4Address next = source_route.next();
  if (routes_.is_local(next)) {
    // We are the next stop as well: Linux names the destination twice.
    advance_source_route(walk.packet.bytes(), walk.received.options, next);
    refresh_header_checksum(walk.packet.bytes());
    return dispatch(walk);
  }
  const Route* const route = routes_.lookup(next);
  const bool reachable =
      route != nullptr && (route->type == RouteType::connected ||
                           (route->type == RouteType::via && !source_route.strict));
  if (!reachable) {
    return report(Unreachable{UnreachableCode::source_route_failed},
                  DropReason::source_route_failed, walk);
  }
  return transit(walk, route, next);
}

// Steps 5 to 12 of RFC 1812 section 5.2.1.2. Nothing is changed in the packet before all that may
// go wrong has been looked at, so that errors quote it as it was received.
Verdict Node::transit(Walk& walk, const Route* route, Ipv4Address destination) {
  const Received& received = walk.received;
  const Ipv4HeaderView& ip = received.ip;
  if (received.arrival.broadcast) return dropped(DropReason::link_broadcast_not_forwarded);
  if (ip.source().is_link_local() || destination.is_link_local()) {
    return dropped(DropReason::link_local_not_forwarded);
  }
  if (route == nullptr) {
    return report(Unreachable{UnreachableCode::net_unreachable}, DropReason::no_route, walk);
  }
  if (route->type == RouteType::blackhole) return dropped(DropReason::route_blackhole);
  if (route->type == RouteType::reject) {
    return report(Unreachable{route->code}, DropReason::route_rejects, walk);
  }
  if (ip.ttl() <= 1) return report(TtlExpired{}, DropReason::ttl_expired, walk);
  const Ipv4Address next = route->type == RouteType::via ? route->via : destination;
  const bool back = received.arrival.in == route->out;
  const auto to =
      interfaces_[route->out].neighbours->resolve(next, back ? received.arrival.from : kNobody);
  if (to == kNobody) {
    return report(Unreachable{UnreachableCode::host_unreachable}, DropReason::host_unreachable,
                  walk);
  }
  return send_on(walk, {.out = route->out, .to = to, .address = next});
}

// A datagram of which one fragment is lost is lost: all of them fit into the queue, or none go.
Verdict Node::send_on(Walk& walk, const Hop& hop) {
  const Ipv4HeaderView& ip = walk.received.ip;
  const Interface& interface = interfaces_[hop.out];
  const bool fits = ip.bytes().size() <= interface.mtu;
  if (!fits && ip.dont_fragment()) {
    return report(FragNeeded{interface.mtu}, DropReason::frag_needed, walk);
  }
  const std::size_t pieces = fits ? 1 : Fragmenter{ip, interface.mtu, pool_}.left();
  if (!interface.queue.has_room(pieces)) {
    return report(QueueOverflow{}, DropReason::queue_full, walk);
  }
  redirect_if_due(walk, hop);
  edit_for_transit(walk, hop);
  if (fits) {
    put_out(std::move(walk.packet), hop, walk.out);
  } else {
    put_out_fragments(Fragmenter{ip, interface.mtu, pool_}, hop, walk.out);
  }
  return {Action::forwarded};
}

// The conditions of RFC 1812 section 5.2.7.2. The packet is forwarded all the same.
void Node::redirect_if_due(const Walk& walk, const Hop& hop) {
  const Received& received = walk.received;
  if (hop.out != received.arrival.in || !config_.icmp.redirects) return;
  if (received.options.source_route != 0) return;
  const Ipv4Address source = received.ip.source();
  const Prefix subnet = interfaces_[hop.out].address.subnet();
  if (!subnet.contains(source) || !subnet.contains(hop.address) || source == hop.address) return;
  tell(BetterNextHop{hop.address}, received, walk.out);
}

void Node::edit_for_transit(Walk& walk, const Hop& hop) {
  const MutBytes header = walk.packet.bytes();
  decrement_ttl(header);
  const Options& options = walk.received.options;
  const Ipv4Address own = interfaces_[hop.out].address.address;
  const bool advance =
      options.source_route != 0 && routes_.is_local(walk.received.ip.destination());
  if (advance) advance_source_route(header, options, own);
  if (options.to_update()) {
    update_options(header, options,
                   {.address = own, .now = walk.received.arrival.now, .addresses = routes_});
  }
  if (advance || options.to_update()) refresh_header_checksum(header);
}

}  // namespace hop
