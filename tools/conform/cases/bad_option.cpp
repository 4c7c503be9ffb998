// Options that are wrong: RFC 791 section 3.1, RFC 1812 section 4.3.3.5, RFC 1122 section 3.2.2.5.

#include <fmt/format.h>

#include "tools/conform/cases/kit.hpp"

namespace hop::conform {

namespace {

struct Bad {
  const char* name;
  Octets options;
  /// Where the pointer may point, from the start of the options: RFC 792 has it at "the octet where
  /// an error was detected", which for a length is that byte or the type's.
  unsigned first, last;
};

const Bad kBad[] = {
    {"length-0-record-route", {7, 0, 4, 0}, 0, 1},
    {"length-1-record-route", {7, 1, 4, 0}, 0, 1},
    {"length-2-record-route", {7, 2, 1, 1}, 0, 2},
    {"length-beyond-record-route", {7, 39, 4, 0}, 0, 1},
    {"length-0-timestamp", {68, 0, 5, 0}, 0, 1},
    {"length-1-timestamp", {68, 1, 5, 0}, 0, 1},
    {"length-3-timestamp", {68, 3, 5, 1}, 0, 2},
    {"length-beyond-timestamp", {68, 36, 5, 0}, 0, 1},
    {"length-0-loose-route", {131, 0, 4, 0}, 0, 1},
    {"length-1-loose-route", {131, 1, 4, 0}, 0, 1},
    {"length-beyond-loose-route", {131, 23, 4, 0}, 0, 1},
    {"length-0-strict-route", {137, 0, 4, 0}, 0, 1},
    {"length-beyond-strict-route", {137, 23, 4, 0}, 0, 1},
    {"length-0-unknown", {0x9e, 0, 0, 0}, 0, 1},
    {"length-1-unknown", {0x9e, 1, 0, 0}, 0, 1},
    {"length-beyond-unknown", {0x9e, 5, 0, 0}, 0, 1},
    {"length-missing", {1, 1, 1, 0x9e}, 3, 4},
    {"length-0-behind-nops", {1, 1, 7, 0}, 2, 3},
    {"length-beyond-behind-option", {0x9e, 4, 1, 2, 7, 40, 4, 0}, 4, 5},
    {"pointer-0-record-route", {7, 7, 0, 0, 0, 0, 0}, 0, 2},
    {"pointer-3-record-route", {7, 7, 3, 0, 0, 0, 0}, 0, 2},
    {"pointer-partial-record-route", {7, 7, 5, 0, 0, 0, 0}, 0, 2},
    {"pointer-4-of-6-record-route", {7, 6, 4, 0, 0, 0}, 0, 2},
    {"pointer-0-timestamp", {68, 8, 0, 0, 0, 0, 0, 0}, 0, 2},
    {"pointer-4-timestamp", {68, 8, 4, 0, 0, 0, 0, 0}, 0, 2},
    {"pointer-partial-timestamp", {68, 8, 6, 0, 0, 0, 0, 0}, 0, 2},
    {"no-room-for-address-timestamp", {68, 8, 5, 1, 0, 0, 0, 0}, 0, 3},
    {"overflow-15-timestamp", {68, 8, 9, 0xf0, 1, 2, 3, 4}, 0, 3},
    {"overflow-15-timestamp-and-address", {68, 12, 13, 0xf1, 1, 2, 3, 4, 5, 6, 7, 8}, 0, 3},
    // "Appears at most once in a datagram."
    {"record-route-twice", {7, 7, 4, 0, 0, 0, 0, 7, 7, 4, 0, 0, 0, 0}, 7, 9},
    {"timestamp-twice", {68, 8, 5, 0, 0, 0, 0, 0, 68, 8, 5, 0, 0, 0, 0, 0}, 8, 10},
};

void add_in_transit(Kit& kit, const Bad& bad) {
  constexpr unsigned kOptions = 20;
  const Datagram packet = kit.udp_to(kit.target()).options(bad.options);
  kit.add({.id = fmt::format("bad-option.{}-transit", bad.name),
           .clause = "RFC 791 3.1, RFC 1812 4.3.3.5",
           .level = Level::must,
           .rule = "an error of an option: discarded, parameter problem at the error",
           .inputs = Kit::one(packet),
           .expected = exactly({told(Side::a, packet.bytes(), 12, 0,
                                     {pointer(kOptions + bad.first, kOptions + bad.last)})}),
           .needs = {"router", "b"}});
}

void add_to_self(Kit& kit, const Bad& bad) {
  constexpr unsigned kOptions = 20;
  const Datagram packet = kit.echo_to(kit.self()).options(bad.options);
  kit.add({.id = fmt::format("bad-option.{}-self", bad.name),
           .clause = "RFC 1122 3.2.2.5",
           .level = Level::should,
           .rule = "a host generates parameter problem about an error of an option",
           .inputs = Kit::one(packet),
           .expected = exactly({told(Side::a, packet.bytes(), 12, 0,
                                     {pointer(kOptions + bad.first, kOptions + bad.last)})})});
}

// RFC 1812 section 4.3.3.5: what the pointer points at is returned unchanged.
void add_unchanged(Kit& kit) {
  const Datagram packet =
      kit.udp_to(kit.target()).options({7, 7, 4, 0, 0, 0, 0, 68, 8, 2, 0, 0, 0, 0, 0});
  kit.add({.id = "bad-option.quote-is-unchanged",
           .clause = "RFC 1812 4.3.3.5",
           .level = Level::must,
           .rule = "the option at the pointer is returned as it was received",
           .inputs = Kit::one(packet),
           .expected = exactly({told(Side::a, packet.bytes(), 12, 0,
                                     {pointer(27, 29), quotes_bytes_as_received(27, 8)})}),
           .needs = {"router", "b"}});
}

// RFC 791 defines flags 0, 1 and 3, and does not say what is done with others: an error, or
// nothing.
void add_undefined_flags(Kit& kit) {
  constexpr std::uint8_t kFlags[] = {2, 7, 15};
  for (const std::uint8_t flag : kFlags) {
    const Octets option{68, 12, 5, flag, 0, 0, 0, 0, 0, 0, 0, 0};
    const Datagram packet = kit.udp_to(kit.target()).options(option);
    kit.add(
        {.id = fmt::format("bad-option.flag-{}-timestamp", flag),
         .clause = "RFC 791 3.1",
         .level = Level::policy,
         .rule = "a timestamp flag that is not defined: a parameter problem, or passed unchanged",
         .inputs = Kit::one(packet),
         .expected = either({exactly({told(Side::a, packet.bytes(), 12, 0, {pointer(20, 23)})}),
                             exactly({forwarded(Side::b, packet.bytes())})}),
         .needs = {"router", "b"}});
  }
}

void add_later_fragment(Kit& kit) {
  const Datagram packet = kit.udp_to(kit.self()).fragment(80, true).options({0x9e, 0, 0, 0});
  kit.add({.id = "bad-option.later-fragment",
           .clause = "RFC 1122 3.2.2, RFC 1812 4.3.2.7",
           .level = Level::must,
           .rule = "no error about a fragment that is not the first",
           .inputs = Kit::one(packet),
           .expected = silence()});
}

}  // namespace

void add_bad_option_cases(Kit& kit) {
  for (const Bad& bad : kBad) {
    add_in_transit(kit, bad);
    add_to_self(kit, bad);
  }
  add_unchanged(kit);
  add_undefined_flags(kit);
  add_later_fragment(kit);
}

}  // namespace hop::conform
