// ICMP errors: what brings them, and what every one of them has to be like.

#include <fmt/format.h>

#include <algorithm>

#include "tools/conform/cases/causes.hpp"

namespace hop::conform {

namespace {

constexpr std::size_t kLong = 1200;  // more than an error can return

Datagram with_size(const Datagram& d, std::size_t size) {
  return d.payload(pattern(std::max<std::size_t>(size, 8)));
}

}  // namespace

const std::vector<Cause>& causes() {
  static const std::vector<Cause> kCauses{
      {"net-unreachable",
       3,
       0,
       "RFC 1812 4.3.3.1",
       Level::must,
       "no route: net unreachable",
       {"router", "nowhere"},
       [](Kit& kit, std::size_t size) {
         return kit.udp_from(kit.somebody(), kit.s.beyond("nowhere"), size);
       }},
      {"host-unreachable",
       3,
       1,
       "RFC 1812 5.2.7.1",
       Level::must,
       "a host that cannot be reached: host unreachable",
       {"router", "unreachable"},
       [](Kit& kit, std::size_t size) {
         return kit.udp_from(kit.somebody(), kit.s.beyond("unreachable"), size);
       }},
      {"protocol-unreachable",
       3,
       2,
       "RFC 1122 3.2.2.1",
       Level::should,
       "a protocol that is not supported: protocol unreachable",
       {},
       [](Kit& kit, std::size_t size) {
         return with_size(kit.protocol_to(kit.self(), 253), size);
       }},
      {"port-unreachable",
       3,
       3,
       "RFC 1122 3.2.2.1",
       Level::should,
       "a port where nobody listens: port unreachable",
       {},
       [](Kit& kit, std::size_t size) { return kit.udp_to(kit.self(), size); }},
      {"frag-needed",
       3,
       4,
       "RFC 1812 5.2.7.1, RFC 1191 4",
       Level::must,
       "too large and DF: fragmentation needed",
       {"router", "b"},
       [](Kit& kit, std::size_t size) {
         const std::size_t least = kit.s.at(Side::b).mtu;
         return kit.udp_to(kit.target(), std::max(size, least)).df();
       }},
      {"prohibited",
       3,
       13,
       "RFC 1812 5.2.7.1",
       Level::should,
       "administratively filtered: communication administratively prohibited",
       {"router", "prohibited"},
       [](Kit& kit, std::size_t size) {
         return kit.udp_from(kit.somebody(), kit.s.beyond("prohibited"), size);
       }},
      {"net-unreachable-for-tos",
       3,
       11,
       "RFC 1812 4.3.3.1",
       Level::must,
       "routes, but none for the TOS nor for TOS 0: net unreachable for TOS",
       {"router", "only-tos"},
       [](Kit& kit, std::size_t size) {
         return kit.udp_from(kit.somebody(), kit.s.beyond("only-tos"), size);
       }},
      {"host-unreachable-for-tos",
       3,
       12,
       "RFC 1812 4.3.3.1",
       Level::must,
       "the same on a network of the router: host unreachable for TOS",
       {"router", "only-tos-on-link"},
       [](Kit& kit, std::size_t size) {
         return kit.udp_from(kit.somebody(), kit.s.beyond("only-tos-on-link"), size);
       }},
      {"ttl-exceeded",
       11,
       0,
       "RFC 1812 5.2.7.3",
       Level::must,
       "an expired TTL: time exceeded in transit",
       {"router", "b"},
       [](Kit& kit, std::size_t size) { return kit.udp_to(kit.target(), size).ttl(1); }},
      {"parameter-problem",
       12,
       0,
       "RFC 1812 4.3.3.5",
       Level::must,
       "an error of an option: parameter problem",
       {"router", "b"},
       [](Kit& kit, std::size_t size) {
         return kit.udp_to(kit.target(), size).options({7, 1, 4, 0});
       }},
  };
  return kCauses;
}

namespace {

struct Aspect {
  const char* name;
  const char* clause;
  Level level;
  const char* rule;
  std::size_t size;
  Datagram (*change)(const Datagram& packet);
  std::vector<Check> checks;
};

Datagram as_it_is(const Datagram& d) { return d; }

std::vector<Aspect> aspects_of(const Kit& kit) {
  return {
      {"quotes-header-and-8",
       "RFC 1122 3.2.2",
       Level::must,
       "an error contains the header and at least the first 8 bytes of the datagram",
       64,
       as_it_is,
       {quotes_header_and_8()}},
      {"quotes-options",
       "RFC 1122 3.2.2",
       Level::must,
       "the header with its options belongs to the quote",
       64,
       [](const Datagram& d) { return d.options({0x9e, 12, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10}); },
       {quotes_header_and_8(), quotes_as_received()}},
      {"quotes-as-received",
       "RFC 1122 3.2.2, RFC 1812 4.3.2.3",
       Level::must,
       "the returned header and data are identical to what was received",
       301,
       [](const Datagram& d) { return d.reserved().id(0xbeef); },
       {quotes_as_received()}},
      {"quotes-much",
       "RFC 1812 4.3.2.3",
       Level::should,
       "an error has as much of the datagram as 576 bytes allow, and no more",
       kLong,
       as_it_is,
       {quotes_as_much_as_576_allow()}},
      {"quotes-all-of-little",
       "RFC 1812 4.3.2.3",
       Level::should,
       "an error has all of a short datagram",
       77,
       as_it_is,
       {quotes_as_much_as_576_allow()}},
      {"source",
       "RFC 1812 4.3.2.4",
       Level::must,
       "an error comes from an address of the interface that it leaves by",
       64,
       as_it_is,
       {comes_from({kit.self()})}},
      {"precedence",
       "RFC 1812 4.3.2.5",
       Level::should,
       "errors have precedence 6 or 7",
       64,
       as_it_is,
       {precedence_is_6_or_7()}},
      {"tos",
       "RFC 1812 4.3.2.5",
       Level::should,
       "errors have the TOS of the packet",
       64,
       [](const Datagram& d) { return d.tos(0x10); },
       {error_tos_is_that_of_packet()}},
      {"tos-18",
       "RFC 1812 4.3.2.5",
       Level::should,
       "errors have the TOS of the packet, whatever its precedence",
       64,
       [](const Datagram& d) { return d.tos(0x58); },
       {error_tos_is_that_of_packet(), precedence_is_6_or_7()}},
      {"reserved-flag",
       "RFC 1812 4.2.2.3",
       Level::must,
       "reserved bits are not set in what the router originates",
       64,
       [](const Datagram& d) { return d.reserved(); },
       {reserved_bit_is_zero()}},
  };
}

void add_message(Kit& kit, const Cause& cause) {
  const Datagram packet = cause.packet(kit, 64);
  kit.add({.id = fmt::format("error.{}", cause.name),
           .clause = cause.clause,
           .level = cause.level,
           .rule = cause.rule,
           .inputs = Kit::one(packet),
           .expected = exactly({told(Side::a, packet.bytes(), cause.type, cause.code)}),
           .needs = cause.needs});
}

void add_aspect(Kit& kit, const Cause& cause, const Aspect& aspect) {
  const bool own_options = cause.type == 12;
  if (own_options && std::string_view(aspect.name) == "quotes-options") return;
  const Datagram packet = aspect.change(cause.packet(kit, aspect.size));
  kit.add(
      {.id = fmt::format("error.{}-{}", cause.name, aspect.name),
       .clause = aspect.clause,
       .level = aspect.level,
       .rule = aspect.rule,
       .inputs = Kit::one(packet),
       .expected = exactly({told(Side::a, packet.bytes(), cause.type, cause.code, aspect.checks)}),
       .needs = cause.needs});
}

// A TTL is taken from the packet most easily where it is not 1 anyway.
void add_ttl(Kit& kit, const Cause& cause) {
  Datagram packet = cause.packet(kit, 64);
  if (cause.type != 11) packet = packet.ttl(7);
  kit.add({.id = fmt::format("error.{}-ttl", cause.name),
           .clause = "RFC 1812 4.3.2.2",
           .level = Level::must,
           .rule = "the TTL of an error is not that of the packet that triggered it",
           .inputs = Kit::one(packet),
           .expected = exactly(
               {told(Side::a, packet.bytes(), cause.type, cause.code, {ttl_is_not_copied()})}),
           .needs = cause.needs});
}

void add_unused(Kit& kit, const Cause& cause) {
  if (cause.type == 12 || cause.code == 4) return;
  const Datagram packet = cause.packet(kit, 64);
  kit.add({.id = fmt::format("error.{}-unused", cause.name),
           .clause = "RFC 792",
           .level = Level::must,
           .rule = "unused bytes are zero",
           .inputs = Kit::one(packet),
           .expected =
               exactly({told(Side::a, packet.bytes(), cause.type, cause.code, {unused_is_zero()})}),
           .needs = cause.needs});
}

void add_unreachable_protocols(Kit& kit) {
  for (const unsigned protocol : {0U, 2U, 3U, 84U, 136U, 254U, 255U}) {
    const Datagram packet = kit.protocol_to(kit.self(), protocol);
    // A system may well support what is listed here; then it says nothing, or something else.
    const bool free = protocol >= 254 || protocol == 84;
    const auto unreachable = exactly({told(Side::a, packet.bytes(), 3, 2)});
    kit.add({.id = fmt::format("error.protocol-{}", protocol),
             .clause = "RFC 1122 3.2.2.1",
             .level = Level::should,
             .rule = "a protocol that is not supported: protocol unreachable",
             .inputs = Kit::one(packet),
             .expected = free ? unreachable : either({unreachable, silence()})});
  }
}

// RFC 1191 section 4: the MTU of the next hop, in the low 16 bits.
void add_mtus(Kit& kit) {
  for (const Side side : {Side::b, Side::c}) {
    const unsigned mtu = kit.s.at(side).mtu;
    const Needs needs = {"router", side == Side::b ? "b" : "c"};
    for (const std::size_t size : {std::size_t{mtu} + 1, std::size_t{1500}}) {
      const Datagram packet = kit.protocol_to(kit.s.host(side), 253, size - 20).df();
      kit.add({.id = fmt::format("error.next-hop-mtu-{}-size-{}", mtu, size),
               .clause = "RFC 1191 4",
               .level = Level::must,
               .rule = "fragmentation needed has the MTU of the next hop",
               .inputs = Kit::one(packet),
               .expected = exactly({told(Side::a, packet.bytes(), 3, 4, {next_hop_mtu(mtu)})}),
               .needs = needs});
    }
  }
}

// About a packet to an address of another interface: RFC 1812 section 4.3.2.4 makes no difference.
void add_other_source(Kit& kit) {
  const Datagram udp = kit.udp_to(kit.s.sut(Side::b));
  kit.add({.id = "error.port-unreachable-other-address",
           .clause = "RFC 1812 4.3.2.4",
           .level = Level::must,
           .rule = "an error comes from an address of the interface that it leaves by",
           .inputs = Kit::one(udp),
           .expected = exactly({told(Side::a, udp.bytes(), 3, 3, {comes_from({kit.self()})})}),
           .needs = {"router", "b"}});
  const Datagram back = kit.udp_from(kit.target(), kit.prober()).ttl(1);
  kit.add({.id = "error.source-towards-b",
           .clause = "RFC 1812 4.3.2.4",
           .level = Level::must,
           .rule = "an error comes from an address of the interface that it leaves by",
           .inputs = {Kit::on(Side::b, back)},
           .expected =
               exactly({told(Side::b, back.bytes(), 11, 0, {comes_from({kit.s.sut(Side::b)})})}),
           .needs = {"router", "b"}});
}

}  // namespace

void add_error_cases(Kit& kit) {
  for (const Cause& cause : causes()) {
    add_message(kit, cause);
    for (const Aspect& aspect : aspects_of(kit)) add_aspect(kit, cause, aspect);
    add_ttl(kit, cause);
    add_unused(kit, cause);
  }
  add_unreachable_protocols(kit);
  add_mtus(kit);
  add_other_source(kit);
}

}  // namespace hop::conform
