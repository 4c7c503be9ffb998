// Echo: RFC 792, RFC 1122 section 3.2.2.6, RFC 1812 section 4.3.3.6.

#include <fmt/format.h>

#include "tools/conform/cases/kit.hpp"

namespace hop::conform {

namespace {

constexpr auto k1122 = "RFC 1122 3.2.2.6";
constexpr auto kEntirely = "data of an echo request are entirely included in the reply";

constexpr std::size_t kSizes[] = {0,    1,    2,     3,     7,     8,    9,    56,
                                  255,  256,  548,   1471,  1472,  1473, 1480, 2000,
                                  4000, 8192, 20000, 40000, 65506, 65507};

/// Fragments of at most the MTU of a, in order.
std::vector<Seen> in_pieces(const Kit& kit, const Datagram& whole) {
  const std::size_t room = std::size_t{kit.s.at(Side::a).mtu - 20} / 8 * 8;
  const std::size_t size = whole.payload_bytes().size();
  if (size + 20 <= kit.s.at(Side::a).mtu) return Kit::one(whole);
  std::vector<Seen> pieces;
  for (std::size_t at = 0; at < size; at += room) {
    pieces.push_back(Kit::on(Side::a, piece(whole, at, room)));
  }
  return pieces;
}

// RFC 1812: at least 576 bytes and the MTU of every network have to be reassembled and echoed.
void add_sizes(Kit& kit) {
  for (const std::size_t size : kSizes) {
    const Datagram echo = kit.echo_to(kit.self(), size);
    kit.add({.id = fmt::format("echo.size-{}", size),
             .clause = size + 28 <= kit.s.at(Side::a).mtu ? "RFC 1122 3.2.2.6, RFC 1812 4.3.3.6"
                                                          : "RFC 1122 3.3.2",
             .level = size + 28 <= kit.s.at(Side::a).mtu ? Level::must : Level::should,
             .rule = kEntirely,
             .inputs = in_pieces(kit, echo),
             .expected = reassembled(exactly({echo_reply(Side::a, echo.bytes())}))});
  }
}

void add_contents(Kit& kit) {
  const std::pair<const char*, Octets> messages[] = {
      {"id-0-sequence-0", icmp(8, 0, 0, pattern(8))},
      {"id-ffff-sequence-ffff", icmp(8, 0, 0xffffffff, pattern(8))},
      {"all-zero", icmp(8, 0, 0, Octets(64))},
      {"all-ones", icmp(8, 0, 0, Octets(64, 0xff))},
      // The words sum up so that the checksum of the request is 0, of the reply 0x0800; and so
      // that the reply's is 0.
      {"checksum-0", icmp(8, 0, 0xf7ff0000)},
      {"checksum-0-of-reply", icmp(8, 0, 0xffff0000)},
  };
  for (const auto& [name, message] : messages) {
    const Datagram echo = kit.icmp_to(kit.self(), message);
    kit.add({.id = fmt::format("echo.{}", name),
             .clause = k1122,
             .level = Level::must,
             .rule = "identifier, sequence number and data come back, with a right checksum",
             .inputs = Kit::one(echo),
             .expected = exactly({echo_reply(Side::a, echo.bytes())})});
  }
}

void add_addresses(Kit& kit) {
  for (const Side side : {Side::b, Side::c}) {
    const Datagram echo = kit.echo_to(kit.s.sut(side));
    kit.add({.id = fmt::format("echo.address-of-{}", letter(side)),
             .clause = "RFC 1812 4.3.3.6",
             .level = Level::must,
             .rule = "the reply comes from the address that was asked, whatever interface it has",
             .inputs = Kit::one(echo),
             .expected = exactly({echo_reply(Side::a, echo.bytes())}),
             .needs = {"router", side == Side::b ? "b" : "c"}});
  }
  const Datagram far = kit.echo_to(kit.self()).from(kit.s.beyond("remote"));
  kit.add({.id = "echo.reply-is-routed",
           .clause = k1122,
           .level = Level::must,
           .rule = "the reply is sent to the source of the request, wherever that is",
           .inputs = {{Side::b, far.bytes()}},
           .expected = exactly({echo_reply(Side::b, far.bytes())}),
           .needs = {"router", "b", "remote"}});
}

void add_tos(Kit& kit) {
  for (const unsigned tos : {0x20U, 0x40U, 0x80U, 0xb8U, 0xc0U, 0xe0U}) {
    const Datagram echo = kit.echo_to(kit.self()).tos(tos);
    kit.add({.id = fmt::format("echo.precedence-{:02x}", tos),
             .clause = "RFC 1812 4.3.2.5",
             .level = Level::must,
             .rule = "a reply has the precedence of the request",
             .inputs = Kit::one(echo),
             .expected =
                 exactly({echo_reply(Side::a, echo.bytes(), {precedence_is_that_of_request()})}),
             .needs = {"router"}});
  }
  for (const unsigned tos : {0x04U, 0x08U, 0x10U, 0x18U}) {
    const Datagram echo = kit.echo_to(kit.self()).tos(tos);
    kit.add({.id = fmt::format("echo.tos-{:02x}", tos),
             .clause = "RFC 1812 4.3.2.5",
             .level = Level::should,
             .rule = "a reply has the TOS of the request",
             .inputs = Kit::one(echo),
             .expected = exactly({echo_reply(Side::a, echo.bytes(), {tos_is_that_of_request()})})});
  }
}

void add_own_header(Kit& kit) {
  for (const unsigned ttl : {1U, 17U, 254U}) {
    const Datagram echo = kit.echo_to(kit.self()).ttl(ttl);
    kit.add({.id = fmt::format("echo.ttl-{}-is-not-copied", ttl),
             .clause = "RFC 1812 4.3.2.2",
             .level = Level::must,
             .rule = "the TTL of a response is not taken from the packet that triggered it",
             .inputs = Kit::one(echo),
             .expected = exactly({echo_reply(Side::a, echo.bytes(), {ttl_is_not_copied()})})});
  }
  const Datagram df = kit.echo_to(kit.self()).df();
  kit.add({.id = "echo.df",
           .clause = k1122,
           .level = Level::must,
           .rule = "a request with DF is answered",
           .inputs = Kit::one(df),
           .expected = exactly({echo_reply(Side::a, df.bytes())})});
  const Datagram unknown = kit.echo_to(kit.self()).options({0x9e, 4, 1, 2});
  kit.add({.id = "echo.unknown-option",
           .clause = "RFC 1122 3.2.1.8",
           .level = Level::must,
           .rule = "options that are not understood are ignored in silence",
           .inputs = Kit::one(unknown),
           .expected = exactly({echo_reply(Side::a, unknown.bytes())})});
}

void add_refused(Kit& kit) {
  const std::pair<const char*, Octets> messages[] = {
      {"checksum-wrong", with_bad_icmp_checksum(icmp(8, 0, 1, pattern(8)))},
      {"checksum-absent", {8, 0, 0, 0, 0, 1, 0, 1}},
      {"no-message", {}},
      {"1-byte", {8}},
      {"4-bytes", {8, 0, 0xf7, 0xff}},
      {"7-bytes", {8, 0, 0xf7, 0xff, 0, 0, 0}},
  };
  for (const auto& [name, message] : messages) {
    kit.add({.id = fmt::format("echo.{}", name),
             .clause = "RFC 792",
             .level = Level::policy,
             .rule = "a message that is damaged or cut short is not answered",
             .inputs = Kit::one(kit.icmp_to(kit.self(), message)),
             .expected = silence()});
  }
  const Datagram other = kit.icmp_to(kit.self(), icmp(8, 1, 1, pattern(8)));
  kit.add({.id = "echo.code-1",
           .clause = "RFC 792",
           .level = Level::may,
           .rule = "an echo request has code 0; another may be answered or ignored",
           .inputs = Kit::one(other),
           .expected = anything()});
  const Datagram unsolicited = kit.icmp_to(kit.self(), icmp(0, 0, 0x77770001, pattern(8)));
  kit.add({.id = "echo.unsolicited-reply",
           .clause = k1122,
           .level = Level::must,
           .rule = "an echo reply goes to whoever asked, and brings no answer",
           .inputs = Kit::one(unsolicited),
           .expected = silence()});
}

}  // namespace

void add_echo_cases(Kit& kit) {
  add_sizes(kit);
  add_contents(kit);
  add_addresses(kit);
  add_tos(kit);
  add_own_header(kit);
  add_refused(kit);
}

}  // namespace hop::conform
