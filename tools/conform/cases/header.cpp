// The validation of headers: RFC 1812 section 5.2.2, RFC 1122 section 3.2.1.

#include <fmt/format.h>

#include "tools/conform/cases/kit.hpp"

namespace hop::conform {

namespace {

/// A wrong header, made of a right one.
struct Wrong {
  const char* name;
  const char* clause;
  const char* rule;
  Octets (*spoil)(const Datagram& right);
  /// The pointer of the parameter problem that section 5.2.2 permits beside silence.
  std::optional<unsigned> may_point_at = {};
};

Octets cut(const Datagram& right, std::size_t size) {
  Octets packet = right.bytes();
  packet.resize(size);
  return packet;
}

const Wrong kWrong[] = {
    {"1-byte", "RFC 1812 5.2.2 (1), RFC 791 3.1", "a packet must have 20 bytes",
     [](const Datagram& d) { return cut(d, 1); }},
    {"12-bytes", "RFC 1812 5.2.2 (1), RFC 791 3.1", "a packet must have 20 bytes",
     [](const Datagram& d) { return cut(d, 12); }},
    {"19-bytes", "RFC 1812 5.2.2 (1), RFC 791 3.1", "a packet must have 20 bytes",
     [](const Datagram& d) { return cut(d, 19); }},
    {"checksum-zero", "RFC 1812 5.2.2 (2), RFC 1122 3.2.1.2", "the checksum must be correct",
     [](const Datagram& d) { return d.checksum_is(0).bytes(); }},
    {"checksum-lowest-bit", "RFC 1812 5.2.2 (2), RFC 1122 3.2.1.2", "the checksum must be correct",
     [](const Datagram& d) { return d.checksum_off(0x0001).bytes(); }},
    {"checksum-highest-bit", "RFC 1812 5.2.2 (2), RFC 1122 3.2.1.2", "the checksum must be correct",
     [](const Datagram& d) { return d.checksum_off(0x8000).bytes(); }},
    {"checksum-inverted", "RFC 1812 5.2.2 (2), RFC 1122 3.2.1.2", "the checksum must be correct",
     [](const Datagram& d) { return d.checksum_off(0xffff).bytes(); }},
    {"checksum-bytes-swapped", "RFC 1812 5.2.2 (2), RFC 1122 3.2.1.2",
     "the checksum must be correct",
     [](const Datagram& d) {
       const unsigned right = u16_at(d.bytes(), 10);
       const unsigned swapped = (right >> 8U | right << 8U) & 0xffffU;
       return d.checksum_is(swapped == right ? right ^ 1U : swapped).bytes();
     }},
    {"checksum-without-options", "RFC 1122 3.2.1.2", "the checksum covers the options",
     [](const Datagram& d) {
       // Right over the first 20 bytes alone; 0x0102 makes the whole wrong.
       const Octets with = d.options({1, 2, 2, 0}).bytes();
       Octets first(with.begin(), with.begin() + 20);
       put_u16(first, 10, 0);
       return d.options({1, 2, 2, 0}).checksum_is(checksum(first)).bytes();
     }},
    {"version-0", "RFC 1812 5.2.2 (3), RFC 1122 3.2.1.1", "the version must be 4",
     [](const Datagram& d) { return d.version(0).bytes(); }},
    {"version-3", "RFC 1812 5.2.2 (3), RFC 1122 3.2.1.1", "the version must be 4",
     [](const Datagram& d) { return d.version(3).bytes(); }},
    {"version-5", "RFC 1812 5.2.2 (3), RFC 1122 3.2.1.1", "the version must be 4",
     [](const Datagram& d) { return d.version(5).bytes(); }},
    {"version-6", "RFC 1812 5.2.2 (3), RFC 1122 3.2.1.1", "the version must be 4",
     [](const Datagram& d) { return d.version(6).bytes(); }},
    {"version-15", "RFC 1812 5.2.2 (3), RFC 1122 3.2.1.1", "the version must be 4",
     [](const Datagram& d) { return d.version(15).bytes(); }},
    {"ihl-0", "RFC 1812 5.2.2 (4), RFC 791 3.1", "the header must have 20 bytes",
     [](const Datagram& d) { return d.ihl(0).bytes(); }},
    {"ihl-1", "RFC 1812 5.2.2 (4), RFC 791 3.1", "the header must have 20 bytes",
     [](const Datagram& d) { return d.ihl(1).bytes(); }},
    {"ihl-4", "RFC 1812 5.2.2 (4), RFC 791 3.1", "the header must have 20 bytes",
     [](const Datagram& d) { return d.ihl(4).bytes(); }, 0},
    {"ihl-beyond-packet", "RFC 1812 5.2.2 (5), RFC 791 3.1",
     "the total length must hold the header",
     [](const Datagram& d) { return d.payload({}).ihl(15).bytes(); }, 2},
    {"total-length-0", "RFC 1812 5.2.2 (5), RFC 791 3.1", "the total length must hold the header",
     [](const Datagram& d) { return d.total_length(0).bytes(); }, 2},
    {"total-length-19", "RFC 1812 5.2.2 (5), RFC 791 3.1", "the total length must hold the header",
     [](const Datagram& d) { return d.total_length(19).bytes(); }, 2},
    {"total-length-below-options", "RFC 1812 5.2.2 (5), RFC 791 3.1",
     "the total length must hold the header",
     [](const Datagram& d) { return d.options({1, 1, 1, 1}).total_length(20).bytes(); }, 2},
};

void add_wrong(Kit& kit, const Wrong& wrong, const char* where, const Datagram& right,
               Needs needs) {
  Octets packet = wrong.spoil(right);
  Expectation expected = silence();
  if (wrong.may_point_at) {
    const unsigned at = *wrong.may_point_at;
    expected =
        either({silence(), exactly({told(Side::a, right.bytes(), 12, 0, {pointer(at, at)})})});
  }
  kit.add({.id = fmt::format("header.{}-{}", wrong.name, where),
           .clause = wrong.clause,
           .level = Level::must,
           .rule = fmt::format("{}, or the packet is discarded in silence", wrong.rule),
           .inputs = {{Side::a, std::move(packet)}},
           .expected = std::move(expected),
           .needs = std::move(needs)});
}

void add_truncated(Kit& kit, const char* where, const Datagram& right, const Needs& needs) {
  Octets packet = right.bytes();
  packet.resize(packet.size() - 1);
  const Expectation reported = exactly({told(Side::a, packet, 12, 0, {pointer(2, 2)})});
  kit.add({.id = fmt::format("header.truncated-{}", where),
           .clause = "RFC 1812 5.2.2",
           .level = Level::should,  // to look; what was found MUST be discarded
           .rule = "a packet shorter than its total length is discarded",
           .inputs = {{Side::a, packet}},
           .expected = either({silence(), reported}),
           .needs = needs});
  kit.add({.id = fmt::format("header.truncated-{}-told", where),
           .clause = "RFC 1812 5.2.2",
           .level = Level::should,
           .rule = "a truncated packet brings a parameter problem at the total length",
           .inputs = {{Side::a, packet}},
           .expected = reported,
           .needs = needs});
}

void add_padded(Kit& kit) {
  Octets transit = kit.udp_to(kit.target()).bytes();
  const Octets expected = transit;
  append(transit, pattern(7));
  kit.add({.id = "header.padding-transit",
           .clause = "RFC 791 3.1",
           .level = Level::must,
           .rule = "the total length is the length of the datagram; what is behind is padding",
           .inputs = {{Side::a, transit}},
           .expected = exactly({forwarded(Side::b, expected)}),
           .needs = {"router", "b"}});
  Octets echo = kit.echo_to(kit.self()).bytes();
  const Octets request = echo;
  append(echo, pattern(9));
  kit.add({.id = "header.padding-self",
           .clause = "RFC 791 3.1",
           .level = Level::must,
           .rule = "the total length is the length of the datagram; what is behind is padding",
           .inputs = {{Side::a, echo}},
           .expected = exactly({echo_reply(Side::a, request)})});
}

/// A header whose sum is such that its checksum is 0, by choice of the identification.
Datagram with_zero_checksum(const Datagram& d) {
  // The checksum of the rest is what is missing to 0xffff.
  return d.id(u16_at(d.id(0).bytes(), 10));
}

void add_zero_forms(Kit& kit) {
  const Datagram transit = with_zero_checksum(kit.udp_to(kit.target()));
  const Datagram self = with_zero_checksum(kit.echo_to(kit.self()));
  for (const unsigned form : {0x0000U, 0xffffU}) {
    kit.add({.id = fmt::format("header.checksum-{:04x}-is-right-transit", form),
             .clause = "RFC 1624 3",
             .level = Level::must,
             .rule = "a header that sums up to minus zero is right, in either form of zero",
             .inputs = Kit::one(transit.checksum_is(form)),
             .expected = exactly({forwarded(Side::b, transit.checksum_is(form).bytes())}),
             .needs = {"router", "b"}});
    kit.add({.id = fmt::format("header.checksum-{:04x}-is-right-self", form),
             .clause = "RFC 1624 3",
             .level = Level::must,
             .rule = "a header that sums up to minus zero is right, in either form of zero",
             .inputs = Kit::one(self.checksum_is(form)),
             .expected = exactly({echo_reply(Side::a, self.bytes())})});
  }
}

void add_reserved(Kit& kit) {
  const Datagram transit = kit.udp_to(kit.target()).reserved();
  kit.add({.id = "header.reserved-flag-transit",
           .clause = "RFC 1812 5.2.5",
           .level = Level::must,
           .rule = "reserved bits are ignored and passed on unchanged",
           .inputs = Kit::one(transit),
           .expected = exactly({forwarded(Side::b, transit.bytes())}),
           .needs = {"router", "b"}});
  const Datagram self = kit.echo_to(kit.self()).reserved();
  kit.add(
      {.id = "header.reserved-flag-self",
       .clause = "RFC 1812 4.2.2.3",
       .level = Level::must,
       .rule = "a packet is not dropped because of a reserved bit, nor is the bit set in the reply",
       .inputs = Kit::one(self),
       .expected = exactly({echo_reply(Side::a, self.bytes(), {reserved_bit_is_zero()})})});
}

}  // namespace

void add_header_cases(Kit& kit) {
  for (const Wrong& wrong : kWrong) {
    add_wrong(kit, wrong, "self", kit.echo_to(kit.self()), {});
    add_wrong(kit, wrong, "transit", kit.udp_to(kit.target()), {"router", "b"});
  }
  add_truncated(kit, "self", kit.echo_to(kit.self()), {});
  add_truncated(kit, "transit", kit.udp_to(kit.target()), {"router", "b"});
  add_padded(kit);
  add_zero_forms(kit);
  add_reserved(kit);
}

}  // namespace hop::conform
