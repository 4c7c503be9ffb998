// The switches of a node for packets with IP options, and for fragments.

#include <fmt/format.h>

#include <set>
#include <utility>

#include "tools/config/draft.hpp"
#include "tools/config/units.hpp"

namespace hop {

namespace {

constexpr Choice<OptionAction> kActions[] = {{"process", OptionAction::process},
                                             {"ignore", OptionAction::ignore},
                                             {"reject", OptionAction::reject},
                                             {"drop", OptionAction::drop}};

/// What stands for several types: both source routes, and every type that is not named.
constexpr std::string_view kSourceRoute = "source-route";
constexpr std::string_view kOther = "other";

/// The words for one option that a policy can be about.
constexpr std::string_view kKeys[] = {
    "record-route",        "timestamp",    "source-route", "loose-source-route",
    "strict-source-route", "router-alert", "traceroute",   "security",
    "extended-security",   "stream-id",    "other"};

/// A name or a number, but not the two options without a length.
std::optional<OptionType> parse_option(std::string_view text) {
  const auto number = parse_within<std::uint8_t, 2, 255>(text);
  if (number) return static_cast<OptionType>(*number);
  const auto named = option_type_of(text);
  return named && std::to_underlying(*named) >= 2 ? named : std::nullopt;
}

void read_action(Findings& findings, const YamlNode& node, OptionAction& into) {
  read_choice(findings, node, "process, ignore, reject or drop", kActions, into);
}

/// A policy in the making, and what it says something of already.
struct PolicyDraft {
  OptionPolicy& policy;
  std::set<OptionType> named{};
};

void set_one(Findings& findings, const Entry& entry, OptionType type, OptionAction action,
             PolicyDraft& draft) {
  if (!draft.named.insert(type).second) {
    findings.add(entry.at, fmt::format("'{}': option {} is named twice", entry.key,
                                       std::to_underlying(type)));
  }
  draft.policy.set(type, action);
}

void set_option(Findings& findings, const Entry& entry, OptionAction action, PolicyDraft& draft) {
  if (entry.key == kSourceRoute) {
    set_one(findings, entry, OptionType::loose_source_route, action, draft);
    set_one(findings, entry, OptionType::strict_source_route, action, draft);
  } else if (const auto type = parse_option(entry.key)) {
    set_one(findings, entry, *type, action, draft);
  } else if (entry.key != kOther) {
    std::string hint = did_you_mean(entry.key, kKeys);
    if (hint.empty())
      hint = fmt::format("; expected a number or one of: {}", fmt::join(kKeys, ", "));
    findings.add(entry.at, fmt::format("unknown option '{}'{}", entry.key, hint));
  }
}

/// `other` comes first, wherever it stands: it is what the named ones differ from.
void read_option_map(Findings& findings, const YamlNode& node, OptionPolicy& into) {
  const auto entries = entries_of(findings, node, "an action, or a map from options to actions");
  PolicyDraft draft{.policy = into};
  for (const bool others : {true, false}) {
    for (const Entry& entry : entries) {
      if ((entry.key == kOther) != others) continue;
      findings.enter(entry.at);
      OptionAction action = OptionAction::process;
      read_action(findings, entry.value, action);
      if (others) into = OptionPolicy::all(action);
      set_option(findings, entry, action, draft);
    }
  }
}

}  // namespace

// `process` alone is the default, in which router alert and traceroute are not processed.
void read_options(Findings& findings, const YamlNode& node, NodeSpec& spec) {
  spec.options = OptionPolicy{};
  if (!node.is_scalar()) return read_option_map(findings, node, spec.options);
  OptionAction action = OptionAction::process;
  read_action(findings, node, action);
  if (action != OptionAction::process) spec.options = OptionPolicy::all(action);
}

void read_required_option(Findings& findings, const YamlNode& node, NodeSpec& spec) {
  read_scalar(findings, node, "an option such as security, or its number from 2 to 255",
              &parse_option, spec.required_option);
}

void read_overlap(Findings& findings, const YamlNode& node, NodeSpec& spec) {
  static constexpr Choice<OverlapPolicy> kPolicies[] = {{"drop", OverlapPolicy::drop},
                                                        {"first", OverlapPolicy::first},
                                                        {"last", OverlapPolicy::last}};
  read_choice(findings, node, "drop, first or last", kPolicies, spec.overlap);
}

void read_tiny_fragments(Findings& findings, const YamlNode& node, NodeSpec& spec) {
  static constexpr Choice<bool> kWords[] = {{"pass", false}, {"drop", true}};
  read_choice(findings, node, "pass or drop", kWords, spec.drop_tiny_fragments);
}

namespace {

/// A buffer of 64 KiB stands behind each datagram, and a look at all of them behind each new one.
constexpr std::uint32_t kMostDatagrams = 256;

void read_datagrams(Findings& findings, const YamlNode& node, ReassemblyLimits& limits) {
  read_scalar(findings, node, "a number of datagrams from 1 to 256",
              &parse_within<std::uint32_t, 1, kMostDatagrams>, limits.datagrams);
}

void read_per_source(Findings& findings, const YamlNode& node, ReassemblyLimits& limits) {
  read_scalar(findings, node, "a number of datagrams from 1 to 256",
              &parse_within<std::uint32_t, 1, kMostDatagrams>, limits.per_source);
}

void read_fragments(Findings& findings, const YamlNode& node, ReassemblyLimits& limits) {
  read_scalar(findings, node, "a number of fragments from 2 to 8192",
              &parse_within<std::uint32_t, 2, 8192>, limits.fragments);
}

constexpr Field<ReassemblyLimits> kLimits[] = {
    {"datagrams", read_datagrams}, {"per-source", read_per_source}, {"fragments", read_fragments}};

}  // namespace

void read_reassembly_limits(Findings& findings, const YamlNode& node, NodeSpec& spec) {
  read_map(findings, node, "a map with 'datagrams', 'per-source' or 'fragments'", kLimits,
           spec.reassembly_limits);
}

}  // namespace hop
