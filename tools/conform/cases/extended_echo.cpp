// Extended echo: RFC 8335 sections 2 to 4.

#include <fmt/format.h>

#include "tools/conform/cases/kit.hpp"
#include "tools/conform/extension.hpp"

namespace hop::conform {

namespace {

constexpr unsigned kRequest = 42, kReply = 43;
constexpr unsigned kByName = 1, kByIndex = 2, kByAddress = 3;  // C-Type
constexpr std::uint32_t kIdentifier = 0x4242, kSequence = 7;
constexpr std::uint32_t kLocal = 1;
constexpr auto kCodes = "RFC 8335 4.1";

Octets padded(std::string_view text) {
  Octets bytes(text.begin(), text.end());
  bytes.resize((bytes.size() + 3) / 4 * 4);
  return bytes;
}

Octets by_name(std::string_view name) {
  return extension_object(kInterfaceIdentification, kByName, padded(name));
}

Octets by_index(std::uint32_t index) {
  Octets number(4);
  put_u32(number, 0, index);
  return extension_object(kInterfaceIdentification, kByIndex, number);
}

Octets by_address(unsigned family, unsigned length, const Octets& address) {
  Octets data(4);
  put_u16(data, 0, family);
  data[2] = static_cast<std::uint8_t>(length);
  append(data, address);
  return extension_object(kInterfaceIdentification, kByAddress, data);
}

Octets by_address(Address address) { return by_address(1, 4, octets_of(address)); }

/// A request with these bytes as its structure.
Octets asking(const Octets& structure, std::uint32_t flags = kLocal) {
  return icmp(kRequest, 0, kIdentifier << 16U | kSequence << 8U | flags, structure);
}

Octets asking_about(const Octets& objects, std::uint32_t flags = kLocal) {
  return asking(extension_structure(objects), flags);
}

/// What the last byte of a reply may be: bits that have to be set, and all that may be.
struct Status {
  unsigned set = 0, may = 0;
};
// Whether IPv6 runs on an interface is not for us to say.
constexpr Status kActive{.set = 6, .may = 7};

Check status_is(Status status) {
  return {fmt::format("status {:#04x}", status.set),
          [status](const Parsed& answer, const Parsed&) -> std::string {
            const unsigned byte = answer.payload[7];
            const bool right = (byte & status.set) == status.set && (byte & ~status.may) == 0;
            return right ? "" : fmt::format("its last byte is {:#04x}", byte);
          }};
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

/// The reply with this code, to whom and from whom it has to be.
Pattern answered(const Datagram& request, unsigned code, const std::vector<Check>& checks) {
  std::vector<Check> all = checks;
  all.push_back(comes_from({request.destination()}));
  return told(Side::a, request.bytes(), kReply, code, all);
}

struct Query {
  std::string name;
  const char* clause;
  Level level;
  const char* rule;
  Octets message;
  unsigned code;
  std::vector<Check> checks = {};
  Needs needs = {};
};

void add_query(Kit& kit, const Query& query, const Datagram& request) {
  Needs needs = {"extended-echo"};
  needs.insert(needs.end(), query.needs.begin(), query.needs.end());
  kit.add({.id = "extended-echo." + query.name,
           .clause = query.clause,
           .level = query.level,
           .rule = query.rule,
           .inputs = Kit::one(request),
           .expected = exactly({answered(request, query.code, query.checks)}),
           .needs = std::move(needs)});
}

void add_query(Kit& kit, const Query& query) {
  add_query(kit, query, kit.icmp_to(kit.self(), query.message));
}

void add_own(Kit& kit, Side side) {
  constexpr auto kRule = "an interface of its own that is active: no error, A and 4 set, no state";
  const Interface& one = kit.s.at(side);
  const char* const clause = "RFC 8335 4, 4.1";
  const Needs there = side == Side::a   ? Needs{}
                      : side == Side::b ? Needs{"b"}
                                        : Needs{"c"};
  const auto with = [&](const char* more) {
    Needs needs = there;
    needs.emplace_back(more);
    return needs;
  };
  const auto add = [&](const char* how, const Octets& object, Needs needs) {
    add_query(kit, {fmt::format("own-{}-by-{}", letter(side), how), clause, Level::must, kRule,
                    asking_about(object), 0, {status_is(kActive)}, std::move(needs)});
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
    add_query(kit, {fmt::format("no-such-{}", name), kCodes, Level::must, kRule,
                    asking_about(object), 2, {status_is({})}});
  }
  add_query(kit, {"several-of-a-name", kCodes, Level::must,
                  "a name that two interfaces have: multiple interfaces satisfy query",
                  asking_about(by_name(kit.s.at(Side::b).name)), 4, {status_is({})},
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
      {"index-of-8-bytes", asking_about(extension_object(kInterfaceIdentification, kByIndex,
                                                         Octets(8)))},
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
    add_query(kit, {fmt::format("malformed-{}", name), kCodes, Level::must, kRule, message, 1,
                    {status_is({})}});
  }
  for (const auto& [name, object] :
       {std::pair{"name", by_name("eth0")}, std::pair{"index", by_index(1)}}) {
    add_query(kit, {fmt::format("malformed-neighbour-by-{}", name), kCodes, Level::must,
                    "a neighbour is asked about by its address only: malformed query",
                    asking_about(object, 0), 1, {status_is({})}, {"extended-echo-neighbours"}});
  }
}

void add_neighbours(Kit& kit) {
  add_query(kit, {"neighbour", "RFC 8335 4, 4.1", Level::must,
                  "a neighbour in the table: no error, its state, no flags",
                  asking_about(by_address(kit.s.host(Side::a, 3)), 0), 0, {shows_a_state()},
                  {"extended-echo-neighbours"}});
  const std::pair<const char*, Octets> strangers[] = {
      {"elsewhere", by_address({0xcb007105})},
      {"another-family", by_address(2, 16, Octets(16, 0xfd))},
  };
  for (const auto& [name, object] : strangers) {
    add_query(kit, {fmt::format("neighbour-{}", name), kCodes, Level::must,
                    "an address that is not in the table: no such table entry, all else zero",
                    asking_about(object, 0), 3, {status_is({})}, {"extended-echo-neighbours"}});
  }
}

Check header_is(const char* text, bool (*is_right)(const Parsed& answer)) {
  return {text, [is_right](const Parsed& answer, const Parsed&) -> std::string {
            return is_right(answer) ? "" : "it is otherwise";
          }};
}

void add_reply_fields(Kit& kit) {
  constexpr auto k4 = "RFC 8335 4";
  const Octets plain = asking_about(by_address(kit.self()));
  const Check same_ids{"identifier and sequence number of the request",
                       [](const Parsed& answer, const Parsed& sent) -> std::string {
                         return answer.icmp_rest() >> 8U == sent.icmp_rest() >> 8U
                                    ? ""
                                    : fmt::format("they are {:#x}", answer.icmp_rest() >> 8U);
                       }};
  const Query all[] = {
      {"reply-identifiers", k4, Level::must, "identifier and sequence number are copied", plain, 0,
       {same_ids}},
      {"reply-df", k4, Level::must, "a reply has DF",
       plain, 0, {header_is("DF", [](const Parsed& p) { return p.df; })}},
      {"reply-ttl", k4, Level::must, "the TTL of a reply is 255", plain, 0,
       {header_is("TTL 255", [](const Parsed& p) { return p.ttl == 255; })}},
      {"reply-fragment", k4, Level::must, "a reply is no fragment", plain, 0, {is_no_fragment()}},
      {"reply-length", "RFC 8335 3", Level::policy, "a reply is the 8 bytes of figure 3", plain, 0,
       {header_is("8 bytes", [](const Parsed& p) { return p.payload.size() == 8; })}},
  };
  for (const Query& one : all) add_query(kit, one);
  const Query tos{"reply-dscp", k4, Level::must, "the DiffServ codepoint of a reply is CS0", plain,
                  0, {header_is("DSCP 0", [](const Parsed& p) { return p.tos >> 2U == 0; })}};
  add_query(kit, tos, kit.icmp_to(kit.self(), plain).tos(0xb8));
  const Query other{"reply-from-address-of-b", k4, Level::must,
                    "a reply comes from the address that was asked", plain, 0, {}, {"b"}};
  add_query(kit, other, kit.icmp_to(kit.s.sut(Side::b), plain));
}

// Section 2: what is ignored in a request.
void add_ignored(Kit& kit) {
  const Octets objects = by_address(kit.self());
  Octets code = asking_about(objects);
  code[1] = 9;
  put_u16(code, 2, 0);
  put_u16(code, 2, checksum(code));
  Octets reserved_byte = objects;
  reserved_byte[7] = 0xff;
  Octets with_other = extension_object(200, 1, Octets(4));
  append(with_other, objects);
  Octets no_checksum = extension_structure(objects);
  put_u16(no_checksum, 2, 0);
  constexpr auto k2 = "RFC 8335 2";
  const Query all[] = {
      {"ignores-code", k2, Level::must, "the code of a request is ignored", code, 0,
       {status_is(kActive)}},
      {"ignores-reserved-bits", k2, Level::must,
       "reserved bits of a request are ignored, and zero in the reply",
       asking_about(objects, 0xfe | kLocal), 0, {status_is(kActive)}},
      {"ignores-reserved-byte", "RFC 8335 2.1", Level::must,
       "the reserved byte of an address is ignored", asking_about(reserved_byte), 0,
       {status_is(kActive)}},
      {"ignores-other-objects", "RFC 4884 7", Level::may,
       "objects that are not recognized make no message malformed", asking_about(with_other), 0,
       {status_is(kActive)}},
      {"structure-without-checksum", "RFC 4884 7", Level::may,
       "a structure whose checksum is zero has none", asking(no_checksum), 0,
       {status_is(kActive)}},
      {"identifiers-0", k2, Level::must, "identifier and sequence number may be 0",
       icmp(kRequest, 0, kLocal, extension_structure(objects)), 0, {status_is(kActive)}},
  };
  for (const Query& one : all) add_query(kit, one);
}

struct Discarded {
  const char* name;
  const char* clause;
  const char* rule;
  Seen input;
  Needs needs = {};
};

void add_discarded(Kit& kit) {
  constexpr auto k4 = "RFC 8335 4";
  constexpr auto kNoUnicast = "a source that is not a unicast address: discarded in silence";
  const Octets message = asking_about(by_address(kit.self()));
  const Datagram right = kit.icmp_to(kit.self(), message);
  const auto from = [&](Address address) { return Kit::on(Side::a, right.from(address)); };
  const auto to = [&](Address address) { return Kit::on(Side::a, right.to(address)); };
  const Discarded all[] = {
      {"checksum-wrong", "RFC 792", "a damaged message is not answered",
       Kit::on(Side::a, kit.icmp_to(kit.self(), with_bad_icmp_checksum(message)))},
      {"source-multicast", k4, kNoUnicast, from({0xe0000005})},
      {"source-limited-broadcast", k4, kNoUnicast, from({0xffffffff})},
      {"source-broadcast", k4, kNoUnicast, from(kit.s.at(Side::a).subnet.last())},
      {"source-zero", k4, kNoUnicast, from({0})},
      {"destination-multicast", k4, "a multicast destination: discarded in silence",
       to({0xe0000001})},
      {"destination-all-routers", k4, "a multicast destination: discarded in silence",
       to({0xe0000002})},
      {"source-not-authorised", "RFC 8335 4, 8",
       "a source that is not authorised: discarded in silence",
       Kit::on(Side::b, kit.icmp_to(kit.s.sut(Side::b), message).from(kit.target())), {"b"}},
      {"neighbours-not-enabled", "RFC 8335 8", "the L-bit clear, which is off by default",
       Kit::on(Side::a, kit.icmp_to(kit.self(), asking_about(by_address(kit.s.host(Side::a, 3)),
                                                             0))),
       {"!extended-echo-neighbours"}},
  };
  for (const Discarded& one : all) {
    Needs needs = {"extended-echo"};
    needs.insert(needs.end(), one.needs.begin(), one.needs.end());
    kit.add({.id = fmt::format("extended-echo.discards-{}", one.name),
             .clause = one.clause,
             .level = Level::must,
             .rule = one.rule,
             .inputs = {one.input},
             .expected = silence(),
             .needs = std::move(needs)});
  }
}

// A request that is long comes in fragments as every datagram may.
void add_fragmented(Kit& kit) {
  const Datagram whole = kit.icmp_to(kit.self(), asking_about(by_address(kit.self())));
  kit.add({.id = "extended-echo.in-fragments",
           .clause = "RFC 1122 3.3.2, RFC 8335 4",
           .level = Level::must,
           .rule = "a request that came in fragments is put together and answered",
           .inputs = {Kit::on(Side::a, piece(whole, 0, 16)),
                      Kit::on(Side::a, piece(whole, 16, 100))},
           .expected = exactly({answered(whole, 0, {status_is(kActive)})}),
           .needs = {"extended-echo"}});
}

}  // namespace

void add_extended_echo_cases(Kit& kit) {
  for (const Side side : {Side::a, Side::b, Side::c}) add_own(kit, side);
  add_not_there(kit);
  add_malformed(kit);
  add_neighbours(kit);
  add_reply_fields(kit);
  add_ignored(kit);
  add_discarded(kit);
  add_fragmented(kit);
}

}  // namespace hop::conform
