#pragma once
// Several equal networks, each of which has some of the flows: how one becomes several.

#include <cstdint>
#include <optional>
#include <string>

#include "stack/net/topology.hpp"

namespace hop {

/// Which of several equal networks it is. A flow is always the same one's.
struct Replica {
  std::uint16_t number = 0;  ///< from 0
  std::uint16_t of = 1;      ///< how many there are
};

/// What flows have in common in the network of a resolved topology, so that it does not work as
/// several equal ones: "link r1-r2 has a rate". Its timeline counts as well. Nothing if each flow
/// fares as if it were alone, but for the usual limit of errors: each replica keeps that by itself.
[[nodiscard]] std::optional<std::string> shared_between_flows(const Topology& resolved);

/// The same of what a change alters, which is made in `topology`.
[[nodiscard]] std::optional<std::string> shared_between_flows(const Change& change,
                                                              Topology& topology);

}  // namespace hop
