// hop stats: what became of the packets of a running network so far.

#include <fmt/format.h>

#include <algorithm>

#include "tools/commands/commands.hpp"
#include "tools/commands/control_options.hpp"
#include "tools/counters.hpp"
#include "tools/failure.hpp"

namespace hop {

namespace {

namespace json = boost::json;

constexpr const char* kExamples = R"(Examples:
  hop stats                        what every TUN, link and node has counted
  hop stats r1 r2                  two of them
  hop stats --json | jq .nodes.r1)";

struct StatsOptions {
  std::vector<std::string> names;
  bool json = false;
};

NamedCounters numbers_in(const json::object& object) {
  NamedCounters counters;
  for (const auto& [key, value] : object) {
    if (key != "link" && value.is_number()) {
      counters.emplace_back(key, value.to_number<std::uint64_t>());
    }
  }
  return counters;
}

/// TUNs, directions of links, and nodes, as `hop up` prints them in the end.
std::vector<NamedGroup> groups_of(const json::object& stats) {
  std::vector<NamedGroup> groups;
  for (const auto& [name, counters] : stats.at("tuns").as_object()) {
    groups.emplace_back(name, numbers_in(counters.as_object()));
  }
  for (const json::value& direction : stats.at("links").as_array()) {
    const json::object& counters = direction.as_object();
    groups.emplace_back(fmt::format("{} from {}", json::value_to<std::string>(counters.at("name")),
                                    json::value_to<std::string>(counters.at("from"))),
                        numbers_in(counters));
  }
  for (const auto& [name, counters] : stats.at("nodes").as_object()) {
    groups.emplace_back(name, numbers_in(counters.as_object()));
  }
  return groups;
}

int stats(const StatsOptions& options, const std::string& socket) {
  const json::object answer = ControlClient(socket).ask(json::serialize(
      json::object{{"command", "stats"}, {"names", json::value_from(options.names)}}));
  if (options.json) {
    fmt::print("{}\n", json::serialize(answer));
    return kDone;
  }
  for (const auto& [name, counters] : groups_of(answer)) {
    const std::string first = name.substr(0, name.find(' '));
    const bool wanted = options.names.empty() || std::ranges::count(options.names, first) > 0;
    if (wanted) print_counters(stdout, name, counters);
  }
  return kDone;
}

}  // namespace

void add_stats(CLI::App& app, CommandAction& chosen) {
  CLI::App& command = *app.add_subcommand("stats", "Print the counters of a running network");
  const auto options = std::make_shared<StatsOptions>();
  const auto socket = add_control_option(command);
  command.add_option("NAME", options->names, "TUNs, links and nodes; without any, all");
  command.add_flag("--json", options->json, "All of them in JSON, on one line");
  command.footer(kExamples);
  command.callback(
      [options, socket, &chosen] { chosen = [=] { return stats(*options, *socket); }; });
}

}  // namespace hop
