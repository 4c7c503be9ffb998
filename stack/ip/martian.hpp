#pragma once
// Addresses that a packet from a link may not have (RFC 1812 section 5.3.7, RFC 1122 section
// 3.2.1.3). Broadcast addresses of attached subnets and the node's own addresses are the routing
// table's to know.

#include "stack/base/drop_reason.hpp"
#include "stack/wire/ipv4_address.hpp"

namespace hop {

/// Whose rules: Linux takes 0.0.0.0/8 (except 0.0.0.0) and 240.0.0.0/4 for ordinary unicast.
enum class MartianRules : std::uint8_t { rfc1812, linux_like };

/// Why `source` may not be the source of a packet, or none.
[[nodiscard]] constexpr DropReason source_fault(Ipv4Address source, MartianRules rules) {
  if (source.is_ordinary()) return DropReason::none;
  const bool strict = rules == MartianRules::rfc1812;
  if (source.is_zero_net() && (strict || source.value == 0)) return DropReason::source_zero_net;
  if (source.is_loopback()) return DropReason::source_loopback;
  if (source.is_multicast()) return DropReason::source_multicast;
  if (source.is_limited_broadcast()) return DropReason::source_broadcast;
  if (strict && source.is_class_e()) return DropReason::source_class_e;
  return DropReason::none;
}

/// Why `destination` may not be the destination of a packet, or none.
[[nodiscard]] constexpr DropReason destination_fault(Ipv4Address destination, MartianRules rules) {
  if (destination.is_ordinary()) return DropReason::none;
  const bool strict = rules == MartianRules::rfc1812;
  if (destination.is_zero_net() && (strict || destination.value == 0)) {
    return DropReason::destination_zero_net;
  }
  if (destination.is_loopback()) return DropReason::destination_loopback;
  if (strict && destination.is_class_e()) return DropReason::destination_class_e;
  return DropReason::none;
}

}  // namespace hop
