#pragma once
// What the files of cases share: packets of the scenario, and where cases go.

#include <initializer_list>

#include "tools/conform/expect.hpp"

namespace hop::conform {

using Needs = std::vector<std::string_view>;

/// Collects cases and makes their packets. Each packet has an identification of its own, so that
/// fragments left over by one case do not meet those of another.
class Kit {
 public:
  Kit(const Scenario& scenario, std::vector<Case>& cases) : s(scenario), cases_(cases) {}

  void add(Case one) { cases_.push_back(std::move(one)); }

  /// Where most packets come from: a host on a.
  [[nodiscard]] Address prober() const { return s.host(Side::a); }
  /// Another host on a each time: a router may limit how many errors one host gets.
  [[nodiscard]] Address somebody();
  /// Where most packets are forwarded to: a host on b.
  [[nodiscard]] Address target() const { return s.host(Side::b); }
  /// The system itself, on a.
  [[nodiscard]] Address self() const { return s.sut(Side::a); }
  [[nodiscard]] static Seen on(Side side, const Datagram& d) { return {side, d.bytes()}; }
  [[nodiscard]] static std::vector<Seen> one(const Datagram& d) { return {on(Side::a, d)}; }

  /// UDP from the prober to a port where nobody listens.
  [[nodiscard]] Datagram udp_to(Address to, std::size_t size = 32);
  [[nodiscard]] Datagram udp_from(Address from, Address to, std::size_t size = 32);
  [[nodiscard]] Datagram echo_to(Address to, std::size_t size = 56);
  [[nodiscard]] Datagram tcp_to(Address to, unsigned flags = kSyn);
  [[nodiscard]] Datagram icmp_to(Address to, const Octets& message);
  [[nodiscard]] Datagram protocol_to(Address to, unsigned protocol, std::size_t size = 32);
  /// An ICMP message of a type that quotes a packet which the receiver might have sent.
  [[nodiscard]] Octets error_message(unsigned type, Address supposed_sender) const;

  const Scenario& s;

 private:
  [[nodiscard]] unsigned next_id() { return ++id_; }

  std::vector<Case>& cases_;
  unsigned id_ = 0x4000;
  std::uint32_t host_ = 0;
};

/// A piece of a datagram: bytes `offset` to `offset + length` of its payload.
[[nodiscard]] Datagram piece(const Datagram& whole, std::size_t offset, std::size_t length);

// One function a file.
void add_header_cases(Kit& kit);
void add_ttl_cases(Kit& kit);
void add_forwarding_cases(Kit& kit);
void add_tos_route_cases(Kit& kit);
void add_filter_cases(Kit& kit);
void add_martian_cases(Kit& kit);
void add_broadcast_cases(Kit& kit);
void add_echo_cases(Kit& kit);
void add_query_cases(Kit& kit);
void add_extended_echo_cases(Kit& kit);
void add_extended_echo_reply_cases(Kit& kit);
void add_error_cases(Kit& kit);
void add_extension_cases(Kit& kit);
void add_veto_cases(Kit& kit);
void add_option_cases(Kit& kit);
void add_bad_option_cases(Kit& kit);
void add_source_route_cases(Kit& kit);
void add_traceroute_option_cases(Kit& kit);
void add_fragmentation_cases(Kit& kit);
void add_reassembly_cases(Kit& kit);
void add_transport_cases(Kit& kit);
void add_redirect_cases(Kit& kit);
void add_host_cases(Kit& kit);
void add_robustness_cases(Kit& kit);
void add_timer_cases(Kit& kit);
void add_router_discovery_cases(Kit& kit);

}  // namespace hop::conform
