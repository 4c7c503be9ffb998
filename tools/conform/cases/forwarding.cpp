// What a router keeps of the packets that it forwards, and where it sends them: RFC 1812 section 5.

#include <fmt/format.h>

#include "tools/conform/cases/kit.hpp"

namespace hop::conform {

namespace {

struct Kept {
  const char* name;
  const char* clause;
  const char* rule;
  Datagram packet;
};

void add_kept(Kit& kit, const Kept& kept) {
  kit.add({.id = fmt::format("forward.{}", kept.name),
           .clause = kept.clause,
           .level = Level::must,
           .rule = kept.rule,
           .inputs = Kit::one(kept.packet),
           .expected = exactly({forwarded(Side::b, kept.packet.bytes())}),
           .needs = {"router", "b"}});
}

void add_fields(Kit& kit) {
  const Address to = kit.target();
  constexpr auto kUnicast = "RFC 1812 5.2.1.2";
  constexpr auto kContents = "a router does not look at, nor change, what a packet carries";
  const Kept all[] = {
      {"df", kUnicast, "a small packet with DF is forwarded with DF", kit.udp_to(to).df()},
      {"id-0", "RFC 791 3.2", "the identification is passed on", kit.udp_to(to).id(0)},
      {"id-ffff", "RFC 791 3.2", "the identification is passed on", kit.udp_to(to).id(0xffff)},
      {"no-payload", kUnicast, "20 bytes are a packet", kit.protocol_to(to, 253, 0)},
      {"odd-payload", kUnicast, "an odd length is no fault", kit.protocol_to(to, 253, 33)},
      {"udp-checksum-wrong", kUnicast, kContents,
       kit.udp_to(to).payload({0, 1, 0, 2, 0, 9, 0x12, 0x34, 5})},
      {"udp-length-wrong", kUnicast, kContents, kit.udp_to(to).payload({0, 1, 0, 2, 9, 9, 0, 0})},
      {"icmp-checksum-wrong", kUnicast, kContents,
       kit.icmp_to(to, with_bad_icmp_checksum(icmp(8, 0, 1)))},
      {"icmp-truncated", kUnicast, kContents, kit.icmp_to(to, {3, 1, 0})},
      {"icmp-error", kUnicast, kContents, kit.icmp_to(to, kit.error_message(3, to))},
      {"icmp-unknown-type", kUnicast, kContents, kit.icmp_to(to, icmp(200, 7, 9))},
      {"first-fragment", "RFC 1812 5.2.6", "transit fragments are not reassembled",
       piece(kit.udp_to(to, 100), 0, 48)},
      {"later-fragment", "RFC 1812 5.2.6", "transit fragments are not reassembled",
       piece(kit.udp_to(to, 100), 48, 100)},
      {"tiny-fragment-offset-8", "RFC 791 3.2", "a fragment at offset 8 is as good as any",
       piece(kit.udp_to(to, 100), 8, 100)},
      {"fragment-at-65512", "RFC 791 3.2", "the end of the largest datagram there is",
       kit.protocol_to(to, 253, 3).fragment(65512, false)},
  };
  for (const Kept& kept : all) add_kept(kit, kept);
}

void add_tos(Kit& kit) {
  for (const unsigned tos :
       {0x01U, 0x02U, 0x03U, 0x08U, 0x10U, 0x1eU, 0x20U, 0x2eU << 2U, 0xc0U, 0xe0U, 0xffU}) {
    const Datagram packet = kit.udp_to(kit.target()).tos(tos);
    kit.add(
        {.id = fmt::format("forward.tos-{:02x}", tos),
         .clause = tos <= 3 ? "RFC 3168 5, RFC 1812 5.2.5" : "RFC 1812 5.3.3.3 (4)",
         .level = Level::must,
         .rule = "precedence and reserved bits are not changed, nor is a packet dropped for them",
         .inputs = Kit::one(packet),
         .expected = exactly({forwarded(Side::b, packet.bytes())}),
         .needs = {"router", "b"}});
  }
}

Case sweep(const char* id, const char* clause, const char* rule) {
  return {.id = id,
          .clause = clause,
          .level = Level::must,
          .rule = rule,
          .inputs = {},
          .expected = {},
          .needs = {"router", "b"}};
}

template <typename Make>
void add_sweep(Kit& kit, Case all, unsigned count, Make make) {
  std::vector<Pattern> patterns;
  for (unsigned i = 0; i < count; ++i) {
    const Datagram packet = make(i);
    all.inputs.push_back(Kit::on(Side::a, packet));
    patterns.push_back(forwarded(Side::b, packet.bytes()));
  }
  all.expected = exactly(std::move(patterns));
  all.expected.text = fmt::format("{} packets forwarded to b", count);
  kit.add(std::move(all));
}

void add_sweeps(Kit& kit) {
  const Address to = kit.target();
  add_sweep(kit,
            sweep("forward.every-protocol", "RFC 1812 5.2.1.2",
                  "a router forwards whatever protocol a packet is of"),
            256, [&](unsigned protocol) { return kit.protocol_to(to, protocol, 24); });
  add_sweep(kit,
            sweep("forward.every-icmp-type", "RFC 1812 5.2.1.2",
                  "a router forwards ICMP messages of whatever type"),
            256, [&](unsigned type) { return kit.icmp_to(to, icmp(type, 0, 0, pattern(28))); });
  add_sweep(kit,
            sweep("forward.checksums", "RFC 1624 3",
                  "the checksum is right after forwarding, whatever it was: carries and zeros"),
            512, [&](unsigned i) {
              // Around the values where an update carries or meets zero.
              const Datagram base = kit.udp_to(to, 0).id(0);
              const unsigned field = u16_at(base.bytes(), 10);
              return base.id((field + 0xff00U + i) & 0xffffU);
            });
}

void add_sizes(Kit& kit) {
  const unsigned mtu = kit.s.at(Side::b).mtu;
  for (const unsigned size : {mtu - 1, mtu}) {
    for (const bool df : {false, true}) {
      const Datagram packet = kit.protocol_to(kit.target(), 253, size - 20);
      add_kept(kit,
               {df ? (size == mtu ? "df-size-of-mtu" : "df-one-below-mtu")
                   : (size == mtu ? "size-of-mtu" : "one-below-mtu"),
                "RFC 791 3.2", "what fits the MTU is not fragmented", df ? packet.df() : packet});
    }
  }
}

void add_ways(Kit& kit) {
  const Datagram remote = kit.udp_to(kit.s.beyond("remote"));
  kit.add({.id = "forward.route-by-next-hop",
           .clause = "RFC 1812 5.2.4.3",
           .level = Level::must,
           .rule = "a packet leaves towards the next hop of its route",
           .inputs = Kit::one(remote),
           .expected = exactly({forwarded(Side::b, remote.bytes())}),
           .needs = {"router", "b", "remote"}});
  const Datagram specific = kit.udp_to(kit.s.beyond("specific"), 8);
  kit.add({.id = "forward.longest-prefix",
           .clause = "RFC 1812 5.2.4.3 (2)",
           .level = Level::must,
           .rule = "the longest matching prefix wins",
           .inputs = Kit::one(specific),
           .expected = exactly({forwarded(Side::c, specific.bytes())}),
           .needs = {"router", "c", "remote", "specific"}});
  const Datagram back = kit.udp_from(kit.target(), kit.prober());
  kit.add({.id = "forward.from-b-to-a",
           .clause = "RFC 1812 5.2.1.2",
           .level = Level::must,
           .rule = "every interface forwards to every other",
           .inputs = {Kit::on(Side::b, back)},
           .expected = exactly({forwarded(Side::a, back.bytes())}),
           .needs = {"router", "b"}});
  const Datagram black = kit.udp_to(kit.s.beyond("blackhole"));
  kit.add({.id = "forward.blackhole",
           .clause = "RFC 1812 5.3.9",
           .level = Level::policy,
           .rule = "what is to be discarded in silence is",
           .inputs = Kit::one(black),
           .expected = silence(),
           .needs = {"router", "blackhole"}});
}

}  // namespace

void add_forwarding_cases(Kit& kit) {
  add_fields(kit);
  add_tos(kit);
  add_sizes(kit);
  add_ways(kit);
  add_sweeps(kit);
}

}  // namespace hop::conform
