// What a host does otherwise than a router: RFC 1122 sections 3.1, 3.2 and 3.3.

#include <fmt/format.h>

#include "tools/conform/cases/kit.hpp"

namespace hop::conform {

namespace {

constexpr Address kElsewhere{0xcb007105};  // 203.0.113.5

/// A source route with these stops ahead.
Octets route(unsigned type, const std::vector<Address>& stops) {
  Octets option{static_cast<std::uint8_t>(type), static_cast<std::uint8_t>(3 + 4 * stops.size()),
                4};
  for (const Address stop : stops) append(option, octets_of(stop));
  return option;
}

struct Stranger {
  const char* name;
  Datagram packet;
  Side side = Side::a;
};

void add_not_addressed(Kit& kit) {
  const Stranger strangers[] = {
      {"udp", kit.udp_to(kElsewhere)},
      {"echo", kit.echo_to(kElsewhere)},
      {"ttl-1", kit.udp_to(kElsewhere).ttl(1)},
      {"neighbour", kit.udp_to(kit.s.host(Side::a, 80))},
      {"bad-option", kit.udp_to(kElsewhere).options({7, 1, 4, 0})},
      {"large-df", kit.udp_to(kElsewhere, 1400).df()},
      {"record-route", kit.udp_to(kElsewhere).options({7, 7, 4, 0, 0, 0, 0})},
      {"first-fragment", piece(kit.udp_to(kElsewhere, 100), 0, 48)},
      {"icmp-error", kit.icmp_to(kElsewhere, kit.error_message(3, kElsewhere))},
      {"link-local", kit.udp_to({0xa9fe0707})},
      {"class-e", kit.udp_to({0xf0000001})},
      {"loopback", kit.udp_to({0x7f000001})},
      {"zero", kit.udp_to({0})},
  };
  for (const auto& [name, packet, side] : strangers) {
    kit.add({.id = fmt::format("host.not-addressed-{}", name),
             .clause = "RFC 1122 3.2.1.3",
             .level = Level::must,
             .rule = "a host discards in silence what is not for it",
             .inputs = {Kit::on(side, packet)},
             .expected = silence(),
             .needs = {"host"}});
  }
}

// A host with two interfaces is no router.
void add_not_forwarded(Kit& kit) {
  const Address target = kit.target(), broadcast = kit.s.at(Side::b).subnet.last();
  const Stranger strangers[] = {
      {"udp", kit.udp_to(target)},
      {"echo", kit.echo_to(target)},
      {"ttl-1", kit.udp_to(target).ttl(1)},
      {"large-df", kit.udp_to(target, 1400).df()},
      {"back", kit.udp_from(target, kit.prober()), Side::b},
      {"broadcast-of-b", kit.udp_to(broadcast)},
      {"broadcast-of-b-echo", kit.echo_to(broadcast)},
      {"broadcast-of-b-ttl-1", kit.udp_to(broadcast).ttl(1)},
  };
  for (const auto& [name, packet, side] : strangers) {
    kit.add({.id = fmt::format("host.not-forwarded-{}", name),
             .clause = "RFC 1122 3.1, 3.2.1.3",
             .level = Level::must,
             .rule = "a host does not forward, not between its own networks either",
             .inputs = {Kit::on(side, packet)},
             .expected = silence(),
             .needs = {"host", "b"}});
  }
}

// Section 3.3.4.2: either model is right, and the system has said which is its own.
void add_models(Kit& kit) {
  const Address other = kit.s.sut(Side::b);
  const Datagram echo = kit.echo_to(other), udp = kit.udp_to(other), tcp = kit.tcp_to(other);
  struct Asked {
    const char* name;
    Datagram packet;
    Expectation weak;
  };
  const Asked all[] = {
      {"echo", echo, exactly({echo_reply(Side::a, echo.bytes())})},
      {"udp", udp, exactly({told(Side::a, udp.bytes(), 3, 3, {comes_from({other})})})},
      {"tcp", tcp, exactly({reset(Side::a, tcp.bytes())})},
  };
  for (const Asked& one : all) {
    kit.add({.id = fmt::format("host.weak-{}", one.name),
             .clause = "RFC 1122 3.3.4.2",
             .level = Level::policy,
             .rule = "weak model: an address is good on every interface",
             .inputs = Kit::one(one.packet),
             .expected = one.weak,
             .needs = {"host", "b", "weak-host"}});
    kit.add({.id = fmt::format("host.strong-{}", one.name),
             .clause = "RFC 1122 3.3.4.2 (A)",
             .level = Level::policy,
             .rule = "strong model: an address of another interface is discarded in silence",
             .inputs = Kit::one(one.packet),
             .expected = silence(),
             .needs = {"host", "b", "strong-host"}});
  }
  const Datagram own = kit.echo_to(other).from(kit.target());
  kit.add({.id = "host.other-interface-echo",
           .clause = "RFC 1122 3.2.2.6",
           .level = Level::must,
           .rule = "every interface answers for its own address",
           .inputs = {Kit::on(Side::b, own)},
           .expected = exactly({echo_reply(Side::b, own.bytes())}),
           .needs = {"host", "b"}});
}

// Section 3.3.5: to go on by another interface must be off by default.
void add_source_routes(Kit& kit) {
  for (const auto& [name, type] : {std::pair{"loose", 131U}, {"strict", 137U}}) {
    const Datagram onward = kit.udp_to(kit.self()).options(route(type, {kit.target()}));
    kit.add({.id = fmt::format("host.not-forwarded-{}-route", name),
             .clause = "RFC 1122 3.3.5",
             .level = Level::must,
             .rule = "a source route that leads on by another interface is not followed",
             .inputs = Kit::one(onward),
             .expected = either({silence(), exactly({told(Side::a, onward.bytes(), 3, 5)})}),
             .needs = {"host", "b", "!source-routing"}});
  }
  const Datagram error =
      kit.icmp_to(kit.self(), kit.error_message(3, kit.self())).options(route(131, {kit.target()}));
  kit.add({.id = "host.error-with-route-not-told",
           .clause = "RFC 1122 3.3.5",
           .level = Level::must,
           .rule = "unless the datagram was itself an ICMP error",
           .inputs = Kit::one(error),
           .expected = silence(),
           .needs = {"host", "!source-routing"}});
}

void add_errors(Kit& kit) {
  const Datagram udp = kit.udp_to(kit.self());
  kit.add({.id = "host.error-source",
           .clause = "RFC 1122 3.3.4.2",
           .level = Level::should,
           .rule = "an answer comes from the address that was asked",
           .inputs = Kit::one(udp),
           .expected = exactly({told(Side::a, udp.bytes(), 3, 3, {comes_from({kit.self()})})}),
           .needs = {"host"}});
  const Check normal{
      "TOS bits zero", [](const Parsed& error, const Parsed&) -> std::string {
        return (error.tos & 0x1fU) == 0 ? "" : fmt::format("its TOS byte is {:#04x}", error.tos);
      }};
  for (const unsigned tos : {0x00U, 0x08U, 0x10U, 0xbcU}) {
    const Datagram packet = kit.udp_to(kit.self()).tos(tos);
    kit.add({.id = fmt::format("host.error-tos-{:02x}", tos),
             .clause = "RFC 1122 3.2.2",
             .level = Level::should,
             .rule = "an error is sent with normal, that is zero, TOS bits",
             .inputs = Kit::one(packet),
             .expected = exactly({told(Side::a, packet.bytes(), 3, 3, {normal})}),
             .needs = {"host"}});
  }
}

// Section 3.2.2.2: who does not forward has no better gateway to tell of.
void add_no_redirects(Kit& kit) {
  const Stranger all[] = {
      {"neighbour", kit.udp_from(kit.s.host(Side::a, 81), kit.s.host(Side::a, 82))},
      {"elsewhere", kit.udp_from(kit.s.host(Side::a, 83), kElsewhere)},
  };
  for (const auto& [name, packet, side] : all) {
    kit.add({.id = fmt::format("host.no-redirect-{}", name),
             .clause = "RFC 1122 3.2.2.2",
             .level = Level::should,
             .rule = "a host sends no redirect",
             .inputs = {Kit::on(side, packet)},
             .expected = silence(),
             .needs = {"host"}});
  }
}

}  // namespace

void add_host_cases(Kit& kit) {
  add_not_addressed(kit);
  add_not_forwarded(kit);
  add_models(kit);
  add_source_routes(kit);
  add_errors(kit);
  add_no_redirects(kit);
}

}  // namespace hop::conform
