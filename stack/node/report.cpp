// The one door through which every ICMP error goes: veto, source address, rate limit, quote, send.

#include "stack/icmp/error_message.hpp"
#include "stack/icmp/veto.hpp"
#include "stack/node/node.hpp"

namespace hop {

// The packet is dropped for `why`, whether or not its sender may be told.
Verdict Node::report(const Cause& cause, DropReason why, const Walk& walk) {
  tell(cause, walk.received, walk.out);
  if (walk.received.options.traceroute != 0) trace_discarded(walk, why);
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
                             about.ip, about.arrival.now);
  if (!back) return NotTold::no_way_back;
  const Ipv4Address source = error_source(message.type, about, back->hop);
  if (!may_send_from(source, back->hop)) return NotTold::no_way_back;
  if (!within_rate(message, about.arrival.now)) return NotTold::rate_limited;

  Packet error = build_error(message, about.ip,
                             {.source = source,
                              .destination = back->destination,
                              .id = next_id(),
                              .options = back->options.bytes()},
                             policy, pool_);
  if (!send_out(std::move(error), back->hop, out)) return NotTold::queue_full;
  counters_.count_icmp_out(message.type);
  return NotTold::told;
}

// RFC 1812 section 4.3.2.4: an address of the interface the error leaves by. A redirect must come
// from the subnet of its receiver (section 5.2.7.2), so no policy applies. Hosts answer from the
// address that was asked (RFC 1122 section 3.3.4.2 (1)), and so do Linux's routers.
Ipv4Address Node::error_source(IcmpType type, const Received& about, const Hop& hop) const {
  const IcmpPolicy& policy = config_.icmp;
  const Ipv4Address egress = interfaces_[hop.out].toward(hop.address).address;
  if (hop.out == loopback_) return about.ip.destination();  // we tell ourselves
  if (type == IcmpType::redirect) return egress;
  if (policy.source == SourcePolicy::fixed) return policy.fixed_source;
  const bool as_asked = policy.profile == Profile::linux_like || config_.kind == NodeKind::host;
  const Ipv4Address asked = about.ip.destination();
  if (as_asked && routes_.is_local(asked)) return asked;
  return policy.source == SourcePolicy::ingress
             ? interfaces_[about.arrival.in].toward(about.ip.source()).address
             : egress;
}

// Frag-needed is exempt: path MTU discovery does not work without it (RFC 1191).
bool Node::within_rate(const IcmpMessage& message, Instant now) {
  const bool is_frag_needed = message.type == IcmpType::dest_unreachable &&
                              message.code == std::to_underlying(UnreachableCode::frag_needed);
  if (is_frag_needed || config_.icmp.rate == IcmpPolicy::kUnlimited) return true;
  return error_bucket_.take(now, random_);
}

}  // namespace hop
