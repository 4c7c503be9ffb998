#pragma once
// The command of `hop run`.

#include <sys/types.h>

#include <functional>
#include <optional>
#include <string>
#include <vector>

namespace hop {

/// $SHELL, or /bin/sh.
[[nodiscard]] std::vector<std::string> shell_command();

/// Becomes `command`, which is looked up in PATH and not empty. If it cannot be run, says why and
/// exits with 127 (not found) or 126, as env(1) does.
[[noreturn]] void become(const std::vector<std::string>& command);

/// A process that runs a command and dies with hop.
class Child {
 public:
  /// Starts `command`, which is looked up in PATH and not empty. `prepare` is called in the child
  /// first. Throws Failure when no process can be made. A command that cannot be run is a child
  /// that says why and exits with 127 (not found) or 126, as env(1) does.
  Child(const std::vector<std::string>& command, const std::function<void()>& prepare);

  /// Passes a signal on, while the child has not ended.
  void signal(int number) const;
  /// Its exit status once it has ended, 128 + N if signal N killed it.
  [[nodiscard]] std::optional<int> status();

 private:
  pid_t parent_;  // hop itself
  pid_t pid_;
  std::optional<int> status_;
};

}  // namespace hop
