#pragma once
// The names of interfaces.

#include <optional>

#include "stack/net/topology.hpp"

namespace hop {

/// Gives the interfaces of nodes that have no name one by their position: eth0, eth1 ... What is
/// wrong if a node then has two of one name.
[[nodiscard]] std::optional<TopologyError> name_interfaces(Topology& topology);

}  // namespace hop
