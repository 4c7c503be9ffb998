#pragma once
// What became of packets: in lines for people, "r1: forwarded=3 dropped=1 drop.ttl-expired=1", and
// in JSON.

#include <cstdint>
#include <cstdio>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "stack/net/network.hpp"

namespace hop {

using NamedCounters = std::vector<std::pair<std::string, std::uint64_t>>;

/// The counters of one TUN or node.
using NamedGroup = std::pair<std::string, NamedCounters>;

/// The counters of a network, or of several equal ones together.
class Tally {
 public:
  Tally(const Network& network) : networks_{&network} {}  // NOLINT: a network counts for itself
  explicit Tally(std::span<Network* const> networks)
      : networks_(networks.begin(), networks.end()) {}

  [[nodiscard]] PortCounters port(PortIndex index) const;
  [[nodiscard]] DirectionCounters direction(std::size_t link, std::size_t end) const;
  /// The name of every node, with its counters.
  [[nodiscard]] std::vector<NamedGroup> nodes() const;
  [[nodiscard]] const Topology& topology() const { return networks_.front()->topology(); }

 private:
  std::vector<const Network*> networks_;
};

[[nodiscard]] NamedCounters counters_of(const PortCounters& port);

[[nodiscard]] NamedCounters counters_of(const DirectionCounters& direction);

/// A line for `name`, unless all its counters are zero.
void print_counters(std::FILE* to, std::string_view name, const NamedCounters& counters);

/// A line for every direction of a link in which packets were lost or changed, as "r1-r2 from r1".
void print_links(std::FILE* to, const Tally& tally);

/// A line for every node that got packets.
void print_nodes(std::FILE* to, const Tally& tally);

/// {"tuns": {NAME: {...}}, "links": [{"lost": 3, "link": 0, "name": "r1-r2", "from": NAME}],
/// "nodes": {NAME:
/// {...}}}: the same in JSON, on one line. Counters that are 0 are left out, as are directions of
/// links that have no others. Links have the numbers of `hop check --json`.
[[nodiscard]] std::string counters_json(const std::vector<NamedGroup>& tuns, const Tally& tally);

}  // namespace hop
