// Redirects: RFC 1812 section 5.2.7.2.

#include <fmt/format.h>

#include "tools/conform/cases/kit.hpp"

namespace hop::conform {

namespace {

const Needs kNeeds = {"router", "b", "detour", "redirects"};

/// A router may send few redirects to one host, so each case has a host of its own.
class Hosts {
 public:
  explicit Hosts(Kit& kit) : kit_(kit) {}
  Datagram packet() {
    ++next_;
    return kit_.udp_from(kit_.s.host(Side::a, next_), kit_.s.beyond("detour", next_));
  }

 private:
  Kit& kit_;
  std::uint32_t next_ = 19;
};

struct Right {
  const char* name;
  const char* clause;
  Level level;
  const char* rule;
  Datagram (*change)(const Datagram& d);
  std::vector<Check> checks;
};

Datagram same(const Datagram& d) { return d; }

void add_sent(Kit& kit, Hosts& hosts) {
  const Address better = kit.s.host(Side::a, 3);
  constexpr auto k1812 = "RFC 1812 5.2.7.2";
  const Right all[] = {
      {"host",
       k1812,
       Level::must,
       "a better first hop: redirect for the host, and the packet is forwarded",
       same,
       {}},
      {"gateway",
       "RFC 792",
       Level::must,
       "the redirect names the better gateway",
       same,
       {gateway(better)}},
      {"source",
       k1812,
       Level::must,
       "from an address of the receiver's subnet",
       same,
       {comes_from({kit.self()})}},
      {"quote",
       "RFC 1122 3.2.2",
       Level::must,
       "quoting header and 8 bytes as received",
       same,
       {quotes_header_and_8(), quotes_as_received()}},
      {"precedence",
       "RFC 1812 4.3.2.5",
       Level::should,
       "precedence 6 or 7",
       same,
       {precedence_is_6_or_7()}},
      {"tos",
       "RFC 1812 4.3.2.5",
       Level::should,
       "the TOS of the packet",
       [](const Datagram& d) { return d.tos(0x10); },
       {error_tos_is_that_of_packet()}},
      {"ttl",
       "RFC 1812 4.3.2.2",
       Level::must,
       "a TTL of its own",
       [](const Datagram& d) { return d.ttl(11); },
       {ttl_is_not_copied()}},
      {"about-first-fragment",
       k1812,
       Level::must,
       "a first fragment is reason enough",
       [](const Datagram& d) { return piece(d, 0, 24); },
       {}},
  };
  for (const Right& one : all) {
    const Datagram packet = one.change(hosts.packet());
    kit.add({.id = fmt::format("redirect.{}", one.name),
             .clause = one.clause,
             .level = one.level,
             .rule = one.rule,
             .inputs = Kit::one(packet),
             .expected = exactly({told(Side::a, packet.bytes(), 5, 1, one.checks),
                                  forwarded_anywhere(packet.bytes())}),
             .needs = kNeeds});
  }
}

void add_not_sent(Kit& kit, Hosts& hosts) {
  const Datagram plain = hosts.packet();
  const Address to = plain.destination();
  const Octets route{131, 7, 8, 198, 51, 100, 1, 0};
  const Octets error = kit.error_message(3, to);
  struct Not {
    const char* name;
    const char* clause;
    const char* rule;
    Side side;
    Datagram packet;
  };
  const Not all[] = {
      {"source-elsewhere", "RFC 1812 5.2.7.2", "the source must be on the subnet of the next hop",
       Side::a, hosts.packet().from(kit.s.beyond("remote"))},
      {"source-route", "RFC 1812 5.2.7.2", "a packet with a source route brings no redirect",
       Side::a, hosts.packet().options(route)},
      {"other-interface", "RFC 1812 5.2.7.2", "the packet must leave by where it came in", Side::b,
       kit.udp_from(kit.target(), to)},
      {"later-fragment", "RFC 1812 4.3.2.7", "no error about a later fragment", Side::a,
       hosts.packet().fragment(160, false)},
      {"icmp-error", "RFC 1812 4.3.2.7", "no error about an error", Side::a,
       hosts.packet().protocol(kIcmp).payload(error)},
  };
  for (const Not& one : all) {
    kit.add({.id = fmt::format("redirect.not-{}", one.name),
             .clause = one.clause,
             .level = Level::must,
             .rule = one.rule,
             .inputs = {Kit::on(one.side, one.packet)},
             .expected = exactly({forwarded_anywhere(one.packet.bytes())}),
             .needs = kNeeds});
  }
  const Datagram dying = hosts.packet().ttl(1);
  kit.add({.id = "redirect.not-when-ttl-expires",
           .clause = "RFC 1812 5.3.1",
           .level = Level::must,
           .rule = "what is not forwarded brings no redirect",
           .inputs = Kit::one(dying),
           .expected = exactly({told(Side::a, dying.bytes(), 11, 0)}),
           .needs = kNeeds});
}

}  // namespace

void add_redirect_cases(Kit& kit) {
  Hosts hosts(kit);
  add_sent(kit, hosts);
  add_not_sent(kit, hosts);
}

}  // namespace hop::conform
