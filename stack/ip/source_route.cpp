#include "stack/ip/source_route.hpp"

#include "stack/ip/record_options.hpp"

namespace hop {

Ipv4Address SourceRoute::next() const {
  return Ipv4Address{load_be<std::uint32_t>(bytes, pointer - 1U)};
}

SourceRoute source_route_of(const Ipv4HeaderView& header, const Options& options) {
  const Bytes option = option_at(header.header(), options.source_route);
  const auto type = static_cast<OptionType>(byte_at(option, 0));
  return {.strict = type == OptionType::strict_source_route,
          .offset = options.source_route,
          .pointer = byte_at(option, kOptionPointerOffset),
          .bytes = option};
}

void advance_source_route(MutBytes header, const SourceRoute& ahead, Ipv4Address own) {
  store_be<std::uint32_t>(header, kDestinationOffset, ahead.next().value);
  const MutBytes option = option_at(header, ahead.offset);
  while (byte_at(option, kOptionPointerOffset) <= ahead.pointer) fill_slot(option, own.value);
}

}  // namespace hop
