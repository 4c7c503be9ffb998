#pragma once
// How the suite fails, other than by a case.

#include <stdexcept>

namespace hop::conform {

/// A wrong configuration or option: the user's mistake.
struct UsageError : std::runtime_error {
  using std::runtime_error::runtime_error;
};

/// The suite cannot work: a device that does not open, a system that does not answer at all.
struct RunError : std::runtime_error {
  using std::runtime_error::runtime_error;
};

}  // namespace hop::conform
