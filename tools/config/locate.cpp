#include "tools/config/locate.hpp"

#include <cstdint>
#include <optional>

#include "tools/config/units.hpp"

namespace hop {

namespace {

struct Step {
  YAML::Node node;
  YAML::Mark at;
};

std::optional<Step> find_key(const YAML::Node& map, const std::string& wanted) {
  for (const auto& pair : map) {
    const YAML::Node& key = pair.first;
    const YAML::Node& value = pair.second;
    if (!key.IsScalar() || key.Scalar() != wanted) continue;
    return Step{value, value.IsScalar() ? value.Mark() : key.Mark()};
  }
  return std::nullopt;
}

std::optional<Step> find_index(const YAML::Node& list, const std::string& text) {
  const auto index = parse_number<std::uint32_t>(text);
  if (!index || *index >= list.size()) return std::nullopt;
  const YAML::Node item = list[*index];
  return Step{item, item.Mark()};
}

std::optional<Step> find_step(const YAML::Node& node, const std::string& part) {
  if (node.IsMap()) return find_key(node, part);
  if (node.IsSequence()) return find_index(node, part);
  return std::nullopt;
}

YAML::Mark walk(const YAML::Node& node, YAML::Mark at, std::span<const std::string> path) {
  if (path.empty()) return at;
  const std::optional<Step> next = find_step(node, path.front());
  return next ? walk(next->node, next->at, path.subspan(1)) : at;
}

}  // namespace

YAML::Mark locate(const YAML::Node& root, std::span<const std::string> path) {
  return walk(root, root.Mark(), path);
}

}  // namespace hop
