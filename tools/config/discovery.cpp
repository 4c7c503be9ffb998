// Router discovery of a node or one of its interfaces: the variables of RFC 1256 sections 4.1
// and 5.1.

#include "tools/config/draft.hpp"
#include "tools/config/units.hpp"

namespace hop {

namespace {

template <int lowest, int highest>
std::optional<Duration> parse_seconds(std::string_view text) {
  const auto duration = parse_duration(text);
  const bool is_within = duration && *duration >= std::chrono::seconds{lowest} &&
                         *duration <= std::chrono::seconds{highest};
  return is_within ? duration : std::nullopt;
}

void read_address(Findings& findings, const YamlNode& node, DiscoveryPolicy& policy) {
  static constexpr Choice<bool> kWords[] = {{"multicast", false}, {"broadcast", true}};
  read_choice(findings, node, "multicast or broadcast", kWords, policy.broadcast);
}

void read_interval(Findings& findings, const YamlNode& node, DiscoveryPolicy& policy) {
  read_scalar(findings, node, "an interval from 4s to 30min", &parse_seconds<4, 1800>,
              policy.max_interval);
}

void read_min_interval(Findings& findings, const YamlNode& node, DiscoveryPolicy& policy) {
  read_scalar(findings, node, "an interval from 3s to 30min", &parse_seconds<3, 1800>,
              policy.min_interval);
}

/// The field has whole seconds.
std::optional<Duration> parse_lifetime(std::string_view text) {
  const auto duration = parse_seconds<4, 9000>(text);
  return duration && *duration % std::chrono::seconds{1} == Duration::zero() ? duration
                                                                             : std::nullopt;
}

void read_lifetime(Findings& findings, const YamlNode& node, DiscoveryPolicy& policy) {
  read_scalar(findings, node, "whole seconds from 4s to 150min", &parse_lifetime, policy.lifetime);
}

std::optional<std::int32_t> parse_advertised(std::string_view text) {
  return text == "never" ? kNotADefaultRouter : parse_preference(text);
}

constexpr std::string_view kPreferenceWords =
    "a preference from -2147483648 to 2147483647, or never";

void read_preference(Findings& findings, const YamlNode& node, DiscoveryPolicy& policy) {
  read_scalar(findings, node, kPreferenceWords, &parse_advertised, policy.preference);
}

void read_advertised(Findings& findings, const YamlNode& node, DiscoveryPolicy& policy) {
  for (const Entry& entry :
       entries_of(findings, node, "a map from addresses to their preferences, or false")) {
    findings.enter(entry.at);
    const auto address = Ipv4Address::parse(entry.key);
    if (!address) findings.add(entry.at, "expected an address, found '" + entry.key + "'");
    DiscoveryPolicy::Advertised& item = policy.addresses.emplace_back();
    item.address = address.value_or(Ipv4Address{});
    if (entry.value.is_scalar() && entry.value.scalar() == "false") continue;
    read_scalar(findings, entry.value, kPreferenceWords, &parse_advertised, item.preference);
  }
}

constexpr Field<DiscoveryPolicy> kDiscoveryFields[] = {
    {"address", read_address},           {"interval", read_interval},
    {"min-interval", read_min_interval}, {"lifetime", read_lifetime},
    {"preference", read_preference},     {"addresses", read_advertised},
};

void check_order(Findings& findings, const YamlNode& node, const DiscoveryPolicy& policy) {
  if (policy.shortest_interval() > policy.max_interval) {
    findings.add(node.place(), "'min-interval' is above 'interval' (10min by default)");
  }
  if (policy.advertised_lifetime() < policy.max_interval) {
    findings.add(node.place(), "'lifetime' is below 'interval' (10min by default)");
  }
}

}  // namespace

void read_discovery(Findings& findings, const YamlNode& node, DiscoveryPolicy& into) {
  into = {};
  if (node.is_scalar()) return read_bool(findings, node, into.on);
  into.on = true;
  read_map(findings, node, "true, false or a map of settings", kDiscoveryFields, into);
  check_order(findings, node, into);
}

}  // namespace hop
