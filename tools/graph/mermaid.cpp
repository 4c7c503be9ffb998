#include <fmt/format.h>

#include <algorithm>
#include <string_view>
#include <utility>

#include "tools/graph/graph.hpp"

namespace hop {

namespace {

/// Text within double quotes. Mermaid has HTML there, and entities with a # for the &.
std::string escaped(std::string_view text) {
  static constexpr std::pair<char, std::string_view> kEntities[] = {
      {'"', "#quot;"}, {'#', "#35;"}, {'&', "#amp;"}, {'<', "#lt;"},
      {'>', "#gt;"},   {'`', "#96;"}, {'\\', "#92;"}, {'\n', " "}};
  std::string result;
  for (const char c : text) {
    const auto* const entity =
        std::ranges::find(kEntities, c, [](const auto& e) { return e.first; });
    if (entity == std::end(kEntities)) {
      result += c;
    } else {
      result += entity->second;
    }
  }
  return result;
}

std::string joined(const Label& lines) {
  std::string result;
  for (const std::string& line : lines) result += (result.empty() ? "" : "<br/>") + escaped(line);
  return result;
}

/// How a shape opens and closes.
std::pair<std::string_view, std::string_view> brackets(Shape shape) {
  switch (shape) {
    case Shape::tun:
      return {"([", "])"};
    case Shape::router:
      return {"((", "))"};
    case Shape::host:
      return {"[", "]"};
    case Shape::segment:
      return {"[[", "]]"};
  }
  return {};
}

/// Edges have one label here: what is at the ends stands around what the link has.
Label label_of(const Drawing& drawing, const Edge& edge) {
  Label lines;
  const auto add_end = [&](std::size_t vertex, const Label& at) {
    if (at.empty()) return;
    lines.push_back(fmt::format("{} {}", drawing.vertices[vertex].id, fmt::join(at, " ")));
  };
  add_end(edge.from, edge.words.at_from);
  lines.insert(lines.end(), edge.words.label.begin(), edge.words.label.end());
  add_end(edge.to, edge.words.at_to);
  return lines;
}

}  // namespace

// Names are not used as identifiers: "end" and others are words of the language.
std::string mermaid_of(const Drawing& drawing) {
  std::string text;
  if (!drawing.title.empty()) text += fmt::format("%% {}\n", escaped(drawing.title));
  text += "flowchart LR\n";
  for (std::size_t i = 0; i < drawing.vertices.size(); ++i) {
    const auto [open, close] = brackets(drawing.vertices[i].shape);
    text += fmt::format("  v{}{}\"{}\"{}\n", i, open, joined(drawing.vertices[i].label), close);
  }
  for (const Edge& edge : drawing.edges) {
    text += fmt::format("  v{} {}|\"{}\"| v{}\n", edge.from, edge.is_tunnel ? "-.->" : "---",
                        joined(label_of(drawing, edge)), edge.to);
  }
  return text;
}

}  // namespace hop
