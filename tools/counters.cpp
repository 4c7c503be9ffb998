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

PortCounters Tally::port(PortIndex index) const {
  PortCounters sum;
  for (const Network* network : networks_) sum += network->port_counters(index);
  return sum;
}

DirectionCounters Tally::direction(std::size_t link, std::size_t end) const {
  DirectionCounters sum;
  for (const Network* network : networks_) sum += network->direction_counters(link, end);
  return sum;
}

std::vector<NamedGroup> Tally::nodes() const {
  std::vector<NamedGroup> all;
  for (std::size_t i = 0; i < networks_.front()->node_count(); ++i) {
    Counters sum;
    for (const Network* network : networks_) sum += network->node(i).counters();
    all.emplace_back(networks_.front()->node(i).config().name, sum.snapshot());
  }
  return all;
}

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

void print_links(std::FILE* to, const Tally& tally) {
  const std::vector<LinkSpec>& links = tally.topology().links;
  for (std::size_t i = 0; i < links.size(); ++i) {
    const std::vector<EndpointSpec>& ends = links[i].endpoints;
    const std::string name = link_name(links[i]);
    for (std::size_t end = 0; end < ends.size(); ++end) {
      print_counters(to, fmt::format("{} from {}", name, ends[end].name),
                     counters_of(tally.direction(i, end)));
    }
  }
}

void print_nodes(std::FILE* to, const Tally& tally) {
  for (const auto& [name, counters] : tally.nodes()) print_counters(to, name, counters);
}

}  // namespace hop
