#include "tools/conform/cases/kit.hpp"

#include <algorithm>

namespace hop::conform {

namespace {
constexpr unsigned kSourcePort = 40000;
}

Address Kit::somebody() {
  constexpr std::uint32_t kFirst = 120, kCount = 120;
  return s.host(Side::a, kFirst + host_++ % kCount);
}

Datagram Kit::udp_from(Address from, Address to, std::size_t size) {
  return Datagram(from, to, kUdp, udp(from, to, kSourcePort, s.closed_port, pattern(size)))
      .id(next_id());
}

Datagram Kit::udp_to(Address to, std::size_t size) { return udp_from(prober(), to, size); }

Datagram Kit::icmp_to(Address to, const Octets& message) {
  return Datagram(prober(), to, kIcmp, message).id(next_id());
}

Datagram Kit::echo_to(Address to, std::size_t size) {
  return icmp_to(to, icmp(8, 0, 0x12340001, pattern(size)));
}

Datagram Kit::tcp_to(Address to, unsigned flags) {
  const Octets segment = tcp(prober(), to, kSourcePort, s.closed_port, flags, 0x11223344,
                             (flags & kAck) != 0 ? 0x55667788 : 0);
  return Datagram(prober(), to, kTcp, segment).id(next_id());
}

Datagram Kit::protocol_to(Address to, unsigned protocol, std::size_t size) {
  return Datagram(prober(), to, static_cast<std::uint8_t>(protocol), pattern(size)).id(next_id());
}

Octets Kit::error_message(unsigned type, Address supposed_sender) const {
  const Datagram quoted(supposed_sender, prober(), kUdp,
                        udp(supposed_sender, prober(), 5000, 5001, {}));
  return icmp(type, 0, 0, quoted.bytes());
}

Datagram piece(const Datagram& whole, std::size_t offset, std::size_t length) {
  const Octets& all = whole.payload_bytes();
  const std::size_t end = std::min(offset + length, all.size());
  Octets part(all.begin() + static_cast<std::ptrdiff_t>(offset),
              all.begin() + static_cast<std::ptrdiff_t>(end));
  return whole.payload(std::move(part)).fragment(offset, end < all.size());
}

std::string_view name(Level level) {
  switch (level) {
    case Level::must:
      return "MUST";
    case Level::should:
      return "SHOULD";
    case Level::may:
      return "MAY";
    case Level::policy:
      return "policy";
  }
  return "";
}

namespace {

/// What RFC 1812 alone asks is asked of routers: "Requirements for IP Version 4 Routers".
bool is_for_routers(const Case& one) {
  constexpr std::string_view kRfc = "RFC ", k1812 = "RFC 1812";
  const std::string_view clause = one.clause;
  for (auto at = clause.find(kRfc); at != std::string_view::npos; at = clause.find(kRfc, at + 1)) {
    if (!clause.substr(at).starts_with(k1812)) return false;
  }
  return std::ranges::count(one.needs, "router") + std::ranges::count(one.needs, "host") == 0;
}

}  // namespace

std::vector<Case> all_cases(const Scenario& scenario) {
  std::vector<Case> cases;
  Kit kit(scenario, cases);
  for (const auto add : {add_header_cases,
                         add_ttl_cases,
                         add_forwarding_cases,
                         add_tos_route_cases,
                         add_filter_cases,
                         add_martian_cases,
                         add_broadcast_cases,
                         add_echo_cases,
                         add_query_cases,
                         add_extended_echo_cases,
                         add_extended_echo_reply_cases,
                         add_error_cases,
                         add_extension_cases,
                         add_veto_cases,
                         add_option_cases,
                         add_bad_option_cases,
                         add_source_route_cases,
                         add_traceroute_option_cases,
                         add_fragmentation_cases,
                         add_reassembly_cases,
                         add_transport_cases,
                         add_redirect_cases,
                         add_host_cases,
                         add_robustness_cases,
                         add_timer_cases,
                         add_router_discovery_cases}) {
    add(kit);
  }
  for (Case& one : cases) {
    if (is_for_routers(one)) one.needs.emplace_back("router");
  }
  return cases;
}

}  // namespace hop::conform
