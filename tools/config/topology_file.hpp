#pragma once
// The YAML description of a network, strictly read. hop(8) documents the format.

#include <expected>
#include <string>
#include <string_view>
#include <vector>

#include "stack/net/topology.hpp"
#include "tools/config/findings.hpp"

namespace hop {

/// Reads and resolves a topology. On failure all mistakes that could be found at once, in the
/// order of the file. `file_name` is only for messages.
[[nodiscard]] std::expected<Topology, std::vector<ConfigError>> read_topology(
    std::string_view text, std::string_view file_name);

}  // namespace hop
