#pragma once
// An assertion that holds in every build: a fuzz target has nobody else to tell.

#include <cstdlib>

namespace hop::fuzz {

inline void check(bool holds) {
  if (!holds) std::abort();
}

}  // namespace hop::fuzz
