// Address translation (RFC 3022): where it stands in the walk of a packet. An inward packet is
// routed by where it goes inside; what is changed is changed last, as a packet leaves, so that
// errors of the node quote what was received. Fragments are put together first, in whatever order
// they come (RFC 4787 REQ-14), and cut again for the way out.

#include <memory>

#include "stack/node/node.hpp"

namespace hop {
namespace {

constexpr std::uint64_t kSeedOfNat = 5;

// Is it to an external address, and not only by way of it on a source route?
bool is_inward(const Nat& nat, const Received& received) {
  return received.options.source_route == 0 && nat.is_external(received.ip.destination());
}

}  // namespace

void Node::adopt_nat() {
  if (!config_.nat) {
    nat_.reset();
    return;
  }
  if (!nat_) {
    nat_ = std::make_unique<Nat>(*config_.nat, random_.split(kSeedOfNat));
  } else if (nat_->policy() != *config_.nat) {
    nat_->change(*config_.nat);
  }
  std::vector<Ipv4Address> own;
  for (const Interface& interface : interfaces_) {
    if (!interface.external) continue;
    own.push_back(interface.address.address);
    for (const InterfaceAddress& more : interface.secondary) own.push_back(more.address);
  }
  nat_->set_own(std::move(own));
}

// A packet to an external address may be for somebody inside. Nothing: it is for the node itself,
// as is everything that names it as a stop of a source route.
std::optional<Verdict> Node::enter_nat(Walk& walk) {
  const Received& received = walk.received;
  const bool from_inside = is_inside(received.arrival.in);
  if (!nat_->is_external(received.ip.destination())) return std::nullopt;
  if (received.arrival.in == loopback_ || received.arrival.broadcast) return std::nullopt;
  if (received.options.source_route != 0) return std::nullopt;
  if (from_inside && !config_.nat->hairpinning) {
    if (routes_.is_local(received.ip.destination())) return std::nullopt;
    return dropped(DropReason::nat_filtered);
  }
  if (received.ip.is_fragment()) {
    if (const auto verdict = put_together(walk)) return verdict;
  }
  const auto internal = nat_->where(received.ip, from_inside, received.arrival.now);
  if (internal) return forward_inward(walk, *internal);
  if (internal.error() == DropReason::none) return std::nullopt;
  return dropped(internal.error());
}

// As forward() has it for all others. Its options have been read as those of a packet to an address
// of ours, and it passes.
Verdict Node::forward_inward(Walk& walk, Ipv4Address internal) {
  if (refuses_transit_) {
    if (const auto refused = refuse_transit(walk)) return *refused;
  }
  walk.received.options.forget_records(config_.options.ignored());
  if (walk.received.options.to_examine()) {
    if (const auto verdict = examine(walk)) return *verdict;
  }
  return transit(walk, route_for(walk.received.ip, internal), internal);
}

// Would somebody inside get it? Of a later fragment nobody knows.
bool Node::goes_inside(const Received& received) const {
  if (!is_inward(*nat_, received) || received.ip.is_fragment()) return false;
  return nat_->where(received.ip, is_inside(received.arrival.in), received.arrival.now).has_value();
}

// The internal realm cannot be seen from outside: what comes in does so by an external address.
bool Node::may_pass_nat(const Received& received, InterfaceIndex out) const {
  return is_inside(received.arrival.in) || !is_inside(out) || is_inward(*nat_, received);
}

// What leaves by an external interface gets an external source, and so does what is turned round
// (RFC 4787 REQ-9 a). Who cannot have one is told so (RFC 5508 REQ-8).
std::optional<Verdict> Node::translate(Walk& walk, const Hop& hop) {
  const Received& received = walk.received;
  const bool from_inside = is_inside(received.arrival.in);
  if (!is_inward(*nat_, received) && (!from_inside || is_inside(hop.out))) return std::nullopt;
  if (received.ip.is_fragment()) {
    const auto verdict = put_together(walk);
    return verdict ? *verdict : dispatch(walk);
  }
  std::optional<Ipv4Address> external;
  if (from_inside) {
    external =
        is_inside(hop.out) ? nat_->shared() : nat_->shared(interfaces_[hop.out].address.address);
  }
  const auto translation = nat_->translation(received.ip, external, received.arrival.now);
  if (translation) {
    hop::translate(walk.packet.bytes(), *translation, config_.nat->errors);
    return std::nullopt;
  }
  const DropReason why = translation.error();
  const bool is_refusal = why == DropReason::nat_exhausted || why == DropReason::nat_table_full;
  if (!is_refusal) return dropped(why);
  return report(Unreachable{UnreachableCode::admin_prohibited}, why, walk);
}

}  // namespace hop
