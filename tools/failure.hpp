#pragma once
// How a command of hop fails.

#include <stdexcept>
#include <string>

namespace hop {

/// Exit statuses of hop, other than that of the command that `hop run` runs.
enum ExitStatus : int {
  kDone = 0,
  kFailed = 1,      ///< the thing asked for failed
  kUsageError = 2,  ///< the command line, a file or a capture is not as it has to be
};

/// Ends a command. The message says what failed, on what and why, and what to do where that is not
/// plain; it is shown behind "hop: ".
class Failure : public std::runtime_error {
 public:
  Failure(ExitStatus status, const std::string& message)
      : std::runtime_error(message), status_(status) {}
  [[nodiscard]] ExitStatus status() const { return status_; }

 private:
  ExitStatus status_;
};

}  // namespace hop
