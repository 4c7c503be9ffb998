// What a router was told not to forward: filters and precedence (RFC 1812 sections 5.3.9 and
// 5.3.3.3), sources by the wrong way (section 5.3.8, RFC 3704), options (RFC 7126 section 3.1).

#include <fmt/format.h>

#include "tools/conform/cases/kit.hpp"

namespace hop::conform {

namespace {

struct Filtered {
  std::string name;
  const char* clause;
  Level level;
  const char* rule;
  const char* route;
  Datagram packet;
  std::optional<unsigned> code;  ///< of destination unreachable
  Side side = Side::a;
};

Needs needs(Side side, const char* route) { return {"router", side == Side::c ? "c" : "b", route}; }

void add_filtered(Kit& kit, const Filtered& one) {
  const Octets sent = one.packet.bytes();
  const std::vector<Check> checks{quotes_header_and_8(), quotes_as_received()};
  kit.add({.id = "filter." + one.name,
           .clause = one.clause,
           .level = one.level,
           .rule = one.rule,
           .inputs = {Kit::on(one.side, one.packet)},
           .expected = one.code ? reassembled(exactly({told(one.side, sent, 3, *one.code, checks)}))
                                : silence(),
           .needs = needs(one.side, one.route)});
}

struct Passed {
  std::string name;
  const char* clause;
  Level level;
  const char* rule;
  const char* route;
  Datagram packet;
  Side side = Side::a;
};

void add_passed(Kit& kit, const Passed& one) {
  kit.add({.id = "filter." + one.name,
           .clause = one.clause,
           .level = one.level,
           .rule = one.rule,
           .inputs = {Kit::on(one.side, one.packet)},
           .expected = exactly({forwarded(Side::b, one.packet.bytes())}),
           .needs = needs(one.side, one.route)});
}

/// Errors that a filter by precedence must let pass.
constexpr std::pair<const char*, unsigned> kErrors[] = {{"destination-unreachable", 3},
                                                        {"redirect", 5},
                                                        {"time-exceeded", 11},
                                                        {"parameter-problem", 12}};

void add_by_protocol(Kit& kit) {
  constexpr auto k539 = "RFC 1812 5.3.9";
  const Address to = kit.s.beyond("filtered");
  const auto udp = [&](std::size_t size) { return kit.udp_from(kit.somebody(), to, size); };
  add_filtered(kit, {"prohibited", k539, Level::should,
                     "what is filtered is told: communication administratively prohibited",
                     "filtered", udp(32), 13});
  add_filtered(kit, {"prohibited-first-fragment", k539, Level::should,
                     "a first fragment is reason enough", "filtered", piece(udp(100), 0, 48), 13});
  add_filtered(kit, {"prohibited-later-fragment",
                     "RFC 1812 4.3.2.7",
                     Level::must,
                     "no error about a later fragment",
                     "filtered",
                     piece(udp(100), 48, 100),
                     {}});
  add_filtered(kit, {"silent",
                     k539,
                     Level::must,
                     "what is to be discarded in silence is",
                     "filtered",
                     kit.tcp_to(to),
                     {}});
  add_passed(kit, {"passes-other-protocol", k539, Level::policy,
                   "what no rule is about is forwarded", "filtered", kit.echo_to(to)});
}

void add_by_precedence(Kit& kit) {
  constexpr auto k5333 = "RFC 1812 5.3.3.3 (2)";
  const Address to = kit.s.beyond("precedence-filtered");
  for (const unsigned precedence : {0U, 3U, 4U, 5U, 7U}) {
    const Datagram packet = kit.udp_from(kit.somebody(), to).tos(precedence << 5U);
    const std::string name = fmt::format("precedence-{}", precedence);
    if (precedence == 4) {
      add_filtered(kit,
                   {name, k5333, Level::should, "a precedence that a source may not use: code 14",
                    "precedence-filtered", packet, 14});
    } else {
      add_passed(kit, {name, "RFC 1812 5.3.3.3 (1)", Level::must, "another precedence is forwarded",
                       "precedence-filtered", packet});
    }
  }
  for (const auto& [name, type] : kErrors) {
    add_passed(kit, {fmt::format("precedence-of-{}", name), k5333, Level::must,
                     "a filter by precedence lets ICMP errors pass", "precedence-filtered",
                     kit.icmp_to(to, kit.error_message(type, to)).tos(4U << 5U)});
  }
}

void add_cutoff(Kit& kit) {
  constexpr auto k5333 = "RFC 1812 5.3.3.3 (3)";
  const Address to = kit.s.beyond("cutoff");
  for (unsigned precedence = 0; precedence < 8; ++precedence) {
    const Datagram packet = kit.udp_from(kit.somebody(), to).tos(precedence << 5U);
    const std::string name = fmt::format("cutoff-{}", precedence);
    if (precedence < 3) {
      add_filtered(kit, {name, k5333, Level::should, "a precedence below the cutoff: code 15",
                         "cutoff", packet, 15});
    } else {
      add_passed(kit,
                 {name, precedence < 6 ? "RFC 1812 5.3.3.3 (1)" : k5333, Level::must,
                  "what is not below the cutoff is forwarded, 6 and 7 always", "cutoff", packet});
    }
  }
}

// The same block from sources on a, behind b, and nowhere.
void add_reverse_path(Kit& kit) {
  constexpr auto k538 = "RFC 1812 5.3.8, RFC 3704 2.2";
  constexpr auto k3704 = "RFC 3704 2.4";
  const Address behind_b = kit.s.beyond("remote"), nowhere = kit.s.beyond("nowhere");
  const auto from = [&](Address source, const char* route) {
    return kit.udp_from(source, kit.s.beyond(route));
  };
  constexpr auto kWrong = "a source that is not where the packet came from: discarded in silence";
  add_passed(kit, {"strict-passes", k538, Level::must, "a source that is where it came from",
                   "strict", from(kit.prober(), "strict")});
  add_filtered(kit, {"strict-by-other-interface",
                     k538,
                     Level::must,
                     kWrong,
                     "strict",
                     from(behind_b, "strict"),
                     {}});
  add_filtered(kit, {"strict-neighbour-of-b",
                     k538,
                     Level::must,
                     kWrong,
                     "strict",
                     from(kit.target(), "strict"),
                     {}});
  add_filtered(
      kit, {"strict-nowhere", k538, Level::must, kWrong, "strict", from(nowhere, "strict"), {}});
  add_filtered(kit, {"strict-ttl-expires",
                     k538,
                     Level::must,
                     kWrong,
                     "strict",
                     from(behind_b, "strict").ttl(2),
                     {}});
  add_passed(kit, {"loose-passes", k3704, Level::policy, "a source that is where it came from",
                   "loose", from(kit.prober(), "loose")});
  add_passed(kit, {"loose-by-other-interface", k3704, Level::policy,
                   "a source to which there is some way", "loose", from(behind_b, "loose")});
  add_filtered(kit, {"loose-nowhere",
                     k3704,
                     Level::policy,
                     "a source to which there is no way: discarded in silence",
                     "loose",
                     from(nowhere, "loose"),
                     {}});
}

// What comes by c, in small packets.
void add_options(Kit& kit) {
  constexpr auto k7126 = "RFC 7126 3.1";
  const std::pair<const char*, Octets> kinds[] = {
      {"record-route", {7, 7, 4, 0, 0, 0, 0}},
      {"timestamp", {68, 8, 5, 0, 0, 0, 0, 0}},
      {"source-route", {131, 7, 4, 198, 51, 100, 1}},
      {"security", {130, 11, 0xab, 1, 2, 3, 4, 5, 6, 7, 8}},
      {"unknown", {0x9e, 4, 1, 2}},
      {"malformed", {7, 1, 4, 0}},
  };
  std::uint32_t host = 120;
  const auto packet = [&](const char* route) {
    return kit.udp_from(kit.s.host(Side::c, host++), kit.s.beyond(route), 8);
  };
  for (const auto& [name, options] : kinds) {
    add_passed(kit, {fmt::format("options-ignored-{}", name), k7126, Level::policy,
                     "ignored: forwarded as if there were no option", "options-ignored",
                     packet("options-ignored").options(options), Side::c});
    if (std::string_view(name) == "malformed") continue;  // an error of its own, perhaps
    add_filtered(kit, {fmt::format("options-dropped-{}", name),
                       k7126,
                       Level::policy,
                       "dropped in silence",
                       "options-dropped",
                       packet("options-dropped").options(options),
                       {},
                       Side::c});
    add_filtered(kit, {fmt::format("options-rejected-{}", name), k7126, Level::policy,
                       "discarded, and the sender told so", "options-rejected",
                       packet("options-rejected").options(options), 13, Side::c});
  }
  for (const char* route : {"options-ignored", "options-dropped", "options-rejected"}) {
    add_passed(kit, {fmt::format("{}-none", route), k7126, Level::policy,
                     "a packet without options is forwarded", route, packet(route), Side::c});
  }
}

void add_required_option(Kit& kit) {
  constexpr auto kRoute = "option-required";
  const Datagram without = kit.udp_from(kit.somebody(), kit.s.beyond(kRoute));
  kit.add({.id = "filter.option-required",
           .clause = "RFC 1122 3.2.2.5, RFC 1108 2.8.1",
           .level = Level::policy,
           .rule = "a required option is missing: parameter problem, code 1, pointer 130",
           .inputs = Kit::one(without),
           .expected = exactly({told(Side::a, without.bytes(), 12, 1, {pointer(130, 130)})}),
           .needs = {"router", "b", kRoute}});
  add_passed(kit, {"option-required-is-there", "RFC 1108 2.8.1", Level::policy,
                   "a packet that has the option is forwarded", kRoute,
                   without.options({130, 11, 0xab, 1, 2, 3, 4, 5, 6, 7, 8})});
}

}  // namespace

void add_filter_cases(Kit& kit) {
  add_by_protocol(kit);
  add_by_precedence(kit);
  add_cutoff(kit);
  add_reverse_path(kit);
  add_options(kit);
  add_required_option(kit);
}

}  // namespace hop::conform
