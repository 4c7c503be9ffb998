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
  std::map<std::string, std::set<std::string>> names;  // of each node
  for (std::size_t link = 0; link < topology.links.size(); ++link) {
    auto& endpoints = topology.links[link].endpoints;
    for (std::size_t i = 0; i < endpoints.size(); ++i) {
      EndpointSpec& spec = endpoints[i];
      if (is_tun(topology, spec.name)) continue;
      auto& taken_names = names[spec.name];
      if (spec.interface.empty()) spec.interface = "eth" + std::to_string(taken_names.size());
      if (!taken_names.insert(spec.interface).second) return taken(link, i, spec);
    }
  }
  return std::nullopt;
}

}  // namespace hop
