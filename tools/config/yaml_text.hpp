#pragma once
// From text to one YAML document.

#include <yaml-cpp/yaml.h>

#include <optional>
#include <string_view>

#include "tools/config/findings.hpp"

namespace hop {

/// The one document that the text is, or nothing after saying what is wrong.
[[nodiscard]] std::optional<YAML::Node> parse_yaml(Findings& findings, std::string_view text);

}  // namespace hop
