#pragma once
// What a part of a topology has otherwise than by default, in the words of the file.

#include <string>
#include <string_view>
#include <vector>

#include "stack/net/topology.hpp"

namespace hop {

/// A key, with dots between the keys of maps within each other, and its value: "icmp.rate" and
/// "100/s".
struct Setting {
  std::string key;
  std::string value;
};
using Settings = std::vector<Setting>;

/// Of a node, without its kind. Those of ICMP are held against the node's profile.
[[nodiscard]] Settings settings_of(const NodeSpec& node);
/// Of `icmp:`, without the prefix "icmp.".
[[nodiscard]] Settings settings_of(const IcmpPolicy& policy);
/// Of `nat:`, without the prefix "nat.".
[[nodiscard]] Settings settings_of(const NatPolicy& nat);
/// Of router discovery; "on" first.
[[nodiscard]] Settings settings_of(const DiscoveryPolicy& discovery);
/// Of what is sent in one direction, held against `usual`.
[[nodiscard]] Settings settings_of(const DirectionSpec& direction, const DirectionSpec& usual);
/// Of a link, without its subnet.
[[nodiscard]] Settings settings_of(const LinkSpec& link);
/// Of one end of a link, without its addresses and its name; of what it sends what is not as of the
/// link.
[[nodiscard]] Settings settings_of(const EndpointSpec& endpoint, const LinkSpec& link);

/// Of a tunnel, without its path and labels.
[[nodiscard]] Settings settings_of(const TunnelSpec& tunnel);
/// What tracers see of it: "explicit", "implicit", "opaque" or "invisible".
[[nodiscard]] std::string_view kind_of(const TunnelSpec& tunnel);

/// The queries that a node answers, as `answer:` has them; those that are silenced left out.
[[nodiscard]] std::vector<std::string> answers_of(const IcmpPolicy& policy);
/// The ICMP types that are never sent, as `silent:` has them; one word, "all", for all.
[[nodiscard]] std::vector<std::string> silent_types(const IcmpPolicy& policy);

}  // namespace hop
