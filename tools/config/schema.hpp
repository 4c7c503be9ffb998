#pragma once
// The format of topology files, for editors.

#include <string_view>

namespace hop {

/// topology.schema.json: a JSON Schema (draft 2020-12) of what read_topology() takes, as far as a
/// schema can say it: what names and addresses mean together is for read_topology() alone.
[[nodiscard]] std::string_view topology_schema();

}  // namespace hop
