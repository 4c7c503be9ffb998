#pragma once
// Simulations of trippy: a list of hops in TOML.

#include <string>
#include <string_view>

namespace hop {

/// The topology file that answers as a simulation of trippy describes: a row of routers, the last
/// of which is the target. What is about the tracer and not about the network is left out. Throws
/// Failure, with the place in `file_name`, when the text is no such simulation.
[[nodiscard]] std::string topology_of_trippy(std::string_view text, std::string_view file_name);

}  // namespace hop
