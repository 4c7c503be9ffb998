#include <boost/json.hpp>

#include "tools/counters.hpp"

namespace hop {

namespace {

namespace json = boost::json;

json::object object_of(const NamedCounters& counters) {
  json::object object;
  for (const auto& [counter, count] : counters) {
    if (count > 0) object[counter] = count;
  }
  return object;
}

json::array links_of(const Topology& topology, const Network& network) {
  json::array links;
  for (std::size_t i = 0; i < topology.links.size(); ++i) {
    const std::vector<EndpointSpec>& ends = topology.links[i].endpoints;
    for (std::size_t end = 0; end < ends.size(); ++end) {
      json::object counters = object_of(counters_of(network.direction_counters(i, end)));
      if (counters.empty()) continue;
      counters["link"] = i;
      counters["name"] = link_name(topology.links[i]);
      counters["from"] = ends[end].name;
      links.push_back(std::move(counters));
    }
  }
  return links;
}

}  // namespace

std::string counters_json(const std::vector<NamedGroup>& tuns, const Topology& topology,
                          Network& network) {
  json::object of_tuns;
  for (const auto& [name, counters] : tuns) of_tuns[name] = object_of(counters);
  json::object of_nodes;
  for (std::size_t i = 0; i < network.node_count(); ++i) {
    const Node& node = network.node(i);
    of_nodes[node.config().name] = object_of(node.counters().snapshot());
  }
  return json::serialize(json::object{{"tuns", std::move(of_tuns)},
                                      {"links", links_of(topology, network)},
                                      {"nodes", std::move(of_nodes)}});
}

}  // namespace hop
