// Answering extended echo requests (RFC 8335 section 4).

#include "stack/icmp/extended_echo.hpp"

#include "stack/node/node.hpp"

namespace hop {
namespace {

InterfaceStatus failure(ExtendedEchoCode code) { return {.code = code}; }

std::optional<Ipv4Address> ipv4_of(const InterfaceIdentification& what) {
  const auto* const by = std::get_if<InterfaceByAddress>(&what);
  if (by == nullptr || by->family != AddressFamily::ipv4) return std::nullopt;
  return Ipv4Address{load_be<std::uint32_t>(by->address, 0)};
}

}  // namespace

Verdict Node::answer_extended_echo(Walk& walk, const IcmpView& request) {
  const Received& received = walk.received;
  const Instant now = received.arrival.now;
  if (received.to_group) return dropped(DropReason::icmp_to_group);
  if (!answers(IcmpType::extended_echo)) return dropped(DropReason::icmp_not_answered);
  const InterfaceQuery query = read_interface_query(request);
  if (!accepts(query, received)) return dropped(DropReason::icmp_not_answered);
  const NotTold limit =
      limiter_.take(IcmpType::extended_echo_reply, received.ip.source(), now, random_);
  if (limit != NotTold::told) return dropped(DropReason::reply_rate_limited);
  const auto back = way_back(reversed_route(received.ip, received.options), received.ip, now);
  if (!back) return dropped(DropReason::reply_not_routable);
  const std::size_t header = received.ip.header_length();
  const IcmpMessage message = extended_echo_reply(request, status_of(query));
  walk.packet.resize(header + kIcmpHeader);
  write_icmp(message, walk.packet.bytes().subspan(header));
  // Section 4: class selector 0, TTL 255, DF.
  const Verdict verdict =
      reply(walk, *back, 0, IpProtocol::icmp, {.ttl = 255, .dont_fragment = true});
  if (verdict.action == Action::answered) counters_.count_icmp_out(message.type);
  return verdict;
}

// What is not explicitly enabled is silently discarded (section 4).
bool Node::accepts(const InterfaceQuery& query, const Received& received) const {
  const IcmpPolicy& policy = config_.icmp;
  return !policy.silent[std::to_underlying(IcmpType::extended_echo_reply)] &&
         interfaces_[received.arrival.in].extended_echo &&
         may_ask(policy.extended_echo, received.ip.source(), query);
}

// Every interface runs IPv4 while it is up (section 3: the 4-bit is set only if the A-bit is).
InterfaceStatus Node::status_of(const InterfaceQuery& query) const {
  if (!query.what) return failure(ExtendedEchoCode::malformed_query);
  if (!query.local) return status_of_neighbour(*query.what);
  int found = 0;
  bool up = false;
  for (std::size_t at = 0; at < interfaces_.size(); ++at) {
    if (!is_named(static_cast<InterfaceIndex>(at), *query.what)) continue;
    ++found;
    up = interfaces_[at].up;
  }
  if (found == 0) return failure(ExtendedEchoCode::no_such_interface);
  if (found > 1) return failure(ExtendedEchoCode::multiple_interfaces);
  return {.active = up, .ipv4 = up};
}

bool Node::is_named(InterfaceIndex at, const InterfaceIdentification& what) const {
  if (const auto* const by = std::get_if<InterfaceByName>(&what)) {
    return interfaces_[at].name == by->name;
  }
  if (const auto* const by = std::get_if<InterfaceByIndex>(&what)) {
    return if_index(at) == by->index;
  }
  const auto address = ipv4_of(what);
  return address && interfaces_[at].has(*address);
}

// The neighbours of a link stand for the ARP table, where all that is known is reachable. A
// neighbour can be asked about by its address only (section 2).
InterfaceStatus Node::status_of_neighbour(const InterfaceIdentification& what) const {
  if (!std::holds_alternative<InterfaceByAddress>(what)) {
    return failure(ExtendedEchoCode::malformed_query);
  }
  const auto address = ipv4_of(what);
  const auto knows = [&](const Interface& interface) {
    return interface.neighbours->find(*address) != kNobody;
  };
  const bool is_other = address && !routes_.is_local(*address);
  const auto found = is_other ? std::ranges::count_if(interfaces_, knows) : 0;
  if (found == 0) return failure(ExtendedEchoCode::no_such_table_entry);
  if (found > 1) return failure(ExtendedEchoCode::multiple_interfaces);
  return {.state = NeighbourState::reachable};
}

}  // namespace hop
