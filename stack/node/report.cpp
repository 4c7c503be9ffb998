// The one door through which every ICMP error goes: veto, source address, rate limit, quote, send.

#include "stack/icmp/error_message.hpp"
#include "stack/icmp/veto.hpp"
#include "stack/node/node.hpp"

namespace hop {

// The packet is dropped for `why`, whether or not its sender may be told.
Verdict Node::report(const Cause& cause, DropReason why, const Walk& walk) {
  tell(cause, walk.received, walk.out);
  return dropped(why);
}

void Node::tell(const Cause& cause, const Received& about, Outbox& out) {
  const NotTold result = try_to_tell(cause, about, out);
  if (result != NotTold::told) counters_.count_not_told(result);
}

NotTold Node::try_to_tell(const Cause& cause, const Received& about, Outbox& out) {
  const IcmpPolicy& policy = config_.icmp;
  const IcmpMessage message = message_for(cause, policy);
  if (message.type == IcmpType::source_quench && !policy.source_quench) return NotTold::silent;
  if (policy.silent[std::to_underlying(message.type)]) return NotTold::silent;
  if (const NotTold rule = veto(about, routes_); rule != NotTold::told) return rule;

  // RFC 1812 section 4.3.2.6: back along the recorded route, unless the error complains about a
  // source route. Parameter problems do that, or come before the options have been read.
  const bool reverse = message.type != IcmpType::parameter_problem;
  const auto back = way_back(reverse ? reversed_route(about.ip, about.options) : ReplyOptions{},
                             about.ip.source());
  if (!back) return NotTold::no_way_back;
  if (!within_rate(message, about.arrival.now)) return NotTold::rate_limited;

  Packet error = build_error(message, about.ip,
                             {.source = error_source(about, back->hop),
                              .destination = back->destination,
                              .id = next_id(),
                              .options = back->options.bytes()},
                             policy, pool_);
  if (!send_out(std::move(error), back->hop, out)) return NotTold::queue_full;
  counters_.count_icmp_out(message.type);
  return NotTold::told;
}

// RFC 1812 section 4.3.2.4: an address of the interface the error leaves by. Linux answers for a
// packet that was addressed to one of its own addresses from that address.
Ipv4Address Node::error_source(const Received& about, const Hop& hop) const {
  const IcmpPolicy& policy = config_.icmp;
  const Ipv4Address addressed = about.ip.destination();
  if (policy.source == SourcePolicy::fixed) return policy.fixed_source;
  if (policy.profile == Profile::linux_like && routes_.is_local(addressed)) return addressed;
  const bool ingress = policy.source == SourcePolicy::ingress;
  return interfaces_[ingress ? about.arrival.in : hop.out].address.address;
}

// Frag-needed is exempt: path MTU discovery does not work without it (RFC 1191).
bool Node::within_rate(const IcmpMessage& message, Instant now) {
  const bool is_frag_needed = message.type == IcmpType::dest_unreachable &&
                              message.code == std::to_underlying(UnreachableCode::frag_needed);
  if (is_frag_needed || config_.icmp.rate == IcmpPolicy::kUnlimited) return true;
  return error_bucket_.take(now, random_);
}

}  // namespace hop
