#include "stack/ip/options.hpp"

namespace hop {
namespace {

constexpr std::size_t kSlot = 4;  // bytes of an address or a timestamp
constexpr std::uint8_t kOverflowMax = 15;

using Check = std::optional<OptionFault>;  // what is wrong, if anything

OptionFault fault(DropReason why, const OptionView& option, std::size_t at = 0) {
  return {why, static_cast<std::uint8_t>(option.offset + at)};
}

// An option may appear at most once (RFC 791 section 3.1); a second source route of either kind
// is pointed at (RFC 1812 section 5.2.4.1).
Check check_once(std::uint8_t& place, const OptionView& option, Check (*check)(const OptionView&)) {
  if (place != 0) return fault(DropReason::option_repeated, option);
  place = option.offset;
  return check(option);
}

// Record route and source routes: a pointer from 4, and room for whole addresses behind it.
Check check_route(const OptionView& option) {
  const std::size_t length = option.bytes.size();
  if (length < kOptionDataOffset) return fault(DropReason::option_bad_length, option);
  const std::size_t pointer = option.pointer();
  if (pointer < kRoutePointerMin) {
    return fault(DropReason::option_bad_pointer, option, kOptionPointerOffset);
  }
  if (pointer <= length && pointer - 1 + kSlot > length) {
    return fault(DropReason::option_no_room, option, kOptionPointerOffset);
  }
  return {};
}

std::size_t timestamp_slot(std::uint8_t flag) {
  return flag == static_cast<std::uint8_t>(TimestampFlag::timestamps_only) ? kSlot : 2 * kSlot;
}

Check check_timestamp(const OptionView& option) {
  const std::size_t length = option.bytes.size();
  if (length < kTimestampDataOffset) return fault(DropReason::option_bad_length, option);
  if (option.pointer() < kTimestampPointerMin) {
    return fault(DropReason::option_bad_pointer, option, kOptionPointerOffset);
  }
  const std::uint8_t flags = byte_at(option.bytes, kTimestampFlagsOffset);
  const auto flag = static_cast<std::uint8_t>(flags & 0x0fU);
  if (flag != 0 && flag != 1 && flag != 3) {
    return fault(DropReason::option_bad_value, option, kTimestampFlagsOffset);
  }
  const std::size_t pointer = option.pointer();
  if (pointer > length) {
    const bool overflows = flags >> 4U == kOverflowMax;
    if (!overflows) return {};
    return fault(DropReason::option_no_room, option, kTimestampFlagsOffset);
  }
  if (pointer - 1 + timestamp_slot(flag) > length) {
    return fault(DropReason::option_no_room, option, kOptionPointerOffset);
  }
  return {};
}

Check check_one(const OptionView& option, Options& found) {
  switch (option.type) {
    case OptionType::loose_source_route:
    case OptionType::strict_source_route:
      return check_once(found.source_route, option, check_route);
    case OptionType::record_route:
      return check_once(found.record_route, option, check_route);
    case OptionType::timestamp:
      return check_once(found.timestamp, option, check_timestamp);
    case OptionType::router_alert:
      // RFC 2113 section 2.2: unrecognized values are silently ignored, so only the length counts.
      if (option.bytes.size() != 4) return fault(DropReason::option_bad_length, option);
      found.router_alert = option.offset;
      return {};
    case OptionType::end_of_list:
    case OptionType::no_operation:
    case OptionType::traceroute:
    case OptionType::security:
    case OptionType::extended_security:
    case OptionType::stream_id:
      break;
  }
  return {};  // RFC 1122 section 3.2.1.8, RFC 1812 section 5.3.13.1: others are ignored and kept
}

MutBytes option_at(MutBytes header, std::uint8_t offset) {
  return header.subspan(offset, byte_at(header, offset + kOptionLengthOffset));
}
Bytes option_at(Bytes header, std::uint8_t offset) {
  return header.subspan(offset, byte_at(header, offset + kOptionLengthOffset));
}

// Writes into the slot that the option's pointer shows, which the caller knows to be there, and
// moves the pointer behind it.
void fill_slot(MutBytes option, std::uint32_t value) {
  const std::uint8_t pointer = byte_at(option, kOptionPointerOffset);
  store_be<std::uint32_t>(option, pointer - 1U, value);
  store_be<std::uint8_t>(option, kOptionPointerOffset, static_cast<std::uint8_t>(pointer + kSlot));
}

bool is_full(Bytes option) { return byte_at(option, kOptionPointerOffset) > option.size(); }

void count_overflow(MutBytes option) {
  const std::uint8_t flags = byte_at(option, kTimestampFlagsOffset);
  store_be<std::uint8_t>(option, kTimestampFlagsOffset, static_cast<std::uint8_t>(flags + 0x10U));
}

void update_timestamp(MutBytes option, const OptionStamp& stamp) {
  if (is_full(option)) return count_overflow(option);
  const auto flag = static_cast<TimestampFlag>(byte_at(option, kTimestampFlagsOffset) & 0x0fU);
  if (flag == TimestampFlag::with_addresses) fill_slot(option, stamp.address.value);
  if (flag == TimestampFlag::prespecified) {
    const std::size_t at = byte_at(option, kOptionPointerOffset) - 1U;
    const Ipv4Address wanted{load_be<std::uint32_t>(option, at)};
    // RFC 1812 section 5.3.13.6: any address of the router counts.
    if (!stamp.addresses.is_local(wanted)) return;
    fill_slot(option, wanted.value);
  }
  fill_slot(option, milliseconds_since_midnight(stamp.now));
}

// Puts options one after another into a reply's storage.
class ReplyWriter {
 public:
  explicit ReplyWriter(ReplyOptions& reply) : reply_(reply) {}

