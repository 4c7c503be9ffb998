// hop import: simulations of others as topologies.

#include <fmt/format.h>

#include <memory>
#include <optional>

#include "tools/commands/commands.hpp"
#include "tools/config/load.hpp"
#include "tools/config/topology_file.hpp"
#include "tools/failure.hpp"
#include "tools/import/edge_list.hpp"
#include "tools/import/fakeroute.hpp"
#include "tools/import/trippy.hpp"

namespace hop {

namespace {

constexpr const char* kExamples = R"(Examples:
  hop import ipv4_icmp.toml > lab.yaml && hop run lab.yaml -- traceroute -n 10.0.0.107
  hop import targets/1.1.1.2-lb > lab.yaml && hop run lab.yaml -- traceroute -n 1.1.1.2
  hop import --target 192.0.2.1 targets/127.1.1.5-fan

Reads simulations of trippy: TOML with 'target' and [[hops]]; and edge lists of fakeroute: lines
'FROM TO' of addresses, 'start' or 127.0.0.1 for this machine, 'end' for the target.)";

struct ImportOptions {
  std::string file;
  std::string target;
};

std::optional<Ipv4Address> target_of(const ImportOptions& options) {
  if (options.target.empty()) return std::nullopt;
  const auto address = Ipv4Address::parse(options.target);
  if (!address) {
    throw Failure(kUsageError,
                  fmt::format("--target: expected an IPv4 address, found '{}'", options.target));
  }
  return address;
}

std::string imported(const ImportOptions& options) {
  const std::string text = read_file(options.file);
  const auto target = target_of(options);
  if (is_edge_list(text)) return topology_of_fakeroute(text, options.file, target);
  if (target) {
    throw Failure(kUsageError,
                  fmt::format("--target is for edge lists; {} has its own", options.file));
  }
  return topology_of_trippy(text, options.file);
}

int import(const ImportOptions& options) {
  const std::string text = imported(options);
  // Two hops with one address, for example.
  auto topology = read_topology(text, "what comes of " + options.file);
  if (!topology) throw InvalidTopology(std::move(topology.error()));
  fmt::print("{}", text);
  return kDone;
}

}  // namespace

void add_import(CLI::App& app, CommandAction& chosen) {
  CLI::App& command =
      *app.add_subcommand("import", "Print the topology of a simulation of trippy or fakeroute");
  const auto options = std::make_shared<ImportOptions>();
  command.add_option("FILE", options->file, "Simulation in TOML, or edge list")->required();
  command.add_option("--target", options->target, "Address of the target, for an edge list")
      ->type_name("ADDRESS");
  command.footer(kExamples);
  command.callback([options, &chosen] { chosen = [options] { return import(*options); }; });
}

}  // namespace hop
