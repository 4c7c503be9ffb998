#pragma once
// The routes that a topology file gives.

#include <optional>

#include "stack/net/topology.hpp"

namespace hop {

/// What is wrong with the routes that the file gives, if anything. Addresses must be filled in.
[[nodiscard]] std::optional<TopologyError> check_routes(const Topology& topology);

}  // namespace hop
