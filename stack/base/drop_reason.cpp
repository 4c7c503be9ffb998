#include "stack/base/drop_reason.hpp"

#include <array>
#include <utility>

namespace hop {
namespace {

using enum DropReason;
using enum Mib;

constexpr std::array kRows{
    DropRow{none, "none", no_counter, ""},
    DropRow{ipv4_truncated, "ipv4-truncated", ip_in_truncated_pkts, "RFC 1812 section 5.2.2 (1)"},
    DropRow{ipv4_bad_version, "ipv4-bad-version", ip_in_hdr_errors, "RFC 1812 section 5.2.2 (3)"},
    DropRow{ipv4_bad_header_length, "ipv4-bad-header-length", ip_in_hdr_errors,
            "RFC 1812 section 5.2.2 (4)"},
    DropRow{ipv4_bad_total_length, "ipv4-bad-total-length", ip_in_hdr_errors,
            "RFC 1812 section 5.2.2 (5)"},
    DropRow{ipv4_incomplete, "ipv4-incomplete", ip_in_truncated_pkts, "RFC 1812 section 5.2.2"},
    DropRow{ipv4_bad_checksum, "ipv4-bad-checksum", ip_in_csum_errors,
            "RFC 1812 section 5.2.2 (2)"},
    DropRow{source_zero_net, "source-zero-net", ip_in_addr_errors, "RFC 1812 section 5.3.7"},
    DropRow{source_loopback, "source-loopback", ip_in_addr_errors, "RFC 1812 section 5.3.7"},
    DropRow{source_multicast, "source-multicast", ip_in_addr_errors, "RFC 1122 section 3.2.1.3"},
    DropRow{source_class_e, "source-class-e", ip_in_addr_errors, "RFC 1812 section 5.3.7"},
    DropRow{source_broadcast, "source-broadcast", ip_in_addr_errors, "RFC 1122 section 3.2.1.3"},
    DropRow{source_own_address, "source-own-address", ip_in_addr_errors,
            "RFC 1122 section 3.2.1.3"},
    DropRow{source_by_wrong_way, "source-by-wrong-way", ip_in_discards,
            "RFC 1812 section 5.3.8, RFC 3704"},
    DropRow{destination_zero_net, "destination-zero-net", ip_in_addr_errors,
            "RFC 1812 section 5.3.7"},
    DropRow{destination_loopback, "destination-loopback", ip_in_addr_errors,
            "RFC 1812 section 5.3.7"},
    DropRow{destination_class_e, "destination-class-e", ip_in_addr_errors,
            "RFC 1812 section 5.3.7"},
    DropRow{destination_network_address, "destination-network-address", ip_in_addr_errors,
            "RFC 1812 section 4.2.3.1"},
    DropRow{destination_of_other_interface, "destination-of-other-interface", ip_in_addr_errors,
            "RFC 1122 section 3.3.4.2"},
    DropRow{directed_broadcast_refused, "directed-broadcast-refused", ip_in_addr_errors,
            "RFC 2644 section 3"},
    DropRow{option_bad_length, "option-bad-length", ip_in_hdr_errors, "RFC 791 section 3.1"},
    DropRow{option_bad_pointer, "option-bad-pointer", ip_in_hdr_errors, "RFC 791 section 3.1"},
    DropRow{option_bad_value, "option-bad-value", ip_in_hdr_errors, "RFC 791 section 3.1"},
    DropRow{option_no_room, "option-no-room", ip_in_hdr_errors, "RFC 791 section 3.1"},
    DropRow{option_repeated, "option-repeated", ip_in_hdr_errors, "RFC 1812 section 5.2.4.1"},
    DropRow{option_missing, "option-missing", ip_in_hdr_errors, "RFC 1108 section 2.8.1"},
    DropRow{option_not_permitted, "option-not-permitted", ip_in_discards, "RFC 7126"},
    DropRow{source_route_refused, "source-route-refused", ip_in_addr_errors,
            "RFC 7126 section 4.3"},
    DropRow{source_route_failed, "source-route-failed", ip_in_no_routes,
            "RFC 1812 section 5.2.7.1"},
    DropRow{strict_route_elsewhere, "strict-route-elsewhere", ip_in_addr_errors,
            "RFC 1812 section 5.2.2"},
    DropRow{filtered, "filtered", ip_in_discards, "RFC 1812 section 5.3.9"},
    DropRow{interface_does_not_forward, "interface-does-not-forward", ip_in_discards,
            "RFC 1812 section 5.3.11"},
    DropRow{precedence_cut_off, "precedence-cut-off", ip_in_discards, "RFC 1812 section 5.3.3.3"},
    DropRow{not_for_this_host, "not-for-this-host", ip_in_addr_errors, "RFC 1122 section 3.2.1.3"},
    DropRow{link_broadcast_of_unicast, "link-broadcast-of-unicast", ip_in_discards,
            "RFC 1122 section 3.3.6, RFC 1812 section 5.3.4"},
    DropRow{link_local_not_forwarded, "link-local-not-forwarded", ip_in_addr_errors,
            "RFC 3927 section 2.7"},
    DropRow{no_route, "no-route", ip_in_no_routes, "RFC 1812 section 4.3.3.1"},
    DropRow{no_route_for_tos, "no-route-for-tos", ip_in_no_routes, "RFC 1812 section 4.3.3.1"},
    DropRow{route_rejects, "route-rejects", ip_in_no_routes, "RFC 1812 section 5.2.7.1"},
    DropRow{route_blackhole, "route-blackhole", ip_in_discards, "ip-route(8)"},
    DropRow{label_stack_malformed, "label-stack-malformed", ip_in_discards,
            "RFC 4950 section 5: S is set in the last entry"},
    DropRow{label_unknown, "label-unknown", ip_in_discards, "no tunnel has this label here"},
    DropRow{ttl_expired, "ttl-expired", ip_in_hdr_errors, "RFC 1812 section 5.3.1"},
    DropRow{hidden_hops, "hidden-hops", ip_in_discards, "255 routers that leave the TTL as it is"},
    DropRow{frag_needed, "frag-needed", ip_frag_fails, "RFC 1191 section 4"},
    DropRow{host_unreachable, "host-unreachable", ip_out_discards, "RFC 1812 section 4.3.3.1"},
    DropRow{queue_full, "queue-full", ip_out_discards, "RFC 1812 section 5.3.6"},
    DropRow{nat_no_mapping, "nat-no-mapping", ip_in_discards, "RFC 5508 REQ-4 and REQ-5"},
    DropRow{nat_filtered, "nat-filtered", ip_in_discards, "RFC 4787 section 5"},
    DropRow{nat_exhausted, "nat-exhausted", ip_in_discards, "RFC 5508 REQ-8: no port is free"},
    DropRow{nat_table_full, "nat-table-full", ip_in_discards, "RFC 5508 REQ-8"},
    DropRow{nat_error_dropped, "nat-error-dropped", ip_in_discards, "nat: { errors: drop }"},
    DropRow{fragment_bad_length, "fragment-bad-length", ip_reasm_fails, "RFC 791 section 3.2"},
    DropRow{fragment_beyond_maximum, "fragment-beyond-maximum", ip_reasm_fails,
            "RFC 791 section 3.1"},
    DropRow{fragment_beyond_end, "fragment-beyond-end", ip_reasm_fails, "RFC 791 section 3.2"},
    DropRow{fragment_overlap, "fragment-overlap", ip_reasm_fails, "RFC 1858, RFC 5722"},
    DropRow{fragment_too_many, "fragment-too-many", ip_reasm_fails, "CVE-2018-5391"},
    DropRow{fragment_tiny, "fragment-tiny", ip_in_discards, "RFC 1858 section 3, RFC 3128"},
    DropRow{fragment_ecn_mixed, "fragment-ecn-mixed", ip_reasm_fails, "RFC 3168 section 5.3"},
    DropRow{protocol_unreachable, "protocol-unreachable", ip_in_unknown_protos,
            "RFC 1122 section 3.2.2.1"},
    DropRow{port_unreachable, "port-unreachable", udp_no_ports, "RFC 1122 section 4.1.3.1"},
    DropRow{group_not_joined, "group-not-joined", ip_in_addr_errors, "RFC 1122 section 3.2.1.3"},
    DropRow{icmp_truncated, "icmp-truncated", icmp_in_errors, "RFC 792"},
    DropRow{icmp_bad_checksum, "icmp-bad-checksum", icmp_in_csum_errors, "RFC 792"},
    DropRow{icmp_unknown_type, "icmp-unknown-type", icmp_in_errors, "RFC 1122 section 3.2.2"},
    DropRow{icmp_unknown_code, "icmp-unknown-code", icmp_in_errors, "RFC 792"},
    DropRow{icmp_not_answered, "icmp-not-answered", no_counter, "RFC 6918"},
    DropRow{icmp_to_group, "icmp-to-group", no_counter, "RFC 1122 section 3.2.2.6"},
    DropRow{router_discovery_invalid, "router-discovery-invalid", icmp_in_errors,
            "RFC 1256 sections 4.2 and 5.2"},
    DropRow{icmp_bad_quote, "icmp-bad-quote", icmp_in_errors, "RFC 792"},
    DropRow{icmp_illegal_extension, "icmp-illegal-extension", icmp_in_errors,
            "RFC 5837 section 4.5"},
    DropRow{icmp_not_ours, "icmp-not-ours", icmp_in_errors, "RFC 1122 section 3.2.2"},
    DropRow{icmp_no_endpoint, "icmp-no-endpoint", no_counter, "RFC 1122 section 3.2.2"},
    DropRow{udp_truncated, "udp-truncated", udp_in_errors, "RFC 768"},
    DropRow{udp_bad_length, "udp-bad-length", udp_in_errors, "RFC 768"},
    DropRow{udp_bad_checksum, "udp-bad-checksum", udp_in_csum_errors, "RFC 1122 section 4.1.3.4"},
    DropRow{tcp_truncated, "tcp-truncated", tcp_in_errs, "RFC 9293 section 3.1"},
    DropRow{tcp_bad_checksum, "tcp-bad-checksum", tcp_in_csum_errors, "RFC 9293 section 3.1"},
    DropRow{tcp_reset_to_closed, "tcp-reset-to-closed", no_counter, "RFC 9293 section 3.10.7.1"},
    DropRow{reply_not_routable, "reply-not-routable", ip_out_no_routes, "RFC 1812 section 4.3.3.1"},
    DropRow{reply_rate_limited, "reply-rate-limited", icmp_out_rate_limited,
            "RFC 1812 section 4.3.2.8"},
    DropRow{out_of_memory, "out-of-memory", ip_in_discards, "RFC 4293 (ipSystemStatsInDiscards)"},
};

consteval bool rows_are_in_order() {
  for (std::size_t i = 0; i < kRows.size(); ++i) {
    if (std::to_underlying(kRows[i].id) != i) return false;
  }
  return kRows.size() == std::to_underlying(DropReason::count_);
}
static_assert(rows_are_in_order(), "one row for each reason, in the order of the enumeration");

}  // namespace

const DropRow& row(DropReason why) { return kRows[std::to_underlying(why)]; }

}  // namespace hop
