#pragma once
// The closed catalogue of reasons to drop a packet. Every discard names one, and it is counted.

#include <cstdint>
#include <string_view>

#include "stack/base/mib.hpp"

namespace hop {

enum class DropReason : std::uint8_t {
  none,
  // The header (RFC 1812 section 5.2.2).
  ipv4_truncated,
  ipv4_bad_version,
  ipv4_bad_header_length,
  ipv4_bad_total_length,
  ipv4_incomplete,
  ipv4_bad_checksum,
  // Addresses that may not be (RFC 1812 section 5.3.7, RFC 1122 section 3.2.1.3).
  source_zero_net,
  source_loopback,
  source_multicast,
  source_class_e,
  source_broadcast,
  source_own_address,
  source_by_wrong_way,
  destination_zero_net,
  destination_loopback,
  destination_class_e,
  destination_network_address,
  destination_of_other_interface,
  directed_broadcast_refused,
  // Options.
  option_bad_length,
  option_bad_pointer,
  option_bad_value,
  option_no_room,
  option_repeated,
  option_missing,
  option_not_permitted,
  source_route_refused,
  source_route_failed,
  strict_route_elsewhere,
  // Forwarding.
  filtered,
  interface_does_not_forward,
  precedence_cut_off,
  not_for_this_host,
  link_broadcast_of_unicast,
  link_local_not_forwarded,
  no_route,
  no_route_for_tos,
  route_rejects,
  route_blackhole,
  label_stack_malformed,
  label_unknown,
  ttl_expired,
  hidden_hops,
  frag_needed,
  host_unreachable,
  queue_full,
  // Address translation.
  nat_no_mapping,
  nat_filtered,
  nat_exhausted,
  nat_table_full,
  nat_error_dropped,
  // Fragments.
  fragment_bad_length,
  fragment_beyond_maximum,
  fragment_beyond_end,
  fragment_overlap,
  fragment_too_many,
  fragment_tiny,
  fragment_ecn_mixed,
  // Local delivery.
  protocol_unreachable,
  port_unreachable,
  group_not_joined,
  icmp_truncated,
  icmp_bad_checksum,
  icmp_unknown_type,
  icmp_unknown_code,
  icmp_not_answered,
  icmp_to_group,
  router_discovery_invalid,
  icmp_bad_quote,
  icmp_illegal_extension,
  icmp_not_ours,
  icmp_no_endpoint,
  udp_truncated,
  udp_bad_length,
  udp_bad_checksum,
  tcp_truncated,
  tcp_bad_checksum,
  tcp_reset_to_closed,
  reply_not_routable,
  reply_rate_limited,
  // Everywhere.
  out_of_memory,
  count_,  ///< how many there are; not a reason
};

/// One row of the catalogue.
struct DropRow {
  DropReason id;
  std::string_view name;    ///< as in counters and output, "ttl-expired"
  Mib mib;                  ///< the standard counter it also counts in
  std::string_view source;  ///< where the rule comes from
};

[[nodiscard]] const DropRow& row(DropReason why);
[[nodiscard]] inline std::string_view name(DropReason why) { return row(why).name; }

}  // namespace hop
