// What happens when the time for reassembly is over: RFC 1122 section 3.3.2, RFC 792.
// These cases run last and are judged together.

#include <fmt/format.h>

#include "tools/conform/cases/kit.hpp"

namespace hop::conform {

namespace {

struct Timed {
  const char* name;
  const char* clause;
  Level level;
  const char* rule;
  std::vector<std::pair<std::size_t, std::size_t>> pieces;  ///< offset, length
  std::vector<Check> checks;
  bool is_told = true;
};

void add_timed(Kit& kit, const Timed& one, std::uint32_t host) {
  const Datagram whole = kit.udp_to(kit.self(), 200).from(kit.s.host(Side::a, host)).tos(0x10);
  Case timed{.id = fmt::format("timer.{}", one.name),
             .clause = one.clause,
             .level = one.level,
             .rule = one.rule,
             .inputs = {},
             .expected = silence(),
             .needs = {},
             .timing = Timing::reassembly};
  for (const auto& [offset, length] : one.pieces) {
    timed.inputs.push_back(Kit::on(Side::a, piece(whole, offset, length)));
  }
  if (one.is_told) {
    const Octets first = piece(whole, 0, 64).bytes();
    timed.expected = exactly({told(Side::a, first, 11, 1, one.checks)});
  }
  kit.add(std::move(timed));
}

}  // namespace

void add_timer_cases(Kit& kit) {
  constexpr auto k1122 = "RFC 1122 3.3.2";
  const Timed all[] = {
      {"first-fragment",
       k1122,
       Level::must,
       "at the timeout: time exceeded in reassembly, if the first fragment came",
       {{0, 64}},
       {}},
      {"first-and-last",
       k1122,
       Level::must,
       "at the timeout: time exceeded in reassembly, if the first fragment came",
       {{0, 64}, {128, 80}},
       {}},
      {"first-came-second",
       k1122,
       Level::must,
       "at the timeout: time exceeded in reassembly, if the first fragment came",
       {{128, 80}, {0, 64}},
       {}},
      {"without-first",
       "RFC 792",
       Level::must,
       "without the first fragment nothing is sent",
       {{64, 64}},
       {},
       false},
      {"only-last",
       "RFC 792",
       Level::must,
       "without the first fragment nothing is sent",
       {{128, 80}},
       {},
       false},
      {"quotes-first-fragment",
       "RFC 1122 3.2.2, RFC 1812 4.3.2.3",
       Level::must,
       "the first fragment is quoted as received",
       {{128, 80}, {0, 64}},
       {quotes_header_and_8(), quotes_as_received()}},
      {"unused", "RFC 792", Level::must, "unused bytes are zero", {{0, 64}}, {unused_is_zero()}},
      {"source",
       "RFC 1812 4.3.2.4",
       Level::must,
       "from an address of the outgoing interface",
       {{0, 64}},
       {comes_from({kit.self()})}},
      {"precedence",
       "RFC 1812 4.3.2.5",
       Level::should,
       "precedence 6 or 7",
       {{0, 64}},
       {precedence_is_6_or_7()}},
      {"tos",
       "RFC 1812 4.3.2.5",
       Level::should,
       "the TOS of the packet",
       {{0, 64}},
       {error_tos_is_that_of_packet()}},
  };
  std::uint32_t host = 100;
  for (const Timed& one : all) add_timed(kit, one, host++);
  const Datagram echo = kit.echo_to(kit.self(), 100).from(kit.s.host(Side::a, host));
  kit.add({.id = "timer.complete-datagram",
           .clause = k1122,
           .level = Level::must,
           .rule = "a datagram that was complete in time brings no time exceeded",
           .inputs = {Kit::on(Side::a, piece(echo, 0, 64)), Kit::on(Side::a, piece(echo, 64, 100))},
           .expected = exactly({echo_reply(Side::a, echo.bytes())}),
           .needs = {},
           .timing = Timing::reassembly});
}

}  // namespace hop::conform
