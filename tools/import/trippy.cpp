#include "tools/import/trippy.hpp"

#include <fmt/format.h>
#include <toml++/toml.h>

#include <algorithm>
#include <optional>
#include <vector>

#include "stack/wire/ipv4_address.hpp"
#include "tools/failure.hpp"
#include "tools/import/quoted.hpp"

namespace hop {

namespace {

struct SimulatedHop {
  std::optional<Ipv4Address> address;  // nothing: it does not respond
  std::int64_t rtt_ms = 0;
};

struct Simulation {
  std::string name;
  Ipv4Address target;
  std::vector<SimulatedHop> hops;
};

/// Reads a simulation; knows the name of the file for messages.
class Reader {
 public:
  explicit Reader(std::string_view file) : file_(file) {}

  [[nodiscard]] Simulation read(const toml::table& root) const {
    Simulation simulation;
    simulation.name = root["name"].value_or(std::string{});
    simulation.target = address(root, "target");
    const toml::array* const hops = root["hops"].as_array();
    if (hops == nullptr || hops->empty()) fail(root, "expected [[hops]], one or more");
    for (const toml::node& node : *hops) simulation.hops.push_back(hop(node));
    if (simulation.hops.back().address != simulation.target) {
      fail(hops->back(),
           fmt::format("expected the target, {}, as the last hop", to_string(simulation.target)));
    }
    return simulation;
  }

 private:
  [[noreturn]] void fail(const toml::node& at, std::string_view what) const {
    const toml::source_position place = at.source().begin;
    throw Failure(kUsageError, fmt::format("{}:{}:{}: {}", file_, place.line, place.column, what));
  }

  [[nodiscard]] Ipv4Address address(const toml::table& table, std::string_view key) const {
    const toml::node* const node = table.get(key);
    if (node == nullptr) fail(table, fmt::format("key '{}' is missing", key));
    const std::string text = node->value_or(std::string{});
    const auto parsed = Ipv4Address::parse(text);
    if (!parsed) fail(*node, fmt::format("expected an IPv4 address, found '{}'", text));
    return *parsed;
  }

  [[nodiscard]] SimulatedHop hop(const toml::node& node) const {
    const toml::table* const table = node.as_table();
    const toml::table* const response = table != nullptr ? (*table)["resp"].as_table() : nullptr;
    if (response == nullptr) fail(node, "expected a hop with 'resp'");
    const std::string tag = (*response)["tag"].value_or(std::string{});
    if (tag == "NoResponse") return {};
    if (tag != "SingleHost") fail(*response, "expected the tag SingleHost or NoResponse");
    const std::int64_t rtt = (*response)["rtt_ms"].value_or(std::int64_t{-1});
    if (rtt < 0 || rtt > 65535) fail(*response, "expected 'rtt_ms' from 0 to 65535");
    return {.address = address(*response, "addr"), .rtt_ms = rtt};
  }

  std::string_view file_;
};

/// A hop's delay: what its links do not have of its round trip.
std::string delay_text(std::int64_t ms) { return ms == 0 ? "" : fmt::format(", delay: {}ms", ms); }

// An address of no interface: so the links have subnets of their own, whatever the addresses are.
std::string node_text(const SimulatedHop& hop, std::size_t number, bool is_target,
                      std::int64_t of_links) {
  if (!hop.address) return fmt::format("  hop{}: {{ icmp: {{ silent: all }} }}\n", number);
  const std::string address = to_string(*hop.address);
  if (is_target) return fmt::format("  hop{}: {{ kind: host, router-id: {} }}\n", number, address);
  return fmt::format("  hop{}: {{ router-id: {}, icmp: {{ source: {}{} }} }}\n", number, address,
                     address, delay_text(hop.rtt_ms - of_links));
}

/// Round trips over the links alone: no hop answers sooner, so each is the least of its own and
/// those behind it. What a hop takes longer it takes to answer.
std::vector<std::int64_t> round_trips(const std::vector<SimulatedHop>& hops) {
  std::vector<std::int64_t> trips(hops.size());
  std::int64_t least = hops.back().rtt_ms;
  for (std::size_t i = hops.size(); i-- > 0;) {
    if (hops[i].address) least = std::min(least, hops[i].rtt_ms);
    trips[i] = least;
  }
  return trips;
}

/// Each link has half of what its hop's round trip has more than that of the one before.
std::string links_text(const std::vector<std::int64_t>& trips) {
  std::string text;
  std::int64_t before = 0;
  for (std::size_t i = 0; i < trips.size(); ++i) {
    const std::string from = i == 0 ? "tun0" : fmt::format("hop{}", i);
    text += fmt::format("  - {{ endpoints: [{}, hop{}], delay: {}us }}\n", from, i + 1,
                        (trips[i] - before) * 500);
    before = trips[i];
  }
  return text;
}

std::string topology_text(const Simulation& simulation) {
  std::string text = "# Imported from a simulation of trippy.\n";
  if (!simulation.name.empty()) text += fmt::format("name: {}\n", quoted(simulation.name));
  text += "tuns:\n  tun0: { address: 198.18.0.1/24 }\nnodes:\n";
  const std::vector<std::int64_t> trips = round_trips(simulation.hops);
  for (std::size_t i = 0; i < trips.size(); ++i) {
    text += node_text(simulation.hops[i], i + 1, i + 1 == trips.size(), trips[i]);
  }
  return text + "links:\n" + links_text(trips);
}

}  // namespace

std::string topology_of_trippy(std::string_view text, std::string_view file_name) {
  try {
    return topology_text(Reader(file_name).read(toml::parse(text, file_name)));
  } catch (const toml::parse_error& error) {
    const toml::source_position place = error.source().begin;
    throw Failure(kUsageError, fmt::format("{}:{}:{}: not valid TOML: {}", file_name, place.line,
                                           place.column, error.description()));
  }
}

}  // namespace hop
