#pragma once
// Address translators in a topology: which links are external, and what is wrong with them.

#include <optional>

#include "stack/net/topology.hpp"

namespace hop {

/// Is the other realm of the node's translator behind this link?
[[nodiscard]] bool is_external(const LinkSpec& link, const NodeSpec& node);

/// What is wrong with the `nat` of a node of a resolved topology.
[[nodiscard]] std::optional<TopologyError> check_nat(const Topology& topology,
                                                     const NodeSpec& node);

}  // namespace hop
