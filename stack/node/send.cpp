// The packets that a node sends by itself: replies, and what its endpoints send.

#include <algorithm>
#include <new>
#include <utility>

#include "stack/node/node.hpp"
#include "stack/wire/udp.hpp"

namespace hop {
namespace {

// Bytes of data that fit into the largest datagram (RFC 791 section 3.1) behind the headers.
std::size_t room_for(const Outgoing& what, std::size_t header) {
  return PacketPool::kMaxPacket - kIpv4MinHeader - what.options.size() - header;
}

Ipv4Address first_stop(const Outgoing& what) { return what.first_hop.value_or(what.destination); }

}  // namespace

// Sends back the packet of the walk, whose payload has become the answer, under a fresh header:
// from the address that was asked, or what stands for it, and with nothing else of the header.
Verdict Node::reply(Walk& walk, const WayBack& back, std::uint8_t tos, IpProtocol protocol,
                    const ReplyForm& form) {
  const Ipv4HeaderView& ip = walk.received.ip;
  const Ipv4Address source = answering_address(walk.received);
  if (!belongs_to(back.hop.out, source)) return dropped(DropReason::reply_not_routable);
  const Ipv4Header header{.source = source,
                          .destination = back.destination,
                          .tos = tos,
                          .ttl = form.ttl.value_or(config_.icmp.ttl),
                          .protocol = static_cast<std::uint8_t>(protocol),
                          .id = next_id(),
                          .dont_fragment = form.dont_fragment,
                          .options = back.options.bytes()};
  walk.packet.begin_anew();
  walk.packet.trim_front(ip.header_length());
  static_cast<void>(walk.packet.prepend(header.length()));
  write_ipv4_header(header, walk.packet.bytes());
  const Instant now = walk.received.arrival.now;
  const auto sent = protocol == IpProtocol::icmp
                        ? send_made(std::move(walk.packet), back.hop, now, walk.out)
                        : send_out(std::move(walk.packet), back.hop, now, walk.out);
  return sent ? Verdict{Action::answered} : dropped(DropReason::queue_full);
}

SendResult Node::send_udp(const Outgoing& what, std::uint16_t source_port,
                          std::uint16_t destination_port, Bytes data, Outbox& out) try {
  const auto hop = first_hop_of(what);
  if (!hop) return std::unexpected(SendFault::no_way);
  if (data.size() > room_for(what, kUdpHeader)) return std::unexpected(SendFault::too_big);
  Packet segment = pool_.acquire(kUdpHeader + data.size());
  copy_bytes(data, segment.bytes().subspan(kUdpHeader));
  write_udp({source_port, destination_port}, source_of(what, *hop), what.destination,
            segment.bytes());
  const SendResult result = send(what, IpProtocol::udp, std::move(segment), *hop, out);
  if (result) counters_.add(Mib::udp_out_datagrams);
  return result;
} catch (const std::bad_alloc&) {
  return std::unexpected(SendFault::out_of_memory);
}

SendResult Node::send_icmp(const Outgoing& what, const IcmpMessage& message, Bytes data,
                           Outbox& out) try {
  const auto hop = first_hop_of(what);
  if (!hop) return std::unexpected(SendFault::no_way);
  if (data.size() > room_for(what, kIcmpHeader)) return std::unexpected(SendFault::too_big);
  Packet icmp = pool_.acquire(kIcmpHeader + data.size());
  copy_bytes(data, icmp.bytes().subspan(kIcmpHeader));
  write_icmp(message, icmp.bytes());
  const SendResult result = send(what, IpProtocol::icmp, std::move(icmp), *hop, out);
  if (result) counters_.count_icmp_out(message.type);
  return result;
} catch (const std::bad_alloc&) {
  return std::unexpected(SendFault::out_of_memory);
}

SendResult Node::send_tcp(const Outgoing& what, const TcpHeader& segment, Outbox& out) try {
  const auto hop = first_hop_of(what);
  if (!hop) return std::unexpected(SendFault::no_way);
  Packet bytes = pool_.acquire(segment.length());
  write_tcp(segment, source_of(what, *hop), what.destination, bytes.bytes());
  const SendResult result = send(what, IpProtocol::tcp, std::move(bytes), *hop, out);
  if (result) count_tcp_out(segment);
  return result;
} catch (const std::bad_alloc&) {
  return std::unexpected(SendFault::out_of_memory);
}

void Node::count_tcp_out(const TcpHeader& segment) {
  counters_.add(Mib::tcp_out_segs);
  if (segment.has(TcpFlag::rst)) counters_.add(Mib::tcp_out_rsts);
}

std::optional<Node::Hop> Node::first_hop_of(const Outgoing& what) const {
  const Ipv4Address to = first_stop(what);
  if (is_group(to)) return hop_to_group(what);
  if (!is_unicast(to) && !routes_.is_local(to)) return std::nullopt;
  return hop_toward(to, what.now, what.tos);
}

// RFC 1122 section 3.3.1.1: to the link layer of the appropriate interface, which is that of the
// subnet, that of the source, or the first. Nothing is sent to { prefix, 0 } (RFC 1812 section
// 4.2.3.1 (4)).
std::optional<Node::Hop> Node::hop_to_group(const Outgoing& what) const {
  const Route* const subnet = routes_.special(what.destination);
  if (subnet != nullptr && subnet->type != RouteType::broadcast) return std::nullopt;
  const Route* const own = what.source ? routes_.special(*what.source) : nullptr;
  const InterfaceIndex out = subnet != nullptr ? subnet->out : own != nullptr ? own->out : 0;
  if (out >= interfaces_.size() || out == loopback_) return std::nullopt;
  return Hop{
      .out = out, .to = kLinkBroadcast, .address = what.destination, .mtu = interfaces_[out].mtu};
}

// RFC 1122 section 3.2.1.7: never 0. A multicast goes no farther than its link unless it is told to
// (RFC 1112).
std::uint8_t Node::ttl_of(const Outgoing& what) const {
  const std::uint8_t usual = what.destination.is_multicast() ? 1 : config_.icmp.ttl;
  return std::max<std::uint8_t>(what.ttl.value_or(usual), 1);
}

// RFC 1122 section 3.2.1.3: the source of what a host sends is one of its own addresses, and none
// of 127.0.0.0/8 outside (g). RFC 1812 section 4.2.2.11 says the same of routers.
bool Node::may_originate(const Outgoing& what, const Hop& hop) const {
  if (!what.source) return belongs_to(hop.out, source_of(what, hop));
  return routes_.is_local(*what.source) && belongs_to(hop.out, *what.source) &&
         (hop.out == loopback_ || !what.source->is_loopback());
}

// What is sent to oneself comes from the address that it goes to.
Ipv4Address Node::source_of(const Outgoing& what, const Hop& hop) const {
  if (what.source) return *what.source;
  return hop.out == loopback_ ? what.destination : interfaces_[hop.out].toward(hop.address).address;
}

SendResult Node::send(const Outgoing& what, IpProtocol protocol, Packet payload, const Hop& hop,
                      Outbox& out) {
  if (!may_originate(what, hop)) return std::unexpected(SendFault::not_our_address);
  const Ipv4Header header{.source = source_of(what, hop),
                          .destination = first_stop(what),
                          .tos = what.tos,
                          .ttl = ttl_of(what),
                          .protocol = static_cast<std::uint8_t>(protocol),
                          .id = next_id(),
                          .dont_fragment = what.dont_fragment,
                          .options = what.options};
  static_cast<void>(payload.prepend(header.length()));
  write_ipv4_header(header, payload.bytes());
  if (!what.options.empty()) record_departure(payload.bytes(), hop, what.now);
  Hop way = hop;
  if (what.ignore_path_mtu) way.mtu = interfaces_[hop.out].mtu;
  return send_out(std::move(payload), way, what.now, out);
}

// Puts a packet of our own on its way, in fragments if it has to be.
SendResult Node::send_out(Packet&& packet, const Hop& hop, Instant now, Outbox& out) {
  return labels_ ? send_out_labelled(std::move(packet), hop, now, out)
                 : send_as_it_is(std::move(packet), hop, now, out);
}

SendResult Node::send_as_it_is(Packet&& packet, const Hop& hop, Instant now, Outbox& out) {
  counters_.add(Mib::ip_out_requests);
  OutputQueue& queue = interfaces_[hop.out].queue;
  const auto ip = Ipv4HeaderView::parse(packet.bytes());
  if (!ip) return std::unexpected(SendFault::no_way);
  if (packet.size() <= hop.mtu) {
    if (!queue.admits({.packets = 1, .bytes = packet.size()}))
      return std::unexpected(SendFault::queue_full);
    if (hop.replaceable) gateways_->watch.used(hop.address, hop.out, now);
    put_out(std::move(packet), hop, out);
    return {};
  }
  Fragmenter fragments{*ip, hop.mtu, pool_};
  const bool too_big = ip->dont_fragment();
  if (too_big || !queue.admits(length_of(fragments))) {
    counters_.add(Mib::ip_frag_fails);
    return std::unexpected(too_big ? SendFault::too_big : SendFault::queue_full);
  }
  if (hop.replaceable) gateways_->watch.used(hop.address, hop.out, now);
  put_out_fragments(fragments, hop, out);
  return {};
}

void Node::put_out(Packet&& packet, const Hop& hop, Outbox& out) {
  out.emplace_back(std::move(packet), hop.out, hop.to);
  interfaces_[hop.out].queue.join(out.back().packet);
}

QueueLength Node::length_of(const Fragmenter& fragments) {
  return {.packets = static_cast<std::uint32_t>(fragments.left()), .bytes = fragments.bytes_left()};
}

void Node::put_out_fragments(Fragmenter fragments, const Hop& hop, Outbox& out) {
  const std::size_t before = out.size();
  try {
    while (auto fragment = fragments.next()) put_out(std::move(*fragment), hop, out);
  } catch (const std::bad_alloc&) {
    take_back(out, before);
    counters_.add(Mib::ip_frag_fails);
    throw;
  }
  counters_.add(Mib::ip_frag_oks);
  counters_.add(Mib::ip_frag_creates, out.size() - before);
}

// Some fragments of a datagram are worth nothing: none of them goes.
void Node::take_back(Outbox& out, std::size_t kept) {
  for (; out.size() > kept; out.pop_back()) {
    interfaces_[out.back().out].queue.leave(out.back().packet.size());
  }
}

std::optional<Node::Hop> Node::hop_toward(Ipv4Address destination, Instant now,
                                          std::uint8_t tos_byte) const {
  const std::uint8_t tos = tos_field(tos_byte);
  const Route* const route = routes_.lookup(destination, tos);
  if (route != nullptr && route->type == RouteType::local && has_loopback()) {
    return Hop{
        .out = loopback_, .to = 0, .address = destination, .mtu = interfaces_[loopback_].mtu};
  }
  const auto first = first_hop_by(route, destination, tos, now);
  if (!first) return std::nullopt;
  const Interface& interface = interfaces_[first->out];
  const auto to = interface.neighbours->resolve(first->next);
  if (to == kNobody) return std::nullopt;
  const bool by_tunnel = route != nullptr && route->type == RouteType::tunnel;
  const std::uint16_t mtu = by_tunnel ? mtu_under_labels(first->out, 1) : interface.mtu;
  return Hop{.out = first->out,
             .to = to,
             .address = first->next,
             .mtu = path_mtus_.mtu(destination, mtu, now),
             .replaceable = first->replaceable};
}

// By a gateway that is chosen, or else by `route`.
std::optional<Node::FirstHop> Node::first_hop_by(const Route* route, Ipv4Address destination,
                                                 std::uint8_t tos, Instant now) const {
  std::optional<FirstHop> chosen;
  if (gateways_) chosen = gateway_toward(destination, tos, route, now);
  const Route* const way = own_way(route, destination);
  if (chosen || way == nullptr || !leads_out(*way)) return chosen;
  return FirstHop{.out = way->out, .next = next_hop(*way, destination)};
}

std::expected<Ipv4Address, SendFault> Node::source_for(const Outgoing& what) const {
  const auto hop = first_hop_of(what);
  if (!hop) return std::unexpected(SendFault::no_way);
  if (!may_originate(what, *hop)) return std::unexpected(SendFault::not_our_address);
  return source_of(what, *hop);
}

std::optional<std::uint16_t> Node::path_mtu(Ipv4Address destination, Instant now) const {
  const auto hop = hop_toward(destination, now);
  return hop ? std::optional{hop->mtu} : std::nullopt;
}

std::optional<Node::WayBack> Node::way_back(const ReplyOptions& options, const Ipv4HeaderView& to,
                                            Instant now) const {
  return way_back(options, to.source(), to.tos(), now);
}

std::optional<Node::WayBack> Node::way_back(const ReplyOptions& options, Ipv4Address to,
                                            std::uint8_t tos, Instant now) const {
  // The stops of a source route have not been looked at by martian().
  if (options.first_hop && !is_unicast(*options.first_hop)) return std::nullopt;
  const Ipv4Address destination = options.first_hop.value_or(to);
  const auto hop = hop_toward(destination, now, tos);
  if (!hop) return std::nullopt;
  return WayBack{.options = options, .destination = destination, .hop = *hop, .tos = tos};
}

void Node::share_ids(std::uint16_t number, std::uint16_t of) {
  id_ = static_cast<std::uint16_t>(id_ + number);
  id_step_ = of;
  if (number > 0) random_ = random_.split(number);
}

std::uint16_t Node::next_id() {
  if (config_.icmp.id == IdPolicy::counter) {
    return std::exchange(id_, static_cast<std::uint16_t>(id_ + id_step_));
  }
  return config_.icmp.id == IdPolicy::random ? static_cast<std::uint16_t>(random_.next()) : 0;
}

}  // namespace hop
