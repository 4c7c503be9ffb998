#include <boost/json/src.hpp>  // the library itself, in this file only

#include "tools/commands/summary.hpp"
#include "tools/config/units.hpp"

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

json::value loss_of(const LossModel& loss) {
  if (loss.to_bad.is_none()) return json::string(share_text(loss.in_good));
  return {{"p", share_text(loss.to_bad)},
          {"r", share_text(loss.to_good)},
          {"1-h", share_text(loss.in_bad)},
          {"1-k", share_text(loss.in_good)}};
}

json::array drops_of(const std::vector<DropRule>& rules) {
  json::array drops;
  for (const DropRule& rule : rules) {
    drops.push_back({{"nth", rule.nth}, {"count", rule.count}, {"every", rule.every}});
  }
  return drops;
}

void add_share(json::object& to, std::string_view key, Share share) {
  if (!share.is_none()) to[key] = share_text(share);
}

// Shares are written as in the file. What is not there is not told.
void add_impairments(json::object& to, const ImpairmentSpec& spec) {
  if (spec.jitter != Duration::zero()) to["jitter_ns"] = spec.jitter.count();
  if (spec.loss != LossModel{}) to["loss"] = loss_of(spec.loss);
  add_share(to, "duplicate", spec.duplicate);
  add_share(to, "corrupt", spec.corrupt);
  add_share(to, "reorder", spec.reorder);
  if (spec.overtaking) to["reorder"] = "jitter";
  if (!spec.drop.empty()) to["drop"] = drops_of(spec.drop);
}

void add_length(json::object& to, const std::string& key, const QueueLength& length) {
  if (length.packets != QueueLength::kMostPackets) to[key + "_packets"] = length.packets;
  if (length.bytes != QueueLength::kMostBytes) to[key + "_bytes"] = length.bytes;
}

void add_direction(json::object& to, const DirectionSpec& direction) {
  to["mtu"] = direction.mtu;
  add_length(to, "limit", direction.limit);
  add_length(to, "ecn", direction.ecn);
  to["rate_bits"] = direction.rate;
  to["delay_ns"] = direction.delay.count();
  add_impairments(to, direction.impairment);
}

json::array links_of(const Topology& topology) {
  json::array links;
  for (const LinkSpec& link : topology.links) {
    json::array names;
    for (const EndpointSpec& endpoint : link.endpoints) names.emplace_back(endpoint.name);
    json::object about{{"endpoints", std::move(names)},
                       {"subnet", link.subnet ? json::value(to_string(*link.subnet)) : nullptr}};
    add_direction(about, link);
    json::array sends;
    for (const EndpointSpec& endpoint : link.endpoints) {
      if (!endpoint.sends) continue;
      json::object direction{{"endpoint", endpoint.name}};
      add_direction(direction, *endpoint.sends);
      sends.push_back(std::move(direction));
    }
    if (!sends.empty()) about["sends"] = std::move(sends);
    links.push_back(std::move(about));
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
