#pragma once
// What was done, in order, with how to take it back.

#include <functional>
#include <ranges>
#include <string>
#include <vector>

#include "tun/netlink.hpp"

namespace hop {

/// Steps back, run last first when destroyed: after a set-up that failed half-way as well as at
/// the end of one that succeeded.
class Undo {
 public:
  Undo() = default;
  Undo(const Undo&) = delete;
  Undo& operator=(const Undo&) = delete;
  ~Undo() { run(); }

  /// `step` takes back what was just done. `what` says it in words: "remove route 10.0.0.0/8".
  void push(std::string what, std::move_only_function<void()> step) {
    steps_.emplace_back(std::move(what), std::move(step));
  }

  /// Takes everything back and returns what could not be, each with the reason. Something that
  /// is gone already, a device perhaps deleted meanwhile, counts as taken back.
  std::vector<std::string> run() noexcept {
    std::vector<std::string> failures;
    for (auto& [what, step] : steps_ | std::views::reverse) {
      try {
        step();
      } catch (const NetlinkError& error) {
        if (!error.is_gone()) failures.push_back("cannot " + what + ": " + error.what());
      }
    }
    steps_.clear();
    return failures;
  }

 private:
  struct Step {
    Step(std::string description, std::move_only_function<void()> function)
        : what(std::move(description)), back(std::move(function)) {}
    std::string what;
    std::move_only_function<void()> back;
  };
  std::vector<Step> steps_;
};

}  // namespace hop
