#pragma once
// One case: packets to send, and what may come back.

#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "tools/conform/packet.hpp"
#include "tools/conform/scenario.hpp"

namespace hop::conform {

/// How binding the clause of a case is. `policy` is what a system may be configured to do, and here
/// was, or what RFCs leave open and practice expects.
enum class Level : std::uint8_t { must, should, may, policy };
[[nodiscard]] std::string_view name(Level level);

/// A packet on the wire of a side, in either direction.
struct Seen {
  Side side;
  Octets packet;
};
using Observation = std::vector<Seen>;

/// What may come back, in words, and the judge of what did: what is wrong with it, or nothing.
struct Expectation {
  std::string text;
  std::function<std::string(const Observation&)> judge;
};

/// When what came is judged.
enum class Timing : std::uint8_t {
  at_once,     ///< when the sentinels have been answered
  reassembly,  ///< when the reassembly timeout is over
  /// With the first router advertisement on the side of the case, or when none is due any more.
  discovery,
};

struct Case {
  std::string id;      ///< "group.name", unique
  std::string clause;  ///< "RFC 1812 5.3.1"
  Level level;
  std::string rule;  ///< what the clause asks, in one line
  std::vector<Seen> inputs{};
  Expectation expected{};
  std::vector<std::string_view> needs{};  ///< as Scenario::has()
  Timing timing = Timing::at_once;
  /// Of discovery: sent before the inputs, which wait for the advertisement that it brings.
  std::vector<Seen> prelude{};

  [[nodiscard]] std::string_view group() const {
    return std::string_view(id).substr(0, id.find('.'));
  }
};

/// All cases for a scenario, in the order in which they run.
[[nodiscard]] std::vector<Case> all_cases(const Scenario& scenario);

}  // namespace hop::conform
