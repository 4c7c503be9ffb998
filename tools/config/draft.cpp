#include "tools/config/draft.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <ranges>

namespace hop {

namespace {

constexpr std::size_t kLongestTunName = 15;   // IFNAMSIZ with its terminating zero is 16
constexpr std::size_t kLongestNodeName = 63;  // a label of RFC 1035

bool is_name_character(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' ||
         c == '_' || c == '.';
}

/// A name that works as a device, in output and in a shell.
bool is_name(std::string_view text, std::size_t longest) {
  return !text.empty() && text.size() <= longest && text.front() != '-' &&
         text.find_first_not_of('.') != std::string_view::npos &&
         std::ranges::all_of(text, is_name_character);
}

/// The prefix that someone meant who wrote an address with host bits.
std::string without_host_bits(const YamlNode& node) {
  const auto address = node.is_scalar() ? InterfaceAddress::parse(node.scalar()) : std::nullopt;
  if (!address) return {};
  return fmt::format(", which has host bits; did you mean {}?", to_string(address->subnet()));
}

}  // namespace

void Draft::define(const Entry& entry, NameKind kind) {
  const std::size_t longest = kind == NameKind::tun ? kLongestTunName : kLongestNodeName;
  if (!is_name(entry.key, longest)) {
    findings.add(entry.at, fmt::format("expected a name of 1 to {} letters, digits, '-', '_' and "
                                       "'.', found '{}'",
                                       longest, entry.key));
  }
  const auto [known, is_new] = names.try_emplace(entry.key, DefinedName{kind, entry.at});
  if (is_new) return;
  findings.add(entry.at, fmt::format("name '{}' is used twice: line {} has a {} of that name",
                                     entry.key, line_of(known->second.at),
                                     known->second.kind == NameKind::tun ? "TUN" : "node"));
}

DefinedName* Draft::find(const std::string& name, const YAML::Mark& at, std::string_view wanted) {
  const auto found = names.find(name);
  if (found != names.end()) return &found->second;
  const auto keys = names | std::views::keys;
  const std::vector<std::string_view> known(keys.begin(), keys.end());
  findings.add(at, fmt::format("no {} is named '{}'{}", wanted, name, did_you_mean(name, known)));
  return nullptr;
}

void read_prefix(Findings& findings, const YamlNode& node, Prefix& into) {
  const auto prefix = node.is_scalar() ? Prefix::parse(node.scalar()) : std::nullopt;
  if (!prefix) {
    return findings.expected("a prefix such as 192.0.2.0/24", node, without_host_bits(node));
  }
  into = *prefix;
}

void read_destination(Findings& findings, const YamlNode& node, Prefix& into) {
  if (node.is_scalar() && node.scalar() == "default") {
    into = Prefix{};
  } else {
    read_prefix(findings, node, into);
  }
}

}  // namespace hop
