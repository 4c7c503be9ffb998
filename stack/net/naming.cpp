#include "stack/net/naming.hpp"

#include <algorithm>
#include <map>
#include <set>

namespace hop {
namespace {

bool is_tun(const Topology& topology, const std::string& name) {
  return std::ranges::find(topology.tuns, name, &TunSpec::name) != topology.tuns.end();
}

TopologyError taken(std::size_t link, std::size_t endpoint, const EndpointSpec& spec) {
  return {{"links", std::to_string(link), "endpoints", std::to_string(endpoint), "name"},
          "'" + spec.name + "' has an interface '" + spec.interface + "' already"};
}

}  // namespace

std::optional<TopologyError> name_interfaces(Topology& topology) {
  struct Names {
    std::size_t interfaces = 0;
    std::set<std::string> given;  // by the file
    std::set<std::string> generated;
  };
  std::map<std::string, Names> nodes;
  for (std::size_t link = 0; link < topology.links.size(); ++link) {
    auto& endpoints = topology.links[link].endpoints;
    for (std::size_t i = 0; i < endpoints.size(); ++i) {
      EndpointSpec& spec = endpoints[i];
      if (is_tun(topology, spec.name)) continue;
      Names& names = nodes[spec.name];
      const bool is_given = !spec.interface.empty();
      if (!is_given) spec.interface = "eth" + std::to_string(names.interfaces);
      ++names.interfaces;
      if ((is_given ? names.generated : names.given).contains(spec.interface)) {
        return taken(link, i, spec);
      }
      (is_given ? names.given : names.generated).insert(spec.interface);
    }
  }
  return std::nullopt;
}

std::string link_name(const LinkSpec& link) {
  if (!link.name.empty()) return link.name;
  std::string name;
  for (const EndpointSpec& end : link.endpoints) name += (name.empty() ? "" : "-") + end.name;
  return name;
}

bool is_called(const LinkSpec& link, std::string_view name) {
  if (link_name(link) == name) return true;
  const std::vector<EndpointSpec>& ends = link.endpoints;
  return link.name.empty() && ends.size() == 2 && ends[1].name + "-" + ends[0].name == name;
}

}  // namespace hop
