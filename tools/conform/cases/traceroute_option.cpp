// The traceroute option: RFC 1393. Experimental, and off everywhere but where it was asked for.

#include <fmt/format.h>

#include "tools/conform/cases/kit.hpp"

namespace hop::conform {

namespace {

constexpr unsigned kOutbound = 0xffff;  // in place of the return hop count
constexpr std::uint32_t kId = 0x7357;

/// Section 2.2.
Octets option(unsigned outbound, unsigned back, Address originator) {
  Octets bytes{82, 12, kId >> 8U, kId & 0xffU, 0, 0, 0, 0};
  put_u16(bytes, 4, outbound);
  put_u16(bytes, 6, back);
  append(bytes, octets_of(originator));
  return bytes;
}

struct Traced {
  unsigned code;
  unsigned outbound, back;
  unsigned mtu;
};

/// The ICMP traceroute message to the originator (section 2.3).
Pattern traced(Side side, const Octets& sent, const Traced& expected,
               std::vector<Check> checks = {}) {
  checks.push_back({fmt::format("hop counts {} and {}", expected.outbound, expected.back),
                    [=](const Parsed& answer, const Parsed&) -> std::string {
                      if (answer.payload.size() != 20) {
                        return fmt::format("it has {} bytes", answer.payload.size());
                      }
                      if (answer.icmp_rest() != kId << 16U) return "its ID number is another";
                      const unsigned outbound = u16_at(answer.payload, 8),
                                     back = u16_at(answer.payload, 10);
                      if (outbound == expected.outbound && back == expected.back) return {};
                      return fmt::format("its hop counts are {} and {}", outbound, back);
                    }});
  checks.push_back({fmt::format("MTU {}", expected.mtu),
                    [mtu = expected.mtu](const Parsed& answer, const Parsed&) -> std::string {
                      // Section 2.3: zero if it cannot be determined.
                      const std::uint32_t said = u32_at(answer.payload, 16);
                      return said == mtu || said == 0 ? "" : fmt::format("its MTU is {}", said);
                    }});
  return told(side, sent, 30, expected.code, checks);
}

constexpr auto k33 = "RFC 1393 3.3";

void add_counted(Kit& kit) {
  const unsigned mtu = kit.s.at(Side::b).mtu;
  struct Count {
    const char* name;
    const char* rule;
    unsigned outbound, back, outbound_after, back_after;
  };
  const Count all[] = {
      {"outbound", "an outbound packet: the outbound hop count goes up, the originator is told", 0,
       kOutbound, 1, kOutbound},
      {"outbound-later", "hops are counted on", 7, kOutbound, 8, kOutbound},
      {"return", "a return packet: the return hop count goes up, the originator is told", 5, 0, 5,
       1},
  };
  for (const Count& one : all) {
    const Datagram packet =
        kit.udp_to(kit.target()).options(option(one.outbound, one.back, kit.prober()));
    const Datagram after = packet.options(option(one.outbound_after, one.back_after, kit.prober()));
    const Traced report{0, one.outbound_after, one.back_after, mtu};
    kit.add({.id = fmt::format("traceroute-option.{}", one.name),
             .clause = k33,
             .level = Level::should,
             .rule = one.rule,
             .inputs = Kit::one(packet),
             .expected = exactly(
                 {forwarded(Side::b, after.bytes()), traced(Side::a, packet.bytes(), report)}),
             .needs = {"router", "b", "traceroute-option"}});
  }
}

void add_message(Kit& kit) {
  const Traced report{0, 1, kOutbound, kit.s.at(Side::b).mtu};
  const Datagram packet = kit.udp_to(kit.target()).options(option(0, kOutbound, kit.prober()));
  struct Property {
    const char* name;
    const char* rule;
    Datagram packet;
    Check check;
  };
  const Check same_tos{
      "TOS and precedence of the packet",
      [](const Parsed& answer, const Parsed& sent) -> std::string {
        return answer.tos == sent.tos ? "" : fmt::format("its TOS byte is {:#04x}", answer.tos);
      }};
  const Property all[] = {
      {"message-tos", "the message has TOS and precedence of the packet", packet.tos(0xb0),
       same_tos},
      {"message-options", "the message does not carry the option", packet, has_no_options()},
      {"message-ttl", "the message has a TTL of its own", packet.ttl(9), ttl_is_not_copied()},
  };
  for (const Property& one : all) {
    kit.add({.id = fmt::format("traceroute-option.{}", one.name),
             .clause = k33,
             .level = Level::should,
             .rule = one.rule,
             .inputs = Kit::one(one.packet),
             .expected = at_least({traced(Side::a, one.packet.bytes(), report, {one.check})}),
             .needs = {"router", "b", "traceroute-option"}});
  }
}

void add_discarded(Kit& kit) {
  const Address nowhere = kit.s.beyond("nowhere");
  const Datagram out = kit.udp_from(kit.somebody(), nowhere);
  const Octets outbound = out.options(option(0, kOutbound, out.source())).bytes();
  kit.add({.id = "traceroute-option.no-route",
           .clause = k33,
           .level = Level::should,
           .rule = "an outbound packet without a way: code 1",
           .inputs = {{Side::a, outbound}},
           .expected = at_least({traced(Side::a, outbound, {1, 1, kOutbound, 0})}),
           .needs = {"router", "nowhere", "traceroute-option"}});
  const Datagram back = kit.udp_from(kit.somebody(), nowhere);
  const Octets returning = back.options(option(3, 1, back.source())).bytes();
  kit.add({.id = "traceroute-option.no-route-back",
           .clause = k33,
           .level = Level::may,
           .rule = "a return packet without a way: no message is needed",
           .inputs = {{Side::a, returning}},
           .expected = exactly({told(Side::a, returning, 3, 0)}),
           .needs = {"router", "nowhere", "traceroute-option"}});
}

// Section 3.2.
void add_destination(Kit& kit) {
  const Datagram echo = kit.echo_to(kit.self()).options(option(3, kOutbound, kit.prober()));
  kit.add({.id = "traceroute-option.echo",
           .clause = "RFC 1393 3.2",
           .level = Level::should,
           .rule = "the reply carries the option, its return hop count zero; nothing else is sent",
           .inputs = Kit::one(echo),
           .expected = exactly(
               {echo_reply(Side::a, echo.bytes(), {options_are(option(3, 0, kit.prober()))})}),
           .needs = {"traceroute-option"}});
}

void add_off(Kit& kit) {
  const Datagram packet = kit.udp_to(kit.target()).options(option(0, kOutbound, kit.prober()));
  kit.add({.id = "traceroute-option.off",
           .clause = "RFC 1812 5.3.13.1, RFC 6814 3",
           .level = Level::must,
           .rule = "who does not know the option passes it through unchanged",
           .inputs = Kit::one(packet),
           .expected = exactly({forwarded(Side::b, packet.bytes())}),
           .needs = {"router", "b", "!traceroute-option"}});
}

}  // namespace

void add_traceroute_option_cases(Kit& kit) {
  add_counted(kit);
  add_message(kit);
  add_discarded(kit);
  add_destination(kit);
  add_off(kit);
}

}  // namespace hop::conform
