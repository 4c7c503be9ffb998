#pragma once
// The words that say which packets a rule is about.

#include "stack/ip/filter.hpp"
#include "tools/config/fields.hpp"

namespace hop {

/// A rule while it is read: a part of what has such words.
struct MatchDraft {
  FilterRule rule{};
};

/// `from`, `to`, `protocol`, `ports`, `source-ports`, `icmp-type`, `length`, `precedence`.
extern const Field<MatchDraft> kMatchFields[8];

inline constexpr std::string_view kPortWords =
    "a port or a range of ports such as 53 or 1024-65535";
/// "53" or "1024-65535".
[[nodiscard]] std::optional<PortRange> parse_ports(std::string_view text);

/// Says what in a rule that was read contradicts itself.
void check_match(Findings& findings, const YAML::Mark& at, const FilterRule& rule);

}  // namespace hop
