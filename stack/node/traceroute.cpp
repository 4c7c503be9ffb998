// The traceroute option in transit (RFC 1393 section 3.3), where the policy for options asks for
// it.

#include <algorithm>
#include <limits>
#include <new>

#include "stack/node/node.hpp"

namespace hop {
namespace {

TracerouteOption option_of(const Received& received) {
  return read_traceroute_option(option_at(received.ip.header(), received.options.traceroute));
}

std::uint32_t octets_per_second(std::uint64_t bits_per_second) {
  constexpr std::uint64_t kMost = std::numeric_limits<std::uint32_t>::max();
  return static_cast<std::uint32_t>(std::min(bits_per_second / 8, kMost));
}

}  // namespace

// RFC 1393 section 3.1: a hop is counted only when the originator is told. The packet itself,
// or what it becomes, must still find room.
void Node::trace_forwarded(Walk& walk, const Hop& hop, const QueueLength& becomes) {
  const Interface& interface = interfaces_[hop.out];
  const TracerouteOption counted = option_of(walk.received).one_hop_further();
  const TracerouteReport report{.code = TracerouteCode::forwarded,
                                .option = counted,
                                .speed = octets_per_second(interface.rate),
                                .mtu = interface.mtu};
  if (!interface.queue.has_room(becomes.and_one_more(interface.mtu)) ||
      !tell_originator(report, walk))
    return;
  write_hop_counts(counted, option_at(walk.packet.bytes(), walk.received.options.traceroute));
}

// RFC 1393 section 3.3: "cannot be forwarded", whatever the reason; beside the error. What is
// discarded in silence stays so, and of a return packet the originator is not told.
void Node::trace_discarded(const Walk& walk) {
  const auto option = traced(walk.received.ip);
  if (!option || !option->is_outbound() || !is_passing(walk.received)) return;
  static_cast<void>(tell_originator(
      {.code = TracerouteCode::no_route, .option = option->one_hop_further()}, walk));
}

// The option if it is to be processed, also where others are so wrong that they have not been read.
std::optional<TracerouteOption> Node::traced(const Ipv4HeaderView& ip) const {
  if (config_.options.of(OptionType::traceroute) != OptionAction::process) return std::nullopt;
  OptionReader reader{ip};
  while (const auto option = reader.next()) {
    const bool whole = option->bytes.size() == kTracerouteOption;
    if (option->type == OptionType::traceroute && whole) {
      return read_traceroute_option(option->bytes);
    }
  }
  return std::nullopt;
}

// Was it to be forwarded? RFC 1393 section 3.2: the destination sends no messages.
bool Node::is_passing(const Received& received) const {
  const Ipv4Address to = received.ip.destination();
  if (nat_ && goes_inside(received)) return true;
  if (!routes_.is_local(to)) return config_.kind == NodeKind::router && !is_group(to);
  return received.options.source_route != 0 && !route_ahead(received).used_up();
}

// RFC 1393 section 3.3: with the TOS and precedence of the packet, and without its option.
bool Node::tell_originator(const TracerouteReport& report, const Walk& walk) try {
  const IcmpPolicy& policy = config_.icmp;
  constexpr auto kType = static_cast<std::size_t>(IcmpType::traceroute);
  const Ipv4Address to = report.option.originator;
  if (policy.silent[kType] || !is_unicast(to) || routes_.is_local(to)) return false;
  const auto tos = static_cast<std::uint8_t>(walk.received.ip.tos() & ~kEcnMask);
  const auto hop = hop_toward(to, walk.received.arrival.now, tos);
  if (!hop) return false;
  const Instant now = walk.received.arrival.now;
  if (limiter_.take(IcmpType::traceroute, to, now, random_) != NotTold::told) return false;
  const Ipv4Header header{.source = interfaces_[hop->out].toward(hop->address).address,
                          .destination = to,
                          .tos = tos,
                          .ttl = policy.ttl,
                          .protocol = static_cast<std::uint8_t>(IpProtocol::icmp),
                          .id = next_id(),
                          .dont_fragment = false,
                          .options = {}};
  Packet packet = pool_.acquire(kIpv4MinHeader + kTracerouteMessage);
  write_traceroute(report, packet.bytes().subspan(kIpv4MinHeader));
  write_ipv4_header(header, packet.bytes());
  if (!send_made(std::move(packet), *hop, now, walk.out)) return false;
  counters_.count_icmp_out(IcmpType::traceroute);
  return true;
} catch (const std::bad_alloc&) {
  return false;  // a courtesy, as an error is
}

}  // namespace hop
