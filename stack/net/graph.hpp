#pragma once
// Who is on which link: a topology by numbers.

#include <cstdint>
#include <map>
#include <optional>
#include <ranges>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "stack/ip/route.hpp"
#include "stack/net/topology.hpp"

namespace hop {

/// The nodes of a topology whose addresses are filled in, and where they touch its links; TUNs are
/// left out. Nodes and links have the numbers of their position.
class Graph {
 public:
  /// A node at a link.
  struct Port {
    std::uint32_t node;
    std::uint32_t link;
    InterfaceIndex interface;  ///< of the node
    std::uint32_t cost;        ///< of what the node sends there
    Ipv4Address address;       ///< of the node there, the primary one
    bool up = true;            ///< can the node send and be reached there?
  };

  explicit Graph(const Topology& topology);

  [[nodiscard]] std::size_t nodes() const { return is_router_.size(); }
  [[nodiscard]] std::size_t links() const { return first_on_link_.size() - 1; }
  /// The number of a node, or nothing for another name.
  [[nodiscard]] std::optional<std::uint32_t> index_of(std::string_view name) const;
  [[nodiscard]] bool is_router(std::uint32_t node) const { return is_router_[node]; }
  /// All ends of a link that are nodes, in the order of the file.
  [[nodiscard]] std::span<const Port> on_link(std::uint32_t link) const {
    return std::span{ports_}.subspan(first_on_link_[link],
                                     first_on_link_[link + 1] - first_on_link_[link]);
  }
  /// A node's interfaces in their order.
  [[nodiscard]] auto ports_of(std::uint32_t node) const {
    return std::views::transform(
        numbers_of(node), [this](std::uint32_t port) -> const Port& { return ports_[port]; });
  }
  /// The node with that address, be it a secondary one, on one of the links of `node`; it may be
  /// `node` itself. `topology` is that of the graph.
  [[nodiscard]] std::optional<std::uint32_t> neighbour(const Topology& topology, std::uint32_t node,
                                                       Ipv4Address address) const;

  /// The port that is that interface of a node.
  [[nodiscard]] Port& port(std::uint32_t node, InterfaceIndex interface) {
    return ports_[numbers_of(node)[interface]];
  }

 private:
  void add_link(const LinkSpec& link, std::uint32_t number);
  void sort_by_node();
  [[nodiscard]] std::span<const std::uint32_t> numbers_of(std::uint32_t node) const {
    return std::span{of_node_}.subspan(first_of_node_[node],
                                       first_of_node_[node + 1] - first_of_node_[node]);
  }

  std::map<std::string, std::uint32_t, std::less<>> index_;
  std::vector<bool> is_router_;
  std::vector<Port> ports_;                   // by link
  std::vector<std::uint32_t> first_on_link_;  // of each link in ports_, and the end
  std::vector<std::uint32_t> of_node_;        // by node, positions in ports_
  std::vector<std::uint32_t> first_of_node_;  // of each node in of_node_, and the end
};

}  // namespace hop
