#pragma once
// Text of others as YAML.

#include <string>
#include <string_view>

namespace hop {

/// `text` in the double quotes of YAML; a space for each control character.
[[nodiscard]] std::string quoted(std::string_view text);

}  // namespace hop
