#pragma once
// What addresses a topology may have, once all of them are filled in.

#include <optional>

#include "stack/net/topology.hpp"

namespace hop {

/// What is wrong with the addresses, if anything: one that two have, that a subnet or RFC 1812
/// section 5.3.7 forbids, or an `icmp.source` that is not the node's own.
[[nodiscard]] std::optional<TopologyError> check_addresses(const Topology& topology);

}  // namespace hop
