// Local delivery: reassembly and demultiplexing by protocol (RFC 1122 section 3.2.1 and 3.3.2).

#include <algorithm>

#include "stack/icmp/query.hpp"
#include "stack/node/node.hpp"
#include "stack/wire/tcp.hpp"
#include "stack/wire/udp.hpp"

namespace hop {
Verdict Node::deliver(Walk& walk) {
  if (walk.received.ip.is_fragment()) {
    if (const auto verdict = put_together(walk)) return *verdict;
  }
  return demultiplex(walk);
}

// Of a fragment that completes a datagram, the packet of the walk becomes the datagram.
std::optional<Verdict> Node::put_together(Walk& walk) {
  counters_.add(Mib::ip_reasm_reqds);
  const std::uint64_t evicted = reassembler_.evicted();
  ReassemblyResult result = reassembler_.add(walk.received.ip, walk.received.arrival);
  counters_.add(Mib::ip_reasm_fails, reassembler_.evicted() - evicted);
  if (std::holds_alternative<Held>(result)) return Verdict{Action::held};
  if (const auto* const why = std::get_if<DropReason>(&result)) return dropped(*why);
  counters_.add(Mib::ip_reasm_oks);
  auto& together = std::get<Whole>(result);
  walk.packet = std::move(together.packet);
  walk.received.largest_fragment = std::max(together.largest_fragment, kIpv4MinMtu);
  const auto whole = Ipv4View::parse(walk.packet.bytes());
  if (!whole) return dropped(whole.error());
  walk.received.ip = *whole;
  // The options are those of fragment 0, which need not be the one that completed the datagram.
  walk.received.options = check_options(*whole, ignored_here()).value_or(Options{});
  return std::nullopt;
}

Verdict Node::demultiplex(Walk& walk) {
  switch (static_cast<IpProtocol>(walk.received.ip.protocol())) {
    case IpProtocol::icmp:
      counters_.add(Mib::ip_in_delivers);
      return deliver_icmp(walk);
    case IpProtocol::udp:
      counters_.add(Mib::ip_in_delivers);
      return deliver_udp(walk);
    case IpProtocol::tcp:
      counters_.add(Mib::ip_in_delivers);
      return deliver_tcp(walk);
  }
  return report(Unreachable{UnreachableCode::protocol_unreachable},
                DropReason::protocol_unreachable, walk);
}

Endpoint* Node::endpoint_of(EndpointKey key) const {
  const auto at = endpoints_.find(key);
  return at == endpoints_.end() ? nullptr : at->second;
}

Verdict Node::deliver_icmp(Walk& walk) {
  const auto icmp = IcmpView::parse(walk.received.ip.payload());
  if (!icmp) return dropped(icmp.error());
  counters_.count_icmp_in(icmp->type());
  if (is_error(icmp->type())) return deliver_icmp_error(walk, *icmp);
  if (const auto answer = reply_type(icmp->type())) {
    return answer_query(walk, icmp->type(), *answer);
  }
  if (icmp->type() == IcmpType::extended_echo) return answer_extended_echo(walk, *icmp);
  if (icmp->type() == IcmpType::echo_reply || icmp->type() == IcmpType::timestamp_reply ||
      icmp->type() == IcmpType::extended_echo_reply || icmp->type() == IcmpType::traceroute) {
    return deliver_icmp_reply(walk, *icmp);
  }
  if (icmp->type() == IcmpType::router_advertisement ||
      icmp->type() == IcmpType::router_solicitation) {
    return take_router_discovery(walk, *icmp);
  }
  // RFC 1122 section 3.2.2: unknown types are silently discarded. Those that are known but
  // deprecated (RFC 6918) or not in use here are counted apart.
  return dropped(name(icmp->type()).empty() ? DropReason::icmp_unknown_type
                                            : DropReason::icmp_not_answered);
}

Verdict Node::answer_query(Walk& walk, IcmpType query, IcmpType answer) {
  const Received& received = walk.received;
  const IcmpPolicy& policy = config_.icmp;
  // After reassembly, too: what a fragment carries is not seen before.
  if (received.to_group && !takes_icmp_to_group(received.ip)) {
    return dropped(DropReason::icmp_to_group);
  }
  if (!answers(query) || policy.silent[std::to_underlying(answer)]) {
    return dropped(DropReason::icmp_not_answered);
  }
  const Instant now = received.arrival.now;
  auto back = received.ip.source() == Ipv4Address{}
                  ? way_back_to_nowhere(received.arrival.in)
                  : way_back(reversed_route(received.ip, received.options), received.ip, now);
  if (!back) return dropped(DropReason::reply_not_routable);
  if (limiter_.take(answer, received.ip.source(), now, random_) != NotTold::told) {
    return dropped(DropReason::reply_rate_limited);
  }
  const bool asks_mask = query == IcmpType::address_mask_request;
  const MutBytes message = walk.packet.bytes().subspan(received.ip.header_length());
  if (!hop::answer_query(message, {.now = now, .mask = asks_mask ? mask_of_link(received) : 0})) {
    return dropped(DropReason::icmp_truncated);
  }
  if (received.options.to_record()) {
    add_records_of(*back, received, answering_address(received));
  }
  // RFC 1812 section 4.3.2.5: with the TOS of the request, of which ECN is a part here, as in
  // Linux.
  const Verdict verdict = reply(walk, *back, received.ip.tos(), IpProtocol::icmp);
  if (verdict.action == Action::answered) counters_.count_icmp_out(answer);
  return verdict;
}

// Of the subnet that the packet came from.
std::uint32_t Node::mask_of_link(const Received& received) const {
  return interfaces_[received.arrival.in].toward(received.ip.source()).subnet().mask();
}

// Gives an endpoint what came to it. `delivery` has what is special to the protocol.
Verdict Node::hand_over(Walk& walk, Endpoint& endpoint, Delivery delivery) {
  stamp_arrival(walk);
  delivery.options = walk.received.options;
  delivery.specific_destination = answering_address(walk.received);
  delivery.now = walk.received.arrival.now;
  endpoint.receive(delivery, *this, walk.out);
  return {Action::delivered};
}

Verdict Node::deliver_icmp_reply(Walk& walk, const IcmpView& icmp) {
  if (takes_gateway_reply(walk.received.ip, icmp, walk.received.arrival.now)) {
    return {Action::delivered};
  }
  Endpoint* const endpoint =
      endpoint_of({static_cast<std::uint8_t>(IpProtocol::icmp), icmp.identifier()});
  if (endpoint == nullptr) return dropped(DropReason::icmp_no_endpoint);
  return hand_over(walk, *endpoint, {.ip = walk.received.ip, .data = icmp.data()});
}

Verdict Node::deliver_udp(Walk& walk) {
  const Ipv4HeaderView& ip = walk.received.ip;
  const auto udp = UdpView::parse(ip.payload(), ip.source(), ip.destination());
  if (!udp) return dropped(udp.error());
  Endpoint* const endpoint = endpoint_of({ip.protocol(), udp->destination_port()});
  if (endpoint == nullptr) {
    const auto filtered = refuse_port(walk, config_.udp_filtered, udp->destination_port());
    if (filtered) return *filtered;
    return report(Unreachable{UnreachableCode::port_unreachable}, DropReason::port_unreachable,
                  walk);
  }
  counters_.add(Mib::udp_in_datagrams);
  return hand_over(walk, *endpoint,
                   {.ip = ip,
                    .data = udp->data(),
                    .remote_port = udp->source_port(),
                    .local_port = udp->destination_port()});
}

Verdict Node::deliver_tcp(Walk& walk) {
  counters_.add(Mib::tcp_in_segs);
  const Ipv4HeaderView& ip = walk.received.ip;
  const auto tcp = TcpView::parse(ip.payload(), ip.source(), ip.destination());
  if (!tcp) return dropped(tcp.error());
  Endpoint* const endpoint = endpoint_of({ip.protocol(), tcp->destination_port()});
  if (endpoint == nullptr) {
    const auto filtered = refuse_port(walk, config_.tcp_filtered, tcp->destination_port());
    return filtered ? *filtered : reset(walk, *tcp);
  }
  return hand_over(walk, *endpoint,
                   {.ip = ip,
                    .data = tcp->data(),
                    .remote_port = tcp->source_port(),
                    .local_port = tcp->destination_port()});
}

// A packet filter of the node itself, in front of ports that nobody is bound to.
std::optional<Verdict> Node::refuse_port(const Walk& walk, const PortFilter& filter,
                                         std::uint16_t port) {
  if (!filter.contains(port)) return std::nullopt;
  if (!filter.reject) return dropped(DropReason::filtered);
  return report(Unreachable{*filter.reject}, DropReason::filtered, walk);
}

// A port that nobody is bound to, and no filter stands before, is closed.
Verdict Node::reset(Walk& walk, const TcpView& segment) {
  if (segment.has(TcpFlag::rst)) return dropped(DropReason::tcp_reset_to_closed);
  const Ipv4HeaderView& ip = walk.received.ip;
  const auto back =
      way_back(reversed_route(ip, walk.received.options), ip, walk.received.arrival.now);
  if (!back) return dropped(DropReason::reply_not_routable);
  const TcpHeader reset = reset_for(segment);
  walk.packet.resize(ip.header_length() + kTcpMinHeader);
  write_tcp(reset, ip.destination(), ip.source(), walk.packet.bytes().subspan(ip.header_length()));
  // The codepoint of ECN is about the segment that came; it says nothing of the reset.
  const auto tos = static_cast<std::uint8_t>(ip.tos() & ~kEcnMask);
  const Verdict verdict = reply(walk, *back, tos, IpProtocol::tcp);
  if (verdict.action == Action::answered) count_tcp_out(reset);
  return verdict;
}

}  // namespace hop
