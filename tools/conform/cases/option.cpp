// Right options: RFC 791 section 3.1, RFC 1812 sections 4.2.2 and 5.3.13, RFC 1122 section 3.2.2.6.

#include <fmt/format.h>

#include "tools/conform/cases/kit.hpp"

namespace hop::conform {

namespace {

constexpr std::uint8_t kRecordRoute = 7, kTimestamp = 68;
constexpr std::size_t kOptions = 20;  // offset of the options in a packet
constexpr auto kRr = "RFC 1812 5.3.13.5";
constexpr auto kTs = "RFC 1812 5.3.13.6";

Octets operator+(Octets left, const Octets& right) {
  append(left, right);
  return left;
}

struct Passed {
  const char* name;
  const char* clause;
  const char* rule;
  Octets sent;      ///< the options
  Octets expected;  ///< the same behind the router
  std::vector<Blank> blanks = {};
};

void add_passed(Kit& kit, const Passed& one) {
  const Datagram packet = kit.udp_to(kit.target()).options(one.sent);
  std::vector<Blank> blanks = one.blanks;
  for (Blank& blank : blanks) blank.at += kOptions;
  kit.add({.id = fmt::format("option.{}", one.name),
           .clause = one.clause,
           .level = Level::must,
           .rule = one.rule,
           .inputs = Kit::one(packet),
           .expected = exactly(
               {forwarded(Side::b, packet.options(one.expected).bytes(), std::move(blanks))}),
           .needs = {"router", "b"}});
}

void add_unchanged(Kit& kit) {
  constexpr auto kUnknown = "RFC 1812 5.3.13.1";
  constexpr auto kThrough = "unrecognized options are passed through unchanged";
  const std::pair<const char*, Octets> unknown[] = {
      {"unknown-9e", {0x9e, 4, 0xab, 0xcd}},
      {"unknown-1e", {0x1e, 4, 0xab, 0xcd}},
      {"unknown-without-data", {0x5e, 2}},
      {"unknown-40-bytes", Octets{0xde, 40} + pattern(38)},
      {"security", {130, 11, 0xab, 1, 2, 3, 4, 5, 6, 7, 8}},
      {"unknown-twice", {0x9e, 3, 1, 0x9e, 3, 2}},
  };
  for (const auto& [name, bytes] : unknown) {
    add_passed(kit, {name, kUnknown, kThrough, bytes, bytes});
  }
  const std::pair<const char*, Octets> known[] = {
      {"nop", {1, 1, 1, 1}},
      {"end-of-list", {0, 0, 0, 0}},
      {"40-times-nop", Octets(40, 1)},
      {"stream-id", {136, 4, 0x12, 0x34}},
      {"router-alert", {148, 4, 0, 0}},
      {"router-alert-unknown-value", {148, 4, 0x12, 0x34}},
  };
  for (const auto& [name, bytes] : known) {
    const bool stream = bytes[0] == 136, alert = bytes[0] == 148;
    add_passed(kit, {name,
                     stream  ? "RFC 1812 5.3.13.3"
                     : alert ? "RFC 2113 2.2"
                             : "RFC 1812 4.2.2.6",
                     "such an option is passed through", bytes, bytes});
  }
}

// What stands behind the end of the list is no option; Linux makes it zero, which is as good.
void add_junk(Kit& kit) {
  const Octets junk{0, 7, 1, 0xff};
  const Datagram packet = kit.udp_to(kit.target()).options(junk);
  kit.add({.id = "option.junk-behind-end-of-list",
           .clause = "RFC 791 3.1",
           .level = Level::must,
           .rule = "nothing behind the end of the option list is an option",
           .inputs = Kit::one(packet),
           .expected = exactly({forwarded(Side::b, packet.bytes(), {{kOptions + 1, 3}})}),
           .needs = {"router", "b"}});
}

void add_record_routes(Kit& kit) {
  const Octets own = octets_of(kit.s.sut(Side::b));
  const Octets other = octets_of(kit.s.host(Side::a, 77));
  const Octets none(4);
  const Octets eight(32, 9);
  const Passed all[] = {
      {"record-route", kRr, "the address of the outgoing interface is recorded",
       Octets{kRecordRoute, 7, 4} + none, Octets{kRecordRoute, 7, 8} + own},
      {"record-route-second", kRr, "the address goes where the pointer points",
       Octets{kRecordRoute, 11, 8} + other + none, Octets{kRecordRoute, 11, 12} + other + own},
      {"record-route-room-left", kRr, "the pointer advances by four",
       Octets{kRecordRoute, 15, 4} + none + none + none,
       Octets{kRecordRoute, 15, 8} + own + none + none},
      {"record-route-ninth", kRr, "the last of nine addresses",
       Octets{kRecordRoute, 39, 36} + eight + none, Octets{kRecordRoute, 39, 40} + eight + own},
      {"record-route-full", "RFC 791 3.1", "a full record route passes unchanged",
       Octets{kRecordRoute, 7, 8} + other, Octets{kRecordRoute, 7, 8} + other},
      {"record-route-empty",
       "RFC 791 3.1",
       "a record route without room is full",
       {kRecordRoute, 3, 4},
       {kRecordRoute, 3, 4}},
      {"record-route-behind-nop", kRr, "options are found wherever they stand",
       Octets{1, kRecordRoute, 7, 4} + none, Octets{1, kRecordRoute, 7, 8} + own},
      {"record-route-behind-unknown", kRr, "options are found wherever they stand",
       Octets{0x9e, 3, 5, kRecordRoute, 7, 4} + none, Octets{0x9e, 3, 5, kRecordRoute, 7, 8} + own},
  };
  for (const Passed& one : all) add_passed(kit, one);
}

void add_timestamps(Kit& kit) {
  const Octets own = octets_of(kit.s.sut(Side::b)), in = octets_of(kit.self());
  const Octets other = octets_of(kit.s.host(Side::a, 77));
  const Octets none(4), time{1, 2, 3, 4};
  const Passed all[] = {
      {"timestamp",
       kTs,
       "flag 0: the time is recorded",
       Octets{kTimestamp, 8, 5, 0} + none,
       Octets{kTimestamp, 8, 9, 0} + none,
       {{4, 4}}},
      {"timestamp-second",
       kTs,
       "flag 0: the time goes where the pointer points",
       Octets{kTimestamp, 12, 9, 0} + time + none,
       Octets{kTimestamp, 12, 13, 0} + time + none,
       {{8, 4}}},
      {"timestamp-and-address",
       kTs,
       "flag 1: address of the outgoing interface, and time",
       Octets{kTimestamp, 12, 5, 1} + none + none,
       Octets{kTimestamp, 12, 13, 1} + own + none,
       {{8, 4}}},
      {"timestamp-prespecified",
       kTs,
       "flag 3: the time is recorded where the next address is ours",
       Octets{kTimestamp, 12, 5, 3} + own + none,
       Octets{kTimestamp, 12, 13, 3} + own + none,
       {{8, 4}}},
      {"timestamp-prespecified-incoming",
       kTs,
       "flag 3: any address of the router counts",
       Octets{kTimestamp, 12, 5, 3} + in + none,
       Octets{kTimestamp, 12, 13, 3} + in + none,
       {{8, 4}}},
      {"timestamp-prespecified-other", kTs, "flag 3: nothing where the next address is not ours",
       Octets{kTimestamp, 12, 5, 3} + other + none, Octets{kTimestamp, 12, 5, 3} + other + none},
      {"timestamp-prespecified-second",
       kTs,
       "flag 3: the address at the pointer decides",
       Octets{kTimestamp, 20, 13, 3} + other + time + own + none,
       Octets{kTimestamp, 20, 21, 3} + other + time + own + none,
       {{16, 4}}},
      {"timestamp-prespecified-not-yet", kTs, "flag 3: our address behind another waits",
       Octets{kTimestamp, 20, 5, 3} + other + none + own + none,
       Octets{kTimestamp, 20, 5, 3} + other + none + own + none},
      {"timestamp-overflow", "RFC 791 3.1", "no room left: the overflow counter goes up",
       Octets{kTimestamp, 8, 9, 0} + time, Octets{kTimestamp, 8, 9, 0x10} + time},
      {"timestamp-overflow-14", "RFC 791 3.1", "no room left: the overflow counter goes up",
       Octets{kTimestamp, 8, 9, 0xe0} + time, Octets{kTimestamp, 8, 9, 0xf0} + time},
      {"timestamp-overflow-flag-1", "RFC 791 3.1", "no room left: the overflow counter goes up",
       Octets{kTimestamp, 12, 13, 0x21} + other + time,
       Octets{kTimestamp, 12, 13, 0x31} + other + time},
  };
  for (const Passed& one : all) add_passed(kit, one);
}

void add_both(Kit& kit) {
  const Octets own = octets_of(kit.s.sut(Side::b)), none(4);
  add_passed(kit, {"record-route-and-timestamp",
                   "RFC 1812 5.3.13",
                   "each option is processed",
                   Octets{kRecordRoute, 7, 4} + none + Octets{1, kTimestamp, 8, 5, 0} + none,
                   Octets{kRecordRoute, 7, 8} + own + Octets{1, kTimestamp, 8, 9, 0} + none,
                   {{12, 4}}});
}

// In the reply to an echo request: with the system itself, and not cut.
void add_replies(Kit& kit) {
  const Octets own = octets_of(kit.self()), none(4);
  const Octets other = octets_of(kit.s.host(Side::a, 77));
  struct Echoed {
    const char* name;
    Octets sent, expected;
    std::vector<Blank> blanks = {};
    /// Where the system may record itself twice: as receiver, and as sender of the reply.
    Octets or_twice = {};
  };
  const Echoed all[] = {
      {"record-route", Octets{kRecordRoute, 7, 4} + none, Octets{kRecordRoute, 7, 8} + own, {}},
      {"record-route-with-room",
       Octets{kRecordRoute, 15, 8} + other + none + none,
       Octets{kRecordRoute, 15, 12} + other + own + none,
       {},
       Octets{kRecordRoute, 15, 16} + other + own + own},
      {"record-route-full",
       Octets{kRecordRoute, 7, 8} + other,
       Octets{kRecordRoute, 7, 8} + other,
       {}},
      {"timestamp",
       Octets{kTimestamp, 8, 5, 0} + none,
       Octets{kTimestamp, 8, 9, 0} + none,
       {{4, 4}},
       Octets{kTimestamp, 8, 9, 0x10} + none},
      {"timestamp-and-address",
       Octets{kTimestamp, 12, 5, 1} + none + none,
       Octets{kTimestamp, 12, 13, 1} + own + none,
       {{8, 4}},
       Octets{kTimestamp, 12, 13, 0x11} + own + none},
      {"timestamp-full",
       Octets{kTimestamp, 8, 9, 0} + other,
       Octets{kTimestamp, 8, 9, 0x10} + other,
       {},
       Octets{kTimestamp, 8, 9, 0x20} + other},
  };
  for (const Echoed& one : all) {
    const Datagram echo = kit.echo_to(kit.self()).options(one.sent);
    std::vector<Expectation> choices;
    for (Octets options : {one.expected, one.or_twice}) {
      if (options.empty()) continue;
      options.resize((options.size() + 3) / 4 * 4);
      choices.push_back(
          exactly({echo_reply(Side::a, echo.bytes(), {options_are(options, one.blanks)})}));
    }
    kit.add(
        {.id = fmt::format("option.echo-{}", one.name),
         .clause = "RFC 1122 3.2.2.6, RFC 1812 4.3.3.6",
         .level = Level::should,
         .rule = "a record route or timestamp comes back in the echo reply, with the system in it",
         .inputs = Kit::one(echo),
         .expected = either(std::move(choices))});
  }
}

}  // namespace

void add_option_cases(Kit& kit) {
  add_unchanged(kit);
  add_junk(kit);
  add_record_routes(kit);
  add_timestamps(kit);
  add_both(kit);
  add_replies(kit);
}

}  // namespace hop::conform
