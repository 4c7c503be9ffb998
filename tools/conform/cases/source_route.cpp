// Source routes: RFC 791 section 3.1, RFC 1812 sections 5.2.4 and 5.3.13.4, RFC 1122
// section 3.2.1.8.

#include <fmt/format.h>

#include "tools/conform/cases/kit.hpp"

namespace hop::conform {

namespace {

constexpr std::uint8_t kLoose = 131, kStrict = 137;

/// A source route with its pointer at stop number `at` (from 0).
Octets route(std::uint8_t type, std::size_t at, const std::vector<Address>& stops) {
  Octets option{type, static_cast<std::uint8_t>(3 + 4 * stops.size()),
                static_cast<std::uint8_t>(4 + 4 * at)};
  for (const Address stop : stops) append(option, octets_of(stop));
  return option;
}

struct Followed {
  const char* name;
  const char* clause;
  const char* rule;
  Octets before;
  Address to;  ///< where the packet goes behind the system
  Octets after;
};

void add_followed(Kit& kit) {
  const Address out = kit.s.sut(Side::b), target = kit.target();
  const Address far = kit.s.beyond("remote"), last = kit.s.host(Side::b, 44);
  constexpr auto k1812 = "RFC 1812 5.3.13.4, 5.2.4.1";
  constexpr auto kRule = "the next address becomes the destination, the outgoing one is recorded";
  const Followed all[] = {
      {"loose", k1812, kRule, route(kLoose, 0, {target}), target, route(kLoose, 1, {out})},
      {"strict", k1812, kRule, route(kStrict, 0, {target}), target, route(kStrict, 1, {out})},
      {"loose-two-stops", k1812, kRule, route(kLoose, 0, {target, last}), target,
       route(kLoose, 1, {out, last})},
      {"loose-second-stop", k1812, kRule, route(kLoose, 1, {last, target}), target,
       route(kLoose, 2, {last, out})},
      {"loose-to-remote", k1812, kRule, route(kLoose, 0, {far}), far, route(kLoose, 1, {out})},
      {"strict-two-stops", k1812, kRule, route(kStrict, 0, {target, far}), target,
       route(kStrict, 1, {out, far})},
  };
  for (const Followed& one : all) {
    const Datagram packet = kit.udp_to(kit.self()).options(one.before);
    const Octets after = packet.to(one.to).options(one.after).bytes();
    kit.add({.id = fmt::format("source-route.{}", one.name),
             .clause = one.clause,
             .level = Level::must,
             .rule = one.rule,
             .inputs = Kit::one(packet),
             .expected = exactly({forwarded(Side::b, after)}),
             .needs = {"router", "b", "remote", "source-routing"}});
  }
}

struct Failing {
  const char* name;
  const char* clause;
  Level level;
  const char* rule;
  Octets options;
  unsigned type, code;
  std::vector<Check> checks = {};
};

void add_failing(Kit& kit) {
  const Address far = kit.s.beyond("remote"), nowhere = kit.s.beyond("nowhere");
  const Failing all[] = {
      {"strict-to-remote", "RFC 1812 5.2.4.3", Level::must,
       "a strict route whose next address is not on an attached network: source route failed",
       route(kStrict, 0, {far}), 3, 5},
      {"loose-to-nowhere", "RFC 1812 5.2.7.1", Level::should,
       "no way to the next address of a source route: source route failed",
       route(kLoose, 0, {nowhere}), 3, 5},
  };
  for (const Failing& one : all) {
    const Datagram packet = kit.udp_to(kit.self()).options(one.options);
    kit.add({.id = fmt::format("source-route.{}", one.name),
             .clause = one.clause,
             .level = one.level,
             .rule = one.rule,
             .inputs = Kit::one(packet),
             .expected = exactly({told(Side::a, packet.bytes(), one.type, one.code)}),
             .needs = {"router", "b", "remote", "nowhere", "source-routing"}});
  }
}

void add_malformed(Kit& kit) {
  const Address target = kit.target();
  Octets twice = route(kLoose, 0, {target});
  append(twice, route(kStrict, 0, {target}));
  Octets low = route(kLoose, 0, {target});
  low[2] = 3;
  Octets partial = route(kLoose, 0, {target});
  partial[2] = 5;
  const Failing all[] = {
      {"two",
       "RFC 1812 5.2.4.1",
       Level::should,
       "two source routes: discarded, parameter problem at the second",
       twice,
       12,
       0,
       {pointer(27, 29)}},
      {"pointer-3",
       "RFC 791 3.1",
       Level::must,
       "the smallest legal pointer is 4",
       low,
       12,
       0,
       {pointer(20, 22)}},
      {"pointer-5",
       "RFC 791 3.1",
       Level::must,
       "a route has no room for half an address",
       partial,
       12,
       0,
       {pointer(20, 22)}},
  };
  for (const Failing& one : all) {
    const Datagram packet = kit.udp_to(kit.self()).options(one.options);
    kit.add({.id = fmt::format("source-route.{}", one.name),
             .clause = one.clause,
             .level = one.level,
             .rule = one.rule,
             .inputs = Kit::one(packet),
             .expected = exactly({told(Side::a, packet.bytes(), one.type, one.code, one.checks)}),
             .needs = {"router", "source-routing"}});
  }
}

// Not at one of its stops: a loose route is none of this router's business, a strict one is wrong.
void add_passing(Kit& kit) {
  const Address other = kit.s.host(Side::b, 44);
  const Datagram loose = kit.udp_to(kit.target()).options(route(kLoose, 0, {other}));
  kit.add(
      {.id = "source-route.loose-passes-between-stops",
       .clause = "RFC 791 3.1",
       .level = Level::must,
       .rule = "a router that is no stop forwards by the destination and leaves the route alone",
       .inputs = Kit::one(loose),
       .expected = exactly({forwarded(Side::b, loose.bytes())}),
       .needs = {"router", "b", "source-routing"}});
  const Datagram strict = kit.udp_to(kit.target()).options(route(kStrict, 0, {other}));
  kit.add({.id = "source-route.strict-at-no-stop",
           .clause = "RFC 1812 5.2.2",
           .level = Level::should,
           .rule = "a strict route for another destination: parameter problem at the destination",
           .inputs = Kit::one(strict),
           .expected = exactly({told(Side::a, strict.bytes(), 12, 0, {pointer(16, 16)})}),
           .needs = {"router", "b", "source-routing"}});
}

/// The reply to an echo request that came by `stop`: back through it, by the same kind of route.
Pattern reply_by(Address stop, const Datagram& echo, std::uint8_t type) {
  const Octets back = route(type, 0, {echo.source()});
  return {fmt::format("the echo reply by {} with options {}", to_string(stop), hex(back)),
          [=](const Seen& seen) -> std::string {
            const auto p = Parsed::of(seen.packet);
            if (!p || !p->is_icmp() || p->icmp_type() != 0) return "it is no echo reply";
            if (p->to != stop) return fmt::format("it goes to {}", to_string(p->to));
            Octets padded = back;
            padded.resize((back.size() + 3) / 4 * 4);
            const Octets shifted = [&] {
              Octets with_nop{1};
              append(with_nop, back);
              return with_nop;
            }();
            const Octets got(p->options.begin(), p->options.end());
            return got == padded || got == shifted ? "" : "its options are " + hex(got);
          }};
}

void add_replies(Kit& kit) {
  const Address stop = kit.s.host(Side::a, 66);
  for (const std::uint8_t type : {kLoose, kStrict}) {
    const Datagram echo = kit.echo_to(kit.self()).options(route(type, 1, {stop}));
    kit.add(
        {.id = fmt::format("source-route.echo-reversed-{}", type == kLoose ? "loose" : "strict"),
         .clause = "RFC 1122 3.2.2.6, RFC 1812 4.3.3.6",
         .level = Level::must,
         .rule = "the route of an echo request is reversed in the reply",
         .inputs = Kit::one(echo),
         .expected = exactly({reply_by(stop, echo, type)}),
         .needs = {"source-routing"}});
    kit.add({.id = fmt::format("source-route.ends-at-host-{}", type == kLoose ? "loose" : "strict"),
             .clause = "RFC 1122 3.2.1.8 (c), 3.2.2.6",
             .level = Level::must,
             .rule = "a host is the end of a source route, and its echo reply goes back by it",
             .inputs = Kit::one(echo),
             .expected = exactly({reply_by(stop, echo, type)}),
             .needs = {"host", "!source-routing"}});
  }
}

void add_refused(Kit& kit) {
  for (const std::uint8_t type : {kLoose, kStrict}) {
    const Datagram packet = kit.udp_to(kit.self()).options(route(type, 0, {kit.target()}));
    kit.add({.id = type == kLoose ? "source-route.refused" : "source-route.refused-strict",
             .clause = "RFC 1122 3.3.5, RFC 7126 4.3.5",
             .level = Level::should,
             .rule = "who does not follow source routes says source route failed",
             .inputs = Kit::one(packet),
             .expected = exactly({told(Side::a, packet.bytes(), 3, 5)}),
             .needs = {"!source-routing"}});
  }
}

}  // namespace

void add_source_route_cases(Kit& kit) {
  add_followed(kit);
  add_failing(kit);
  add_malformed(kit);
  add_passing(kit);
  add_replies(kit);
  add_refused(kit);
}

}  // namespace hop::conform
