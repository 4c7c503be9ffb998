// Addresses that may not be: RFC 1812 sections 4.2.2.11, 4.2.3.1 and 5.3.7, RFC 1122
// section 3.2.1.3.

#include <fmt/format.h>

#include "tools/conform/cases/kit.hpp"

namespace hop::conform {

namespace {

constexpr Address ip(unsigned a, unsigned b, unsigned c, unsigned d) {
  return {a << 24U | b << 16U | c << 8U | d};
}

struct Source {
  const char* name;
  Address address;
  const char* in_transit;  ///< clause, SHOULD NOT forward
  Level to_self;
  const char* at_self;  ///< clause for local delivery
  Needs needs = {};     ///< of local delivery
};

void add_source(Kit& kit, const Source& source) {
  const Datagram transit = kit.udp_from(source.address, kit.target());
  kit.add({.id = fmt::format("martian.source-{}-transit", source.name),
           .clause = source.in_transit,
           .level = Level::should,
           .rule = "a packet with an invalid source is not forwarded, and brings no error",
           .inputs = Kit::one(transit),
           .expected = silence(),
           .needs = {"router", "b"}});
  const Datagram self = kit.echo_to(kit.self()).from(source.address);
  kit.add({.id = fmt::format("martian.source-{}-self", source.name),
           .clause = source.at_self,
           .level = source.to_self,
           .rule = "a packet with an invalid source is discarded in silence",
           .inputs = Kit::one(self),
           .expected = silence(),
           .needs = source.needs});
}

void add_sources(Kit& kit) {
  constexpr auto k1122 = "RFC 1122 3.2.1.3", k1812 = "RFC 1812 5.3.7";
  const Source all[] = {
      {"0.0.0.0", ip(0, 0, 0, 0), k1812, Level::must, "RFC 1812 4.2.2.11 (a), RFC 1122 3.2.1.3"},
      {"0.1.2.3", ip(0, 1, 2, 3), k1812, Level::must, k1122},
      {"127.0.0.1", ip(127, 0, 0, 1), k1812, Level::must, k1122},
      {"127.9.8.7", ip(127, 9, 8, 7), k1812, Level::must, k1122},
      {"224.0.0.1", ip(224, 0, 0, 1), k1812, Level::must, k1122},
      {"239.1.2.3", ip(239, 1, 2, 3), k1812, Level::must, k1122},
      {"255.255.255.255", ip(255, 255, 255, 255), k1812, Level::must, k1122},
      {"broadcast-of-a", kit.s.at(Side::a).subnet.last(), k1812, Level::must, k1122},
      {"broadcast-of-b", kit.s.at(Side::b).subnet.last(), k1812, Level::must, k1122, {"b"}},
      {"own-address", kit.self(), "RFC 1812 5.3.8", Level::policy, "RFC 1812 5.3.8"},
  };
  for (const Source& source : all) {
    add_source(kit, source);
  }
}

struct Destination {
  const char* name;
  Address address;
  Level level;
  const char* clause;
};

void add_destinations(Kit& kit) {
  const Destination all[] = {
      {"0.0.0.0", ip(0, 0, 0, 0), Level::should, "RFC 1812 5.3.7"},
      {"0.1.2.3", ip(0, 1, 2, 3), Level::should, "RFC 1812 5.3.7"},
      {"127.0.0.1", ip(127, 0, 0, 1), Level::should, "RFC 1812 5.3.7"},
      {"127.9.8.7", ip(127, 9, 8, 7), Level::should, "RFC 1812 5.3.7"},
      {"240.0.0.1", ip(240, 0, 0, 1), Level::should, "RFC 1812 5.3.7"},
      {"255.255.255.254", ip(255, 255, 255, 254), Level::should, "RFC 1812 5.3.7"},
  };
  for (const Destination& to : all) {
    const Datagram packet = kit.udp_to(to.address);
    // A router without a way to there may say so: 5.3.7 is about forwarding.
    const auto unreachable = exactly({told(Side::a, packet.bytes(), 3, kAnyCode)});
    kit.add({.id = fmt::format("martian.destination-{}", to.name),
             .clause = to.clause,
             .level = to.level,
             .rule = "a packet with an invalid destination is not forwarded",
             .inputs = Kit::one(packet),
             .expected = either({silence(), unreachable}),
             .needs = {"router"}});
  }
}

// RFC 3927 section 2.7: whatever the TTL. Nothing may be said of it either way.
void add_link_local(Kit& kit) {
  const Datagram to = kit.udp_to(ip(169, 254, 7, 7));
  const Datagram from = kit.udp_from(ip(169, 254, 7, 7), kit.target());
  for (const auto& [name, packet] : {std::pair{"destination", to}, std::pair{"source", from}}) {
    kit.add({.id = fmt::format("martian.link-local-{}", name),
             .clause = "RFC 3927 2.7",
             .level = Level::must,
             .rule = "a link-local address: the packet is not forwarded, whatever its TTL",
             .inputs = Kit::one(packet),
             .expected = either({silence(), exactly({told(Side::a, packet.bytes(), 3, kAnyCode)})}),
             .needs = {"router", "b"}});
  }
}

}  // namespace

void add_martian_cases(Kit& kit) {
  add_sources(kit);
  add_destinations(kit);
  add_link_local(kit);
}

}  // namespace hop::conform
