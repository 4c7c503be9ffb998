#include "stack/net/tunnel_rules.hpp"

#include <algorithm>
#include <set>
#include <utility>

#include "stack/net/graph.hpp"

namespace hop {
namespace {

constexpr std::uint32_t kFirstLabel = 16;

using Fault = std::optional<TopologyError>;

class TunnelRules {
 public:
  explicit TunnelRules(const Topology& topology) : topology_(topology), graph_(topology) {
    for (const RouteSpec& route : topology.routes) {
      if (route.tos == 0) destinations_.insert({route.node, route.to});
    }
  }

  Fault check(std::size_t number) {
    number_ = number;
    const TunnelSpec& tunnel = topology_.tunnels[number];
    if (Fault bad = check_path(tunnel)) return bad;
    if (Fault bad = check_destinations(tunnel)) return bad;
    return check_labels(tunnel);
  }

 private:
  Fault check_path(const TunnelSpec& tunnel) const {
    const std::vector<std::string>& path = tunnel.path;
    if (path.size() < 2 || tunnel.labelled_links() == 0) {
      return fault({"path"}, tunnel.pops_early
                                 ? "a tunnel that pops its label before its end leads through "
                                   "three routers at least"
                                 : "a tunnel leads through two routers at least");
    }
    for (std::size_t i = 0; i < path.size(); ++i) {
      if (auto bad = node_fault(path, i)) return fault({"path", std::to_string(i)}, *bad);
    }
    return std::nullopt;
  }

  std::optional<std::string> node_fault(const std::vector<std::string>& path, std::size_t i) const {
    const auto node = graph_.index_of(path[i]);
    if (!node) return "no node is named '" + path[i] + "'";
    if (!graph_.is_router(*node)) {
      return "'" + path[i] + "' is a host; a tunnel leads through routers";
    }
    if (std::find(path.begin(), path.begin() + static_cast<std::ptrdiff_t>(i), path[i]) !=
        path.begin() + static_cast<std::ptrdiff_t>(i)) {
      return "'" + path[i] + "' stands here twice";
    }
    if (i > 0 && !are_neighbours(*graph_.index_of(path[i - 1]), *node)) {
      return "'" + path[i - 1] + "' and '" + path[i] + "' have no link in common";
    }
    return std::nullopt;
  }

  bool are_neighbours(std::uint32_t one, std::uint32_t other) const {
    return std::ranges::any_of(graph_.ports_of(one), [&](const Graph::Port& port) {
      return std::ranges::find(graph_.on_link(port.link), other, &Graph::Port::node) !=
             graph_.on_link(port.link).end();
    });
  }

  Fault check_destinations(const TunnelSpec& tunnel) {
    if (tunnel.to.empty() && topology_.routing == Routing::static_only) {
      return fault({}, "without computed routes a tunnel has to say what goes into it: 'to'");
    }
    for (std::size_t i = 0; i < tunnel.to.size(); ++i) {
      if (destinations_.insert({tunnel.path.front(), tunnel.to[i]}).second) continue;
      return fault({"to", std::to_string(i)}, "'" + tunnel.path.front() + "' has a route to " +
                                                  to_string(tunnel.to[i]) + " already");
    }
    return std::nullopt;
  }

  // A router tells packets apart by their label alone.
  Fault check_labels(const TunnelSpec& tunnel) {
    if (tunnel.labels.empty()) return std::nullopt;
    if (tunnel.labels.size() != tunnel.labelled_links()) {
      return fault({"labels"}, "expected " + std::to_string(tunnel.labelled_links()) +
                                   " labels, one for each link that is crossed under one, found " +
                                   std::to_string(tunnel.labels.size()));
    }
    for (std::size_t i = 0; i < tunnel.labels.size(); ++i) {
      if (given_.insert({tunnel.path[i + 1], tunnel.labels[i]}).second) continue;
      return fault({"labels", std::to_string(i)}, "'" + tunnel.path[i + 1] + "' has the label " +
                                                      std::to_string(tunnel.labels[i]) +
                                                      " for another tunnel already");
    }
    return std::nullopt;
  }

  Fault fault(const std::vector<std::string>& where, std::string what) const {
    std::vector<std::string> path{"tunnels", std::to_string(number_)};
    path.insert(path.end(), where.begin(), where.end());
    return TopologyError{std::move(path), std::move(what)};
  }

  const Topology& topology_;
  Graph graph_;
  std::size_t number_ = 0;
  std::set<std::pair<std::string, Prefix>> destinations_;  // of routes of nodes
  std::set<std::pair<std::string, std::uint32_t>> given_;  // labels that nodes have
};

}  // namespace

std::optional<TopologyError> check_tunnels(const Topology& topology) {
  if (topology.tunnels.empty()) return std::nullopt;
  TunnelRules rules{topology};
  for (std::size_t i = 0; i < topology.tunnels.size(); ++i) {
    if (auto bad = rules.check(i)) return bad;
  }
  return std::nullopt;
}

void number_labels(Topology& topology) {
  std::set<std::uint32_t> taken;
  for (const TunnelSpec& tunnel : topology.tunnels) {
    taken.insert(tunnel.labels.begin(), tunnel.labels.end());
  }
  std::uint32_t next = kFirstLabel;
  for (TunnelSpec& tunnel : topology.tunnels) {
    while (tunnel.labels.size() < tunnel.labelled_links()) {
      while (taken.contains(next)) ++next;
      tunnel.labels.push_back(next++);
    }
  }
}

}  // namespace hop
