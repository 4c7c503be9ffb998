#include "tools/config/locate.hpp"

#include <cstdint>
#include <optional>

#include "tools/config/units.hpp"

namespace hop {

namespace {

struct Step {
  YamlNode node;
  YAML::Mark at;
};

std::optional<Step> find_key(const YamlNode& map, const std::string& wanted) {
  for (std::size_t i = 0; i < map.size(); ++i) {
    const YamlNode key = map.key(i);
    const YamlNode value = map.value(i);
    if (!key.is_scalar() || key.scalar() != wanted) continue;
    return Step{value, value.is_scalar() ? value.place() : key.place()};
  }
  return std::nullopt;
}

std::optional<Step> find_index(const YamlNode& list, const std::string& text) {
  const auto index = parse_number<std::uint32_t>(text);
  if (!index || *index >= list.size()) return std::nullopt;
  const YamlNode item = list.item(*index);
  return Step{item, item.place()};
}

std::optional<Step> find_step(const YamlNode& node, const std::string& part) {
  if (node.is_map()) return find_key(node, part);
  if (node.is_list()) return find_index(node, part);
  return std::nullopt;
}

YAML::Mark walk(const YamlNode& node, YAML::Mark at, std::span<const std::string> path) {
  if (path.empty()) return at;
  const std::optional<Step> next = find_step(node, path.front());
  return next ? walk(next->node, next->at, path.subspan(1)) : at;
}

}  // namespace

YAML::Mark locate(const YamlNode& root, std::span<const std::string> path) {
  return walk(root, root.place(), path);
}

}  // namespace hop
