#include "tools/config/topology_file.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "tools/config/draft.hpp"
#include "tools/config/locate.hpp"
#include "tools/config/units.hpp"
#include "tools/config/yaml_text.hpp"

namespace hop {

namespace {

/// The top level: settings, and the sections that are read once all of them are known.
struct Document {
  Topology settings;
  YamlNode tuns, nodes, links, routes, tunnels, timeline;
};

std::optional<std::string> parse_title(std::string_view text) {
  return text.empty() ? std::nullopt : std::optional<std::string>{text};
}

void read_name(Findings& findings, const YamlNode& node, Document& document) {
  read_scalar(findings, node, "a name for the network", &parse_title, document.settings.name);
}

void read_seed(Findings& findings, const YamlNode& node, Document& document) {
  read_scalar(findings, node, "a seed from 0 to 18446744073709551615", &parse_number<std::uint64_t>,
              document.settings.seed);
}

void read_pool(Findings& findings, const YamlNode& node, Document& document) {
  read_prefix(findings, node, document.settings.pool);
}

void read_routing(Findings& findings, const YamlNode& node, Document& document) {
  static constexpr Choice<Routing> kWords[] = {{"shortest", Routing::shortest},
                                               {"static", Routing::static_only}};
  read_choice(findings, node, "shortest or static", kWords, document.settings.routing);
}

template <YamlNode Document::* section>
void keep(Findings&, const YamlNode& node, Document& document) {
  (document.*section) = node;
}

constexpr Field<Document> kTopFields[] = {
    {"name", read_name},
    {"seed", read_seed},
    {"pool", read_pool},
    {"routing", read_routing},
    {"tuns", keep<&Document::tuns>, Need::required},
    {"nodes", keep<&Document::nodes>},
    {"links", keep<&Document::links>, Need::required},
    {"routes", keep<&Document::routes>},
    {"tunnels", keep<&Document::tunnels>},
    {"timeline", keep<&Document::timeline>},
};

Topology read_document(Findings& findings, const YamlNode& root) {
  Document document;
  read_map(findings, root, "a map with 'tuns', 'nodes' and 'links'", kTopFields, document);
  Draft draft{findings, std::move(document.settings), {}};
  read_tuns(draft, document.tuns);
  read_nodes(draft, document.nodes);
  read_links(draft, document.links);
  read_routes(draft, document.routes);
  read_tunnels(draft, document.tunnels);
  read_timeline(draft, document.timeline);
  return std::move(draft.topology);
}

}  // namespace

std::expected<Topology, std::vector<ConfigError>> read_topology(std::string_view text,
                                                                std::string_view file_name) {
  Findings findings(file_name);
  const std::optional<YamlNode> root = parse_yaml(findings, text);
  if (!root) return std::unexpected(findings.sorted());
  Topology read = read_document(findings, *root);
  if (!findings.empty()) return std::unexpected(findings.sorted());
  std::expected<Topology, TopologyError> resolved = resolve(std::move(read));
  if (resolved) return *std::move(resolved);
  findings.add(locate(*root, resolved.error().path), std::move(resolved.error().message));
  return std::unexpected(findings.sorted());
}

}  // namespace hop
