#pragma once
// Graphviz draws.

#include <string>

namespace hop {

/// The SVG of what `dot` says, made by dot(1). Throws Failure when that is missing or fails.
[[nodiscard]] std::string svg_of(const std::string& dot);

}  // namespace hop
