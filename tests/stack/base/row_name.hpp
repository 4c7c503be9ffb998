#pragma once
// The name of a row in a table of cases: every Case has a `name` of letters, digits and '_'.

#include <string>

namespace hop {

inline constexpr auto kRowName = [](const auto& info) { return std::string{info.param.name}; };

}  // namespace hop
