// The section `tuns` of a topology file.

#include <algorithm>

#include "tools/config/draft.hpp"

namespace hop {

namespace {

/// As `ip netns add` takes it: the name of a file in /run/netns.
std::optional<std::string> parse_netns(std::string_view text) {
  const bool is_file_name =
      !text.empty() && text != "." && text != ".." && !text.contains('/') && !text.contains('\0');
  return is_file_name ? std::optional<std::string>{text} : std::nullopt;
}

void read_address(Findings& findings, const YamlNode& node, TunSpec& tun) {
  read_scalar(findings, node, "an address with its prefix length, such as 198.18.0.1/24",
              &InterfaceAddress::parse, tun.address);
}

void read_extra_routes(Findings& findings, const YamlNode& node, TunSpec& tun) {
  for (const YamlNode& item : items_of(findings, node, "a list of prefixes")) {
    read_destination(findings, item, tun.routes.emplace_back());
  }
}

void read_netns(Findings& findings, const YamlNode& node, TunSpec& tun) {
  read_scalar(findings, node, "the name of a network namespace, as in 'ip netns'", &parse_netns,
              tun.netns);
}

constexpr Field<TunSpec> kTunFields[] = {
    {"address", read_address, Need::required},
    {"routes", read_extra_routes},
    {"netns", read_netns},
};

}  // namespace

void read_tuns(Draft& draft, const YamlNode& section) {
  constexpr std::string_view kWords = "a map from the names of TUN devices to their settings";
  if (section.is_map() && section.size() == 0) {
    draft.findings.add(section.place(), "expected one TUN or more, found none");
  }
  for (const Entry& entry : entries_of(draft.findings, section, kWords)) {
    draft.define(entry, NameKind::tun);
    draft.findings.enter(entry.at);
    TunSpec& tun = draft.topology.tuns.emplace_back();
    tun.name = entry.key;
    read_map(draft.findings, entry.value, "a map with 'address'", kTunFields, tun);
  }
}

}  // namespace hop
