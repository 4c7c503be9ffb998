#pragma once
// Mistakes as --json tells them.

#include <string>
#include <string_view>
#include <vector>

#include "tools/config/findings.hpp"

namespace hop {

/// {"errors": [{"message": TEXT}]}: a mistake that is not in a topology.
[[nodiscard]] std::string error_json(std::string_view message);
/// {"errors": [...]}, with the place of each.
[[nodiscard]] std::string errors_json(const std::vector<ConfigError>& errors);

}  // namespace hop
