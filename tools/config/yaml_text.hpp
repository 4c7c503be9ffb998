#pragma once
// From text to one YAML document.

#include <optional>
#include <string>
#include <string_view>

#include "tools/config/findings.hpp"

namespace hop {

/// The one document that the text is, or nothing after saying what is wrong.
[[nodiscard]] std::optional<YamlNode> parse_yaml(Findings& findings, std::string_view text);

/// In one line, whatever its form in the document: "{mtu: 1280, delay: 5ms}".
[[nodiscard]] std::string flow_text(const YamlNode& node);

}  // namespace hop
