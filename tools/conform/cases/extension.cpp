// Extensions of errors: RFC 4884, and interface information of RFC 5837.

#include "tools/conform/extension.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "tools/conform/cases/causes.hpp"

namespace hop::conform {

namespace {

constexpr std::size_t kLeastQuote = 128, kMostOfAll = 576;

std::string fault_of_quote(const Parsed& error, const Parsed& sent) {
  const auto [quote, structure] = Extended::of(error);
  if (structure.empty()) return "it has no length attribute, or nothing behind the quote";
  if (quote.size() < kLeastQuote) return fmt::format("the quote has {} bytes", quote.size());
  const View padding = quote.subspan(std::min(quote.size(), sent.bytes.size()));
  const bool zeros = std::ranges::all_of(padding, [](std::uint8_t byte) { return byte == 0; });
  return zeros ? "" : "the quote is not padded with zeros";
}

Check has_length() {
  return {"a length attribute, a quote of 128 bytes at least, padded with zeros", fault_of_quote};
}

Check has_right_structure() {
  return {"a right extension structure", [](const Parsed& error, const Parsed&) {
            return fault_of_structure(Extended::of(error).structure);
          }};
}

Check is_at_most_576() {
  return {"at most 576 bytes", [](const Parsed& error, const Parsed&) -> std::string {
            const std::size_t size = error.bytes.size();
            return size <= kMostOfAll ? "" : fmt::format("it has {} bytes", size);
          }};
}

Check has_nothing_but_a_quote() {
  return {"nothing but the quote", [](const Parsed& error, const Parsed& sent) -> std::string {
            if ((error.icmp_rest() >> 16U & 0xffU) != 0) return "it has a length attribute";
            const bool longer = error.icmp_data().size() > sent.bytes.size();
            return longer ? "there is something behind the quote" : "";
          }};
}

Check has_no_more_than_sent() {
  return {"nothing but the quote", [](const Parsed& error, const Parsed& sent) -> std::string {
            const bool longer = error.icmp_data().size() > sent.bytes.size();
            return longer ? "there is something behind the quote" : "";
          }};
}

/// A property of what is told of interfaces.
Check told_of(std::string text,
              std::function<std::string(const std::vector<InterfaceTold>&)> fault) {
  return {std::move(text), [fault = std::move(fault)](const Parsed& error, const Parsed&) {
            return fault(interfaces_told(error));
          }};
}

Check has_right_objects() {
  return told_of("right interface information", [](const auto& told) -> std::string {
    for (const InterfaceTold& one : told) {
      if (!one.fault.empty()) return one.fault;
    }
    return told.empty() ? "nothing is told of interfaces" : "";
  });
}

Check tells_each_role_once() {
  return told_of("each role at most once", [](const auto& told) -> std::string {
    for (unsigned role = 0; role < 4; ++role) {
      const auto count = std::ranges::count(told, role, &InterfaceTold::role);
      if (count > 1) return fmt::format("role {} is there {} times", role, count);
    }
    return {};
  });
}

const char* name_of_role(unsigned role) {
  constexpr const char* kNames[] = {"incoming", "below-ip", "outgoing", "next-hop"};
  return kNames[role];
}

/// The interface that has this role is `expected`, whatever is told of it.
Check tells_no_other(unsigned role, const Interface& expected) {
  return told_of(fmt::format("nothing false of the {} interface", name_of_role(role)),
                 [=](const auto& told) -> std::string {
                   const auto one = std::ranges::find(told, role, &InterfaceTold::role);
                   if (one == told.end()) return {};
                   if (one->address && *one->address != expected.address) {
                     return fmt::format("its address is {}", to_string(*one->address));
                   }
                   if (one->mtu && *one->mtu != expected.mtu) {
                     return fmt::format("its MTU is {}", *one->mtu);
                   }
                   if (one->name && !expected.name.empty() && *one->name != expected.name) {
                     return fmt::format("its name is {}", *one->name);
                   }
                   const bool other = one->index && expected.index != 0;
                   return other && *one->index != expected.index
                              ? fmt::format("its index is {}", *one->index)
                              : "";
                 });
}

Check tells_all(unsigned role) {
  return told_of(
      fmt::format("index, address, name and MTU of the {} interface", name_of_role(role)),
      [role](const auto& told) -> std::string {
        const auto one = std::ranges::find(told, role, &InterfaceTold::role);
        if (one == told.end()) return "it is not told of";
        return one->index && one->address && one->name && one->mtu ? "" : "not all of it is told";
      });
}

Check tells_next_hop(Address next) {
  return told_of(
      fmt::format("the next hop {}", to_string(next)), [next](const auto& told) -> std::string {
        const auto one = std::ranges::find(told, 3U, &InterfaceTold::role);
        if (one == told.end() || !one->address) return "it is not told";
        return *one->address == next ? "" : fmt::format("it tells {}", to_string(*one->address));
      });
}

Check tells_nothing_ahead() {
  return told_of("nothing of a way ahead", [](const auto& told) -> std::string {
    const bool ahead =
        std::ranges::any_of(told, [](const InterfaceTold& one) { return one.role >= 2; });
    return ahead ? "it tells where the packet would have gone" : "";
  });
}

struct Extending {
  std::string name;
  const char* clause;
  Level level;
  const char* rule;
  std::vector<Check> checks;
};

void add_extending(Kit& kit, const Cause& cause, const Extending& one, const Datagram& packet,
                   std::string_view feature) {
  Needs needs = cause.needs;
  needs.push_back(feature);
  kit.add({.id = fmt::format("extension.{}-{}", cause.name, one.name),
           .clause = one.clause,
           .level = one.level,
           .rule = one.rule,
           .inputs = Kit::one(packet),
           .expected = exactly({told(Side::a, packet.bytes(), cause.type, cause.code, one.checks)}),
           .needs = std::move(needs)});
}

void add_structure(Kit& kit, const Cause& cause) {
  constexpr auto k4 = "RFC 4884 4";
  const std::pair<Extending, std::size_t> all[] = {
      {{"length",
        k4,
        Level::must,
        "the length attribute says how long the quote is, which has 128 bytes at least",
        {has_length(), quotes_as_received()}},
       24},
      {{"length-of-much",
        k4,
        Level::must,
        "the length attribute says how long the quote is, which has 128 bytes at least",
        {has_length(), quotes_as_received()}},
       1000},
      {{"structure",
        "RFC 4884 7, 8",
        Level::must,
        "version 2, reserved bits zero, a right checksum, objects of right lengths",
        {has_right_structure()}},
       64},
      {{"size",
        "RFC 4884 7",
        Level::must,
        "an error with its extensions has 576 bytes at most",
        {has_right_structure(), is_at_most_576()}},
       1400},
  };
  for (const auto& [one, size] : all) {
    add_extending(kit, cause, one, cause.packet(kit, size), "extensions");
  }
}

// Around 128 and around a multiple of four.
void add_sizes(Kit& kit) {
  const Cause& expired =
      *std::ranges::find(causes(), std::string_view("ttl-exceeded"),
                         [](const Cause& c) { return std::string_view(c.name); });
  for (const std::size_t size : {20U, 21U, 28U, 126U, 127U, 128U, 129U, 130U, 131U, 132U, 511U}) {
    const Datagram packet = kit.protocol_to(kit.target(), 253, size - 20).ttl(1);
    add_extending(kit, expired,
                  {fmt::format("padding-{}", size),
                   "RFC 4884 4",
                   Level::must,
                   "the quote is padded with zeros to 32 bits, and to 128 bytes at least",
                   {has_length(), quotes_as_received(), has_right_structure(), is_at_most_576()}},
                  packet, "extensions");
  }
}

void add_information(Kit& kit, const Cause& cause) {
  constexpr auto k5837 = "RFC 5837 4.1, 4.2, 4.3";
  const Interface& a = kit.s.at(Side::a);
  const bool leaves_by_b = cause.type != 3 || cause.code == 4;
  std::vector<Extending> all{
      {"objects",
       k5837,
       Level::must,
       "index, address, name, MTU in this order as C-Type says, of right lengths",
       {has_right_objects()}},
      {"roles",
       "RFC 5837 4.5",
       Level::must,
       "no role is there twice",
       {has_right_objects(), tells_each_role_once()}},
      {"incoming",
       "RFC 5837 4.1",
       Level::must,
       "role 0 is the interface that the packet came in by",
       {has_right_objects(), tells_no_other(0, a)}},
      {"incoming-all",
       "RFC 5837 4",
       Level::policy,
       "all that it was told to tell",
       {tells_all(0)}}};
  if (leaves_by_b) {
    all.push_back({"outgoing",
                   "RFC 5837 4.1",
                   Level::must,
                   "role 2 is the interface that the packet would have left by",
                   {has_right_objects(), tells_no_other(2, kit.s.at(Side::b))}});
    all.push_back({"outgoing-all",
                   "RFC 5837 4",
                   Level::policy,
                   "all that it was told to tell",
                   {tells_all(2)}});
    all.push_back({"next-hop",
                   "RFC 5837 4.1",
                   Level::policy,
                   "role 3 is the next hop that the packet would have gone to",
                   {tells_next_hop(kit.target())}});
  } else if (cause.code == 0 || cause.code == 2 || cause.code == 3) {
    all.push_back({"no-way-ahead",
                   "RFC 5837 4.1",
                   Level::must,
                   "a packet that would not have been forwarded has no outgoing interface",
                   {tells_nothing_ahead()}});
  }
  for (const Extending& one : all) {
    add_extending(kit, cause, one, cause.packet(kit, 64), "interface-information");
  }
}

void add_next_hops(Kit& kit) {
  const Datagram remote = kit.udp_to(kit.s.beyond("remote")).ttl(1);
  kit.add({.id = "extension.next-hop-of-route",
           .clause = "RFC 5837 4.1",
           .level = Level::policy,
           .rule = "role 3 is the router that the packet would have gone to",
           .inputs = Kit::one(remote),
           .expected = exactly(
               {told(Side::a, remote.bytes(), 11, 0, {tells_next_hop(kit.s.host(Side::b, 2))})}),
           .needs = {"router", "b", "remote", "interface-information"}});
  const Datagram from_b = kit.udp_from(kit.target(), kit.prober()).ttl(1);
  kit.add({.id = "extension.incoming-by-b",
           .clause = "RFC 5837 4.1",
           .level = Level::must,
           .rule = "role 0 is the interface that the packet came in by, role 2 the other one",
           .inputs = {Kit::on(Side::b, from_b)},
           .expected = exactly({told(Side::b, from_b.bytes(), 11, 0,
                                     {has_right_objects(), tells_no_other(0, kit.s.at(Side::b)),
                                      tells_no_other(2, kit.s.at(Side::a))})}),
           .needs = {"router", "b", "interface-information"}});
}

// Section 4.6: what has no place for them.
void add_not_extended(Kit& kit) {
  const Datagram detour = kit.udp_from(kit.s.host(Side::a, 60), kit.s.beyond("detour", 60));
  kit.add({.id = "extension.not-in-redirect",
           .clause = "RFC 4884 4.6",
           .level = Level::must,
           .rule = "a redirect has no extensions",
           .inputs = Kit::one(detour),
           .expected = exactly({told(Side::a, detour.bytes(), 5, 1, {has_no_more_than_sent()}),
                                forwarded_anywhere(detour.bytes())}),
           .needs = {"router", "b", "detour", "redirects", "extensions"}});
  const Datagram plain = kit.udp_to(kit.target()).ttl(1);
  kit.add({.id = "extension.none",
           .clause = "RFC 4884 4, RFC 792",
           .level = Level::must,
           .rule = "without extensions there is no length attribute: the bytes are unused and zero",
           .inputs = Kit::one(plain),
           .expected = exactly({told(Side::a, plain.bytes(), 11, 0, {has_nothing_but_a_quote()})}),
           .needs = {"router", "b", "!extensions"}});
}

}  // namespace

void add_extension_cases(Kit& kit) {
  for (const Cause& cause : causes()) {
    add_structure(kit, cause);
    add_information(kit, cause);
  }
  add_sizes(kit);
  add_next_hops(kit);
  add_not_extended(kit);
}

}  // namespace hop::conform
