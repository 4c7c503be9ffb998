#pragma once
// What the tunnels of a topology have to be like.

#include <optional>

#include "stack/net/topology.hpp"

namespace hop {

/// The first thing that is wrong with the tunnels of a topology whose addresses are filled in.
[[nodiscard]] std::optional<TopologyError> check_tunnels(const Topology& topology);

/// Gives labels to the tunnels without: from 16 up, as those below have a meaning of their own,
/// each once in the network.
void number_labels(Topology& topology);

}  // namespace hop
