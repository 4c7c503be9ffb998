// When no ICMP error may be sent: RFC 1122 section 3.2.2, RFC 1812 section 4.3.2.7.

#include <fmt/format.h>

#include "tools/conform/cases/causes.hpp"

namespace hop::conform {

namespace {

constexpr auto kClause = "RFC 1122 3.2.2, RFC 1812 4.3.2.7";

void add_silent(Kit& kit, const Cause& cause, const std::string& about, const Datagram& packet) {
  kit.add({.id = fmt::format("veto.{}-about-{}", cause.name, about),
           .clause = kClause,
           .level = Level::must,
           .rule = "no ICMP error as the result of such a packet",
           .inputs = Kit::one(packet),
           .expected = silence(),
           .needs = cause.needs});
}

/// Makes of the packet of a cause an ICMP message of the same size.
Datagram as_icmp(const Datagram& packet, Octets message) {
  if (message.size() < packet.payload_bytes().size()) {
    message.resize(packet.payload_bytes().size());
    put_u16(message, 2, 0);
    put_u16(message, 2, checksum(message));
  }
  return packet.protocol(kIcmp).payload(std::move(message));
}

void add_about_errors(Kit& kit, const Cause& cause) {
  for (const unsigned type : {3U, 4U, 5U, 11U, 12U}) {
    const Datagram packet = cause.packet(kit, 64);
    add_silent(kit, cause, fmt::format("icmp-error-{}", type),
               as_icmp(packet, kit.error_message(type, packet.destination())));
  }
  // RFC 1812 section 4.3.1: these are queries.
  for (const unsigned type : {0U, 8U, 13U, 14U}) {
    const Datagram packet = as_icmp(cause.packet(kit, 64), icmp(type, 0, 7, Octets(12)));
    kit.add({.id = fmt::format("veto.{}-not-about-icmp-query-{}", cause.name, type),
             .clause = cause.clause,
             .level = cause.level,
             .rule = "about an ICMP message that is no error the error is sent",
             .inputs = Kit::one(packet),
             .expected = exactly({told(Side::a, packet.bytes(), cause.type, cause.code)}),
             .needs = cause.needs});
  }
}

void add_about_sources(Kit& kit, const Cause& cause) {
  const std::pair<const char*, Address> sources[] = {
      {"zero", {0}},
      {"network-zero", {0x00010203}},
      {"loopback", {0x7f000001}},
      {"multicast", {0xe0000005}},
      {"limited-broadcast", {0xffffffff}},
      {"broadcast-of-a", kit.s.at(Side::a).subnet.last()},
  };
  for (const auto& [name, address] : sources) {
    add_silent(kit, cause, fmt::format("source-{}", name), cause.packet(kit, 64).from(address));
  }
}

}  // namespace

void add_veto_cases(Kit& kit) {
  for (const Cause& cause : causes()) {
    const bool local = cause.type == 3 && (cause.code == 2 || cause.code == 3);
    if (!local) {
      add_about_errors(kit, cause);
      add_silent(kit, cause, "later-fragment", cause.packet(kit, 64).fragment(800, false));
    }
    add_about_sources(kit, cause);
  }
}

}  // namespace hop::conform
