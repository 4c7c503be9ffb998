// Extended echo, which requests are answered, and what a reply is like: RFC 8335 sections 2 to 4
// and 8.

#include <fmt/format.h>

#include "tools/conform/cases/interface_query.hpp"

namespace hop::conform {

namespace {

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
      {"reply-identifiers",
       k4,
       Level::must,
       "identifier and sequence number are copied",
       plain,
       0,
       {same_ids}},
      {"reply-df",
       k4,
       Level::must,
       "a reply has DF",
       plain,
       0,
       {header_is("DF", [](const Parsed& p) { return p.df; })}},
      {"reply-ttl",
       k4,
       Level::must,
       "the TTL of a reply is 255",
       plain,
       0,
       {header_is("TTL 255", [](const Parsed& p) { return p.ttl == 255; })}},
      {"reply-fragment", k4, Level::must, "a reply is no fragment", plain, 0, {is_no_fragment()}},
      {"reply-length",
       "RFC 8335 3",
       Level::policy,
       "a reply is the 8 bytes of figure 3",
       plain,
       0,
       {header_is("8 bytes", [](const Parsed& p) { return p.payload.size() == 8; })}},
  };
  for (const Query& one : all) add_query(kit, one);
  const Query tos{"reply-dscp",
                  k4,
                  Level::must,
                  "the DiffServ codepoint of a reply is CS0",
                  plain,
                  0,
                  {header_is("DSCP 0", [](const Parsed& p) { return p.tos >> 2U == 0; })}};
  add_query(kit, tos, kit.icmp_to(kit.self(), plain).tos(0xb8));
  const Query other{"reply-from-address-of-b",
                    k4,
                    Level::must,
                    "a reply comes from the address that was asked",
                    plain,
                    0,
                    {},
                    {"b", "!strong-host"}};
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
      {"ignores-code",
       k2,
       Level::must,
       "the code of a request is ignored",
       code,
       0,
       {status_is(kActive)}},
      {"ignores-reserved-bits",
       k2,
       Level::must,
       "reserved bits of a request are ignored, and zero in the reply",
       asking_about(objects, 0xfe | kLocal),
       0,
       {status_is(kActive)}},
      {"ignores-reserved-byte",
       "RFC 8335 2.1",
       Level::must,
       "the reserved byte of an address is ignored",
       asking_about(reserved_byte),
       0,
       {status_is(kActive)}},
      {"ignores-other-objects",
       "RFC 4884 7",
       Level::may,
       "objects that are not recognized make no message malformed",
       asking_about(with_other),
       0,
       {status_is(kActive)}},
      {"structure-without-checksum",
       "RFC 4884 7",
       Level::may,
       "a structure whose checksum is zero has none",
       asking(no_checksum),
       0,
       {status_is(kActive)}},
      {"identifiers-0",
       k2,
       Level::must,
       "identifier and sequence number may be 0",
       icmp(kExtendedEcho, 0, kLocal, extension_structure(objects)),
       0,
       {status_is(kActive)}},
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
      {"source-not-authorised",
       "RFC 8335 4, 8",
       "a source that is not authorised: discarded in silence",
       Kit::on(Side::b, kit.icmp_to(kit.s.sut(Side::b), message).from(kit.target())),
       {"b"}},
      {"neighbours-not-enabled",
       "RFC 8335 8",
       "the L-bit clear, which is off by default",
       Kit::on(Side::a,
               kit.icmp_to(kit.self(), asking_about(by_address(kit.s.host(Side::a, 3)), 0))),
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
  kit.add(
      {.id = "extended-echo.in-fragments",
       .clause = "RFC 1122 3.3.2, RFC 8335 4",
       .level = Level::must,
       .rule = "a request that came in fragments is put together and answered",
       .inputs = {Kit::on(Side::a, piece(whole, 0, 16)), Kit::on(Side::a, piece(whole, 16, 100))},
       .expected = exactly({answered(whole, 0, {status_is(kActive)})}),
       .needs = {"extended-echo"}});
}

}  // namespace

void add_extended_echo_reply_cases(Kit& kit) {
  add_reply_fields(kit);
  add_ignored(kit);
  add_discarded(kit);
  add_fragmented(kit);
}

}  // namespace hop::conform
