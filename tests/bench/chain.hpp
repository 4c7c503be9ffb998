#pragma once
// Chains of routers for the benchmarks of whole networks.

#include <cstddef>
#include <vector>

#include "stack/net/topology.hpp"

namespace hop::bench {

/// The first `hops` of `routers` are a chain from TUN 0 (198.18.0.1) to TUN 1 (203.0.113.1); the
/// others are a tree below the last.
[[nodiscard]] Topology chain(std::size_t hops, std::size_t routers);

/// What goes from one end of the chain to the other, with TTL 255.
[[nodiscard]] std::vector<std::byte> packet_along_chain();

}  // namespace hop::bench
