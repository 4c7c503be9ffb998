#include "tools/counters.hpp"

#include <fmt/format.h>

#include "stack/wire/icmp_numbers.hpp"
#include "tools/config/units.hpp"

namespace hop {
namespace {

// What the counters of messages are called besides their number: "IcmpMsgInType40(photuris)".
std::string label(const std::string& counter) {
  const auto number = counter.find("Type");
  if (!counter.starts_with("IcmpMsg") || number == std::string::npos) return counter;
  const auto type = parse_number<std::uint8_t>(std::string_view{counter}.substr(number + 4));
  const std::string_view known = type ? name(static_cast<IcmpType>(*type)) : std::string_view{};
  return known.empty() ? counter : fmt::format("{}({})", counter, known);
}

}  // namespace

NamedCounters counters_of(const PortCounters& port) {
  return {{"received", port.received},
          {"drop.queue-full", port.queue_full},
          {"drop.nobody-there", port.nobody_there},
          {"drop.link-down", port.link_down}};
}

NamedCounters counters_of(const DirectionCounters& direction) {
  return {{"lost", direction.lost},
          {"dropped", direction.dropped},
          {"duplicated", direction.duplicated},
          {"corrupted", direction.corrupted},
          {"reordered", direction.reordered},
          {"ecn-marked", direction.marked},
          {"queue-full", direction.queue_full},
          {"drop.link-down", direction.link_down}};
}

void print_counters(std::FILE* to, std::string_view name, const NamedCounters& counters) {
  std::string line;
  for (const auto& [counter, count] : counters) {
    if (count > 0) line += fmt::format(" {}={}", label(counter), count);
  }
  if (!line.empty()) fmt::print(to, "{}:{}\n", name, line);
}

void print_links(std::FILE* to, const Topology& topology, const Network& network) {
  for (std::size_t i = 0; i < topology.links.size(); ++i) {
    const std::vector<EndpointSpec>& ends = topology.links[i].endpoints;
    const std::string name = link_name(topology.links[i]);
    for (std::size_t end = 0; end < ends.size(); ++end) {
      print_counters(to, fmt::format("{} from {}", name, ends[end].name),
                     counters_of(network.direction_counters(i, end)));
    }
  }
}

void print_nodes(std::FILE* to, Network& network) {
  for (std::size_t i = 0; i < network.node_count(); ++i) {
    const Node& node = network.node(i);
    print_counters(to, node.config().name, node.counters().snapshot());
  }
}

}  // namespace hop
