#include <boost/json/src.hpp>  // the library itself, in this file only

#include "tools/commands/summary.hpp"

namespace hop {

namespace {

namespace json = boost::json;

json::array routes_into(const Topology& topology, std::size_t tun) {
  json::array prefixes;
  for (const Prefix& prefix : prefixes_behind(topology, tun)) {
    prefixes.emplace_back(to_string(prefix));
  }
  return prefixes;
}

json::array tuns_of(const Topology& topology) {
  json::array tuns;
  for (std::size_t i = 0; i < topology.tuns.size(); ++i) {
    const TunSpec& tun = topology.tuns[i];
    tuns.push_back({{"name", tun.name},
                    {"address", to_string(tun.address)},
                    {"mtu", mtu_of(topology, i)},
                    {"netns", tun.netns},
                    {"routes", routes_into(topology, i)}});
  }
  return tuns;
}

json::array interfaces_json(const Topology& topology, const std::string& node) {
  json::array interfaces;
  for (const InterfaceSummary& interface : interfaces_of(topology, node)) {
    interfaces.push_back({{"link", interface.link}, {"address", to_string(interface.address)}});
  }
  return interfaces;
}

json::array nodes_of(const Topology& topology) {
  json::array nodes;
  for (const NodeSpec& node : topology.nodes) {
    nodes.push_back({{"name", node.name},
                     {"kind", node.kind == NodeKind::router ? "router" : "host"},
                     {"interfaces", interfaces_json(topology, node.name)}});
  }
  return nodes;
}

json::array links_of(const Topology& topology) {
  json::array links;
  for (const LinkSpec& link : topology.links) {
    json::array names;
    for (const EndpointSpec& endpoint : link.endpoints) names.emplace_back(endpoint.name);
    links.push_back({{"endpoints", std::move(names)},
                     {"subnet", link.subnet ? json::value(to_string(*link.subnet)) : nullptr},
                     {"mtu", link.mtu},
                     {"limit_packets", link.limit},
                     {"rate_bits", link.rate},
                     {"delay_ns", link.delay.count()}});
  }
  return links;
}

}  // namespace

std::string summary_json(const Topology& resolved) {
  return json::serialize(
      json::object{{"name", resolved.name},
                   {"seed", resolved.seed},
                   {"routing", resolved.routing == Routing::shortest ? "shortest" : "static"},
                   {"tuns", tuns_of(resolved)},
                   {"nodes", nodes_of(resolved)},
                   {"links", links_of(resolved)}});
}

std::string error_json(std::string_view message) {
  return json::serialize(json::object{{"errors", json::array{{{"message", message}}}}});
}

std::string errors_json(const std::vector<ConfigError>& errors) {
  json::array list;
  for (const ConfigError& error : errors) {
    list.push_back({{"file", error.file},
                    {"line", error.line},
                    {"column", error.column},
                    {"message", error.message}});
  }
  return json::serialize(json::object{{"errors", std::move(list)}});
}

}  // namespace hop
