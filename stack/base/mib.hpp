#pragma once
// The standard counters that a node keeps, by the names that nstat(8) and RFC 4293 give them.

#include <cstdint>
#include <string_view>

namespace hop {

/// IP: RFC 4293, UDP: RFC 4113, TCP: RFC 4022, ICMP: RFC 4293; spelled as in /proc/net/snmp and
/// /proc/net/netstat with the group in front.
enum class Mib : std::uint8_t {
  no_counter,  ///< for drop reasons that have no standard counter
  ip_in_receives,
  ip_in_hdr_errors,
  ip_in_addr_errors,
  ip_in_unknown_protos,
  ip_in_discards,
  ip_in_delivers,
  ip_forw_datagrams,
  ip_out_requests,
  ip_out_discards,
  ip_out_no_routes,
  ip_reasm_timeout,
  ip_reasm_reqds,
  ip_reasm_oks,
  ip_reasm_fails,
  ip_frag_oks,
  ip_frag_fails,
  ip_frag_creates,
  ip_in_no_routes,
  ip_in_truncated_pkts,
  ip_in_csum_errors,
  icmp_in_msgs,
  icmp_in_errors,
  icmp_in_csum_errors,
  icmp_out_msgs,
  icmp_out_errors,
  icmp_out_rate_limited,
  icmp_out_peer_limited,
  udp_in_datagrams,
  udp_no_ports,
  udp_in_errors,
  udp_in_csum_errors,
  udp_out_datagrams,
  tcp_passive_opens,
  tcp_attempt_fails,
  tcp_estab_resets,
  tcp_in_segs,
  tcp_out_segs,
  tcp_retrans_segs,
  tcp_in_errs,
  tcp_in_csum_errors,
  tcp_out_rsts,
  counters_,  ///< how many there are; not a counter
};

/// "IpInReceives", "IpExtInNoRoutes", ...
[[nodiscard]] std::string_view name(Mib counter);

}  // namespace hop
