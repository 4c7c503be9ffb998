// hop import: simulations of others as topologies.

#include <fmt/format.h>

#include <memory>

#include "tools/commands/commands.hpp"
#include "tools/config/load.hpp"
#include "tools/config/topology_file.hpp"
#include "tools/import/trippy.hpp"

namespace hop {

namespace {

constexpr const char* kExamples = R"(Examples:
  hop import ipv4_icmp.toml > lab.yaml && hop run lab.yaml -- traceroute -n 10.0.0.107

Reads simulations of trippy: TOML with 'target' and [[hops]].)";

int import(const std::string& file) {
  const std::string text = topology_of_trippy(read_file(file), file);
  // Two hops with one address, for example.
  auto topology = read_topology(text, "what comes of " + file);
  if (!topology) throw InvalidTopology(std::move(topology.error()));
  fmt::print("{}", text);
  return kDone;
}

}  // namespace

void add_import(CLI::App& app, CommandAction& chosen) {
  CLI::App& command = *app.add_subcommand("import", "Print the topology of a simulation of trippy");
  const auto file = std::make_shared<std::string>();
  command.add_option("FILE", *file, "Simulation in TOML")->required();
  command.footer(kExamples);
  command.callback([file, &chosen] { chosen = [file] { return import(*file); }; });
}

}  // namespace hop
