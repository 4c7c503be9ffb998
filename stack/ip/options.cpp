#include "stack/ip/options.hpp"

#include <utility>

#include "stack/ip/traceroute_option.hpp"

namespace hop {
namespace {

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
  if (pointer <= length && pointer - 1 + kOptionSlot > length) {
    return fault(DropReason::option_no_room, option, kOptionPointerOffset);
  }
  return {};
}

std::size_t timestamp_slot(std::uint8_t flag) {
  return flag == static_cast<std::uint8_t>(TimestampFlag::timestamps_only) ? kOptionSlot
                                                                           : 2 * kOptionSlot;
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

// RFC 2113 section 2.2: unrecognized values are silently ignored, so only the length counts.
Check check_router_alert(const OptionView& option, Options& found) {
  constexpr std::size_t kSize = 4, kValue = 2;
  if (option.bytes.size() != kSize) return fault(DropReason::option_bad_length, option);
  if (load_be<std::uint16_t>(option.bytes, kValue) == 0) found.router_alert = option.offset;
  return {};
}

// RFC 1393 section 2.2.
Check check_traceroute(const OptionView& option, Options& found) {
  if (option.bytes.size() != kTracerouteOption) return fault(DropReason::option_bad_length, option);
  found.traceroute = option.offset;
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
      return check_router_alert(option, found);
    case OptionType::traceroute:
      return check_traceroute(option, found);
    case OptionType::end_of_list:
    case OptionType::no_operation:
    case OptionType::security:
    case OptionType::extended_security:
    case OptionType::stream_id:
      break;
  }
  return {};  // RFC 1122 section 3.2.1.8, RFC 1812 section 5.3.13.1: others are ignored and kept
}

}  // namespace

void Options::forget_records(const OptionTypes& types) {
  if (types[std::to_underlying(OptionType::record_route)]) record_route = 0;
  if (types[std::to_underlying(OptionType::timestamp)]) timestamp = 0;
}

namespace {

bool is_source_route(OptionType type) {
  return type == OptionType::loose_source_route || type == OptionType::strict_source_route;
}

}  // namespace

bool has_source_route(const Ipv4HeaderView& header) {
  return has_option(header, OptionType::loose_source_route) ||
         has_option(header, OptionType::strict_source_route);
}

std::uint8_t sound_source_route(const Ipv4HeaderView& header) {
  std::uint8_t found = 0;
  OptionReader reader{header};
  while (const auto option = reader.next()) {
    if (is_source_route(option->type) && check_once(found, *option, check_route)) return 0;
  }
  return found;
}

bool is_in_source_route(const Ipv4HeaderView& header, std::size_t offset) {
  OptionReader reader{header};
  while (const auto option = reader.next()) {
    const bool within = option->offset <= offset && offset < option->offset + option->bytes.size();
    if (within && is_source_route(option->type)) return true;
  }
  return false;
}

std::expected<Options, OptionFault> check_options(const Ipv4HeaderView& header,
                                                  const OptionTypes& ignored) {
  Options found;
  OptionReader reader{header};
  while (const auto option = reader.next()) {
    if (ignored[std::to_underlying(option->type)]) continue;
    if (const Check bad = check_one(*option, found)) return std::unexpected(*bad);
  }
  if (const auto bad = reader.bad_offset()) {
    return std::unexpected(OptionFault{DropReason::option_bad_length, *bad});
  }
  return found;
}

}  // namespace hop
