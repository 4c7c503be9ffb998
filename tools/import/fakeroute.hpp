#pragma once
// Edge lists of fakeroute as topologies.

#include <optional>
#include <string>
#include <string_view>

#include "stack/wire/ipv4_address.hpp"

namespace hop {

/// The topology file with a router for each address of an edge list, in which flows to the target
/// go by the edges only. For the rest see read_edge_list().
[[nodiscard]] std::string topology_of_fakeroute(std::string_view text, std::string_view file_name,
                                                std::optional<Ipv4Address> target);

}  // namespace hop
