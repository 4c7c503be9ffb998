// What a host does otherwise than a router: RFC 1122 sections 3.1, 3.2.1.3 and 3.3.4.2.

#include <fmt/format.h>

#include "tools/conform/cases/kit.hpp"

namespace hop::conform {

void add_host_cases(Kit& kit) {
  const Address elsewhere{0xcb007105};  // 203.0.113.5
  const std::pair<const char*, Datagram> strangers[] = {
      {"udp", kit.udp_to(elsewhere)},
      {"echo", kit.echo_to(elsewhere)},
      {"ttl-1", kit.udp_to(elsewhere).ttl(1)},
      {"neighbour", kit.udp_to(kit.s.host(Side::a, 80))},
      {"bad-option", kit.udp_to(elsewhere).options({1, 1, 1, 1})},
      {"large-df", kit.udp_to(elsewhere, 1400).df()},
  };
  for (const auto& [name, packet] : strangers) {
    kit.add({.id = fmt::format("host.not-addressed-{}", name),
             .clause = "RFC 1122 3.2.1.3",
             .level = Level::must,
             .rule = "a host discards in silence what is not for it",
             .inputs = Kit::one(packet),
             .expected = silence(),
             .needs = {"host"}});
  }
  const Datagram udp = kit.udp_to(kit.self());
  kit.add({.id = "host.error-source",
           .clause = "RFC 1122 3.3.4.2",
           .level = Level::should,
           .rule = "an answer comes from the address that was asked",
           .inputs = Kit::one(udp),
           .expected = exactly({told(Side::a, udp.bytes(), 3, 3, {comes_from({kit.self()})})}),
           .needs = {"host"}});
}

}  // namespace hop::conform
