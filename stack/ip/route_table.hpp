#pragma once
// The routing table of a node: longest prefix match (RFC 1812 section 5.2.4.3).

#include <cstdint>
#include <span>
#include <vector>

#include "stack/ip/route.hpp"

namespace hop {

/// Routes by prefix, in a path-compressed binary trie: a lookup visits at most one node for each
/// different prefix length on the way, and a table of ten routes takes less than a kilobyte. The
/// node's own addresses and the broadcast addresses of its subnets are routes too, so that one
/// lookup says all about a destination.
class RouteTable {
 public:
  /// Adds a route. Of two routes to the same prefix the first stays: own addresses go in before
  /// static routes, and those before computed ones. False if there was one.
  bool add(const Route& route);

  /// The most specific route to `destination`, or null. Valid until the next add().
  [[nodiscard]] const Route* lookup(Ipv4Address destination) const noexcept;

  /// Is `address` one of the node's own?
  [[nodiscard]] bool is_local(Ipv4Address address) const noexcept {
    const Route* const route = lookup(address);
    return route != nullptr && route->type == RouteType::local;
  }

  [[nodiscard]] std::span<const Route> routes() const noexcept { return routes_; }

 private:
  static constexpr std::int32_t kNothing = -1;
  struct TrieNode {
    Prefix prefix;
    std::int32_t route = kNothing;                 // index into routes_
    std::int32_t child[2] = {kNothing, kNothing};  // by the bit behind the prefix
  };

  std::int32_t add_node(const Prefix& prefix, std::int32_t route);
  [[nodiscard]] bool has(const Prefix& prefix) const noexcept;
  void insert(const Prefix& prefix, std::int32_t route);
  std::int32_t split(std::int32_t at, const Prefix& prefix, std::int32_t route);

  std::vector<Route> routes_;
  std::vector<TrieNode> nodes_;
  std::int32_t root_ = kNothing;
};

}  // namespace hop
