// What others report about the packets of this node (RFC 1122 section 3.2.2).

#include "stack/node/node.hpp"

namespace hop {

// To the endpoint whose packet the error quotes, which must be one of ours. Whoever is not on the
// way can only guess what we sent (RFC 5927 section 4): the address, the port, and what the
// endpoint knows besides.
Verdict Node::deliver_icmp_error(Walk& walk, const IcmpView& icmp) {
  // RFC 6633 section 3: the IP layer MAY silently discard source quench; nobody above may use it.
  if (icmp.type() == IcmpType::source_quench) return dropped(DropReason::icmp_not_answered);
  const Ipv4HeaderView& ip = walk.received.ip;
  const auto error = read_error(icmp, ip.source());
  if (!error) return dropped(error.error());
  if (!routes_.is_local(error->quoted.source())) return dropped(DropReason::icmp_not_ours);
  Endpoint* const endpoint = endpoint_of(sender_of(error->quoted));
  if (endpoint == nullptr) return dropped(DropReason::icmp_no_endpoint);
  const ErrorDelivery delivery{.ip = ip,
                               .error = *error,
                               .severity = severity_of(error->message),
                               .now = walk.received.arrival.now};
  if (!endpoint->error(delivery, *this, walk.out)) return dropped(DropReason::icmp_not_ours);
  return {Action::delivered};
}

}  // namespace hop
