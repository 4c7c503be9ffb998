#pragma once
// From a path into a topology to its place in the file.

#include <span>
#include <string>

#include "tools/config/yaml_node.hpp"

namespace hop {

/// The place of the value at `path`, whose parts are keys and indices: {"links", "2", "subnet"}.
/// Of a value that is a map or a list it is the place of its key. Where a part is missing (the
/// address of an endpoint that is only a name) it is the place of the deepest part there is.
[[nodiscard]] YAML::Mark locate(const YamlNode& root, std::span<const std::string> path);

}  // namespace hop
