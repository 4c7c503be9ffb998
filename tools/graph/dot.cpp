#include <fmt/format.h>

#include "tools/graph/graph.hpp"

namespace hop {

namespace {

/// A quoted string of dot(1), where backslashes are escapes too (\n, \N ...).
std::string quoted(std::string_view text) {
  std::string result = "\"";
  for (const char c : text) {
    if (c == '"' || c == '\\') result += '\\';
    result += c == '\n' ? ' ' : c;
  }
  return result + '"';
}

std::string quoted(const Label& lines) {
  std::string result = "\"";
  for (const std::string& line : lines) {
    const std::string one = quoted(line);
    if (result.size() > 1) result += "\\n";
    result.append(one, 1, one.size() - 2);
  }
  return result + '"';
}

/// The shape, with what more it takes.
std::string_view shape_text(Shape shape) {
  switch (shape) {
    case Shape::tun:
      return "house";
    case Shape::router:
      return "ellipse";
    case Shape::host:
      return "box";
    case Shape::segment:
      return "box, style=\"rounded,dashed\"";
  }
  return {};
}

void append(std::string& text, std::string_view attribute, const Label& label) {
  if (!label.empty()) text += fmt::format(", {}={}", attribute, quoted(label));
}

std::string vertex_text(const Vertex& vertex) {
  std::string text = fmt::format("  {} [shape={}, label={}", quoted(vertex.id),
                                 shape_text(vertex.shape), quoted(vertex.label));
  append(text, "tooltip", vertex.details);
  return text + "];\n";
}

std::string edge_text(const Drawing& drawing, const Edge& edge) {
  std::string text = fmt::format("  {} -- {} [label={}", quoted(drawing.vertices[edge.from].id),
                                 quoted(drawing.vertices[edge.to].id), quoted(edge.words.label));
  append(text, "taillabel", edge.words.at_from);
  append(text, "headlabel", edge.words.at_to);
  // The routers stay where the links put them.
  if (edge.is_tunnel) text += ", style=dashed, dir=forward, constraint=false";
  return text + "];\n";
}

}  // namespace

std::string dot_of(const Drawing& drawing) {
  const std::string title = quoted(drawing.title.empty() ? "network" : drawing.title);
  std::string text = fmt::format(
      "graph {0} {{\n"
      "  graph [label={0}, rankdir=LR, nodesep=0.6, ranksep=1.6];\n"
      "  node [fontname=\"sans-serif\"];\n"
      "  edge [fontname=\"sans-serif\", fontsize=9];\n",
      title);
  for (const Vertex& vertex : drawing.vertices) text += vertex_text(vertex);
  for (const Edge& edge : drawing.edges) text += edge_text(drawing, edge);
  return text + "}\n";
}

}  // namespace hop
