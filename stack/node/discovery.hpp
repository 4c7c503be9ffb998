#pragma once
// Router discovery of one node: when something is due at which interface, and what was learned.

#include <algorithm>
#include <optional>
#include <vector>

#include "stack/icmp/router_discovery.hpp"

namespace hop {

/// The earlier of two instants of which there may be none.
[[nodiscard]] constexpr std::optional<Instant> sooner(std::optional<Instant> a,
                                                      std::optional<Instant> b) {
  if (!a || !b) return a ? a : b;
  return std::min(*a, *b);
}

struct Discovery {
  struct Timers {
    AdvertisementTimer advertisements;  ///< of a router
    SolicitationTimer solicitations;    ///< of a host
  };
  std::vector<Timers> interfaces;  ///< by index, from Node::begin() on

  [[nodiscard]] std::optional<Instant> next() const;
  /// Without advertisements that nobody waits for.
  [[nodiscard]] std::optional<Instant> next_passing() const;
};

}  // namespace hop
