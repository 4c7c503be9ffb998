// Tunnels: packets that are passed on by a label in front of them (RFC 3443), and errors about them
// (RFC 4950).

#include <algorithm>
#include <new>

#include "stack/icmp/error_message.hpp"
#include "stack/node/node.hpp"

namespace hop {
namespace {

// Takes the top off. In the Uniform Model what was under it has its TTL from now on, be it a label
// or the packet; in the other it keeps its own (RFC 3443 sections 3.4 and 3.5 (3)).
void take_off_label(Packet& packet, const TunnelPolicy& policy, std::uint8_t ttl) {
  packet.pop_label();
  if (!policy.propagates_ttl) return;
  if (packet.label_depth() == 0) {
    if (packet.size() >= kIpv4MinHeader) set_ttl(packet.bytes(), ttl);
    return;
  }
  MplsLabel under = read_label(packet.labels());
  under.ttl = ttl;
  write_label(under, packet.labels());
}

// Puts a label on a packet that has none (RFC 3443 section 3.6).
void push_label(Packet& packet, std::uint32_t label, const TunnelPolicy& policy) {
  const auto ip = Ipv4HeaderView::parse(packet.bytes());
  const MutBytes room = packet.push_label();
  if (!ip || room.empty()) return;
  const std::uint8_t ttl = policy.propagates_ttl ? ip->ttl() : policy.label_ttl;
  write_label({.label = label, .bottom = true, .ttl = ttl}, room);
}

// Fragments go under the labels of the datagram.
void give_labels(Bytes labels, std::span<Emit> fragments) {
  for (Emit& fragment : fragments) {
    if (fragment.packet.label_depth() > 0) continue;
    for (std::size_t at = labels.size(); at > 0; at -= kLabelEntry) {
      copy_bytes(labels.subspan(at - kLabelEntry, kLabelEntry), fragment.packet.push_label());
    }
  }
}

}  // namespace

LabelSwitching& Node::switch_labels() {
  if (!labels_) {
    labels_ = std::make_unique<LabelSwitching>();
    find_fast_paths();
  }
  return *labels_;
}

TunnelIndex Node::add_tunnel(const Tunnel& tunnel) {
  std::vector<Tunnel>& tunnels = switch_labels().tunnels;
  tunnels.push_back(tunnel);
  return static_cast<TunnelIndex>(tunnels.size() - 1);
}

void Node::add_label_route(std::uint32_t label, const LabelRoute& route) {
  switch_labels().routes[label] = route;
}

Verdict Node::receive_labelled(Packet packet, const Arrival& arrival, Outbox& out) {
  counters_.count_received();
  Verdict verdict{};
  try {
    verdict = switch_label(packet, arrival, out);
  } catch (const std::bad_alloc&) {
    verdict = dropped(DropReason::out_of_memory);
  }
  if (labels_) labels_->arrived = {};
  counters_.count(verdict);
  return verdict;
}

// Labels that end here come off first, whatever becomes of the packet then (RFC 3443 section 3.5
// (4)).
Verdict Node::switch_label(Packet& packet, const Arrival& arrival, Outbox& out) {
  const auto stack = LabelStack::parse(packet.labels());
  if (!stack) return dropped(DropReason::label_stack_malformed);
  if (!labels_) return dropped(DropReason::label_unknown);
  labels_->arrived = *stack;
  while (packet.label_depth() > 0) {
    const MplsLabel top = read_label(packet.labels());
    const auto known = labels_->routes.find(top.label);
    if (known == labels_->routes.end()) return dropped(DropReason::label_unknown);
    labels_->route = known->second;
    if (known->second.next) return pass_on_labelled(packet, arrival, out);
    take_off_label(packet, known->second.policy, top.ttl);
  }
  return walk(packet, arrival, out);
}

// RFC 3443 section 3.5: the TTL of the label is looked at whatever the model. Nobody looks at the
// packet itself, unless something has to be said about it.
Verdict Node::pass_on_labelled(Packet& packet, const Arrival& arrival, Outbox& out) {
  const auto ip = Ipv4HeaderView::parse(packet.bytes());
  if (!ip) return dropped(ip.error());
  Walk walk{.packet = packet, .received = {.ip = *ip, .arrival = arrival}, .out = out};
  if (ip->has_options()) {
    walk.received.options = check_options(*ip, ignored_here()).value_or(Options{});
  }
  MplsLabel top = read_label(packet.labels());
  if (config_.decrements_ttl) {
    if (top.ttl <= 1) return report(TtlExpired{}, DropReason::ttl_expired, walk);
    --top.ttl;
  } else if (!packet.count_hidden_hop()) {
    return dropped(DropReason::hidden_hops);
  }
  return swap_or_pop(walk, top);
}

// `top` has the TTL that goes on.
Verdict Node::swap_or_pop(Walk& walk, MplsLabel top) {
  const LabelHop& next = *labels_->route.next;
  Packet& packet = walk.packet;
  const auto hop = hop_under_labels(next, packet.label_depth() - (next.label ? 0 : 1));
  if (!hop) return dropped(DropReason::host_unreachable);
  if (const auto refused = cannot_leave(walk, *hop)) return *refused;
  if (next.label) {
    top.label = *next.label;
    write_label(top, packet.labels());
  } else {
    take_off_label(packet, labels_->route.policy, top.ttl);
  }
  put_out_labelled(walk, *hop);
  return {Action::forwarded};
}

// What transit() has looked at is behind us. The TTL of the packet is that of a packet that is
// routed, and then copied or not (RFC 3443 sections 3.5 and 3.6).
Verdict Node::enter_tunnel(Walk& walk, const Route& route, Ipv4Address destination) {
  if (screens_) {
    if (const auto refused = screen(walk, destination, route.out)) return *refused;
  }
  if (walk.received.ip.ttl() <= 1 || !config_.decrements_ttl) {
    if (const auto expired = expires(walk)) return *expired;
  }
  const Tunnel& tunnel = labels_->tunnels[route.tunnel];
  auto hop = hop_under_labels(tunnel.first, walk.packet.label_depth() + 1);
  if (!hop) return no_next_hop(walk, destination);
  hop->mtu = size_to_cut(walk.received, hop->mtu);
  if (const auto refused = cannot_leave(walk, *hop)) return *refused;
  if (walk.received.options.traceroute != 0) {
    trace_forwarded(walk, *hop, {.packets = 1, .bytes = walk.packet.size()});
  }
  if (const auto refused = edit_for_transit(walk, *hop)) return *refused;
  push_label(walk.packet, *tunnel.first.label, tunnel.policy);
  put_out_labelled(walk, *hop);
  return {Action::forwarded};
}

std::optional<Node::Hop> Node::hop_under_labels(const LabelHop& next, std::size_t depth) const {
  const LinkAddress to = interfaces_[next.out].neighbours->resolve(next.via);
  if (to == kNobody) return std::nullopt;
  return Hop{
      .out = next.out, .to = to, .address = next.via, .mtu = mtu_under_labels(next.out, depth)};
}

// The MTU of a link is what it carries, labels included. Where that would leave less than every
// link has to carry (RFC 791 section 3.2), they are carried in addition.
std::uint16_t Node::mtu_under_labels(InterfaceIndex out, std::size_t depth) const {
  const std::uint16_t mtu = interfaces_[out].mtu;
  const std::size_t least = std::min(mtu, kIpv4MinMtu);
  return static_cast<std::uint16_t>(std::max(least + depth * kLabelEntry, std::size_t{mtu}) -
                                    depth * kLabelEntry);
}

// Why the packet cannot go there, which its sender is told if it may be.
std::optional<Verdict> Node::cannot_leave(const Walk& walk, const Hop& hop) {
  const Ipv4HeaderView& ip = walk.received.ip;
  QueueLength needed{.packets = 1, .bytes = ip.bytes().size()};
  const bool fits = ip.bytes().size() <= hop.mtu;
  if (!fits) {
    if (!may_be_cut(walk.received, hop.mtu)) {
      return report(FragNeeded{hop.mtu}, DropReason::frag_needed, walk);
    }
    if (ip.fragment_offset() + ip.payload().size() > PacketPool::kMaxPacket) {
      return dropped(DropReason::fragment_beyond_maximum);
    }
    needed = length_of(Fragmenter{ip, hop.mtu, pool_});
  }
  if (interfaces_[hop.out].queue.admits(needed)) return std::nullopt;
  if (!fits) counters_.add(Mib::ip_frag_fails);
  return report(QueueOverflow{}, DropReason::queue_full, walk);
}

void Node::put_out_labelled(Walk& walk, const Hop& hop) {
  const Ipv4HeaderView& ip = walk.received.ip;
  if (ip.bytes().size() <= hop.mtu) return put_out(std::move(walk.packet), hop, walk.out);
  const std::size_t before = walk.out.size();
  put_out_fragments(Fragmenter{ip, hop.mtu, pool_}, hop, walk.out);
  give_labels(walk.packet.labels(), std::span{walk.out}.subspan(before));
}

// What the node sends itself goes by the tunnels that begin here as what it forwards.
SendResult Node::send_out_labelled(Packet&& packet, const Hop& hop, Instant now, Outbox& out) {
  lead_into_tunnel(packet, hop);
  std::array<std::byte, kMaxLabels * kLabelEntry> kept{};
  const std::size_t size = packet.labels().size();
  copy_bytes(packet.labels(), kept);
  Hop under = hop;
  under.mtu = std::min(hop.mtu, mtu_under_labels(hop.out, packet.label_depth()));
  const std::size_t before = out.size();
  const SendResult sent = send_as_it_is(std::move(packet), under, now, out);
  give_labels(Bytes{kept}.first(size), std::span{out}.subspan(before));
  return sent;
}

void Node::lead_into_tunnel(Packet& packet, const Hop& hop) const {
  const auto ip = Ipv4HeaderView::parse(packet.bytes());
  if (!ip || packet.label_depth() > 0 || hop.to == kLinkBroadcast || hop.out == loopback_) return;
  const Route* const route = routes_.lookup(ip->destination(), tos_field(ip->tos()));
  if (route == nullptr || route->type != RouteType::tunnel) return;
  const Tunnel& tunnel = labels_->tunnels[route->tunnel];
  // An error on its way along the tunnel of what it is about is not for one that begins here.
  if (hop.out != tunnel.first.out || hop.address != tunnel.first.via) return;
  push_label(packet, *tunnel.first.label, tunnel.policy);
}

// An error that was sent along a tunnel may come by here again on its way back from the end.
bool Node::comes_back_from_tunnel(const Ipv4HeaderView& ip) const {
  return labels_ && ip.carries(IpProtocol::icmp) && !routes_.is_local(ip.destination());
}

// Where an error about the packet on its walk has to go if its tunnel wants errors at its end.
std::optional<Node::Hop> Node::hop_along_tunnel() const {
  if (!labels_ || labels_->arrived.empty()) return std::nullopt;
  const LabelRoute& route = labels_->route;
  if (!route.next || !route.policy.errors_along) return std::nullopt;
  return hop_under_labels(*route.next, route.next->label ? 1 : 0);
}

// A router in the middle of a tunnel need not know any way to the source.
std::optional<Node::WayBack> Node::way_back_along_tunnel(IcmpType type,
                                                         const Received& about) const {
  const auto hop = hop_along_tunnel();
  if (!hop) return std::nullopt;
  return WayBack{.options = {},
                 .destination = about.ip.source(),
                 .hop = *hop,
                 .tos = error_tos(type, about.ip.tos(), config_.tos_kept_in_errors())};
}

Node::Hop Node::lead_along_tunnel(Packet& error, const Hop& direct) const {
  const auto hop = hop_along_tunnel();
  if (!hop) return direct;
  const LabelRoute& route = labels_->route;
  if (route.next->label) push_label(error, *route.next->label, route.policy);
  return *hop;
}

}  // namespace hop
