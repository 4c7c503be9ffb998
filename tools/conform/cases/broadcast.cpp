// Broadcasts and multicasts: RFC 1812 sections 5.3.5 and 4.3.2.7, RFC 2644, RFC 1122 section 3.2.2.

#include <fmt/format.h>

#include "tools/conform/cases/kit.hpp"

namespace hop::conform {

namespace {

struct Group {
  const char* name;
  Address address;
};

std::vector<Group> groups_of(const Kit& kit) {
  return {{"limited", {0xffffffff}},
          {"subnet", kit.s.at(Side::a).subnet.last()},
          {"all-systems", {0xe0000001}},
          {"all-routers", {0xe0000002}},
          {"group", {0xef010203}}};
}

// Not forwarded, and no reason for an error: exactly nothing comes back.
void add_silent(Kit& kit, const Group& to) {
  struct Probe {
    const char* name;
    Datagram packet;
  };
  const Probe probes[] = {
      {"closed-port", kit.udp_to(to.address)},
      {"unknown-protocol", kit.protocol_to(to.address, 253)},
      {"ttl-1", kit.udp_to(to.address).ttl(1)},
      {"tcp", kit.tcp_to(to.address)},
      {"bad-option", kit.udp_to(to.address).options({7, 1, 4, 0})},
  };
  for (const Probe& probe : probes) {
    kit.add(
        {.id = fmt::format("broadcast.{}-{}", to.name, probe.name),
         .clause = "RFC 1122 3.2.2, RFC 1812 4.3.2.7",
         .level = Level::must,
         .rule = "no error about a packet to a broadcast or multicast address, nor is it forwarded",
         .inputs = Kit::one(probe.packet),
         .expected = silence()});
  }
}

void add_queries(Kit& kit, const Group& to) {
  const Datagram echo = kit.echo_to(to.address);
  const Datagram as_asked = echo.to(kit.self());
  kit.add(
      {.id = fmt::format("broadcast.{}-echo", to.name),
       .clause = "RFC 1122 3.2.2.6, RFC 1812 4.3.3.6",
       .level = Level::must,
       .rule = "an echo request to a group may be ignored; a reply comes from a unicast address",
       .inputs = Kit::one(echo),
       .expected = either({silence(), exactly({echo_reply(Side::a, as_asked.bytes())})})});
}

void add_directed(Kit& kit) {
  const Address other = kit.s.at(Side::b).subnet.last();
  const std::pair<const char*, Datagram> probes[] = {{"udp", kit.udp_to(other)},
                                                     {"echo", kit.echo_to(other)},
                                                     {"ttl-2", kit.udp_to(other).ttl(2)}};
  for (const auto& [name, packet] : probes) {
    kit.add({.id = fmt::format("broadcast.directed-{}", name),
             .clause = "RFC 2644 3",
             .level = Level::must,
             .rule = "a directed broadcast of another network is neither received nor forwarded",
             .inputs = Kit::one(packet),
             .expected = silence(),
             .needs = {"router", "b"}});
  }
  const Datagram network = kit.echo_to(kit.s.at(Side::a).subnet.base);
  kit.add({.id = "broadcast.network-address",
           .clause = "RFC 1812 4.2.3.1 (2)",
           .level = Level::should,
           .rule = "a packet to the obsolete form of the broadcast address is discarded in silence",
           .inputs = Kit::one(network),
           .expected = silence()});
}

}  // namespace

void add_broadcast_cases(Kit& kit) {
  for (const Group& group : groups_of(kit)) {
    add_silent(kit, group);
    add_queries(kit, group);
  }
  add_directed(kit);
}

}  // namespace hop::conform
