// The explanation for programs. hop(8) lists the members.

#include <boost/json.hpp>

#include "tools/explain/explain.hpp"
#include "tools/explain/paths.hpp"
#include "tools/explain/settings.hpp"

namespace hop {

namespace {

namespace json = boost::json;

template <class Items>
json::array texts_of(const Items& items) {
  json::array texts;
  for (const auto& item : items) texts.emplace_back(to_string(item));
  return texts;
}

json::array words_of(const std::vector<std::string>& words) {
  json::array list;
  for (const std::string& word : words) list.emplace_back(word);
  return list;
}

json::object settings_json(const Settings& settings) {
  json::object object;
  for (const Setting& one : settings) object[one.key] = one.value;
  return object;
}

json::array tuns_of(const Topology& topology) {
  json::array tuns;
  for (std::size_t i = 0; i < topology.tuns.size(); ++i) {
    const TunSpec& tun = topology.tuns[i];
    tuns.push_back({{"name", tun.name},
                    {"address", to_string(tun.address)},
                    {"mtu", mtu_of(topology, i)},
                    {"netns", tun.netns},
                    {"routes", texts_of(prefixes_behind(topology, i))}});
  }
  return tuns;
}

json::array endpoints_of(const LinkSpec& link) {
  json::array ends;
  for (const EndpointSpec& end : link.endpoints) {
    ends.push_back(
        {{"name", end.name},
         {"interface", end.interface.empty() ? json::value(nullptr) : json::value(end.interface)},
         {"address", to_string(*end.address)},
         {"secondary", texts_of(end.secondary)},
         {"settings", settings_json(settings_of(end, link))}});
  }
  return ends;
}

/// A number, or null for no limit.
json::value limit_json(std::uint64_t limit, std::uint64_t none) {
  return limit == none ? json::value(nullptr) : json::value(limit);
}

json::array links_of(const Topology& topology) {
  json::array links;
  for (const LinkSpec& link : topology.links) {
    links.push_back({{"subnet", to_string(*link.subnet)},
                     {"endpoints", endpoints_of(link)},
                     {"mtu", link.mtu},
                     {"limit_packets", limit_json(link.limit.packets, QueueLength::kMostPackets)},
                     {"limit_bytes", limit_json(link.limit.bytes, QueueLength::kMostBytes)},
                     {"rate_bits", link.rate},
                     {"delay_ns", link.delay.count()},
                     {"settings", settings_json(settings_of(link))}});
  }
  return links;
}

json::array nodes_of(const Topology& topology) {
  const auto interfaces = interfaces_by_node(topology);
  json::array nodes;
  for (std::size_t i = 0; i < topology.nodes.size(); ++i) {
    const NodeSpec& node = topology.nodes[i];
    json::array list;
    for (const Attachment& at : interfaces[i]) {
      list.push_back({{"name", at.end->interface},
                      {"link", at.link},
                      {"address", to_string(*at.end->address)},
                      {"secondary", texts_of(at.end->secondary)}});
    }
    nodes.push_back({{"name", node.name},
                     {"kind", node.kind == NodeKind::router ? "router" : "host"},
                     {"interfaces", std::move(list)},
                     {"answers", words_of(answers_of(node.icmp))},
                     {"silent", words_of(silent_types(node.icmp))},
                     {"settings", settings_json(settings_of(node))}});
  }
  return nodes;
}

json::object path_json(const Topology& topology, const Path& path) {
  json::array hops;
  for (const Step& step : path.steps) {
    hops.push_back({{"node", topology.nodes[step.node].name},
                    {"address", step.address ? json::value(to_string(*step.address)) : nullptr}});
  }
  return {{"hops", std::move(hops)},
          {"one_of_several", path.is_one_of_several},
          {"fault", path.fault.empty() ? json::value(nullptr) : json::value(path.fault)}};
}

json::array paths_of(const Topology& topology) {
  PathFinder finder(topology);
  const std::vector<Target> targets = targets_of(topology);
  json::array paths;
  for (std::size_t tun = 0; tun < topology.tuns.size(); ++tun) {
    for (const Target& target : targets) {
      const RoundTrip trip = finder.round_trip(tun, target.address);
      const bool arrives = trip.forward.fault.empty();
      paths.push_back({{"tun", topology.tuns[tun].name},
                       {"to", target.name},
                       {"destination", to_string(target.address)},
                       {"forward", path_json(topology, trip.forward)},
                       {"back", arrives ? json::value(path_json(topology, trip.back)) : nullptr},
                       {"symmetric", arrives && trip.is_symmetric}});
    }
  }
  return paths;
}

json::array tunnels_of(const Topology& topology) {
  json::array list;
  for (const TunnelSpec& tunnel : topology.tunnels) {
    list.push_back({{"path", words_of(tunnel.path)},
                    {"labels", json::array(tunnel.labels.begin(), tunnel.labels.end())},
                    {"settings", settings_json(settings_of(tunnel))}});
  }
  return list;
}

json::array timeline_of(const Topology& topology) {
  json::array list;
  for (const TimedChange& one : topology.timeline) {
    list.push_back(
        {{"at_ns", one.at.count()}, {"every_ns", one.every.count()}, {"change", one.change.text}});
  }
  return list;
}

json::array refused_by(const Topology& topology) {
  json::array list;
  for (const Refusal& refusal : refusals_of(topology)) {
    list.push_back(
        {{"node", refusal.node},
         {"to", to_string(refusal.to)},
         {"tos", refusal.tos},
         {"answer", refusal.answer.empty() ? json::value(nullptr) : json::value(refusal.answer)}});
  }
  return list;
}

}  // namespace

std::string explained_in_json(const Topology& resolved) {
  return json::serialize(
      json::object{{"name", resolved.name},
                   {"seed", resolved.seed},
                   {"pool", to_string(resolved.pool)},
                   {"routing", resolved.routing == Routing::shortest ? "shortest" : "static"},
                   {"tuns", tuns_of(resolved)},
                   {"links", links_of(resolved)},
                   {"nodes", nodes_of(resolved)},
                   {"paths", paths_of(resolved)},
                   {"refused", refused_by(resolved)},
                   {"tunnels", tunnels_of(resolved)},
                   {"timeline", timeline_of(resolved)}});
}

}  // namespace hop
