// hop schema: the format of topology files, for editors.

#include "tools/config/schema.hpp"

#include <fmt/format.h>

#include "tools/commands/commands.hpp"
#include "tools/failure.hpp"

namespace hop {

namespace {

constexpr const char* kExamples = R"(Examples:
  hop schema > topology.schema.json
  # yaml-language-server: $schema=topology.schema.json    the first line of a topology, for editors)";

}  // namespace

void add_schema(CLI::App& app, CommandAction& chosen) {
  CLI::App& command =
      *app.add_subcommand("schema", "Print the JSON schema of topology files, for editors");
  command.footer(kExamples);
  command.callback([&chosen] {
    chosen = [] {
      fmt::print("{}", topology_schema());
      return kDone;
    };
  });
}

}  // namespace hop
