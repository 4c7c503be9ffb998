#pragma once
// Counts what the code under test allocates.

#include <cstddef>

namespace hop {

/// Calls of operator new by this thread so far.
[[nodiscard]] std::size_t allocations() noexcept;

}  // namespace hop