  MutBytes append(Bytes option) {
    const MutBytes place = MutBytes{reply_.storage}.subspan(reply_.size, option.size());
    copy_bytes(option, place);
    reply_.size += option.size();
    return place;
  }
  // The storage is zero, which is the end of list.
  void pad() { reply_.size = (reply_.size + 3) / 4 * 4; }

 private:
  ReplyOptions& reply_;
};

Ipv4Address slot_at(Bytes slots, std::size_t at) {
  return Ipv4Address{load_be<std::uint32_t>(slots, at)};
}

// The addresses before the pointer are the routers that the packet went through, by the address
// that each sends it on from. A source that recorded itself first is not one of them (RFC 1122
// section 3.2.1.8 (c), case (B)), nor is the destination, which records itself where the route
// names it twice.
Bytes recorded_routers(const SourceRoute& route, const Ipv4HeaderView& header) {
  const std::size_t used = std::min<std::size_t>(route.pointer - 1U, route.bytes.size());
  Bytes slots = route.bytes.subspan(kOptionDataOffset, used - kOptionDataOffset);
  slots = slots.first(slots.size() / kSlot * kSlot);
  if (!slots.empty() && slot_at(slots, 0) == header.source()) slots = slots.subspan(kSlot);
  while (!slots.empty() && slot_at(slots, slots.size() - kSlot) == header.destination()) {
    slots = slots.first(slots.size() - kSlot);
  }
  return slots;
}

// Back: to the last router first, then through the others, then to the source.
void append_reversed(ReplyWriter& writer, ReplyOptions& reply, const Ipv4HeaderView& header,
                     const Options& options) {
  const SourceRoute route = source_route_of(header, options);
  const Bytes routers = recorded_routers(route, header);
  if (routers.empty()) return;
  const MutBytes back = writer.append(route.bytes.first(kOptionDataOffset + routers.size()));
  store_be<std::uint8_t>(back, kOptionLengthOffset, static_cast<std::uint8_t>(back.size()));
  store_be<std::uint8_t>(back, kOptionPointerOffset, kRoutePointerMin);
  std::size_t at = routers.size() - kSlot;
  reply.first_hop = slot_at(routers, at);
  std::size_t to = kOptionDataOffset;
  for (; at > 0; to += kSlot) {
    at -= kSlot;
    store_be<std::uint32_t>(back, to, slot_at(routers, at).value);
  }
  store_be<std::uint32_t>(back, to, header.source().value);
}

}  // namespace

std::expected<Options, OptionFault> check_options(const Ipv4HeaderView& header) {
  Options found;
  OptionReader reader{header};
  while (const auto option = reader.next()) {
    if (const Check bad = check_one(*option, found)) return std::unexpected(*bad);
  }
  if (const auto bad = reader.bad_offset()) {
    return std::unexpected(OptionFault{DropReason::option_bad_length, *bad});
  }
  return found;
}

Ipv4Address SourceRoute::next() const {
  return slot_at(bytes, pointer - 1U);
}

SourceRoute source_route_of(const Ipv4HeaderView& header, const Options& options) {
  const Bytes option = option_at(header.header(), options.source_route);
  const auto type = static_cast<OptionType>(byte_at(option, 0));
  return {.strict = type == OptionType::strict_source_route,
          .offset = options.source_route,
          .pointer = byte_at(option, kOptionPointerOffset),
          .bytes = option};
}

void advance_source_route(MutBytes header, const Options& options, Ipv4Address own) {
  const MutBytes option = option_at(header, options.source_route);
  const std::size_t at = byte_at(option, kOptionPointerOffset) - 1U;
  store_be<std::uint32_t>(header, kDestinationOffset, load_be<std::uint32_t>(option, at));
  fill_slot(option, own.value);
}

void update_options(MutBytes header, const Options& options, const OptionStamp& stamp) {
  if (options.record_route != 0) {
    const MutBytes option = option_at(header, options.record_route);
    if (!is_full(option)) fill_slot(option, stamp.address.value);
  }
  if (options.timestamp != 0) update_timestamp(option_at(header, options.timestamp), stamp);
}

ReplyOptions reversed_route(const Ipv4HeaderView& header, const Options& options) {
  ReplyOptions reply;
  ReplyWriter writer{reply};
  if (options.source_route != 0) append_reversed(writer, reply, header, options);
  writer.pad();
  return reply;
}

ReplyOptions reply_options(const Ipv4HeaderView& header, const Options& options,
                           const OptionStamp& stamp) {
  ReplyOptions reply;
  ReplyWriter writer{reply};
  if (options.source_route != 0) append_reversed(writer, reply, header, options);
  if (options.record_route != 0) {
    const MutBytes copy = writer.append(option_at(header.header(), options.record_route));
    if (!is_full(copy)) fill_slot(copy, stamp.address.value);
  }
  if (options.timestamp != 0) {
    update_timestamp(writer.append(option_at(header.header(), options.timestamp)), stamp);
  }
  writer.pad();
  return reply;
}

}  // namespace hop
