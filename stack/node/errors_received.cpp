// What others report about the packets of this node (RFC 1122 section 3.2.2).

#include "stack/node/node.hpp"

namespace hop {
namespace {

// RFC 792: codes 0 to 3. Of another nobody knows what it is for.
bool is_undefined_redirect(const IcmpView& icmp) {
  return icmp.type() == IcmpType::redirect &&
         icmp.code() > std::to_underlying(RedirectCode::tos_host);
}

}  // namespace

// An error is about a packet that we sent. Whoever is not on the way can only guess what that was
// (RFC 5927 section 4): our address, the port, and what the endpoint knows besides. Nobody may
// report what was sent to a group (RFC 1122 section 3.2.2), so such a report is forged.
Verdict Node::deliver_icmp_error(Walk& walk, const IcmpView& icmp) {
  // RFC 6633 section 3: the IP layer MAY silently discard source quench; nobody above may use it.
  if (icmp.type() == IcmpType::source_quench) return dropped(DropReason::icmp_not_answered);
  if (is_undefined_redirect(icmp)) return dropped(DropReason::icmp_unknown_code);
  const Received& received = walk.received;
  const auto error = read_error(icmp, received.ip.source());
  if (!error) return dropped(error.error());
  if (is_group(error->quoted.destination())) return dropped(DropReason::icmp_bad_quote);
  if (!routes_.is_local(error->quoted.source())) return dropped(DropReason::icmp_not_ours);
  const ErrorDelivery delivery{.ip = received.ip,
                               .error = *error,
                               .severity = severity_of(error->message),
                               .now = received.arrival.now};
  const bool followed = follow_redirect(delivery, received.arrival.in);
  const Verdict verdict = tell_endpoint(delivery, walk.out);
  return followed ? Verdict{Action::delivered} : verdict;
}

Verdict Node::tell_endpoint(const ErrorDelivery& delivery, Outbox& out) {
  Endpoint* const endpoint = endpoint_of(sender_of(delivery.error.quoted));
  if (endpoint == nullptr) return dropped(DropReason::icmp_no_endpoint);
  if (!endpoint->error(delivery, *this, out)) return dropped(DropReason::icmp_not_ours);
  learn_path_mtu(delivery);
  return {Action::delivered};
}

// RFC 1191 section 3. Only what an endpoint vouches for counts, and only about a packet that could
// not be fragmented, or anybody could make us send small packets.
void Node::learn_path_mtu(const ErrorDelivery& delivery) {
  const Ipv4HeaderView& quoted = delivery.error.quoted;
  if (delivery.severity != Severity::too_big || !quoted.dont_fragment()) return;
  const auto hop = hop_toward(quoted.destination(), delivery.now, quoted.tos());
  if (!hop) return;
  path_mtus_.learn({.destination = quoted.destination(),
                    .total_length = quoted.total_length(),
                    .header_length = static_cast<std::uint16_t>(quoted.header_length()),
                    .next_hop_mtu = static_cast<std::uint16_t>(delivery.error.message.rest)},
                   hop->mtu, delivery.now);
}

// RFC 1122 section 3.2.2.2: from the current first hop, to a gateway on a subnet of the interface
// that the redirect came by. Every code is for the destination host alone (section 3.3.1.2), 2 and
// 3 for the TOS of the packet alone (RFC 792). Routers choose their ways themselves (RFC 1812
// section 5.2.7.2).
bool Node::follow_redirect(const ErrorDelivery& delivery, InterfaceIndex in) {
  if (delivery.severity != Severity::other_way || config_.kind != NodeKind::host) return false;
  const Ipv4HeaderView& quoted = delivery.error.quoted;
  const IcmpMessage& redirect = delivery.error.message;
  const Ipv4Address gateway{redirect.rest};
  const auto hop = hop_toward(quoted.destination(), delivery.now, quoted.tos());
  const bool from_first_hop = hop && hop->out == in && hop->address == delivery.error.reporter;
  if (!from_first_hop || !may_be_gateway(gateway, in)) return false;
  if (interfaces_[in].neighbours->resolve(gateway) == kNobody) return false;
  const bool for_tos = redirect.code == std::to_underlying(RedirectCode::tos_net) ||
                       redirect.code == std::to_underlying(RedirectCode::tos_host);
  redirects_.learn(quoted.destination(),
                   for_tos ? std::optional{tos_field(quoted.tos())} : std::nullopt,
                   {.out = in, .gateway = gateway, .learnt = delivery.now});
  know_gateways().watch.heard(delivery.error.reporter, delivery.now);
  return true;
}

// An address of somebody else in a subnet of that interface.
bool Node::may_be_gateway(Ipv4Address address, InterfaceIndex at) const {
  return interfaces_[at].toward(address).subnet().contains(address) &&
         routes_.special(address) == nullptr;
}

}  // namespace hop
