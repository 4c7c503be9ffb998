#include "tools/explain/settings.hpp"

#include <algorithm>
#include <array>

#include "tools/explain/match_text.hpp"
#include "tools/explain/setting_list.hpp"

namespace hop {

namespace {

std::string_view action_text(OptionAction action) {
  static constexpr std::array<std::string_view, 4> kWords{"process", "ignore", "reject", "drop"};
  return kWords[std::to_underlying(action)];
}

std::string option_text(OptionType type) {
  const std::string_view known = name(type);
  return known.empty() ? std::to_string(std::to_underlying(type)) : std::string{known};
}

/// What is done about most types, the 256th of which nobody names all.
OptionAction usual_action(const OptionPolicy& policy) {
  std::array<int, 4> count{};
  for (unsigned type = 2; type < 256; ++type) {
    ++count[std::to_underlying(policy.of(static_cast<OptionType>(type)))];
  }
  return static_cast<OptionAction>(std::ranges::max_element(count) - count.begin());
}

void add_options(SettingList& list, const OptionPolicy& policy) {
  const OptionAction most = usual_action(policy);
  const OptionPolicy usual =
      most == OptionAction::process ? OptionPolicy{} : OptionPolicy::all(most);
  list.word("options.other", most != OptionAction::process, action_text(most));
  for (unsigned number = 2; number < 256; ++number) {
    const auto type = static_cast<OptionType>(number);
    if (policy.of(type) == usual.of(type)) continue;
    list.add("options." + option_text(type), std::string{action_text(policy.of(type))});
  }
}

std::string action_of(const FilterRule& rule) {
  if (rule.action == FilterAction::reject) return fmt::format("reject: {}", name(rule.code));
  return rule.action == FilterAction::drop ? "action: drop" : "action: accept";
}

std::string rule_text(const FilterRule& rule) {
  return "{ " + match_text(rule) + action_of(rule) + " }";
}

std::string hash_text(const FlowFields& fields) {
  std::vector<std::string> words;
  for (const auto& [word, is_hashed] : {std::pair{"source", fields.source},
                                        {"destination", fields.destination},
                                        {"protocol", fields.protocol},
                                        {"ports", fields.ports},
                                        {"icmp", fields.icmp},
                                        {"tos", fields.tos}}) {
    if (is_hashed) words.emplace_back(word);
  }
  return list_text(words);
}

void add_ecmp(SettingList& list, const BalancePolicy& policy) {
  static constexpr std::array<std::string_view, 4> kWords{"flow", "destination", "packet", "off"};
  list.word("ecmp.by", policy.by != Balance::flow, kWords[std::to_underlying(policy.by)]);
  list.add_if(policy.fields != FlowFields{}, "ecmp.hash", policy.fields, hash_text);
  if (policy.seed) list.add("ecmp.seed", std::to_string(*policy.seed));
}

std::string_view reverse_path_text(ReversePath check) {
  static constexpr std::array<std::string_view, 3> kWords{"off", "loose", "strict"};
  return kWords[std::to_underlying(check)];
}

std::string_view overlap_text(OverlapPolicy overlap) {
  if (overlap == OverlapPolicy::first) return "first";
  return overlap == OverlapPolicy::last ? "last" : "drop";
}

std::string preference_text(std::int32_t preference) {
  return preference == kNotADefaultRouter ? "never" : std::to_string(preference);
}

void add_fragments(SettingList& list, const NodeSpec& node) {
  const ReassemblyLimits usual;
  const ReassemblyLimits& limits = node.reassembly_limits;
  if (node.reassembly_timeout) {
    list.add("reassembly-timeout", duration_text(*node.reassembly_timeout));
  }
  list.number("reassembly-limits.datagrams", limits.datagrams, usual.datagrams);
  list.number("reassembly-limits.per-source", limits.per_source, usual.per_source);
  list.number("reassembly-limits.fragments", limits.fragments, usual.fragments);
  list.word("overlap", node.overlap != OverlapPolicy::drop, overlap_text(node.overlap));
  list.word("tiny-fragments", node.drop_tiny_fragments, "drop");
}

void add_filtered(SettingList& list, const std::string& key, const PortFilter& filter) {
  const bool all = std::ranges::count(filter.ports, PortRange{}) > 0;
  list.word(key + ".filtered", !filter.ports.empty(),
            all ? "all" : list_text(filter.ports, ports_text));
  if (filter.reject) list.add(key + ".reject", std::string{name(*filter.reject)});
}

}  // namespace

Settings settings_of(const DiscoveryPolicy& discovery) {
  const DiscoveryPolicy usual;
  SettingList list;
  list.word("address", discovery.broadcast, "broadcast");
  list.duration("interval", discovery.max_interval, usual.max_interval);
  if (discovery.min_interval) list.add("min-interval", duration_text(*discovery.min_interval));
  if (discovery.lifetime) list.add("lifetime", duration_text(*discovery.lifetime));
  list.add_if(discovery.preference != 0, "preference", discovery.preference, preference_text);
  for (const DiscoveryPolicy::Advertised& one : discovery.addresses) {
    list.add("addresses." + to_string(one.address),
             one.preference ? preference_text(*one.preference) : "false");
  }
  return list.take();
}

Settings settings_of(const NodeSpec& node) {
  const auto port = [](std::uint16_t number) { return std::to_string(number); };
  SettingList list;
  list.flag("up", node.up, true);
  if (node.router_id) list.add("router-id", to_string(*node.router_id));
  list.flag("decrement-ttl", node.decrements_ttl, true);
  list.flag("source-routing", node.source_routing, false);
  add_options(list, node.options);
  if (node.required_option) list.add("require-option", option_text(*node.required_option));
  list.flag("directed-broadcast", node.directed_broadcast, false);
  list.word("rpf", node.reverse_path != ReversePath::off, reverse_path_text(node.reverse_path));
  list.word("host-model", node.host_model == HostModel::strong, "strong");
  for (std::size_t i = 0; i < node.filter.size(); ++i) {
    list.add(fmt::format("filter.{}", i), rule_text(node.filter[i]));
  }
  if (node.nat) list.map("nat", settings_of(*node.nat));
  add_ecmp(list, node.balance);
  list.number("precedence-cutoff", node.precedence_cutoff, std::uint8_t{0});
  if (node.discovery != DiscoveryPolicy{}) list.discovery(node.discovery);
  list.map("icmp", settings_of(node.icmp));
  if (node.martians) {
    list.add("martians", *node.martians == MartianRules::rfc1812 ? "rfc1812" : "linux");
  }
  add_fragments(list, node);
  list.word("tcp.open", !node.tcp_open.empty(), list_text(node.tcp_open, ports_text));
  list.word("tcp.sink", !node.tcp_sink.empty(), list_text(node.tcp_sink, ports_text));
  add_filtered(list, "tcp", node.tcp_filtered);
  list.word("udp.echo", !node.udp_echo.empty(), list_text(node.udp_echo, port));
  list.word("udp.sink", !node.udp_sink.empty(), list_text(node.udp_sink, port));
  add_filtered(list, "udp", node.udp_filtered);
  return list.take();
}

}  // namespace hop
