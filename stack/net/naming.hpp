#pragma once
// The names of interfaces.

#include <optional>

#include "stack/net/topology.hpp"

namespace hop {

/// Gives the interfaces of nodes that have no name one by their position: eth0, eth1 ... What is
/// wrong if another interface of the node is called so by the file. Names that the file gives may
/// be shared: RFC 8335 section 4 has a code for it.
[[nodiscard]] std::optional<TopologyError> name_interfaces(Topology& topology);

}  // namespace hop
