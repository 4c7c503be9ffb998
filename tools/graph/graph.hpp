#pragma once
// A network as a drawing: shapes and lines, each with words.

#include <string>
#include <vector>

#include "stack/net/topology.hpp"

namespace hop {

enum class Shape : std::uint8_t { tun, router, host, segment };

/// Lines of text.
using Label = std::vector<std::string>;

/// A TUN, a node, or the wire of a link with more than two ends.
struct Vertex {
  std::string id;  ///< the name of the TUN or node; of a segment one that no node can have
  Shape shape;
  Label label;
  Label details{};  ///< what is special about a node: for where there is room
};

/// The words beside a line, from one end to the other.
struct Words {
  Label at_from{};  ///< addresses, and what is special about the end
  Label label{};
  Label at_to{};
};

struct Edge {
  std::size_t from, to;  ///< vertices
  Words words{};
  bool is_tunnel = false;  ///< that leads from the one to the other, and is no wire
};

struct Drawing {
  std::string title;
  std::vector<Vertex> vertices;
  std::vector<Edge> edges;
};

/// The drawing of a resolved topology, in the order of the file.
[[nodiscard]] Drawing drawing_of(const Topology& resolved);

/// In the language of dot(1).
[[nodiscard]] std::string dot_of(const Drawing& drawing);
/// A flowchart of Mermaid.
[[nodiscard]] std::string mermaid_of(const Drawing& drawing);

}  // namespace hop
