// UDP and TCP without anybody who listens: RFC 768, RFC 1122 section 4.1.3, RFC 9293
// section 3.10.7.1.

#include <fmt/format.h>

#include "tools/conform/cases/kit.hpp"

namespace hop::conform {

namespace {

struct Silent {
  const char* name;
  const char* clause;
  Level level;
  const char* rule;
  Datagram packet;
};

Octets changed(Octets bytes, std::size_t at, std::uint8_t flip) {
  bytes[at] ^= flip;
  return bytes;
}

/// A UDP datagram with its length and a checksum that is right over that many bytes.
Octets with_udp_length(const Datagram& d, unsigned length) {
  Octets bytes = d.payload_bytes();
  put_u16(bytes, 4, length);
  put_u16(bytes, 6, 0);  // none
  return bytes;
}

void add_udp_answers(Kit& kit) {
  const Datagram plain = kit.udp_to(kit.self());
  Octets without = plain.payload_bytes();
  put_u16(without, 6, 0);
  const std::pair<const char*, Datagram> packets[] = {
      {"without-checksum", plain.payload(without)},
      {"without-data", kit.udp_to(kit.self(), 0)},
      {"one-byte", kit.udp_to(kit.self(), 1)},
      {"odd-data", kit.udp_to(kit.self(), 33)},
      {"df", plain.df()},
      {"shorter-than-packet", plain.payload(with_udp_length(plain, 12))},
  };
  for (const auto& [name, packet] : packets) {
    kit.add({.id = fmt::format("udp.{}", name),
             .clause = "RFC 1122 4.1.3.1",
             .level = Level::should,
             .rule = "a right datagram to a port where nobody listens: port unreachable",
             .inputs = Kit::one(packet),
             .expected = exactly({told(Side::a, packet.bytes(), 3, 3)})});
  }
}

void add_udp_silences(Kit& kit) {
  const Datagram udp = kit.udp_to(kit.self());
  constexpr auto k1122 = "RFC 1122 4.1.3.4";
  constexpr auto kWrong = "a datagram with a wrong checksum is discarded in silence";
  constexpr auto kLength = "a datagram with an impossible length is no datagram";
  const Silent all[] = {
      {"checksum-wrong", k1122, Level::must, kWrong,
       udp.payload(changed(udp.payload_bytes(), 6, 1))},
      {"data-wrong", k1122, Level::must, kWrong,
       udp.payload(changed(udp.payload_bytes(), 20, 128))},
      {"port-wrong", k1122, Level::must, kWrong, udp.payload(changed(udp.payload_bytes(), 1, 4))},
      {"address-wrong", k1122, Level::must, "the checksum covers the addresses",
       udp.from(kit.s.host(Side::a, 11))},
      {"length-0", "RFC 768", Level::policy, kLength, udp.payload(with_udp_length(udp, 0))},
      {"length-7", "RFC 768", Level::policy, kLength, udp.payload(with_udp_length(udp, 7))},
      {"length-beyond-packet", "RFC 768", Level::policy, kLength,
       udp.payload(with_udp_length(udp, 41))},
      {"header-cut", "RFC 768", Level::policy, kLength,
       udp.payload({0x9c, 0x40, 0x82, 0x9a, 0, 4})},
  };
  for (const Silent& one : all) {
    kit.add({.id = fmt::format("udp.{}", one.name),
             .clause = one.clause,
             .level = one.level,
             .rule = one.rule,
             .inputs = Kit::one(one.packet),
             .expected = silence()});
  }
}

// RFC 1812 section 6: a router need not have a transport; then TCP is a protocol that is
// unreachable.
Expectation reset_of(const Kit& kit, const Datagram& segment) {
  Expectation answered = exactly({reset(Side::a, segment.bytes())});
  if (!kit.s.router) return answered;
  return either({answered, exactly({told(Side::a, segment.bytes(), 3, 2)})});
}

void add_tcp_resets(Kit& kit) {
  const std::pair<const char*, unsigned> segments[] = {{"syn", kSyn},
                                                       {"ack", kAck},
                                                       {"syn-ack", kSyn | kAck},
                                                       {"fin", kFin},
                                                       {"fin-ack", kFin | kAck},
                                                       {"syn-fin", kSyn | kFin},
                                                       {"no-flags", 0}};
  for (const auto& [name, flags] : segments) {
    const Datagram segment = kit.tcp_to(kit.self(), flags);
    kit.add({.id = fmt::format("tcp.{}", name),
             .clause = "RFC 9293 3.10.7.1",
             .level = Level::must,
             .rule = "a segment without reset to a closed port brings a reset",
             .inputs = Kit::one(segment),
             .expected = reset_of(kit, segment)});
  }
  const Octets with_data =
      tcp(kit.prober(), kit.self(), 40000, kit.s.closed_port, 0, 0xfffffff0, 0, pattern(100));
  const Datagram data = kit.tcp_to(kit.self()).payload(with_data);
  kit.add({.id = "tcp.data",
           .clause = "RFC 9293 3.10.7.1",
           .level = Level::must,
           .rule = "the reset acknowledges what the segment carries, over the end of numbers",
           .inputs = Kit::one(data),
           .expected = reset_of(kit, data)});
}

void add_tcp_silences(Kit& kit) {
  const Datagram syn = kit.tcp_to(kit.self());
  Octets offset = syn.payload_bytes();
  offset[12] = 4U << 4U;
  put_u16(offset, 16, 0);
  put_u16(offset, 16, transport_checksum(kit.prober(), kit.self(), kTcp, offset));
  const Silent all[] = {
      {"rst", "RFC 9293 3.10.7.1", Level::must, "a reset to a closed port is discarded",
       kit.tcp_to(kit.self(), kRst)},
      {"rst-ack", "RFC 9293 3.10.7.1", Level::must, "a reset to a closed port is discarded",
       kit.tcp_to(kit.self(), kRst | kAck)},
      {"checksum-wrong", "RFC 9293 3.1", Level::must, "the checksum is checked",
       syn.payload(changed(syn.payload_bytes(), 16, 1))},
      {"address-wrong", "RFC 9293 3.1", Level::must, "the checksum covers the addresses",
       syn.from(kit.s.host(Side::a, 11))},
      {"header-cut", "RFC 9293 3.1", Level::must, "a header has 20 bytes",
       syn.payload({0x9c, 0x40, 0, 80, 0, 0, 0, 1})},
      {"data-offset-4", "RFC 9293 3.1", Level::policy, "a header has five words at least",
       syn.payload(offset)},
  };
  for (const Silent& one : all) {
    kit.add({.id = fmt::format("tcp.{}", one.name),
             .clause = one.clause,
             .level = one.level,
             .rule = one.rule,
             .inputs = Kit::one(one.packet),
             .expected = silence()});
  }
}

}  // namespace

void add_transport_cases(Kit& kit) {
  add_udp_answers(kit);
  add_udp_silences(kit);
  add_tcp_resets(kit);
  add_tcp_silences(kit);
}

}  // namespace hop::conform
