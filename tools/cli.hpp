#pragma once
// The command line of hop.

namespace hop {

/// Runs hop with the arguments of main() and returns its exit status. Every failure is told on
/// standard error; nothing is thrown.
[[nodiscard]] int run_hop(int argc, const char* const* argv);

}  // namespace hop
