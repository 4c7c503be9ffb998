#pragma once
// Cases that share what only one at a time can use: the router advertisements of an interface.

#include <chrono>
#include <deque>
#include <functional>
#include <optional>

#include "tools/conform/case.hpp"

namespace hop::conform {

/// The cases of router discovery on one side, one after the other. An advertisement does not say
/// what it answers, so each case has those of its side for itself: first an advertisement ends its
/// prelude, if it has one, then the next is its answer, or none that comes in time. Behind one
/// advertisement no other comes unasked for three seconds (RFC 1256 section 4.1,
/// MinAdvertisementInterval), and an answer within two (section 6, MAX_RESPONSE_DELAY). So the
/// answer to one case serves as the prelude of the next, and cases without a prelude, which need
/// no more than some advertisement, ask together.
class Turns {
 public:
  using Time = std::chrono::steady_clock::time_point;
  /// An answer that has not come by then does not come.
  static constexpr std::chrono::milliseconds kPatience{2900};

  using Send = std::function<void(const std::vector<Seen>&)>;
  /// What came for a case, and what is wrong otherwise.
  using Done =
      std::function<void(std::size_t number, const Observation& got, const std::string& why)>;
  Turns(Send send, Done done) : send_(std::move(send)), done_(std::move(done)) {}

  void add(std::size_t number, const Case& one);
  void start(Time now);
  /// An advertisement came on this side.
  void heard(const Seen& advertisement, Time now);
  /// Time passes.
  void tick(Time now);
  /// When tick() has something to do; nothing if all cases have had their turn.
  [[nodiscard]] std::optional<Time> deadline() const;

 private:
  struct Turn {
    std::vector<std::size_t> numbers;
    std::vector<Seen> prelude, inputs;
  };
  void send(const std::vector<Seen>& packets, bool prelude, Time now);
  void finish(const Observation& got, const std::string& why, Time now);

  Send send_;
  Done done_;
  std::deque<Turn> waiting_;  ///< the first has its turn
  bool in_prelude_ = false;
  bool is_fresh_ = false;  ///< an advertisement came a moment ago
  Time until_{};
};

}  // namespace hop::conform
