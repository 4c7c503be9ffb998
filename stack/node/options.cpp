// What a node does because of the options of a packet: its policy for them (RFC 7126), faults,
// router alert (RFC 2113), and the time of arrival. Recording in transit is in forward.cpp.

#include <utility>

#include "stack/ip/fragment_filter.hpp"
#include "stack/node/node.hpp"

namespace hop {
namespace {

// A timestamp option with prespecified addresses, of which the next is not `own`.
bool is_for_another(Bytes option, Ipv4Address own) {
  const auto flag = static_cast<TimestampFlag>(byte_at(option, kTimestampFlagsOffset) & 0x0fU);
  const std::size_t at = byte_at(option, kOptionPointerOffset) - 1U;
  return flag == TimestampFlag::prespecified && at < option.size() &&
         load_be<std::uint32_t>(option, at) != own.value;
}

}  // namespace

// What is looked for in packets with options, and in all if the configuration asks for it.
// Nothing: the walk goes on.
std::optional<Verdict> Node::inspect(Walk& walk) {
  const Ipv4HeaderView& ip = walk.received.ip;
  if (!concerns(ip.destination())) return dropped(DropReason::not_for_this_host);
  // RFC 1858 section 3.2, RFC 3128 section 3: silently.
  if (config_.drop_tiny_fragments && is_tiny_fragment(ip)) {
    return dropped(DropReason::fragment_tiny);
  }
  if (ip.has_options()) {
    if (const auto verdict = inspect_options(walk)) return verdict;
  }
  if (lacks_option(ip)) {
    return report(MissingOption{*config_.required_option}, DropReason::option_missing, walk);
  }
  return nat_ ? enter_nat(walk) : std::nullopt;
}

// RFC 7126 section 3.1, by type of option; then all that are not ignored have to be right.
std::optional<Verdict> Node::inspect_options(Walk& walk) {
  Received& received = walk.received;
  const OptionPolicy& policy = config_.options;
  if (const auto refusal = policy.refusal(received.ip)) {
    if (*refusal == OptionAction::drop) return dropped(DropReason::option_not_permitted);
    return report(Unreachable{UnreachableCode::admin_prohibited}, DropReason::option_not_permitted,
                  walk);
  }
  const bool to_us = config_.kind == NodeKind::host || routes_.is_local(received.ip.destination());
  if (!to_us && policy.ignored().all()) return std::nullopt;
  const auto options = check_options(received.ip, to_us ? ignored_here() : policy.ignored());
  if (!options) {
    received.options.source_route = sound_source_route(received.ip);  // the report goes back by it
    return report(bad_option(options.error(), received.ip), options.error().why, walk);
  }
  received.options = *options;
  return std::nullopt;
}

// RFC 1122 section 3.1: a host looks at the destination before it looks at options, and silently
// discards what is not for it (section 3.2.1.3).
bool Node::concerns(Ipv4Address destination) const {
  return config_.kind == NodeKind::router || destination == Ipv4Address{} ||
         destination.is_multicast() || destination.is_limited_broadcast() ||
         routes_.special(destination) != nullptr;
}

// RFC 2113 section 2.2: hosts ignore router alert, right or wrong.
OptionTypes Node::ignored_here() const {
  OptionTypes types = config_.options.ignored_here();
  if (config_.kind == NodeKind::host) types.set(std::to_underlying(OptionType::router_alert));
  return types;
}

// The length byte may be missing, behind a type byte that is the last of the header.
BadParameter Node::bad_option(const OptionFault& fault, const Ipv4HeaderView& ip) const {
  if (fault.why != DropReason::option_bad_length) return {fault.pointer};
  const BadLengthPolicy& policy = config_.icmp.bad_length;
  const std::size_t length_at = fault.pointer + kOptionLengthOffset;
  const bool at_length = policy.at_length && length_at < ip.header_length();
  return {at_length ? static_cast<std::uint8_t>(length_at) : fault.pointer, policy.code};
}

// Only copied options stand in later fragments.
bool Node::lacks_option(const Ipv4HeaderView& ip) const {
  if (!config_.required_option) return false;
  const OptionType type = *config_.required_option;
  if (ip.fragment_offset() != 0 && !is_copied(type)) return false;
  return !has_option(ip, type);
}

// A packet that is to pass through this router.
std::optional<Verdict> Node::examine(Walk& walk) {
  const Received& received = walk.received;
  if (received.options.router_alert != 0 && is_intercepted(walk)) {
    counters_.add(Mib::ip_in_delivers);
    return Verdict{Action::delivered};
  }
  if (is_off_strict_route(received)) {
    return report(BadParameter{kDestinationOffset}, DropReason::strict_route_elsewhere, walk);
  }
  return std::nullopt;
}

// RFC 1812 section 5.2.2: a strict route must not lead through somebody else.
bool Node::is_off_strict_route(const Received& received) {
  return received.options.source_route != 0 &&
         source_route_of(received.ip, received.options).strict;
}

// RFC 2113 section 2.2: the protocol tells whether further processing is necessary.
bool Node::is_intercepted(const Walk& walk) {
  if (config_.options.of(OptionType::router_alert) != OptionAction::process) return false;
  const auto listener = alert_listeners_.find(walk.received.ip.protocol());
  return listener != alert_listeners_.end() &&
         listener->second->examine(walk.received, *this, walk.out);
}

// RFC 1812 section 4.2.2.1 (e), RFC 1122 section 3.2.1.8 (e): the destination adds its time before
// it passes the option on. Errors are sent before, so that they quote what was received.
void Node::stamp_arrival(Walk& walk) {
  const Received& received = walk.received;
  if (received.options.timestamp == 0) return;
  const MutBytes header = walk.packet.bytes().first(received.ip.header_length());
  record_time(
      option_at(header, received.options.timestamp),
      {.address = answering_address(received), .now = received.arrival.now, .addresses = routes_});
  refresh_header_checksum(header);
}

// RFC 1812 section 4.2.2.1 (d) and (e), RFC 1122 section 3.2.1.8 (d) and (e): what a packet records
// where it begins. Of prespecified addresses the first must be that of the interface. Options
// that are wrong are the sender's affair.
void Node::record_departure(MutBytes packet, const Hop& hop, Instant now) const {
  const auto ip = Ipv4HeaderView::parse(packet);
  auto options = ip ? check_options(*ip) : std::expected<Options, OptionFault>{};
  if (!options || !options->to_record()) return;
  const Ipv4Address own = interfaces_[hop.out].toward(hop.address).address;
  if (options->timestamp != 0 && is_for_another(option_at(ip->header(), options->timestamp), own)) {
    options->timestamp = 0;
  }
  record_options(packet, *options, {.address = own, .now = now, .addresses = routes_});
  refresh_header_checksum(packet.first(ip->header_length()));
}

}  // namespace hop
