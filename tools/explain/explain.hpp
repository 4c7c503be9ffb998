#pragma once
// A topology in words and in JSON: what `hop check` prints.

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "stack/net/topology.hpp"

namespace hop {

/// Networks of more nodes are summed up, unless all is wanted.
inline constexpr std::size_t kMostNodesInFull = 64;

/// Every TUN, link, node, path and refused prefix.
[[nodiscard]] std::string explained(const Topology& resolved);
/// The same in some forty lines, however large the network is.
[[nodiscard]] std::string summed_up(const Topology& resolved);
/// All of it as one JSON object, on one line.
[[nodiscard]] std::string explained_in_json(const Topology& resolved);

/// An interface of a node.
struct Attachment {
  std::size_t link;
  const EndpointSpec* end;  ///< within the topology
};
/// Those of every node of a resolved topology, in the order of the links.
[[nodiscard]] std::vector<std::vector<Attachment>> interfaces_by_node(const Topology& resolved);

/// Where a path is looked for: a node by its first address, or a prefix that is no link's.
struct Target {
  std::optional<std::size_t> node;
  std::string name;  ///< of the node, or the prefix
  Ipv4Address address;
};
/// Every node, in the order of the file, and then every prefix that a node has a route to.
[[nodiscard]] std::vector<Target> targets_of(const Topology& resolved);

/// A prefix that a node refuses, and what it says: "net-unreachable", or nothing of a blackhole.
struct Refusal {
  std::string node;
  Prefix to;
  std::uint8_t tos;
  std::string_view answer;
};
/// In the order of the file.
[[nodiscard]] std::vector<Refusal> refusals_of(const Topology& resolved);

/// "  5s  link r1-r2: { mtu: 1280 }" and so on, with its heading; nothing without a timeline.
[[nodiscard]] std::string timeline_text(const Topology& resolved);
/// "tour: seed 1, shortest-path routing" and a newline.
[[nodiscard]] std::string heading(const Topology& resolved);
/// "198.19.0.0/24  r2 says net-unreachable".
[[nodiscard]] std::string refusal_text(const Refusal& refusal);

}  // namespace hop
