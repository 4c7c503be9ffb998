// The other messages of ICMP: timestamp, and all those that are not answered.

#include <fmt/format.h>

#include <chrono>

#include "tools/conform/cases/kit.hpp"

namespace hop::conform {

namespace {

constexpr std::size_t kTimestampSize = 20;
constexpr std::uint32_t kDay = 24 * 60 * 60 * 1000;  // milliseconds

/// RFC 1122 section 3.2.2.8: right within a few minutes. A value with the highest bit set says
/// that it is not standard (RFC 792).
bool is_about_now(std::uint32_t milliseconds) {
  if (milliseconds >> 31U != 0) return true;
  const auto now = std::chrono::system_clock::now().time_since_epoch();
  const auto today = static_cast<std::uint32_t>(
      std::chrono::duration_cast<std::chrono::milliseconds>(now).count() % kDay);
  const std::uint32_t apart = (milliseconds + kDay - today) % kDay;
  constexpr std::uint32_t kMinutes = 5 * 60 * 1000;
  return milliseconds < kDay && (apart < kMinutes || apart > kDay - kMinutes);
}

Check times_are_now() {
  return {"times of now", [](const Parsed& answer, const Parsed&) -> std::string {
            const std::uint32_t received = u32_at(answer.payload, 12);
            const std::uint32_t sent = u32_at(answer.payload, 16);
            return is_about_now(received) && is_about_now(sent)
                       ? ""
                       : fmt::format("its times are {} and {}", received, sent);
          }};
}

Datagram timestamp_to(Kit& kit, Address to, std::uint32_t originate) {
  Octets times(12);
  put_u32(times, 0, originate);
  return kit.icmp_to(to, icmp(13, 0, 0x22220007, times));
}

struct Timestamp {
  const char* name;
  const char* clause;
  Level level;
  const char* rule;
  Datagram request;
  std::vector<Check> checks = {};
  Needs needs = {"timestamp"};
};

void add_timestamps(Kit& kit) {
  constexpr auto kBoth = "RFC 1812 4.3.3.8, RFC 1122 3.2.2.8";
  const Datagram plain = timestamp_to(kit, kit.self(), 12345678);
  const Timestamp all[] = {
      {"returned", kBoth, Level::must,
       "every request is answered, with identifier, sequence number "
       "and originate timestamp",
       plain},
      {"times",
       "RFC 1122 3.2.2.8",
       Level::must,
       "the times are milliseconds since midnight UT, "
       "right within a few minutes",
       plain,
       {times_are_now()}},
      {"originate-0", kBoth, Level::must, "any originate timestamp comes back",
       timestamp_to(kit, kit.self(), 0)},
      {"originate-nonstandard", "RFC 792", Level::must, "any originate timestamp comes back",
       timestamp_to(kit, kit.self(), 0xfedcba98)},
      {"originate-beyond-day", "RFC 792", Level::must, "any originate timestamp comes back",
       timestamp_to(kit, kit.self(), 0x7fffffff)},
      {"address-of-b",
       kBoth,
       Level::must,
       "the reply comes from the address that was asked",
       timestamp_to(kit, kit.s.sut(Side::b), 1),
       {comes_from({kit.s.sut(Side::b)})},
       {"timestamp", "b", "!strong-host"}},
      {"precedence",
       "RFC 1812 4.3.2.5",
       Level::must,
       "a reply has the precedence of the request",
       plain.tos(0xa0),
       {precedence_is_that_of_request()}},
      {"tos",
       "RFC 1812 4.3.2.5",
       Level::should,
       "a reply has the TOS of the request",
       plain.tos(0x10),
       {tos_is_that_of_request()}},
      {"ttl",
       "RFC 1812 4.3.2.2",
       Level::must,
       "the TTL is not taken from the request",
       plain.ttl(23),
       {ttl_is_not_copied()}},
  };
  for (const Timestamp& one : all) {
    kit.add(
        {.id = fmt::format("timestamp.{}", one.name),
         .clause = one.clause,
         .level = one.level,
         .rule = one.rule,
         .inputs = Kit::one(one.request),
         .expected = exactly({reply(Side::a, one.request.bytes(),
                                    {.type = 14, .size = kTimestampSize, .kept = 8}, one.checks)}),
         .needs = one.needs});
  }
}

void add_bad_timestamps(Kit& kit) {
  const Octets right = icmp(13, 0, 1, Octets(12));
  const std::pair<const char*, Octets> messages[] = {
      {"checksum-wrong", with_bad_icmp_checksum(right)},
      {"without-times", icmp(13, 0, 1)},
      {"19-bytes", icmp(13, 0, 1, Octets(11))},
      {"unsolicited-reply", icmp(14, 0, 1, Octets(12))},
  };
  for (const auto& [name, message] : messages) {
    kit.add({.id = fmt::format("timestamp.{}", name),
             .clause = "RFC 792",
             .level = Level::policy,
             .rule = "a message that is damaged, cut short or nobody's is not answered",
             .inputs = Kit::one(kit.icmp_to(kit.self(), message)),
             .expected = silence()});
  }
}

struct Unanswered {
  const char* name;
  const char* clause;
  Level level;
  const char* rule;
  Octets message;
};

void add_unanswered(Kit& kit) {
  constexpr auto kDeprecated = "a deprecated message is neither answered nor reported";
  const Address self = kit.self();
  const Unanswered all[] = {
      {"information-request", "RFC 1812 4.3.3.7, RFC 1122 3.2.2.7, RFC 6918 2.2", Level::should,
       "information requests are not answered", icmp(15, 0, 1)},
      {"information-reply", "RFC 6918 2.3", Level::policy, kDeprecated, icmp(16, 0, 1)},
      {"address-mask-reply", "RFC 1122 3.2.2.9", Level::must,
       "a mask that nobody asked for brings no answer", icmp(18, 0, 1, Octets(4))},
      {"alternate-host-address", "RFC 6918 2.1", Level::policy, kDeprecated, icmp(6, 0, 1)},
      {"router-advertisement", "RFC 1256 5.1", Level::must, "an advertisement brings no answer",
       icmp(9, 0, 0x01020708, pattern(8))},
      {"traceroute", "RFC 6918 2.6", Level::policy, kDeprecated, icmp(30, 0, 1, pattern(12))},
      {"conversion-error", "RFC 6918 2.7", Level::policy, kDeprecated, icmp(31, 0, 1, pattern(28))},
      {"mobile-host-redirect", "RFC 6918 2.8", Level::policy, kDeprecated, icmp(32, 0, 1)},
      {"where-are-you", "RFC 6918 2.9", Level::policy, kDeprecated, icmp(33, 0, 1)},
      {"here-i-am", "RFC 6918 2.10", Level::policy, kDeprecated, icmp(34, 0, 1)},
      {"mobile-registration-request", "RFC 6918 2.11", Level::policy, kDeprecated, icmp(35, 0, 1)},
      {"mobile-registration-reply", "RFC 6918 2.12", Level::policy, kDeprecated, icmp(36, 0, 1)},
      {"domain-name-request", "RFC 6918 2.13", Level::policy, kDeprecated, icmp(37, 0, 1)},
      {"domain-name-reply", "RFC 6918 2.14", Level::policy, kDeprecated, icmp(38, 0, 1)},
      {"skip", "RFC 6918 2.15", Level::policy, kDeprecated, icmp(39, 0, 1)},
      {"photuris", "RFC 1122 3.2.2", Level::must, "unknown types are discarded in silence",
       icmp(40, 0, 1)},
      {"extended-echo-request", "RFC 8335 8", Level::must,
       "extended echo is off unless it was switched on", icmp(42, 0, 0x11110001, Octets(8))},
      {"extended-echo-reply", "RFC 1122 3.2.2", Level::must,
       "a reply that nobody waits for brings no answer", icmp(43, 0, 0x11110001)},
      {"experiment-253", "RFC 1122 3.2.2", Level::must, "unknown types are discarded in silence",
       icmp(253, 0, 1)},
      {"experiment-254", "RFC 1122 3.2.2", Level::must, "unknown types are discarded in silence",
       icmp(254, 0, 1)},
      {"type-255", "RFC 1122 3.2.2", Level::must, "unknown types are discarded in silence",
       icmp(255, 255, 0xffffffff)},
      {"destination-unreachable", "RFC 1122 3.2.2", Level::must, "an error brings no error",
       kit.error_message(3, self)},
      {"source-quench", "RFC 6633 4", Level::must, "a source quench is ignored",
       kit.error_message(4, self)},
      {"time-exceeded", "RFC 1122 3.2.2", Level::must, "an error brings no error",
       kit.error_message(11, self)},
      {"parameter-problem", "RFC 1122 3.2.2", Level::must, "an error brings no error",
       kit.error_message(12, self)},
      {"redirect", "RFC 1122 3.2.2", Level::must, "an error brings no error",
       kit.error_message(5, self)},
      {"error-about-nothing", "RFC 1122 3.2.2", Level::must,
       "an error that quotes nothing is discarded", icmp(3, 3, 0)},
      {"error-about-half-a-header", "RFC 1122 3.2.2", Level::must,
       "an error that quotes too little is discarded", icmp(11, 0, 0, Octets(11, 0x45))},
  };
  for (const Unanswered& one : all) {
    const unsigned type = one.message[0];
    kit.add({.id = fmt::format("query.{}", one.name),
             .clause = one.clause,
             .level = one.level,
             .rule = one.rule,
             .inputs = Kit::one(kit.icmp_to(self, one.message)),
             .expected = silence(),
             .needs = type == 42   ? Needs{"!extended-echo"}
                      : type == 15 ? Needs{"!information"}
                                   : Needs{}});
  }
}

// RFC 1812 section 4.3.3.9 wants an answer by default, RFC 6918 section 2.4 has deprecated it.
void add_mask(Kit& kit) {
  const Datagram request = kit.icmp_to(kit.self(), icmp(17, 0, 0x33330001, Octets(4)));
  const Block& subnet = kit.s.at(Side::a).subnet;
  const std::uint32_t mask = ~0U << (32 - subnet.length);
  const Check right{"with the mask of a", [mask](const Parsed& answer, const Parsed&) {
                      return std::string(u32_at(answer.payload, 8) == mask ? "" : "a wrong mask");
                    }};
  kit.add({.id = "query.address-mask-request",
           .clause = "RFC 1812 4.3.3.9, RFC 6918 2.4",
           .level = Level::must,
           .rule = "an address mask request is ignored, or answered with the mask of the interface",
           .inputs = Kit::one(request),
           .expected =
               either({silence(), exactly({reply(Side::a, request.bytes(),
                                                 {.type = 18, .size = 12, .kept = 4}, {right})})}),
           .needs = {"!address-mask"}});
  const Datagram damaged =
      kit.icmp_to(kit.self(), with_bad_icmp_checksum(icmp(17, 0, 0x33330001, Octets(4))));
  kit.add({.id = "query.address-mask-request-damaged",
           .clause = "RFC 950 Appendix I",
           .level = Level::must,
           .rule = "a damaged message is not answered",
           .inputs = Kit::one(damaged),
           .expected = silence(),
           .needs = {"address-mask"}});
  struct Answered {
    const char* name;
    const char* rule;
    std::vector<Check> checks;
  };
  const Answered all[] = {
      {"answered", "a request is answered with the mask of the interface", {right}},
      {"answered-from",
       "the reply comes from the address that was asked",
       {comes_from({kit.self()})}},
  };
  for (const Answered& one : all) {
    const ReplyShape shape{.type = 18, .size = 12, .kept = 4};
    kit.add({.id = fmt::format("query.address-mask-{}", one.name),
             .clause = "RFC 1812 4.3.3.9, RFC 1122 3.2.2.9, RFC 950 Appendix I",
             .level = Level::must,
             .rule = one.rule,
             .inputs = Kit::one(request),
             .expected = exactly({reply(Side::a, request.bytes(), shape, one.checks)}),
             .needs = {"address-mask"}});
  }
}

// RFC 792: the reply is the request with the addresses swapped, and type 16.
void add_information(Kit& kit) {
  const Datagram request = kit.icmp_to(kit.self(), icmp(15, 0, 0x44440002));
  const ReplyShape shape{.type = 16, .size = 8, .kept = 4};
  kit.add(
      {.id = "query.information-answered",
       .clause = "RFC 792",
       .level = Level::policy,
       .rule = "an information request is answered, with identifier and sequence number",
       .inputs = Kit::one(request),
       .expected = exactly({reply(Side::a, request.bytes(), shape, {comes_from({kit.self()})})}),
       .needs = {"information"}});
  const Datagram damaged = kit.icmp_to(kit.self(), with_bad_icmp_checksum(icmp(15, 0, 0x44440002)));
  kit.add({.id = "query.information-damaged",
           .clause = "RFC 792",
           .level = Level::must,
           .rule = "a damaged message is not answered",
           .inputs = Kit::one(damaged),
           .expected = silence(),
           .needs = {"information"}});
}

void add_unknown(Kit& kit) {
  Case all{.id = "query.every-unassigned-type",
           .clause = "RFC 1122 3.2.2, RFC 1812 4.3.2.1",
           .level = Level::must,
           .rule = "messages of unknown type are discarded in silence",
           .inputs = {},
           .expected = silence()};
  for (unsigned type = 1; type < 256; ++type) {
    const bool assigned =
        (type >= 3 && type <= 18 && type != 7) || type == 8 || (type >= 30 && type <= 43);
    if (assigned) continue;
    all.inputs.push_back(
        Kit::on(Side::a, kit.icmp_to(kit.self(), icmp(type, 0, 0x10001, pattern(28)))));
  }
  kit.add(std::move(all));
}

}  // namespace

void add_query_cases(Kit& kit) {
  add_timestamps(kit);
  add_bad_timestamps(kit);
  add_unanswered(kit);
  add_mask(kit);
  add_information(kit);
  add_unknown(kit);
}

}  // namespace hop::conform
