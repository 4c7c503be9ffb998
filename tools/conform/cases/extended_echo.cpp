// Extended echo, which interface a request is about: RFC 8335 sections 2 and 4.1.

#include <fmt/format.h>

#include "tools/conform/cases/interface_query.hpp"

namespace hop::conform {

namespace {

constexpr auto kCodes = "RFC 8335 4.1";

void add_own(Kit& kit, Side side) {
  constexpr auto kRule = "an interface of its own that is active: no error, A and 4 set, no state";
  const Interface& one = kit.s.at(side);
  const char* const clause = "RFC 8335 4, 4.1";
  const Needs there = side == Side::a ? Needs{} : side == Side::b ? Needs{"b"} : Needs{"c"};
  const auto with = [&](const char* more) {
    Needs needs = there;
    needs.emplace_back(more);
    return needs;
  };
  const auto add = [&](const char* how, const Octets& object, Needs needs) {
    add_query(kit, {fmt::format("own-{}-by-{}", letter(side), how),
                    clause,
                    Level::must,
                    kRule,
                    asking_about(object),
                    0,
                    {status_is(kActive)},
                    std::move(needs)});
  };
  add("address", by_address(one.address), there);
  add("name", by_name(one.name), with("names"));
  add("index", by_index(one.index), with("indexes"));
}

void add_not_there(Kit& kit) {
  constexpr auto kRule = "no interface of its own is like that: no such interface, all else zero";
  const std::pair<const char*, Octets> objects[] = {
      {"name", by_name("no-such-name")},
      {"index", by_index(0x7ffffff0)},
      {"index-0", by_index(0)},
      {"address", by_address({0xcb007105})},
      {"address-of-neighbour", by_address(kit.s.host(Side::a, 3))},
      {"address-of-another-family", by_address(2, 16, Octets(16, 0xfd))},
  };
  for (const auto& [name, object] : objects) {
    add_query(kit, {fmt::format("no-such-{}", name),
                    kCodes,
                    Level::must,
                    kRule,
                    asking_about(object),
                    2,
                    {status_is({})}});
  }
  add_query(kit, {"several-of-a-name",
                  kCodes,
                  Level::must,
                  "a name that two interfaces have: multiple interfaces satisfy query",
                  asking_about(by_name(kit.s.shared_name)),
                  4,
                  {status_is({})},
                  {"shared-name"}});
}

void add_malformed(Kit& kit) {
  constexpr auto kRule = "malformed query, all else zero";
  const Octets good = by_address(kit.self());
  Octets two = good;
  append(two, good);
  Octets long_object = good;
  put_u16(long_object, 0, 40);
  Octets short_object = good;
  put_u16(short_object, 0, 3);
  Octets old = extension_structure(good);
  old[0] = 0x10;
  put_u16(old, 2, 0);
  put_u16(old, 2, checksum(old));
  Octets damaged = extension_structure(good);
  damaged[3] ^= 1;
  const std::pair<const char*, Octets> messages[] = {
      {"no-structure", asking({})},
      {"3-bytes", asking({0x20, 0, 0})},
      {"no-object", asking_about({})},
      {"two-objects", asking_about(two)},
      {"object-of-another-class", asking_about(extension_object(200, 1, Octets(4)))},
      {"index-of-8-bytes",
       asking_about(extension_object(kInterfaceIdentification, kByIndex, Octets(8)))},
      {"address-without-header",
       asking_about(extension_object(kInterfaceIdentification, kByAddress, {}))},
      {"address-of-length-3", asking_about(by_address(1, 3, octets_of(kit.self())))},
      {"address-too-long", asking_about(by_address(1, 8, octets_of(kit.self())))},
      {"object-too-long", asking_about(long_object)},
      {"object-too-short", asking_about(short_object)},
      {"version-1", asking(old)},
      {"checksum-of-structure", asking(damaged)},
  };
  for (const auto& [name, message] : messages) {
    add_query(kit, {fmt::format("malformed-{}", name),
                    kCodes,
                    Level::must,
                    kRule,
                    message,
                    1,
                    {status_is({})}});
  }
  for (const auto& [name, object] :
       {std::pair{"name", by_name("eth0")}, std::pair{"index", by_index(1)}}) {
    add_query(kit, {fmt::format("malformed-neighbour-by-{}", name),
                    kCodes,
                    Level::must,
                    "a neighbour is asked about by its address only: malformed query",
                    asking_about(object, 0),
                    1,
                    {status_is({})},
                    {"extended-echo-neighbours"}});
  }
}

/// A state of the table, of which 0 is reserved; no flags.
Check shows_a_state() {
  return {"a state", [](const Parsed& answer, const Parsed&) -> std::string {
            const unsigned byte = answer.payload[7], state = byte >> 5U;
            return state >= 1 && state <= 6 && (byte & 0x1fU) == 0
                       ? ""
                       : fmt::format("its last byte is {:#04x}", byte);
          }};
}

void add_neighbours(Kit& kit) {
  add_query(kit, {"neighbour",
                  "RFC 8335 4, 4.1",
                  Level::must,
                  "a neighbour in the table: no error, its state, no flags",
                  asking_about(by_address(kit.s.host(Side::a, 3)), 0),
                  0,
                  {shows_a_state()},
                  {"extended-echo-neighbours"}});
  const std::pair<const char*, Octets> strangers[] = {
      {"elsewhere", by_address({0xcb007105})},
      {"another-family", by_address(2, 16, Octets(16, 0xfd))},
  };
  for (const auto& [name, object] : strangers) {
    add_query(kit, {fmt::format("neighbour-{}", name),
                    kCodes,
                    Level::must,
                    "an address that is not in the table: no such table entry, all else zero",
                    asking_about(object, 0),
                    3,
                    {status_is({})},
                    {"extended-echo-neighbours"}});
  }
}

}  // namespace

void add_extended_echo_cases(Kit& kit) {
  for (const Side side : {Side::a, Side::b, Side::c}) add_own(kit, side);
  add_not_there(kit);
  add_malformed(kit);
  add_neighbours(kit);
}

}  // namespace hop::conform
