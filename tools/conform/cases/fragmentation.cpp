// Fragmentation by a router: RFC 791 section 3.2, RFC 1812 section 4.2.2.7.

#include <fmt/format.h>

#include <algorithm>

#include "tools/conform/cases/kit.hpp"

namespace hop::conform {

namespace {

struct Row {
  std::string name;
  const char* clause;
  const char* rule;
  Side side;
  Datagram packet;
};

void add_row(Kit& kit, const Row& row) {
  const Cut cut{row.side, row.packet.bytes(), kit.s.at(row.side).mtu};
  const Needs needs = {"router", row.side == Side::b ? "b" : "c"};
  kit.add({.id = fmt::format("fragment.{}", row.name),
           .clause = row.clause,
           .level = Level::must,
           .rule = row.rule,
           .inputs = Kit::one(row.packet),
           .expected = fragments(cut),
           .needs = needs});
}

void add_few(Kit& kit, const Row& row) {
  const Cut cut{row.side, row.packet.bytes(), kit.s.at(row.side).mtu};
  kit.add({.id = fmt::format("fragment.{}-few-in-order", row.name),
           .clause = "RFC 1812 4.2.2.7",
           .level = Level::should,
           .rule = "as few fragments as possible, in order",
           .inputs = Kit::one(row.packet),
           .expected = few_fragments_in_order(cut),
           .needs = {"router", row.side == Side::b ? "b" : "c"}});
}

// Around the MTU, around what two fragments hold, and the largest that fits a.
void add_sizes(Kit& kit) {
  for (const Side side : {Side::b, Side::c}) {
    const std::size_t mtu = kit.s.at(side).mtu;
    const std::size_t room = (mtu - 20) / 8 * 8;
    std::vector<std::size_t> payloads = {
        mtu - 20 + 1, mtu - 20 + 8,    2 * room - 1,        2 * room,
        2 * room + 1, room + mtu - 20, room + mtu - 20 + 1, 1480};
    std::ranges::sort(payloads);
    payloads.erase(std::ranges::unique(payloads).begin(), payloads.end());
    for (const std::size_t payload : payloads) {
      const Row row{fmt::format("mtu-{}-payload-{}", mtu, payload), "RFC 791 3.2",
                    "fragments fit the MTU, are multiples of 8 bytes and make up the datagram",
                    side, kit.protocol_to(kit.s.host(side), 253, payload)};
      add_row(kit, row);
      add_few(kit, row);
    }
  }
}

void add_fields(Kit& kit) {
  const Datagram big = kit.protocol_to(kit.target(), 253, 1000);
  const Row all[] = {
      {"keeps-tos", "RFC 791 3.2", "every fragment has the TOS of the datagram", Side::b,
       big.tos(0xb9)},
      {"keeps-id", "RFC 791 3.2", "every fragment has the identification of the datagram", Side::b,
       big.id(0xfffe)},
      {"keeps-id-0", "RFC 791 3.2", "every fragment has the identification of the datagram",
       Side::b, big.id(0)},
      {"keeps-reserved-flag", "RFC 1812 5.2.5", "reserved bits are copied into each fragment",
       Side::b, big.reserved()},
      {"ttl-2", "RFC 791 3.2", "every fragment has the lower TTL", Side::b, big.ttl(2)},
      {"udp", "RFC 791 3.2", "any protocol is fragmented", Side::b, kit.udp_to(kit.target(), 1001)},
      {"icmp", "RFC 791 3.2", "any protocol is fragmented", Side::b,
       kit.echo_to(kit.target(), 999)},
      {"first", "RFC 791 3.2", "a first fragment cut again keeps more-fragments", Side::b,
       piece(kit.protocol_to(kit.target(), 253, 3000), 0, 1000)},
      {"middle", "RFC 791 3.2", "a middle fragment cut again keeps offset and more-fragments",
       Side::b, piece(kit.protocol_to(kit.target(), 253, 3000), 1000, 1000)},
      {"last", "RFC 791 3.2", "a last fragment cut again ends without more-fragments", Side::b,
       piece(kit.protocol_to(kit.target(), 253, 3000), 2000, 1000)},
      {"last-at-the-end-of-offsets", "RFC 791 3.2", "offsets up to the largest", Side::b,
       kit.protocol_to(kit.target(), 253, 1000).fragment(64512, false)},
      {"middle-mtu-68", "RFC 791 3.2",
       "a middle fragment cut again keeps offset and more-fragments", Side::c,
       piece(kit.protocol_to(kit.s.host(Side::c), 253, 1000), 400, 400)},
  };
  for (const Row& row : all) add_row(kit, row);
}

// RFC 791 section 3.1: the copied flag of an option says whether it goes into every fragment.
void add_options(Kit& kit) {
  const Octets copied{0x9e, 4, 1, 2}, once{0x1e, 4, 3, 4};
  Octets both = once;
  append(both, copied);
  const Octets long_copied = [] {
    Octets option{0x9e, 40};
    append(option, pattern(38));
    return option;
  }();
  const std::pair<const char*, Octets> all[] = {
      {"copied", copied},
      {"not-copied", once},
      {"one-of-each", both},
      {"40-bytes-copied", long_copied},
      {"router-alert", {148, 4, 0, 0}},
      {"security", {130, 11, 0xab, 1, 2, 3, 4, 5, 6, 7, 8}}};
  for (const auto& [name, options] : all) {
    for (const Side side : {Side::b, Side::c}) {
      const Datagram packet = kit.protocol_to(kit.s.host(side), 253, side == Side::b ? 1000 : 200);
      add_row(kit, {fmt::format("option-{}-mtu-{}", name, kit.s.at(side).mtu), "RFC 791 3.1",
                    "options with the copied flag stand in every fragment, others in the first",
                    side, packet.options(options)});
    }
  }
}

void add_df(Kit& kit) {
  const Datagram later = kit.protocol_to(kit.target(), 253, 1000).df().fragment(1000, false);
  kit.add({.id = "fragment.df-later-fragment",
           .clause = "RFC 791 3.1, RFC 1812 4.3.2.7",
           .level = Level::must,
           .rule = "DF: not fragmented; and no error about a later fragment",
           .inputs = Kit::one(later),
           .expected = silence(),
           .needs = {"router", "b"}});
}

// The system's own packets too: an echo reply that is larger than the link.
void add_own(Kit& kit) {
  for (const Side side : {Side::b, Side::c}) {
    const unsigned mtu = kit.s.at(side).mtu;
    const Datagram echo =
        kit.icmp_to(kit.s.sut(side), icmp(8, 0, 0x4444, pattern(500))).from(kit.s.host(side));
    std::vector<Seen> pieces;
    for (std::size_t at = 0; at < 508; at += 48)
      pieces.push_back(Kit::on(side, piece(echo, at, 48)));
    kit.add({.id = fmt::format("fragment.own-reply-mtu-{}", mtu),
             .clause = "RFC 1812 4.2.2.7, 4.3.3.6",
             .level = Level::must,
             .rule = "what the system sends itself is fragmented where it has to be",
             .inputs = std::move(pieces),
             .expected = reassembled(exactly({echo_reply(side, echo.bytes())})),
             .needs = {"router", side == Side::b ? "b" : "c"}});
  }
}

}  // namespace

void add_fragmentation_cases(Kit& kit) {
  add_sizes(kit);
  add_fields(kit);
  add_options(kit);
  add_df(kit);
  add_own(kit);
}

}  // namespace hop::conform
