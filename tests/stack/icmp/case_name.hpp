#pragma once
// Table tests call their rows by name.

#include <gtest/gtest.h>

#include <string>

namespace hop {

/// The name of a test from the `name` of its row.
inline constexpr auto kCaseName = [](const auto& row) { return std::string{row.param.name}; };

}  // namespace hop
