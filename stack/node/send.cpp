// The packets that a node sends by itself: replies, and what its endpoints send.

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
// from the address that was asked, and with nothing else of the header it had.
Verdict Node::reply(Walk& walk, const WayBack& back, std::uint8_t tos, IpProtocol protocol) {
  const Ipv4HeaderView& ip = walk.received.ip;
  const Ipv4Header header{.source = ip.destination(),
                          .destination = back.destination,
                          .tos = tos,
                          .ttl = config_.icmp.ttl,
                          .protocol = static_cast<std::uint8_t>(protocol),
                          .id = next_id(),
                          .dont_fragment = false,
                          .options = back.options.bytes()};
  walk.packet.trim_front(ip.header_length());
  static_cast<void>(walk.packet.prepend(header.length()));
  write_ipv4_header(header, walk.packet.bytes());
  if (!send_out(std::move(walk.packet), back.hop, walk.out)) {
    return dropped(DropReason::queue_full);
  }
  return {Action::answered};
}

SendResult Node::send_udp(const Outgoing& what, std::uint16_t source_port,
                          std::uint16_t destination_port, Bytes data, Outbox& out) {
  const auto hop = hop_toward(first_stop(what));
  if (!hop) return std::unexpected(SendFault::no_way);
  if (data.size() > room_for(what, kUdpHeader)) return std::unexpected(SendFault::too_big);
  Packet segment = pool_.acquire(kUdpHeader + data.size());
  copy_bytes(data, segment.bytes().subspan(kUdpHeader));
  write_udp({source_port, destination_port}, source_of(what, *hop), what.destination,
            segment.bytes());
  const SendResult result = send(what, IpProtocol::udp, std::move(segment), *hop, out);
  if (result) counters_.add(Mib::udp_out_datagrams);
  return result;
}

SendResult Node::send_icmp(const Outgoing& what, const IcmpMessage& message, Bytes data,
                           Outbox& out) {
  const auto hop = hop_toward(first_stop(what));
  if (!hop) return std::unexpected(SendFault::no_way);
  if (data.size() > room_for(what, kIcmpHeader)) return std::unexpected(SendFault::too_big);
  Packet icmp = pool_.acquire(kIcmpHeader + data.size());
  copy_bytes(data, icmp.bytes().subspan(kIcmpHeader));
  write_icmp(message, icmp.bytes());
  const SendResult result = send(what, IpProtocol::icmp, std::move(icmp), *hop, out);
  if (result) counters_.count_icmp_out(message.type);
  return result;
}

SendResult Node::send_tcp(const Outgoing& what, const TcpHeader& segment, Outbox& out) {
  const auto hop = hop_toward(first_stop(what));
  if (!hop) return std::unexpected(SendFault::no_way);
  Packet bytes = pool_.acquire(kTcpMinHeader);
  write_tcp(segment, source_of(what, *hop), what.destination, bytes.bytes());
  return send(what, IpProtocol::tcp, std::move(bytes), *hop, out);
}

Ipv4Address Node::source_of(const Outgoing& what, const Hop& hop) const {
  return what.source.value_or(interfaces_[hop.out].address.address);
}

SendResult Node::send(const Outgoing& what, IpProtocol protocol, Packet payload, const Hop& hop,
                      Outbox& out) {
  const Ipv4Header header{.source = source_of(what, hop),
                          .destination = first_stop(what),
                          .tos = what.tos,
                          .ttl = what.ttl.value_or(config_.icmp.ttl),
                          .protocol = static_cast<std::uint8_t>(protocol),
                          .id = next_id(),
                          .dont_fragment = what.dont_fragment,
                          .options = what.options};
  static_cast<void>(payload.prepend(header.length()));
  write_ipv4_header(header, payload.bytes());
  return send_out(std::move(payload), hop, out);
}

// Puts a packet of our own on its way, in fragments if it has to be.
SendResult Node::send_out(Packet&& packet, const Hop& hop, Outbox& out) {
  counters_.add(Mib::ip_out_requests);
  const Interface& interface = interfaces_[hop.out];
  const auto ip = Ipv4HeaderView::parse(packet.bytes());
  if (!ip) return std::unexpected(SendFault::no_way);
  if (packet.size() <= interface.mtu) {
    if (!interface.queue.has_room(1)) return std::unexpected(SendFault::queue_full);
    put_out(std::move(packet), hop, out);
    return {};
  }
  Fragmenter fragments{*ip, interface.mtu, pool_};
  const bool too_big = ip->dont_fragment();
  if (too_big || !interface.queue.has_room(fragments.left())) {
    counters_.add(Mib::ip_frag_fails);
    return std::unexpected(too_big ? SendFault::too_big : SendFault::queue_full);
  }
  put_out_fragments(fragments, hop, out);
  return {};
}

void Node::put_out(Packet&& packet, const Hop& hop, Outbox& out) {
  ++interfaces_[hop.out].queue.length;
  out.emplace_back(std::move(packet), hop.out, hop.to);
}

void Node::put_out_fragments(Fragmenter fragments, const Hop& hop, Outbox& out) {
  counters_.add(Mib::ip_frag_oks);
  while (auto fragment = fragments.next()) {
    counters_.add(Mib::ip_frag_creates);
    put_out(std::move(*fragment), hop, out);
  }
}

std::optional<Node::Hop> Node::hop_toward(Ipv4Address destination) const {
  const Route* const route = routes_.lookup(destination);
  const bool leads_out =
      route != nullptr && (route->type == RouteType::connected || route->type == RouteType::via);
  if (!leads_out) return std::nullopt;
  const Ipv4Address next = route->type == RouteType::via ? route->via : destination;
  const auto to = interfaces_[route->out].neighbours->resolve(next);
  if (to == kNobody) return std::nullopt;
  return Hop{.out = route->out, .to = to, .address = next};
}

std::optional<Node::WayBack> Node::way_back(const ReplyOptions& options, Ipv4Address source) const {
  const Ipv4Address destination = options.first_hop.value_or(source);
  const auto hop = hop_toward(destination);
  if (!hop) return std::nullopt;
  return WayBack{.options = options, .destination = destination, .hop = *hop};
}

std::uint16_t Node::next_id() {
  switch (config_.icmp.id) {
    case IdPolicy::counter:
      return id_++;
    case IdPolicy::random:
      return static_cast<std::uint16_t>(random_.next());
    case IdPolicy::zero:
      break;
  }
  return 0;
}

}  // namespace hop
