#pragma once
// Sends what cases send and gathers what comes back.

#include <chrono>
#include <functional>

#include "tools/conform/attachment.hpp"
#include "tools/conform/case.hpp"
#include "tools/conform/turns.hpp"

namespace hop::conform {

enum class Outcome : std::uint8_t { passed, failed, not_run };

struct Result {
  const Case* of;
  Outcome outcome;
  std::string why;  ///< of a failure, or why it was not run
  Observation got;
};

/// Called before each case, and once at the end with nothing.
using Progress = std::function<void(const Case*)>;

/// Runs cases one after the other. That a packet brings no answer is not found out by waiting:
/// behind the packets of a case goes an echo request by every interface, the sentinel; when all
/// have been answered, all that came before has been seen to.
class Runner {
 public:
  Runner(const Scenario& scenario, std::vector<Attachment> attachments);

  /// The results, in the order of the cases. Throws RunError if the system does not answer even
  /// before the first case.
  [[nodiscard]] std::vector<Result> run(const std::vector<Case>& cases, const Progress& progress);

 private:
  [[nodiscard]] Result run_one(const Case& one);
  void run_delayed(std::vector<Result>& results);
  [[nodiscard]] std::vector<Turns> turns_for(std::vector<Result>& results);
  void listen(std::vector<Turns>& turns, bool timers, Observation& late);
  void wait_until(std::chrono::steady_clock::time_point deadline);
  void send_all(const std::vector<Seen>& inputs, Observation& got);
  [[nodiscard]] bool settle(Side first, Observation& got);
  [[nodiscard]] bool ask(const std::vector<Side>& asked, Observation& got,
                         std::chrono::milliseconds patience);
  void greet(Side side);
  void drain(Observation& got);
  [[nodiscard]] bool is_sentinel(const Seen& seen, std::vector<Side>& waiting) const;
  [[nodiscard]] std::vector<Side> sides() const;

  /// Not the answer to anything that a case which is judged at once has sent.
  [[nodiscard]] bool is_unasked(const Seen& seen) const;

  const Scenario& scenario_;
  std::vector<Attachment> attachments_;
  std::uint16_t sequence_ = 0;
};

}  // namespace hop::conform
