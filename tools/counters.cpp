#include "tools/counters.hpp"

#include <fmt/format.h>

namespace hop {

NamedCounters counters_of(const PortCounters& port) {
  return {{"received", port.received},
          {"drop.queue-full", port.queue_full},
          {"drop.nobody-there", port.nobody_there}};
}

void print_counters(std::FILE* to, std::string_view name, const NamedCounters& counters) {
  std::string line;
  for (const auto& [counter, count] : counters) {
    if (count > 0) line += fmt::format(" {}={}", counter, count);
  }
  if (!line.empty()) fmt::print(to, "{}:{}\n", name, line);
}

void print_nodes(std::FILE* to, Network& network) {
  for (std::size_t i = 0; i < network.node_count(); ++i) {
    const Node& node = network.node(i);
    print_counters(to, node.config().name, node.counters().snapshot());
  }
}

}  // namespace hop
