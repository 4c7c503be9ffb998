#pragma once
// The routes of a topology: checking written ones, computing shortest paths.

#include <optional>

#include "stack/net/topology.hpp"

namespace hop {

/// What is wrong with the routes that the file gives, if anything. Addresses must be filled in.
[[nodiscard]] std::optional<TopologyError> check_routes(const Topology& topology);

/// Adds to every node the routes on the shortest paths, in hops, to every subnet of the network
/// and to what other routers were given a route for. Of equally near ones the first in the file
/// wins. A destination that a router has a static route for is announced when the route ends
/// there: when it rejects or discards, or leads to a host or a TUN. A route through another
/// router is that router's business and is not announced.
void add_shortest_paths(Topology& topology);

}  // namespace hop
