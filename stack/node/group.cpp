// Broadcasts and multicasts: who takes them, who answers, and what is passed on (RFC 1812 sections
// 4.2.2.11 and 5.2.3, RFC 2644).

#include <algorithm>

#include "stack/node/node.hpp"

namespace hop {

// Broadcasts, and multicasts to all systems (RFC 1112) and all routers (RFC 1256 section 4.3), are
// for UDP endpoints, and for ICMP as far as takes_icmp_to_group() says.
Verdict Node::deliver_to_group(Walk& walk) {
  const Ipv4HeaderView& ip = walk.received.ip;
  walk.received.to_group = true;
  const bool joined = ip.destination() == kAllSystems ||
                      (ip.destination() == kAllRouters && config_.kind == NodeKind::router);
  if (ip.destination().is_multicast() && !joined) return dropped(DropReason::group_not_joined);
  if (ip.carries(IpProtocol::icmp)) {
    return takes_icmp_to_group(ip) ? deliver(walk) : dropped(DropReason::icmp_to_group);
  }
  if (ip.carries(IpProtocol::udp)) return deliver(walk);
  return dropped(DropReason::protocol_unreachable);
}

// RFC 1122 section 3.2.2.6: an echo request to a group MAY be discarded. By default it is, so that
// nobody can be flooded with answers to one packet. A later fragment shows no type.
bool Node::takes_icmp_to_group(const Ipv4HeaderView& ip) const {
  const bool echo = config_.icmp.broadcast_echo;
  const bool discovery = discovery_ != nullptr;
  const Bytes message = ip.payload();
  if (ip.fragment_offset() != 0 || message.empty()) return echo || discovery;
  const auto type = static_cast<IcmpType>(byte_at(message, 0));
  if (type == IcmpType::echo) return echo;
  if (type == IcmpType::address_mask_request) return answers(type);
  return discovery &&
         (type == IcmpType::router_advertisement || type == IcmpType::router_solicitation);
}

// RFC 2644 section 3: broadcasts to a subnet that they did not come from are neither received nor
// passed on, unless the node is told to.
Verdict Node::arrive_by_broadcast(Walk& walk, const Route& route) {
  const bool of_this_link = route.out == walk.received.arrival.in;
  if (!of_this_link && !config_.directed_broadcast) {
    return dropped(DropReason::directed_broadcast_refused);
  }
  // RFC 1812 section 5.2.3: one that came as a link broadcast has been where it had to go.
  const bool pass_on = config_.directed_broadcast && config_.kind == NodeKind::router &&
                       interfaces_[walk.received.arrival.in].forwards &&
                       !walk.received.arrival.broadcast;
  return pass_on ? pass_on_broadcast(walk, route) : deliver_to_group(walk);
}

// An old form of the broadcast address: routers SHOULD discard it silently (RFC 1812
// section 4.2.3.1 (2)), hosts SHOULD take it (RFC 1122 section 3.3.6).
Verdict Node::arrive_by_network_address(Walk& walk, const Route& route) {
  if (config_.kind == NodeKind::router) return dropped(DropReason::destination_network_address);
  return arrive_by_broadcast(walk, route);
}

// A copy goes out as a link broadcast, the packet itself to whoever listens here. Nobody is told of
// errors about a broadcast, so the verdict is "forwarded" or what became of the packet here.
Verdict Node::pass_on_broadcast(Walk& walk, const Route& route) {
  Packet copy = pool_.copy_of(walk.packet.bytes());
  const auto refused =
      screens_ ? screen(walk, walk.received.ip.destination(), route.out) : std::nullopt;
  const Verdict sent = refused ? *refused : broadcast(walk, copy, route.out);
  const Verdict here = deliver_to_group(walk);
  return sent.action == Action::forwarded ? sent : here;
}

Verdict Node::broadcast(const Walk& walk, Packet& copy, InterfaceIndex out) {
  const auto ip = Ipv4View::parse(copy.bytes());
  if (!ip) return dropped(ip.error());
  if (ip->source().is_link_local()) return dropped(DropReason::link_local_not_forwarded);
  if (is_off_strict_route(walk.received)) return dropped(DropReason::strict_route_elsewhere);
  if (ip->ttl() <= 1) return dropped(DropReason::ttl_expired);
  const std::uint16_t mtu = interfaces_[out].mtu;
  const bool fits = ip->bytes().size() <= mtu;
  if (!fits && ip->dont_fragment()) return dropped(DropReason::frag_needed);
  Walk on{.packet = copy, .received = walk.received, .out = walk.out};
  on.received.ip = *ip;
  const Hop hop{.out = out, .to = kLinkBroadcast, .address = ip->destination(), .mtu = mtu};
  return fits ? send_on(on, hop) : send_on_in_fragments(on, hop);
}

bool Node::is_group(Ipv4Address address) const {
  if (address.is_multicast() || address.is_limited_broadcast()) return true;
  const Route* const route = routes_.special(address);
  return route != nullptr && route->type != RouteType::local;
}

// RFC 1812 section 4.2.2.11 (a): accepted where a protocol says what to do with it. A host that has
// no address yet may ask for a router (RFC 1256 section 3) and for the mask (RFC 950 appendix I).
bool Node::asks_from_nowhere(const Ipv4HeaderView& ip) const {
  const Bytes message = ip.payload();
  if (ip.source() != Ipv4Address{} || !ip.carries(IpProtocol::icmp) || ip.fragment_offset() != 0 ||
      message.empty()) {
    return false;
  }
  const Ipv4Address to = ip.destination();
  const auto type = static_cast<IcmpType>(byte_at(message, 0));
  if (type == IcmpType::address_mask_request) {
    return answers(type) && (to == kLimitedBroadcast || routes_.special(to) != nullptr);
  }
  return type == IcmpType::router_solicitation && discovery_ &&
         (to == kAllRouters || to == kLimitedBroadcast);
}

// To everybody on the subnet (RFC 950 appendix I), by its own broadcast address and only where
// there is no doubt of the mask (RFC 1812 section 4.3.3.9, MUST twice).
std::optional<Node::WayBack> Node::way_back_to_nowhere(InterfaceIndex in) const {
  const Interface& interface = interfaces_[in];
  const Prefix subnet = interface.address.subnet();
  const auto differs = [&](const InterfaceAddress& other) {
    return other.subnet().length() != subnet.length();
  };
  if (std::ranges::any_of(interface.secondary, differs)) return std::nullopt;
  const Ipv4Address to = subnet.broadcast().value_or(kLimitedBroadcast);
  return WayBack{.options = {},
                 .destination = to,
                 .hop = {.out = in, .to = kLinkBroadcast, .address = to, .mtu = interface.mtu}};
}

// The specific-destination address of RFC 1122 section 3.2.1.3: in place of a broadcast or
// multicast address an address of the interface that the packet came by.
Ipv4Address Node::answering_address(const Received& received) const {
  if (!received.to_group) return received.ip.destination();
  return interfaces_[received.arrival.in].toward(received.ip.source()).address;
}

}  // namespace hop
