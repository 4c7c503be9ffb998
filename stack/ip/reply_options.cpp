#include "stack/ip/reply_options.hpp"

#include <algorithm>

#include "stack/ip/source_route.hpp"
#include "stack/ip/traceroute_option.hpp"

namespace hop {
namespace {

Ipv4Address address_at(Bytes slots, std::size_t at) {
  return Ipv4Address{load_be<std::uint32_t>(slots, at)};
}

// The addresses before the pointer are the routers that the packet went through, by the address
// that each sends it on from. A source that recorded itself first is not one of them (RFC 1122
// section 3.2.1.8 (c), case (B)).
Bytes recorded_routers(const SourceRoute& route, Ipv4Address source) {
  const std::size_t used = std::min<std::size_t>(route.pointer - 1U, route.bytes.size());
  const Bytes slots = route.bytes.subspan(kOptionDataOffset, used - kOptionDataOffset);
  const Bytes whole = slots.first(slots.size() / kOptionSlot * kOptionSlot);
  const bool source_first = !whole.empty() && address_at(whole, 0) == source;
  return whole.subspan(source_first ? kOptionSlot : 0);
}

// RFC 1393 section 3.2: the answer to an outbound packet carries its option, with no return hops.
void add_traceroute(ReplyOptions& reply, Bytes option) {
  TracerouteOption trace = read_traceroute_option(option);
  if (!trace.is_outbound()) return;
  trace.return_hops = 0;
  write_hop_counts(trace, reply.append(option));
}

// A second record is made where there is room, and nothing overflows because of it.
void record_all(MutBytes option, std::span<const OptionStamp> stamps,
                void (*record)(MutBytes, const OptionStamp&)) {
  record(option, stamps.front());
  for (const OptionStamp& stamp : stamps.subspan(1)) {
    if (has_room(option)) record(option, stamp);
  }
}

}  // namespace

MutBytes ReplyOptions::append(Bytes option) {
  const MutBytes place = MutBytes{storage}.subspan(used, option.size());
  copy_bytes(option, place);
  used += option.size();
  return place;
}

// Back: to the last router first, then through the others, then to the source.
ReplyOptions reversed_route(const Ipv4HeaderView& header, const Options& options) {
  ReplyOptions reply;
  if (options.source_route == 0) return reply;
  const SourceRoute route = source_route_of(header, options);
  const Bytes routers = recorded_routers(route, header.source());
  if (routers.empty()) return reply;
  const MutBytes back = reply.append(route.bytes.first(kOptionDataOffset + routers.size()));
  store_be<std::uint8_t>(back, kOptionLengthOffset, static_cast<std::uint8_t>(back.size()));
  store_be<std::uint8_t>(back, kOptionPointerOffset, kRoutePointerMin);
  std::size_t at = routers.size() - kOptionSlot;
  reply.first_hop = address_at(routers, at);
  std::size_t to = kOptionDataOffset;
  for (; at > 0; to += kOptionSlot) {
    at -= kOptionSlot;
    store_be<std::uint32_t>(back, to, address_at(routers, at).value);
  }
  store_be<std::uint32_t>(back, to, header.source().value);
  return reply;
}

void add_records(ReplyOptions& reply, const Ipv4HeaderView& header, const Options& options,
                 std::span<const OptionStamp> stamps) {
  if (options.record_route != 0) {
    const MutBytes route = reply.append(option_at(header.header(), options.record_route));
    record_all(route, stamps, record_route);
  }
  if (options.timestamp != 0) {
    const MutBytes times = reply.append(option_at(header.header(), options.timestamp));
    record_all(times, stamps, record_time);
  }
  if (options.traceroute != 0) {
    add_traceroute(reply, option_at(header.header(), options.traceroute));
  }
}

}  // namespace hop
