#pragma once
// What became of packets: in lines for people, "r1: forwarded=3 dropped=1 drop.ttl-expired=1", and
// in JSON.

#include <cstdint>
#include <cstdio>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "stack/net/network.hpp"

namespace hop {

using NamedCounters = std::vector<std::pair<std::string, std::uint64_t>>;

/// The counters of one TUN or node.
using NamedGroup = std::pair<std::string, NamedCounters>;

[[nodiscard]] NamedCounters counters_of(const PortCounters& port);

[[nodiscard]] NamedCounters counters_of(const DirectionCounters& direction);

/// A line for `name`, unless all its counters are zero.
void print_counters(std::FILE* to, std::string_view name, const NamedCounters& counters);

/// A line for every direction of a link in which packets were lost or changed, as "r1-r2 from r1".
void print_links(std::FILE* to, const Topology& topology, const Network& network);

/// A line for every node of the network that got packets.
void print_nodes(std::FILE* to, Network& network);

/// {"tuns": {NAME: {...}}, "links": [{"lost": 3, "link": 0, "name": "r1-r2", "from": NAME}],
/// "nodes": {NAME:
/// {...}}}: the same in JSON, on one line. Counters that are 0 are left out, as are directions of
/// links that have no others. Links have the numbers of `hop check --json`.
[[nodiscard]] std::string counters_json(const std::vector<NamedGroup>& tuns,
                                        const Topology& topology, Network& network);

}  // namespace hop
