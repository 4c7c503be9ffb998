// A large network in a few lines.

#include <fmt/format.h>

#include <algorithm>
#include <iterator>
#include <map>

#include "tools/explain/explain.hpp"
#include "tools/explain/paths.hpp"
#include "tools/explain/settings.hpp"

namespace hop {

namespace {

using Output = std::back_insert_iterator<std::string>;

constexpr std::size_t kExamples = 8;  // of what there is much of

/// A line for each of the first items, and how many more there are.
template <class Items, class Text>
void append_some(Output to, const Items& items, Text text) {
  for (std::size_t i = 0; i < std::min(items.size(), kExamples); ++i) {
    fmt::format_to(to, "    {}\n", text(items[i]));
  }
  if (items.size() > kExamples) fmt::format_to(to, "    and {} more\n", items.size() - kExamples);
}

/// How many have which setting, of those of any value.
class Census {
 public:
  void count(const Settings& settings) {
    for (const Setting& one : settings) ++counts_[one.key];
  }
  void append(Output to, std::string_view of_what) const {
    for (const auto& [key, count] : counts_) {
      fmt::format_to(to, "    {} of {} {}\n", key, count, of_what);
    }
  }

 private:
  std::map<std::string, std::size_t> counts_;
};

void append_tuns(Output to, const Topology& topology) {
  for (std::size_t i = 0; i < topology.tuns.size(); ++i) {
    const TunSpec& tun = topology.tuns[i];
    const std::vector<Prefix> routes = prefixes_behind(topology, i);
    fmt::format_to(to, "  {} {} mtu {}, {} routes\n", tun.name, to_string(tun.address),
                   mtu_of(topology, i), routes.size());
    append_some(to, routes, [](const Prefix& prefix) { return to_string(prefix); });
  }
}

void append_nodes(Output to, const Topology& topology) {
  const auto hosts = std::ranges::count(topology.nodes, NodeKind::host, &NodeSpec::kind);
  fmt::format_to(to, "  {} routers, {} hosts; not as by default:\n",
                 topology.nodes.size() - static_cast<std::size_t>(hosts), hosts);
  Census census;
  for (const NodeSpec& node : topology.nodes) census.count(settings_of(node));
  census.append(to, "nodes");
}

void append_links(Output to, const Topology& topology) {
  const auto lans = std::ranges::count_if(
      topology.links, [](const LinkSpec& link) { return link.endpoints.size() > 2; });
  fmt::format_to(to, "  {} links, {} with more than two ends; not as by default:\n",
                 topology.links.size(), lans);
  Census links;
  Census ends;
  for (const LinkSpec& link : topology.links) {
    links.count(settings_of(link));
    for (const EndpointSpec& end : link.endpoints) ends.count(settings_of(end, link));
  }
  links.append(to, "links");
  ends.append(to, "ends");
}

/// What became of all probes from one TUN.
struct Reach {
  std::size_t asymmetric = 0;
  std::map<std::size_t, std::size_t> by_length;  // nodes at a distance
  std::string farthest;
  std::vector<std::string> faults;
};

void count(Reach& reach, const std::string& name, const RoundTrip& trip) {
  if (!trip.forward.fault.empty()) {
    reach.faults.push_back(fmt::format("{}: {}", name, trip.forward.fault));
    return;
  }
  const std::size_t length = trip.forward.steps.size();
  // One of several there and another one back say nothing.
  const bool is_chosen = trip.forward.is_one_of_several || trip.back.is_one_of_several;
  if (!trip.is_symmetric && !is_chosen) ++reach.asymmetric;
  if (reach.by_length.empty() || length > reach.by_length.rbegin()->first) {
    reach.farthest = name;
  }
  ++reach.by_length[length];
}

void append_reach(Output to, const TunSpec& tun, const Reach& reach) {
  std::size_t reached = 0;
  for (const auto& [length, nodes] : reach.by_length) reached += nodes;
  fmt::format_to(to, "  {} reaches {} nodes", tun.name, reached);
  if (reached > 0) {
    fmt::format_to(to, ", {} to {} hops away, {} of them with another way back; the farthest is {}",
                   reach.by_length.begin()->first, reach.by_length.rbegin()->first,
                   reach.asymmetric, reach.farthest);
  }
  fmt::format_to(to, "\n");
  if (!reach.faults.empty()) fmt::format_to(to, "  and not {}:\n", reach.faults.size());
  append_some(to, reach.faults, [](const std::string& fault) { return fault; });
}

// Routes are computed for each destination: all of a network of 100,000 routers would take an hour.
constexpr std::size_t kMostAsked = 500;

// Evenly spread over the file.
std::vector<Target> some_of(const std::vector<Target>& targets) {
  const std::size_t step = (targets.size() + kMostAsked - 1) / kMostAsked;
  std::vector<Target> some;
  for (std::size_t i = 0; i < targets.size(); i += step) some.push_back(targets[i]);
  return some;
}

void append_paths(Output to, const Topology& topology) {
  PathFinder finder(topology);
  const std::vector<Target> all = targets_of(topology);
  const std::vector<Target> targets = some_of(all);
  if (targets.size() < all.size()) {
    fmt::format_to(to, "  of {} nodes and prefixes {} were looked for:\n", all.size(),
                   targets.size());
  }
  for (std::size_t tun = 0; tun < topology.tuns.size(); ++tun) {
    Reach reach;
    for (const Target& target : targets) {
      count(reach, target.name, finder.round_trip(tun, target.address));
    }
    append_reach(to, topology.tuns[tun], reach);
  }
}

}  // namespace

std::string summed_up(const Topology& resolved) {
  std::string text = heading(resolved);
  const Output to(text);
  append_tuns(to, resolved);
  append_nodes(to, resolved);
  append_links(to, resolved);
  append_paths(to, resolved);
  const std::vector<Refusal> refusals = refusals_of(resolved);
  fmt::format_to(to, "  {} prefixes are refused\n", refusals.size());
  append_some(to, refusals, refusal_text);
  fmt::format_to(to, "'hop check --all' shows every link, node and path.\n");
  return text;
}

}  // namespace hop
