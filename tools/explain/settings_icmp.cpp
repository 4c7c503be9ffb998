// The switches of `icmp:` that are not those of the profile.

#include <array>

#include "tools/explain/setting_list.hpp"

namespace hop {

namespace {

std::string rate_text(std::uint32_t rate) {
  return rate == IcmpPolicy::kUnlimited ? "unlimited" : fmt::format("{}/s", rate);
}

std::string burst_text(std::uint32_t burst) {
  return burst == IcmpPolicy::kUnlimited ? "unlimited" : std::to_string(burst);
}

std::string source_text(const IcmpPolicy& policy) {
  switch (policy.source) {
    case SourcePolicy::egress:
      return "egress";
    case SourcePolicy::ingress:
      return "ingress";
    case SourcePolicy::fixed:
      return to_string(policy.fixed_source);
  }
  return {};
}

std::string_view id_text(IdPolicy id) {
  static constexpr std::array<std::string_view, 3> kWords{"counter", "random", "zero"};
  return kWords[std::to_underlying(id)];
}

std::string quote_text(std::uint32_t quote) {
  constexpr std::uint32_t kWhole = 65535 - 20 - 8;
  return quote == kWhole ? "full" : std::to_string(quote);
}

std::string tos_text(std::optional<std::uint8_t> kept) {
  return kept ? std::to_string(*kept) : "by-kind";
}

std::string mtu_text(std::optional<std::uint16_t> told) {
  if (!told) return "honest";
  return *told == 0 ? "zero" : std::to_string(*told);
}

void add_limits(SettingList& list, const IcmpPolicy& policy, const IcmpPolicy& usual) {
  const bool other_classes = policy.class_limits != usual.class_limits;
  list.add_if(other_classes || policy.rate != usual.rate, "rate", policy.rate, rate_text);
  list.add_if(other_classes || policy.burst != usual.burst, "burst", policy.burst, burst_text);
  for (const ClassLimit& own : policy.class_limits) {
    if (!other_classes) break;
    if (own.rate) list.add(fmt::format("rate.{}", name(own.type)), rate_text(*own.rate));
    if (own.burst) list.add(fmt::format("burst.{}", name(own.type)), burst_text(*own.burst));
  }
  list.add_if(policy.peer_rate != usual.peer_rate, "peer-rate", policy.peer_rate, rate_text);
  list.add_if(policy.peer_burst != usual.peer_burst, "peer-burst", policy.peer_burst, burst_text);
}

void add_form(SettingList& list, const IcmpPolicy& policy, const IcmpPolicy& usual) {
  list.add_if(policy.source != usual.source, "source", policy, source_text);
  list.flag("answer-as-asked", policy.answer_as_asked, usual.answer_as_asked);
  list.add_if(policy.quote != usual.quote, "quote", policy.quote, quote_text);
  list.number("ttl", policy.ttl, usual.ttl);
  list.word("id", policy.id != usual.id, id_text(policy.id));
  list.add_if(policy.error_tos != usual.error_tos, "error-tos", policy.error_tos, tos_text);
  list.flag("records-in-errors", policy.records_in_errors, usual.records_in_errors);
  list.flag("records-on-arrival", policy.records_on_arrival, usual.records_on_arrival);
  list.add_if(policy.next_hop_mtu != usual.next_hop_mtu, "next-hop-mtu", policy.next_hop_mtu,
              mtu_text);
}

void add_kinds(SettingList& list, const IcmpPolicy& policy, const IcmpPolicy& usual) {
  list.word("truncated", policy.truncated != usual.truncated,
            policy.truncated ? "report" : "silent");
  list.flag("redirects", policy.redirects, usual.redirects);
  list.flag("tos-redirects", policy.tos_redirects, usual.tos_redirects);
  list.flag("redirect-backoff", policy.redirect_backoff, usual.redirect_backoff);
  list.flag("source-quench", policy.source_quench, usual.source_quench);
  const std::vector<std::string> silent = silent_types(policy);
  const bool is_all = silent == std::vector<std::string>{"all"};
  list.word("silent", !silent.empty(), is_all ? "all" : list_text(silent));
  list.word("bad-length.code", policy.bad_length.code != usual.bad_length.code,
            policy.bad_length.code == ParameterProblemCode::pointer ? "0" : "2");
  list.word("bad-length.pointer", policy.bad_length.at_length != usual.bad_length.at_length,
            policy.bad_length.at_length ? "length" : "type");
}

Settings settings_of(const InterfaceDisclosure& told) {
  static constexpr std::array<std::string_view, kInterfaceRoles> kRoles{"incoming", "component",
                                                                        "outgoing", "next-hop"};
  SettingList list;
  std::vector<std::string> roles;
  for (std::size_t i = 0; i < kRoles.size(); ++i) {
    if (told.roles[i]) roles.emplace_back(kRoles[i]);
  }
  std::vector<std::string> parts;
  if (told.index) parts.emplace_back("index");
  if (told.address) parts.emplace_back("address");
  if (told.name) parts.emplace_back("name");
  if (told.mtu) parts.emplace_back("mtu");
  list.word("roles", !told.roles.all(), list_text(roles));
  list.word("parts", parts.size() < 4, list_text(parts));
  return list.take();
}

void add_extensions(SettingList& list, const ExtensionPolicy& policy) {
  std::vector<std::string> words;
  if (policy.interface) words.emplace_back("interface");
  if (policy.mpls) words.emplace_back("mpls");
  list.word("extensions", !words.empty(), list_text(words));
  list.word("extension-layout", policy.layout != ExtensionLayout::rfc4884, "non-compliant");
  list.map("interface-information", settings_of(policy.disclosure));
}

Settings settings_of(const ExtendedEchoPolicy& policy) {
  const ExtendedEchoPolicy usual;
  SettingList list;
  const auto prefixes = [&](std::string key, std::vector<Prefix> ExtendedEchoPolicy::* at) {
    list.word(std::move(key), policy.*at != usual.*at, list_text(policy.*at, destination_text));
  };
  prefixes("local", &ExtendedEchoPolicy::local);
  prefixes("remote", &ExtendedEchoPolicy::remote);
  prefixes("name", &ExtendedEchoPolicy::by_name);
  prefixes("index", &ExtendedEchoPolicy::by_index);
  prefixes("address", &ExtendedEchoPolicy::by_address);
  list.add_if(policy.rate != usual.rate, "rate", policy.rate, rate_text);
  return list.take();
}

struct Query {
  std::string_view word;
  IcmpType type;
  IcmpType reply;
};
constexpr Query kQueries[] = {
    {"echo", IcmpType::echo, IcmpType::echo_reply},
    {"timestamp", IcmpType::timestamp, IcmpType::timestamp_reply},
    {"information", IcmpType::information_request, IcmpType::information_reply},
    {"address-mask", IcmpType::address_mask_request, IcmpType::address_mask_reply},
    {"extended-echo", IcmpType::extended_echo, IcmpType::extended_echo_reply},
};

/// As `answer:` would have them, whatever is silenced.
std::vector<std::string> queries_of(const IcmpPolicy& policy) {
  std::vector<std::string> words;
  for (const Query& query : kQueries) {
    if (policy.answers[std::to_underlying(query.type)]) words.emplace_back(query.word);
    if (query.type == IcmpType::echo && policy.broadcast_echo) words.emplace_back("broadcast-echo");
  }
  return words;
}

}  // namespace

std::vector<std::string> answers_of(const IcmpPolicy& policy) {
  IcmpPolicy heard = policy;
  for (const Query& query : kQueries) {
    if (!policy.silent[std::to_underlying(query.reply)]) continue;
    heard.answers.reset(std::to_underlying(query.type));
    if (query.type == IcmpType::echo) heard.broadcast_echo = false;
  }
  return queries_of(heard);
}

std::vector<std::string> silent_types(const IcmpPolicy& policy) {
  if (policy.silent.all()) return {"all"};
  std::vector<std::string> words;
  for (std::size_t type = 0; type < policy.silent.size(); ++type) {
    if (policy.silent[type]) words.emplace_back(name(static_cast<IcmpType>(type)));
  }
  for (std::size_t code = 0; code < policy.silent_unreachable.size(); ++code) {
    if (!policy.silent_unreachable[code]) continue;
    words.emplace_back(name(static_cast<UnreachableCode>(code)));
  }
  return words;
}

Settings settings_of(const IcmpPolicy& policy) {
  const IcmpPolicy usual = IcmpPolicy::of(policy.profile);
  SettingList list;
  list.word("profile", policy.profile != Profile::rfc1812, name(policy.profile));
  add_limits(list, policy, usual);
  list.duration("delay", policy.slow_path.delay, Duration{});
  list.duration("delay.jitter", policy.slow_path.jitter, Duration{});
  add_form(list, policy, usual);
  add_kinds(list, policy, usual);
  add_extensions(list, policy.extensions);
  list.word("answer",
            policy.answers != usual.answers || policy.broadcast_echo != usual.broadcast_echo,
            list_text(queries_of(policy)));
  list.map("extended-echo", settings_of(policy.extended_echo));
  return list.take();
}

}  // namespace hop
