// The one door through which every ICMP error goes: veto, source address, rate limit, quote, send.

#include <array>
#include <new>

#include "stack/icmp/error_message.hpp"
#include "stack/icmp/veto.hpp"
#include "stack/node/node.hpp"

namespace hop {
namespace {

// With a pointer into the option, or to the destination that a strict route does not lead to.
bool complains_about_source_route(const Cause& cause, const Ipv4HeaderView& ip) {
  const auto* const problem = std::get_if<BadParameter>(&cause);
  return problem != nullptr &&
         (problem->pointer == kDestinationOffset || is_in_source_route(ip, problem->pointer));
}

}  // namespace

// The packet is dropped for `why`, whether or not its sender may be told.
Verdict Node::report(const Cause& cause, DropReason why, const Walk& walk) {
  tell(cause, walk.received, walk.out);
  if (walk.received.ip.has_options()) trace_discarded(walk);
  return dropped(why);
}

void Node::tell(const Cause& cause, const Received& about, Outbox& out) {
  NotTold result = NotTold::told;
  try {
    result = try_to_tell(cause, about, out);
  } catch (const std::bad_alloc&) {
    result = NotTold::out_of_memory;  // a courtesy: the packet that it is about goes its way
  }
  if (result != NotTold::told) counters_.count_not_told(result);
}

NotTold Node::try_to_tell(const Cause& cause, const Received& about, Outbox& out) {
  const IcmpPolicy& policy = config_.icmp;
  const IcmpMessage message = message_for(cause, policy);
  if (message.type == IcmpType::source_quench && !policy.source_quench) return NotTold::silent;
  if (policy.silences(message.type, message.code)) return NotTold::silent;
  if (const NotTold rule = veto(about, routes_); rule != NotTold::told) return rule;

  // RFC 1812 section 4.3.2.6: back along the recorded route, unless the error complains about it.
  // A route that leads nowhere is worth less than the error.
  const bool reverse = !complains_about_source_route(cause, about.ip);
  auto back = error_way_back(reverse ? reversed_route(about.ip, about.options) : ReplyOptions{},
                             message.type, about);
  if (!back && about.options.source_route != 0) back = error_way_back({}, message.type, about);
  if (!back) back = way_back_along_tunnel(message.type, about);
  if (!back) return NotTold::no_way_back;
  const Ipv4Address source = error_source(message.type, about, back->hop);
  if (!belongs_to(back->hop.out, source)) return NotTold::no_way_back;
  if (message.type == IcmpType::redirect && policy.redirect_backoff &&
      !redirect_backoff_.due(about.ip.source(), about.arrival.now)) {
    return NotTold::redirected_before;
  }
  if (const NotTold limit = within_rate(message, about, back->hop); limit != NotTold::told) {
    return limit;
  }
  if (policy.records_in_errors) add_records_of(*back, about, source);

  std::array<std::byte, kMaxExtension> room;  // NOLINT(*-member-init): written where it is read
  Packet error = build_error(message, about.ip,
                             {.source = source,
                              .destination = back->destination,
                              .tos = back->tos,
                              .id = next_id(),
                              .options = back->options.bytes(),
                              .extension = write_extension(message.type, about, room)},
                             policy, pool_);
  const Hop first = lead_along_tunnel(error, back->hop);
  if (!send_made(std::move(error), first, about.arrival.now, out)) return NotTold::queue_full;
  counters_.count_icmp_out(message.type);
  return NotTold::told;
}

// By the route for the TOS that the error has. Where there is none, the error goes with a TOS of
// zero, by the route for that (RFC 1812 section 4.3.2.5, MUST).
std::optional<Node::WayBack> Node::error_way_back(const ReplyOptions& options, IcmpType type,
                                                  const Received& about) const {
  const Ipv4Address to = about.ip.source();
  const Instant now = about.arrival.now;
  const std::uint8_t tos = error_tos(type, about.ip.tos(), config_.tos_kept_in_errors());
  const auto back = way_back(options, to, tos, now);
  return back ? back : way_back(options, to, tos & kPrecedenceMask, now);
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
  const bool as_asked = policy.answer_as_asked || config_.kind == NodeKind::host;
  const Ipv4Address asked = about.ip.destination();
  if (as_asked && routes_.is_local(asked)) return asked;
  return policy.source == SourcePolicy::ingress
             ? interfaces_[about.arrival.in].toward(about.ip.source()).address
             : egress;
}

// Record route and timestamp of a packet in the answer to it, which is sent from `source`: with the
// address that the answer leaves by; or, as Linux does, once on arrival and once on departure, with
// the addresses that the packet came to and that the answer comes from.
void Node::add_records_of(WayBack& back, const Received& received, Ipv4Address source) const {
  OptionStamp stamp{.address = interfaces_[back.hop.out].toward(back.hop.address).address,
                    .now = received.arrival.now,
                    .addresses = routes_};
  if (!config_.icmp.records_on_arrival) {
    return add_records(back.options, received.ip, received.options, {&stamp, 1});
  }
  const Ipv4Address asked = received.ip.destination();
  OptionStamp stamps[] = {stamp, stamp};
  if (routes_.is_local(asked)) stamps[0].address = asked;
  stamps[1].address = source;
  add_records(back.options, received.ip, received.options, stamps);
}

// Frag-needed is exempt: path MTU discovery does not work without it (RFC 1191). So is what we tell
// ourselves: it takes no bandwidth (RFC 1812 section 4.3.2.8 (1)), and Linux limits none of it.
NotTold Node::within_rate(const IcmpMessage& message, const Received& about, const Hop& hop) {
  const bool is_frag_needed = message.type == IcmpType::dest_unreachable &&
                              message.code == std::to_underlying(UnreachableCode::frag_needed);
  if (is_frag_needed || hop.out == loopback_) return NotTold::told;
  return limiter_.take(message.type, about.ip.source(), about.arrival.now, random_);
}

}  // namespace hop
