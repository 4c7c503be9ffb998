// The time to live: RFC 1812 sections 4.2.2.9 and 5.3.1, RFC 1122 section 3.2.1.7.

#include <fmt/format.h>

#include "tools/conform/cases/kit.hpp"

namespace hop::conform {

namespace {

void add_to_self(Kit& kit) {
  for (const unsigned ttl : {0U, 1U, 2U, 255U}) {
    for (const Side side : {Side::a, Side::b}) {
      const Datagram echo = kit.echo_to(kit.s.sut(side)).ttl(ttl);
      kit.add({.id = fmt::format("ttl.{}-to-self-{}", ttl, letter(side)),
               .clause = "RFC 1812 4.2.2.9, RFC 1122 3.2.1.7",
               .level = Level::must,
               .rule = "the TTL of a packet to the system itself is not looked at",
               .inputs = Kit::one(echo),
               .expected = exactly({echo_reply(Side::a, echo.bytes())}),
               .needs = side == Side::a ? Needs{} : Needs{"router", "b"}});
    }
  }
}

void add_expired(Kit& kit) {
  for (const unsigned ttl : {0U, 1U}) {
    const Datagram udp = kit.udp_to(kit.target()).ttl(ttl);
    kit.add({.id = fmt::format("ttl.{}-expires", ttl),
             .clause = "RFC 1812 5.3.1",
             .level = Level::must,
             .rule = "a TTL that is reduced to zero: discarded, time exceeded in transit is sent",
             .inputs = Kit::one(udp),
             .expected = exactly({told(Side::a, udp.bytes(), 11, 0)}),
             .needs = {"router", "b"}});
  }
}

void add_expired_by_kind(Kit& kit) {
  const std::pair<const char*, Datagram> probes[] = {
      {"tcp", kit.tcp_to(kit.target())},
      {"echo-request", kit.echo_to(kit.target())},
      {"echo-reply", kit.icmp_to(kit.target(), icmp(0, 0, 1, pattern(8)))},
      {"timestamp", kit.icmp_to(kit.target(), icmp(13, 0, 1, pattern(12)))},
      {"timestamp-reply", kit.icmp_to(kit.target(), icmp(14, 0, 1, pattern(12)))},
      {"protocol-253", kit.protocol_to(kit.target(), 253)},
      {"empty", kit.protocol_to(kit.target(), 253, 0)},
      {"first-fragment", piece(kit.udp_to(kit.target(), 100), 0, 48)},
      {"df", kit.udp_to(kit.target()).df()},
      {"with-options", kit.udp_to(kit.target()).options({1, 1, 1, 0})},
  };
  for (const auto& [name, probe] : probes) {
    kit.add({.id = fmt::format("ttl.expires-{}", name),
             .clause = "RFC 1812 5.2.7.3",
             .level = Level::must,
             .rule = "time exceeded in transit is sent about every kind of packet",
             .inputs = Kit::one(probe.ttl(1)),
             .expected = exactly({told(Side::a, probe.ttl(1).bytes(), 11, 0)}),
             .needs = {"router", "b"}});
  }
}

void add_forwarded(Kit& kit) {
  for (const unsigned ttl : {2U, 3U, 64U, 128U, 255U}) {
    const Datagram udp = kit.udp_to(kit.target()).ttl(ttl);
    kit.add({.id = fmt::format("ttl.{}-is-forwarded", ttl),
             .clause = "RFC 1812 5.3.1",
             .level = Level::must,
             .rule = "the TTL falls by at least one; a packet with TTL left is not discarded",
             .inputs = Kit::one(udp),
             .expected = exactly({forwarded(Side::b, udp.bytes())}),
             .needs = {"router", "b"}});
  }
}

void add_all(Kit& kit) {
  Case all{.id = "ttl.every-value-is-forwarded",
           .clause = "RFC 1812 5.3.1",
           .level = Level::must,
           .rule = "TTL 2 to 255: forwarded with a right checksum",
           .inputs = {},
           .expected = {},
           .needs = {"router", "b"}};
  std::vector<Pattern> patterns;
  for (unsigned ttl = 2; ttl <= 255; ++ttl) {
    const Datagram udp = kit.udp_to(kit.target(), 0).ttl(ttl);
    all.inputs.push_back(Kit::on(Side::a, udp));
    patterns.push_back(forwarded(Side::b, udp.bytes()));
  }
  all.expected = exactly(std::move(patterns));
  all.expected.text = "254 packets forwarded to b";
  kit.add(std::move(all));
}

}  // namespace

void add_ttl_cases(Kit& kit) {
  add_to_self(kit);
  add_expired(kit);
  add_expired_by_kind(kit);
  add_forwarded(kit);
  add_all(kit);
}

}  // namespace hop::conform
