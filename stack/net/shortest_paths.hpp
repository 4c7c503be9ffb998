#pragma once
// The routes that a routing protocol would have found.

#include <cstdint>
#include <vector>

#include "stack/ip/prefix_trie.hpp"
#include "stack/ip/route_source.hpp"
#include "stack/net/distances.hpp"
#include "stack/net/graph.hpp"
#include "stack/net/topology.hpp"

namespace hop {

/// A tunnel that what goes by computed routes may take.
struct TunnelWay {
  std::uint32_t from, to;  ///< nodes
  NextHop way;             ///< of the first
};

/// Shortest paths by cost, through routers only, to every subnet of the network and to what routers
/// were given a route for; all of several that are equally short.
///
/// A destination that a router has a static route for is announced when the route ends there: when
/// it rejects or discards, or leads to a host or a TUN. A route through another router is that
/// router's business and is not announced. What several announce is looked for at the nearest.
///
/// The distances of all nodes to a destination are worked out at once, when the first packet goes
/// there, and the last few destinations are remembered: a network of 100,000 routers has no room
/// for all.
class ShortestPaths : public RouteSource {
 public:
  /// Of a resolved topology, and its graph, which outlives this.
  ShortestPaths(const Topology& resolved, const Graph& graph);

  /// What comes from the first node of `tunnel` to the last on a shortest path goes by it; by the
  /// one that ends nearest to the destination, if there are several.
  void add_tunnel(const TunnelWay& tunnel);

  [[nodiscard]] std::optional<Prefix> prefix_of(Ipv4Address destination) const override;
  [[nodiscard]] std::vector<NextHop> ways(std::uint32_t node, const Prefix& to) override;

 private:
  // A prefix and the nodes that it is at.
  struct Announced {
    Prefix prefix;
    std::vector<std::uint32_t> nodes;
  };
  struct Remembered {
    std::uint32_t prefix;  // its number
    std::uint64_t used;
    Distances distances;
  };

  void announce(const Prefix& prefix, std::uint32_t node);
  void announce_link(const LinkSpec& link, std::uint32_t number);
  void announce_static(const Topology& resolved, const RouteSpec& route);
  const Distances& distances_to(std::uint32_t prefix);
  [[nodiscard]] const NextHop* way_by_tunnel(std::uint32_t node, const Distances& rest) const;
  [[nodiscard]] bool is_at(const Announced& to, std::uint32_t node) const;

  const Graph& graph_;
  Senders senders_;
  PrefixTrie numbers_;  // in announced_, from 1
  std::vector<Announced> announced_;
  struct MeasuredTunnel {
    TunnelWay tunnel;
    std::uint32_t length;  // of the shortest path between its ends
  };
  std::vector<MeasuredTunnel> tunnels_;
  std::vector<Remembered> remembered_;
  std::size_t most_remembered_;
  std::uint64_t uses_ = 0;
};

}  // namespace hop
