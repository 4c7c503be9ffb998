#pragma once
// Edge lists of fakeroute: a graph with this machine at one end and the target at the other.

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "stack/wire/ipv4_address.hpp"

namespace hop {

/// The graph of an edge list. Every node is on a way from this machine to the target.
struct EdgeList {
  /// Where something stands in the file, from 1.
  struct Place {
    std::size_t line = 1;
    std::size_t column = 1;
  };
  struct Node {
    Ipv4Address address;  ///< zero for this machine
    Place place{};        ///< where it stands first
  };
  struct Edge {
    std::size_t from;  ///< number of a node
    std::size_t to;    ///< the same
    Place place;
  };
  static constexpr std::size_t kMachine = 0;  ///< number of this machine; it has one edge

  std::string description;
  std::vector<Node> nodes = std::vector<Node>(1);
  std::vector<Edge> edges;
  std::size_t target = 0;
};

/// Is the first line that is neither blank nor a comment two words, and no line of TOML?
[[nodiscard]] bool is_edge_list(std::string_view text);

/// Reads lines `FROM TO`. This machine is `start` or 127.0.0.1. The target is `end` with the
/// address that the name of the file begins with, up to a hyphen, or the only node that nothing
/// follows; `target`, if given, is its address in any case. Throws Failure, with the place in
/// `file_name`, when the text is no such list.
[[nodiscard]] EdgeList read_edge_list(std::string_view text, std::string_view file_name,
                                      std::optional<Ipv4Address> target);

}  // namespace hop
