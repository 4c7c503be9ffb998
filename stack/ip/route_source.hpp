#pragma once
// Where routes come from that nobody wrote down.

#include <cstdint>
#include <optional>
#include <vector>

#include "stack/ip/route.hpp"

namespace hop {

/// One of the ways to a destination that are equally good.
struct NextHop {
  InterfaceIndex out = 0;
  TunnelIndex tunnel = kNoTunnel;  ///< that the way begins with; then there is no other way
  Ipv4Address via;

  constexpr bool operator==(const NextHop&) const = default;
};

/// Works out routes when a packet needs them, as a routing protocol would have in advance. What it
/// says holds until RouteTable::forget_computed().
class RouteSource {
 public:
  virtual ~RouteSource() = default;

  /// The longest prefix that contains `destination` and is known at all; nothing without one.
  [[nodiscard]] virtual std::optional<Prefix> prefix_of(Ipv4Address destination) const = 0;
  /// The best ways of node number `node` to a prefix; none if it is not known, cannot be reached,
  /// or is the node's own.
  [[nodiscard]] virtual std::vector<NextHop> ways(std::uint32_t node, const Prefix& to) = 0;
};

}  // namespace hop
