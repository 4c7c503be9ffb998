// The switches of `icmp:` of a node.

#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "tools/config/disclosure.hpp"
#include "tools/config/draft.hpp"
#include "tools/config/units.hpp"

namespace hop {

namespace {

/// The largest part of a datagram that an ICMP error can return: RFC 791 section 3.1 limits the
/// whole to 65535 bytes, of which 20 are the IP header and 8 the ICMP header.
constexpr std::uint32_t kWholeDatagram = 65535 - 20 - 8;

std::optional<std::uint32_t> parse_rate(std::string_view text) {
  return text == "unlimited" ? IcmpPolicy::kUnlimited : parse_event_rate(text);
}

std::optional<std::uint32_t> parse_burst(std::string_view text) {
  if (text == "unlimited") return IcmpPolicy::kUnlimited;
  return parse_within<std::uint32_t, 1, IcmpPolicy::kUnlimited - 1>(text);
}

std::optional<std::uint32_t> parse_quote(std::string_view text) {
  if (text == "full") return kWholeDatagram;
  return parse_within<std::uint32_t, 8, kWholeDatagram>(text);
}

std::optional<IcmpType> parse_icmp_type(std::string_view text) {
  return text == "destination-unreachable" ? IcmpType::dest_unreachable : icmp_type_of(text);
}

void read_profile(Findings& findings, const YamlNode& node, IcmpPolicy& policy) {
  static constexpr Choice<Profile> kProfiles[] = {
      {"rfc1812", Profile::rfc1812}, {"linux", Profile::linux_like}, {"legacy", Profile::legacy}};
  read_choice(findings, node, "rfc1812, linux or legacy", kProfiles, policy.profile);
}

void read_delay_time(Findings& findings, const YamlNode& node, SlowPathPolicy& policy) {
  read_scalar(findings, node, kDurationWords, &parse_duration, policy.delay);
}

void read_delay_jitter(Findings& findings, const YamlNode& node, SlowPathPolicy& policy) {
  read_scalar(findings, node, kDurationWords, &parse_duration, policy.jitter);
}

constexpr Field<SlowPathPolicy> kDelayFields[] = {
    {"time", read_delay_time, Need::required},
    {"jitter", read_delay_jitter},
};

/// "3ms", or a map.
void read_delay(Findings& findings, const YamlNode& node, IcmpPolicy& policy) {
  SlowPathPolicy& slow = policy.slow_path = {};
  if (!node.is_map()) return read_delay_time(findings, node, slow);
  const std::size_t mistakes = findings.size();
  read_map(findings, node, "a map with 'time' and 'jitter'", kDelayFields, slow);
  if (findings.size() == mistakes && slow.jitter > slow.delay) {
    findings.add(node.place(), fmt::format("a jitter of {} is more than the delay of {}",
                                           duration_text(slow.jitter), duration_text(slow.delay)));
  }
}

void read_peer_rate(Findings& findings, const YamlNode& node, IcmpPolicy& policy) {
  read_scalar(findings, node, "a rate of errors such as 10/s, or unlimited", &parse_rate,
              policy.peer_rate);
}

void read_peer_burst(Findings& findings, const YamlNode& node, IcmpPolicy& policy) {
  read_scalar(findings, node, "a number of errors from 1", &parse_burst, policy.peer_burst);
}

void read_source(Findings& findings, const YamlNode& node, IcmpPolicy& policy) {
  const std::string text = node.is_scalar() ? node.scalar() : std::string{};
  if (text == "egress") {
    policy.source = SourcePolicy::egress;
  } else if (text == "ingress") {
    policy.source = SourcePolicy::ingress;
  } else {
    policy.source = SourcePolicy::fixed;
    read_scalar(findings, node, "egress, ingress or an address", &Ipv4Address::parse,
                policy.fixed_source);
  }
}

void read_quote(Findings& findings, const YamlNode& node, IcmpPolicy& policy) {
  read_scalar(findings, node, "a number of bytes from 8 to 65507, or full", &parse_quote,
              policy.quote);
}

void read_ttl(Findings& findings, const YamlNode& node, IcmpPolicy& policy) {
  read_scalar(findings, node, "a TTL from 1 to 255", &parse_within<std::uint8_t, 1, 255>,
              policy.ttl);
}

void read_id(Findings& findings, const YamlNode& node, IcmpPolicy& policy) {
  static constexpr Choice<IdPolicy> kIds[] = {
      {"counter", IdPolicy::counter}, {"random", IdPolicy::random}, {"zero", IdPolicy::zero}};
  read_choice(findings, node, "counter, random or zero", kIds, policy.id);
}

void read_redirects(Findings& findings, const YamlNode& node, IcmpPolicy& policy) {
  read_bool(findings, node, policy.redirects);
}

void read_tos_redirects(Findings& findings, const YamlNode& node, IcmpPolicy& policy) {
  read_bool(findings, node, policy.tos_redirects);
}

void read_redirect_backoff(Findings& findings, const YamlNode& node, IcmpPolicy& policy) {
  read_bool(findings, node, policy.redirect_backoff);
}

void read_answer_as_asked(Findings& findings, const YamlNode& node, IcmpPolicy& policy) {
  read_bool(findings, node, policy.answer_as_asked);
}

void read_error_tos(Findings& findings, const YamlNode& node, IcmpPolicy& policy) {
  if (node.is_scalar() && node.scalar() == "by-kind") {
    policy.error_tos.reset();
    return;
  }
  read_scalar(findings, node,
              "the bits of the TOS that errors keep, a number from 0 to 31, or by-kind",
              &parse_within<std::uint8_t, 0, 31>, policy.error_tos);
}

void read_truncated(Findings& findings, const YamlNode& node, IcmpPolicy& policy) {
  static constexpr Choice<bool> kWords[] = {{"report", true}, {"silent", false}};
  read_choice(findings, node, "report or silent", kWords, policy.truncated);
}

void read_records_on_arrival(Findings& findings, const YamlNode& node, IcmpPolicy& policy) {
  read_bool(findings, node, policy.records_on_arrival);
}

void read_records_in_errors(Findings& findings, const YamlNode& node, IcmpPolicy& policy) {
  read_bool(findings, node, policy.records_in_errors);
}

void read_source_quench(Findings& findings, const YamlNode& node, IcmpPolicy& policy) {
  read_bool(findings, node, policy.source_quench);
}

void read_next_hop_mtu(Findings& findings, const YamlNode& node, IcmpPolicy& policy) {
  const std::string text = node.is_scalar() ? node.scalar() : std::string{};
  if (text == "honest") {
    policy.next_hop_mtu.reset();
  } else if (text == "zero") {
    policy.next_hop_mtu = 0;
  } else {
    read_scalar(findings, node, "honest, zero, or what to say instead, from 1 to 65535",
                &parse_within<std::uint16_t, 1, 65535>, policy.next_hop_mtu);
  }
}

void read_bad_length_code(Findings& findings, const YamlNode& node, BadLengthPolicy& policy) {
  static constexpr Choice<ParameterProblemCode> kCodes[] = {
      {"0", ParameterProblemCode::pointer}, {"2", ParameterProblemCode::bad_length}};
  read_choice(findings, node, "0 or 2", kCodes, policy.code);
}

void read_bad_length_pointer(Findings& findings, const YamlNode& node, BadLengthPolicy& policy) {
  static constexpr Choice<bool> kBytes[] = {{"type", false}, {"length", true}};
  read_choice(findings, node, "type or length", kBytes, policy.at_length);
}

constexpr Field<BadLengthPolicy> kBadLengthFields[] = {{"code", read_bad_length_code},
                                                       {"pointer", read_bad_length_pointer}};

void read_bad_length(Findings& findings, const YamlNode& node, IcmpPolicy& policy) {
  read_map(findings, node, "a map with 'code' or 'pointer'", kBadLengthFields, policy.bad_length);
}

/// Every name of an ICMP type, for suggestions.
std::vector<std::string_view> type_names() {
  std::vector<std::string_view> names;
  for (unsigned type = 0; type < 256; ++type) {
    const std::string_view known = name(static_cast<IcmpType>(type));
    if (!known.empty()) names.push_back(known);
  }
  return names;
}

/// `rate` or `burst`: the member of the policy, the one of a class, and how a value is read.
struct Limit {
  std::uint32_t IcmpPolicy::* common;
  std::optional<std::uint32_t> ClassLimit::* own;
  std::optional<std::uint32_t> (*parse)(std::string_view);
  std::string_view words;
};
constexpr Limit kRate{.common = &IcmpPolicy::rate,
                      .own = &ClassLimit::rate,
                      .parse = &parse_rate,
                      .words = "a rate of errors such as 100/s, or unlimited"};
constexpr Limit kBurst{.common = &IcmpPolicy::burst,
                       .own = &ClassLimit::burst,
                       .parse = &parse_burst,
                       .words = "a number of errors from 1, or unlimited"};

/// What may have a limit of its own: errors, and the answers to queries.
constexpr std::string_view kClasses[] = {
    "default",       "dest-unreachable",   "source-quench",      "redirect",
    "time-exceeded", "parameter-problem",  "echo-reply",         "timestamp-reply",
    "info-reply",    "address-mask-reply", "extended-echo-reply"};

void read_class_limit(Findings& findings, const Entry& entry, const Limit& limit,
                      IcmpPolicy& policy) {
  const std::string key = entry.key == "destination-unreachable" ? "dest-unreachable" : entry.key;
  if (std::ranges::find(kClasses, key) == std::end(kClasses)) {
    return report_unknown_key(findings, entry, kClasses);
  }
  findings.enter(entry.at);
  if (const auto type = icmp_type_of(key)) {
    read_scalar(findings, entry.value, limit.words, limit.parse,
                policy.class_limit(*type).*limit.own);
  } else {
    read_scalar(findings, entry.value, limit.words, limit.parse, policy.*limit.common);
  }
}

/// One value for all errors, whatever the profile says of classes.
void read_common_limit(Findings& findings, const YamlNode& node, const Limit& limit,
                       IcmpPolicy& policy) {
  for (ClassLimit& own : policy.class_limits) (own.*limit.own).reset();
  std::erase_if(policy.class_limits, [](const ClassLimit& own) { return !own.rate && !own.burst; });
  read_scalar(findings, node, limit.words, limit.parse, policy.*limit.common);
}

/// That, or a map from classes to values.
void read_limit(Findings& findings, const YamlNode& node, const Limit& limit, IcmpPolicy& policy) {
  if (!node.is_map()) return read_common_limit(findings, node, limit, policy);
  for (const Entry& entry : entries_of(findings, node, limit.words)) {
    read_class_limit(findings, entry, limit, policy);
  }
}

void read_rate(Findings& findings, const YamlNode& node, IcmpPolicy& policy) {
  read_limit(findings, node, kRate, policy);
}

void read_burst(Findings& findings, const YamlNode& node, IcmpPolicy& policy) {
  read_limit(findings, node, kBurst, policy);
}

/// A type, or a code of destination unreachable.
void read_silent_message(Findings& findings, const YamlNode& node, IcmpPolicy& policy) {
  const std::string text = node.is_scalar() ? node.scalar() : std::string{};
  if (const auto code = unreachable_code_of(text)) {
    policy.silent_unreachable.set(std::to_underlying(*code));
  } else if (const auto type = parse_icmp_type(text)) {
    policy.silent.set(std::to_underlying(*type));
  } else {
    findings.expected(
        "an ICMP type such as time-exceeded, or a code of dest-unreachable such as frag-needed",
        node, did_you_mean(text, type_names()));
  }
}

void read_silent(Findings& findings, const YamlNode& node, IcmpPolicy& policy) {
  policy.silent.reset();
  policy.silent_unreachable.reset();
  if (node.is_scalar() && node.scalar() == "all") {
    policy.silent.set();
    return;
  }
  for (const YamlNode& item : items_of(findings, node, "a list of ICMP messages, or all")) {
    read_silent_message(findings, item, policy);
  }
}

/// The queries that a node can answer, by the words of the topology file.
constexpr std::pair<std::string_view, IcmpType> kQueries[] = {
    {"echo", IcmpType::echo},
    {"timestamp", IcmpType::timestamp},
    {"information", IcmpType::information_request},
    {"address-mask", IcmpType::address_mask_request},
    {"extended-echo", IcmpType::extended_echo},
};

void read_query(Findings& findings, const YamlNode& node, IcmpPolicy& policy) {
  const std::string text = node.is_scalar() ? node.scalar() : std::string{};
  if (text == "broadcast-echo") {
    policy.broadcast_echo = true;
    policy.answers.set(std::to_underlying(IcmpType::echo));
    return;
  }
  const auto* const known =
      std::ranges::find(kQueries, text, [](const auto& q) { return q.first; });
  if (known == std::end(kQueries)) {
    findings.expected("echo, broadcast-echo, timestamp, information, address-mask or extended-echo",
                      node);
  } else {
    policy.answers.set(std::to_underlying(known->second));
  }
}

void read_answer(Findings& findings, const YamlNode& node, IcmpPolicy& policy) {
  policy.answers.reset();
  policy.broadcast_echo = false;
  for (const YamlNode& item : items_of(findings, node, "a list of queries")) {
    read_query(findings, item, policy);
  }
}

constexpr Field<IcmpPolicy> kIcmpFields[] = {
    {"profile", read_profile},
    {"rate", read_rate},
    {"burst", read_burst},
    {"peer-rate", read_peer_rate},
    {"peer-burst", read_peer_burst},
    {"delay", read_delay},
    {"source", read_source},
    {"answer-as-asked", read_answer_as_asked},
    {"quote", read_quote},
    {"ttl", read_ttl},
    {"id", read_id},
    {"error-tos", read_error_tos},
    {"records-in-errors", read_records_in_errors},
    {"records-on-arrival", read_records_on_arrival},
    {"truncated", read_truncated},
    {"redirects", read_redirects},
    {"tos-redirects", read_tos_redirects},
    {"redirect-backoff", read_redirect_backoff},
    {"source-quench", read_source_quench},
    {"silent", read_silent},
    {"next-hop-mtu", read_next_hop_mtu},
    {"extensions", read_extensions},
    {"extension-layout", read_extension_layout},
    {"interface-information", read_interface_information},
    {"bad-length", read_bad_length},
    {"answer", read_answer},
    {"extended-echo", read_extended_echo},
};

/// The profile that the map names, whatever the order of its keys. A wrong one is reported later,
/// when the keys are read in turn.
std::optional<Profile> profile_in(const YamlNode& map) {
  const YamlNode node = map.find("profile");
  if (!node.is_scalar()) return std::nullopt;
  return profile_of(node.scalar());
}

}  // namespace

void read_icmp_type(Findings& findings, const YamlNode& node, IcmpType& into) {
  const std::string text = node.is_scalar() ? node.scalar() : std::string{};
  const std::optional<IcmpType> type = parse_icmp_type(text);
  if (type) {
    into = *type;
  } else {
    findings.expected("an ICMP type such as time-exceeded or dest-unreachable", node,
                      did_you_mean(text, type_names()));
  }
}

void read_icmp(Findings& findings, const YamlNode& node, IcmpPolicy& into) {
  if (const auto profile = profile_in(node)) into = IcmpPolicy::of(*profile);
  read_map(findings, node, "a map of ICMP settings", kIcmpFields, into);
}

}  // namespace hop
