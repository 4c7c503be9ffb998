// Transit: the part of a node's walk that makes it a router (RFC 1812 section 5.2.1.2).

#include <algorithm>

#include "stack/node/node.hpp"

namespace hop {
namespace {

// Not as by the address of a NAT, which is another than where the packet goes next, too.
bool goes_by_source_route(const Received& received, Ipv4Address next) {
  return received.options.source_route != 0 && next != received.ip.destination();
}

}  // namespace

Verdict Node::forward(Walk& walk, const Route* route) {
  if (refuses_transit_) {
    if (const auto refused = refuse_transit(walk)) return *refused;
  }
  if (walk.received.options.to_examine()) {
    if (const auto verdict = examine(walk)) return *verdict;
  }
  return transit(walk, route, walk.received.ip.destination());
}

// RFC 1122 section 3.2.1.3: a host silently discards what is not addressed to it. 0.0.0.0 is an old
// form of the broadcast address, which it takes (section 3.3.6, SHOULD). A router does so with what
// comes by an interface that does not forward (RFC 1812 section 5.3.11).
std::optional<Verdict> Node::refuse_transit(Walk& walk) {
  if (config_.kind == NodeKind::host) {
    const bool is_broadcast = walk.received.ip.destination() == Ipv4Address{};
    return is_broadcast ? deliver_to_group(walk) : dropped(DropReason::not_for_this_host);
  }
  if (interfaces_[walk.received.arrival.in].forwards) return std::nullopt;
  return dropped(DropReason::interface_does_not_forward);
}

// The source route behind the stops that are addresses of ours as well: Linux names the last one
// twice. Nothing is changed in the packet.
SourceRoute Node::route_ahead(const Received& received) const {
  SourceRoute ahead = source_route_of(received.ip, received.options);
  while (!ahead.used_up() && routes_.is_local(ahead.next())) ahead.pass();
  return ahead;
}

// We are a stop on the way: the next address of the route is to become the destination.
Verdict Node::forward_source_routed(Walk& walk, const SourceRoute& ahead) {
  if (!config_.source_routing) {
    // RFC 1812 section 5.2.7.1 for routers, RFC 1122 section 3.3.5 for hosts: SHOULD.
    return report(Unreachable{UnreachableCode::source_route_failed},
                  DropReason::source_route_refused, walk);
  }
  walk.received.options.forget_records(config_.options.ignored());
  const Ipv4Address next = ahead.next();
  const Route* const route = is_unicast(next) ? route_for(walk.received.ip, next) : nullptr;
  const bool reachable = route != nullptr && leads_out(*route) &&
                         (route->type == RouteType::connected || !ahead.strict);
  if (!reachable) {
    return report(Unreachable{UnreachableCode::source_route_failed},
                  DropReason::source_route_failed, walk);
  }
  return transit(walk, route, next);
}

// The addresses of a source route have not been looked at by martian().
bool Node::is_unicast(Ipv4Address address) const {
  return !address.is_multicast() && !address.is_limited_broadcast() &&
         destination_fault(address, martian_rules()) == DropReason::none;
}

// Steps 5 to 12 of RFC 1812 section 5.2.1.2: a packet that would have to be cut and must not be is
// told so before anybody looks for the next hop (9, 10). Nothing is changed in the packet before
// all that may go wrong has been looked at, so that errors quote it as it was received.
Verdict Node::transit(Walk& walk, const Route* route, Ipv4Address destination) {
  const Received& received = walk.received;
  const Ipv4HeaderView& ip = received.ip;
  if (received.arrival.broadcast) return dropped(DropReason::link_broadcast_of_unicast);
  if (ip.source().is_link_local() || destination.is_link_local()) {
    return dropped(DropReason::link_local_not_forwarded);
  }
  const bool by_gateway = route != nullptr && route->type == RouteType::via;
  if (!by_gateway && (route == nullptr || !leads_onto_link(*route))) {
    return no_way_out(walk, route, destination);
  }
  if (screens_) {
    if (const auto refused = screen(walk, destination, route->out)) return *refused;
  }
  if (ip.ttl() <= 1 || !config_.decrements_ttl) [[unlikely]] {
    if (const auto expired = expires(walk)) return *expired;
  }
  const std::uint16_t mtu = interfaces_[route->out].mtu;
  const std::size_t size = ip.bytes().size();
  if (size > mtu && !may_be_cut(received, mtu)) {
    return report(FragNeeded{mtu}, DropReason::frag_needed, walk);
  }
  const Ipv4Address next = by_gateway ? route->via : destination;
  const LinkAddress to = resolve(received, *route, next);
  if (to == kNobody) return no_next_hop(walk, destination);
  const Hop hop{.out = route->out, .to = to, .address = next, .mtu = size_to_cut(received, mtu)};
  return size <= hop.mtu ? send_on(walk, hop) : send_on_in_fragments(walk, hop);
}

// A datagram that may not be cut and came in pieces goes on in pieces as large, as if nobody had
// put it together, which routers do not (RFC 1812 section 5.2.6).
std::uint16_t Node::size_to_cut(const Received& received, std::uint16_t mtu) {
  const bool came_in_pieces = received.largest_fragment != 0;
  return came_in_pieces && received.ip.dont_fragment() ? std::min(mtu, received.largest_fragment)
                                                       : mtu;
}

bool Node::may_be_cut(const Received& received, std::uint16_t mtu) {
  if (!received.ip.dont_fragment()) return true;
  return received.largest_fragment != 0 && received.largest_fragment <= mtu;
}

// Where the TTL is not decremented it does not end a loop, so something else has to.
std::optional<Verdict> Node::expires(Walk& walk) {
  if (config_.decrements_ttl) return report(TtlExpired{}, DropReason::ttl_expired, walk);
  if (!walk.packet.count_hidden_hop()) return dropped(DropReason::hidden_hops);
  return std::nullopt;
}

// What a NAT turns round goes back to the outside of a link that it came from, as it is for another
// than it was for (RFC 4787 REQ-9).
LinkAddress Node::resolve(const Received& received, const Route& route, Ipv4Address next) const {
  const bool comes_back =
      received.arrival.in == route.out && !(nat_ && nat_->is_external(received.ip.destination()));
  const LinkAddress from = comes_back ? received.arrival.from : kNobody;
  return interfaces_[route.out].neighbours->resolve(next, from);
}

Verdict Node::no_way_out(Walk& walk, const Route* route, Ipv4Address destination) {
  if (route == nullptr) {
    return report(Unreachable{UnreachableCode::net_unreachable}, DropReason::no_route, walk);
  }
  if (route->type == RouteType::tunnel) return enter_tunnel(walk, *route, destination);
  if (route->type == RouteType::blackhole) return dropped(DropReason::route_blackhole);
  if (route->type == RouteType::by_tos) return no_route_for_tos(walk, destination);
  return report(Unreachable{route->code}, DropReason::route_rejects, walk);
}

// RFC 1812 section 4.3.3.1: there are routes, but none for this TOS nor for TOS 0. The host is on
// a network of ours, or somewhere else.
Verdict Node::no_route_for_tos(const Walk& walk, Ipv4Address destination) {
  const bool on_link = std::ranges::any_of(interfaces_, [&](const Interface& interface) {
    return interface.toward(destination).subnet().contains(destination);
  });
  const bool routed = goes_by_source_route(walk.received, destination);
  return report(Unreachable{routed    ? UnreachableCode::source_route_failed
                            : on_link ? UnreachableCode::host_unreachable_for_tos
                                      : UnreachableCode::net_unreachable_for_tos},
                DropReason::no_route_for_tos, walk);
}

// RFC 1812 section 5.2.7.1: code 5 where the next hop of a source route cannot be reached.
Verdict Node::no_next_hop(const Walk& walk, Ipv4Address destination) {
  const bool routed = goes_by_source_route(walk.received, destination);
  return report(Unreachable{routed ? UnreachableCode::source_route_failed
                                   : UnreachableCode::host_unreachable},
                DropReason::host_unreachable, walk);
}

// RFC 1812 sections 5.3.3.3, 5.3.9 and 5.3.11, by where the packet goes next (section 5.2.4).
std::optional<Verdict> Node::screen(const Walk& walk, Ipv4Address destination, InterfaceIndex out) {
  const Ipv4HeaderView& ip = walk.received.ip;
  if (!interfaces_[out].forwards) return dropped(DropReason::interface_does_not_forward);
  if (nat_ && !may_pass_nat(walk.received, out)) return dropped(DropReason::nat_filtered);
  if (is_cut_off(ip, config_.precedence_cutoff)) {
    return report(Unreachable{UnreachableCode::precedence_cutoff}, DropReason::precedence_cut_off,
                  walk);
  }
  const FilterRule* const rule = first_match(config_.filter, ip, destination);
  if (rule == nullptr || rule->action == FilterAction::accept) return std::nullopt;
  if (rule->action == FilterAction::drop) return dropped(DropReason::filtered);
  return report(Unreachable{rule->code}, DropReason::filtered, walk);
}

Verdict Node::send_on(Walk& walk, const Hop& hop) {
  OutputQueue& queue = interfaces_[hop.out].queue;
  const QueueLength one{.packets = 1, .bytes = walk.packet.size()};
  if (!queue.admits(one)) return report(QueueOverflow{}, DropReason::queue_full, walk);
  redirect_if_due(walk, hop, one);
  if (walk.received.options.traceroute != 0) trace_forwarded(walk, hop, one);
  if (const auto refused = edit_for_transit(walk, hop)) return *refused;
  put_out(std::move(walk.packet), hop, walk.out);
  return {Action::forwarded};
}

// A datagram of which one fragment is lost is lost: all of them fit into the queue, or none go.
Verdict Node::send_on_in_fragments(Walk& walk, const Hop& hop) {
  const Ipv4HeaderView& ip = walk.received.ip;
  // A fragment of no datagram: the offsets of its pieces would not fit their field.
  if (ip.fragment_offset() + ip.payload().size() > PacketPool::kMaxPacket) {
    return dropped(DropReason::fragment_beyond_maximum);
  }
  const Fragmenter fragments{ip, hop.mtu, pool_};
  const QueueLength pieces = length_of(fragments);
  if (!interfaces_[hop.out].queue.admits(pieces)) {
    counters_.add(Mib::ip_frag_fails);
    return report(QueueOverflow{}, DropReason::queue_full, walk);
  }
  redirect_if_due(walk, hop, pieces);
  if (walk.received.options.traceroute != 0) trace_forwarded(walk, hop, pieces);
  if (const auto refused = edit_for_transit(walk, hop)) return *refused;
  put_out_fragments(Fragmenter{ip, hop.mtu, pool_}, hop, walk.out);
  return {Action::forwarded};
}

// The conditions of RFC 1812 section 5.2.7.2. The packet is forwarded all the same, so the redirect
// must leave room for what it becomes.
void Node::redirect_if_due(const Walk& walk, const Hop& hop, const QueueLength& becomes) {
  const Received& received = walk.received;
  if (hop.out != received.arrival.in || !config_.icmp.redirects) return;
  if (has_source_route(received.ip) || hop.to == kLinkBroadcast) return;
  if (nat_ && nat_->is_external(received.ip.destination())) return;  // nobody else can take it in
  const Interface& out = interfaces_[hop.out];
  if (!out.queue.has_room(becomes.and_one_more(out.mtu))) return;
  const Ipv4Address source = received.ip.source();
  const Prefix subnet = out.toward(source).subnet();
  if (!subnet.contains(source) || !subnet.contains(hop.address) || source == hop.address) return;
  const bool for_tos =
      routes_.lookup(received.ip.destination())->type == RouteType::by_tos;  // it was found before
  tell(BetterNextHop{hop.address, for_tos}, received, walk.out);
}

// Nothing, or what became of the packet instead.
std::optional<Verdict> Node::edit_for_transit(Walk& walk, const Hop& hop) {
  const bool has_options = walk.received.ip.has_options();
  if (only_decrements_ttl_ && !has_options) [[likely]] {
    decrement_ttl(walk.packet.bytes());
    return std::nullopt;
  }
  if (const auto refused = edit_specially(walk, hop)) return refused;
  if (!has_options) return std::nullopt;
  const MutBytes header = walk.packet.bytes();
  const Options& options = walk.received.options;
  const bool advance =
      options.source_route != 0 && routes_.is_local(walk.received.ip.destination());
  if (!advance && !options.to_record()) return std::nullopt;
  const Ipv4Address own = interfaces_[hop.out].toward(hop.address).address;
  if (advance) advance_source_route(header, route_ahead(walk.received), own);
  if (options.to_record()) {
    const Interface& in = interfaces_[walk.received.arrival.in];
    const Ipv4Address arrived = in.toward(walk.received.ip.source()).address;
    record_options(header, options,
                   {.address = own,
                    .stamped = config_.icmp.records_on_arrival ? arrived : own,
                    .now = walk.received.arrival.now,
                    .addresses = routes_});
  }
  refresh_header_checksum(header);
  return std::nullopt;
}

std::optional<Verdict> Node::edit_specially(Walk& walk, const Hop& hop) {
  if (nat_) {
    if (const auto refused = translate(walk, hop)) return refused;
  }
  if (config_.decrements_ttl) decrement_ttl(walk.packet.bytes());
  return std::nullopt;
}

}  // namespace hop
