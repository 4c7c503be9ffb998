#pragma once
// Counts calls of operator new in the whole program.

#include <cstddef>

namespace hop {

/// How many there were so far.
[[nodiscard]] std::size_t allocations() noexcept;

}  // namespace hop
