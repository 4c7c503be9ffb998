// hop check: is a topology right, and what does it say?

#include <fmt/format.h>

#include <memory>

#include "tools/commands/commands.hpp"
#include "tools/config/load.hpp"
#include "tools/explain/explain.hpp"

namespace hop {

namespace {

constexpr const char* kExamples = R"(Examples:
  hop check lab.yaml          every mistake as FILE:LINE:COLUMN, or the network as it will be
  hop check --all large.yaml  every node, link and path of more than 64 nodes, too
  hop check --json lab.yaml   the same for programs: one JSON object, with 'errors' if there are any
  hop check                   the tour network)";

struct CheckOptions {
  std::string file;
  bool all = false;
  bool as_json = false;
};

int check(const CheckOptions& options) {
  const Topology topology = load_topology(options.file);
  if (options.as_json) {
    fmt::print("{}\n", explained_in_json(topology));
  } else {
    const bool in_full = options.all || topology.nodes.size() <= kMostNodesInFull;
    fmt::print("{}", in_full ? explained(topology) : summed_up(topology));
  }
  return kDone;
}

}  // namespace

void add_check(CLI::App& app, CommandAction& chosen) {
  CLI::App& command = *app.add_subcommand("check", "Check a topology and explain the network");
  const auto options = std::make_shared<CheckOptions>();
  command.add_option("FILE", options->file, "Topology; without it the tour that is built in");
  command.add_flag("--all", options->all, "Show all of a large network");
  command.add_flag("--json", options->as_json, "Print JSON");
  command.footer(kExamples);
  command.callback([options, &chosen] { chosen = [options] { return check(*options); }; });
}

}  // namespace hop
