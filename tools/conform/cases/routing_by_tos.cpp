// Routes for a type of service: RFC 1812 sections 5.2.4.3 (3) and 4.3.3.1. `causes` has the errors.

#include <fmt/format.h>

#include "tools/conform/cases/kit.hpp"

namespace hop::conform {

namespace {

constexpr unsigned kThroughput = 0x08;  // TOS 0100 (RFC 1349 section 4), as it stands in the byte

struct ByTos {
  const char* name;
  const char* route;
  const char* rule;
  unsigned tos;
  Side side;
};

void add_ways(Kit& kit) {
  constexpr auto kExact = "a route for the TOS of the packet wins";
  constexpr auto kDefault = "without a route for its TOS a packet takes that for TOS 0";
  const ByTos all[] = {
      {"exact", "by-tos", kExact, kThroughput, Side::c},
      {"exact-with-precedence", "by-tos", "the precedence is no part of the TOS",
       kThroughput | 0xa0U, Side::c},
      {"default", "by-tos", kDefault, 0, Side::b},
      {"default-for-delay", "by-tos", kDefault, 0x10, Side::b},
      {"default-for-two-bits", "by-tos", "a TOS is a number: 0110 is not 0100", 0x0c, Side::b},
      {"only", "only-tos", kExact, kThroughput, Side::b},
      {"only-on-link", "only-tos-on-link", kExact, kThroughput, Side::b},
  };
  for (const ByTos& one : all) {
    const Datagram packet = kit.udp_to(kit.s.beyond(one.route), 8).tos(one.tos);
    kit.add({.id = fmt::format("tos-route.{}", one.name),
             .clause = "RFC 1812 5.2.4.3 (3)",
             .level = Level::must,
             .rule = one.rule,
             .inputs = Kit::one(packet),
             .expected = exactly({forwarded(one.side, packet.bytes())}),
             .needs = {"router", one.side == Side::b ? "b" : "c", one.route}});
  }
}

void add_unreachable(Kit& kit) {
  for (const unsigned tos : {0x00U, 0x04U, 0x10U, 0x0cU, 0x1cU}) {
    for (const auto& [route, code] : {std::pair{"only-tos", 11U}, {"only-tos-on-link", 12U}}) {
      const Datagram packet = kit.udp_from(kit.somebody(), kit.s.beyond(route)).tos(tos);
      kit.add(
          {.id = fmt::format("tos-route.{}-refuses-{:02x}", route, tos),
           .clause = "RFC 1812 4.3.3.1",
           .level = Level::must,
           .rule = "routes for another TOS only: network, on its link host, unreachable for TOS",
           .inputs = Kit::one(packet),
           .expected = exactly({told(Side::a, packet.bytes(), 3, code)}),
           .needs = {"router", "b", route}});
    }
  }
}

}  // namespace

void add_tos_route_cases(Kit& kit) {
  add_ways(kit);
  add_unreachable(kit);
}

}  // namespace hop::conform
