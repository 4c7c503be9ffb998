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

json::array links_of(const Tally& tally) {
  const std::vector<LinkSpec>& specs = tally.topology().links;
  json::array links;
  for (std::size_t i = 0; i < specs.size(); ++i) {
    const std::vector<EndpointSpec>& ends = specs[i].endpoints;
    for (std::size_t end = 0; end < ends.size(); ++end) {
      json::object counters = object_of(counters_of(tally.direction(i, end)));
      if (counters.empty()) continue;
      counters["link"] = i;
      counters["name"] = link_name(specs[i]);
      counters["from"] = ends[end].name;
      links.push_back(std::move(counters));
    }
  }
  return links;
}

}  // namespace

std::string counters_json(const std::vector<NamedGroup>& tuns, const Tally& tally) {
  json::object of_tuns;
  for (const auto& [name, counters] : tuns) of_tuns[name] = object_of(counters);
  json::object of_nodes;
  for (const auto& [name, counters] : tally.nodes()) of_nodes[name] = object_of(counters);
  return json::serialize(json::object{
      {"tuns", std::move(of_tuns)}, {"links", links_of(tally)}, {"nodes", std::move(of_nodes)}});
}

}  // namespace hop
