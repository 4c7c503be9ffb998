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
             .needs = {"router", "b", "!directed-broadcast"}});
  }
  const Datagram network = kit.echo_to(kit.s.at(Side::a).subnet.base);
  kit.add({.id = "broadcast.network-address",
           .clause = "RFC 1812 4.2.3.1 (2)",
           .level = Level::should,
           .rule = "a packet to the obsolete form of the broadcast address is discarded in silence",
           .inputs = Kit::one(network),
           .expected = silence()});
}

void add_switched_on(Kit& kit, const char* name, const char* clause, const char* rule,
                     const Datagram& packet, Expectation expected) {
  kit.add({.id = fmt::format("broadcast.passed-on-{}", name),
           .clause = clause,
           .level = Level::must,
           .rule = rule,
           .inputs = Kit::one(packet),
           .expected = std::move(expected),
           .needs = {"router", "b", "directed-broadcast"}});
}

// Where they are on. What listens in the system itself gets a copy, which shows by nothing, but
// that an echo request to all may be answered.
void add_passed_on(Kit& kit) {
  constexpr auto kClause = "RFC 2644 3, RFC 1812 5.3.5.2";
  constexpr auto kRule = "a broadcast to another subnet is passed on there, and brings no error";
  const Address to = kit.s.at(Side::b).subnet.last();
  const auto passed = [](const Datagram& d) { return exactly({forwarded(Side::b, d.bytes())}); };
  const Datagram udp = kit.udp_to(to), unknown = kit.protocol_to(to, 253), echo = kit.echo_to(to);
  add_switched_on(kit, "udp", kClause, kRule, udp, passed(udp));
  add_switched_on(kit, "unknown-protocol", kClause, kRule, unknown, passed(unknown));
  const Pattern copy = forwarded(Side::b, echo.bytes());
  std::vector<Expectation> choices{exactly({copy})};
  for (const Address own : {kit.self(), kit.s.sut(Side::b)}) {
    choices.push_back(exactly({copy, echo_reply(Side::a, echo.to(own).bytes())}));
  }
  add_switched_on(kit, "echo", kClause,
                  "an echo request is passed on, and may be answered from a unicast address", echo,
                  either(std::move(choices)));
  const Datagram large = kit.protocol_to(to, 253, 1000);
  add_switched_on(kit, "in-fragments", kClause, "a large one is passed on in fragments", large,
                  fragments({Side::b, large.bytes(), kit.s.at(Side::b).mtu}));
}

void add_not_passed_on(Kit& kit) {
  const Address to = kit.s.at(Side::b).subnet.last();
  const std::pair<const char*, Datagram> packets[] = {
      {"ttl-1", kit.udp_to(to).ttl(1)},
      {"df", kit.protocol_to(to, 253, 1000).df()},
      {"bad-option", kit.udp_to(to).options({7, 1, 4, 0})},
  };
  for (const auto& [name, packet] : packets) {
    add_switched_on(kit, name, "RFC 1122 3.2.2, RFC 1812 4.3.2.7",
                    "a broadcast that cannot be passed on brings no error", packet, silence());
  }
}

}  // namespace

void add_broadcast_cases(Kit& kit) {
  for (const Group& group : groups_of(kit)) {
    add_silent(kit, group);
    add_queries(kit, group);
  }
  add_directed(kit);
  add_passed_on(kit);
  add_not_passed_on(kit);
}

}  // namespace hop::conform
