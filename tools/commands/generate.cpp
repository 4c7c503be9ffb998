// hop generate: a topology of some shape and size.

#include <fmt/format.h>

#include <fstream>
#include <memory>

#include "tools/commands/commands.hpp"
#include "tools/config/suggest.hpp"
#include "tools/config/units.hpp"
#include "tools/failure.hpp"
#include "tools/generate/topology_text.hpp"

namespace hop {

namespace {

constexpr const char* kExamples = R"(Examples:
  hop generate chain --routers 250 > chain.yaml
  hop generate grid --routers 100 --delay 1ms > grid.yaml
  hop generate internet --routers 100000 --seed 7 > internet.yaml
  hop generate tree --routers 15 | hop run - -- traceroute 198.18.1.46)";

struct GenerateOptions {
  std::string shape;
  GeneratedNetwork network{.routers = 100};
};

const NetworkShape& shape_called(const std::string& name) {
  std::vector<std::string_view> known;
  for (const NetworkShape& shape : shapes()) {
    if (shape.name == name) return shape;
    known.push_back(shape.name);
  }
  throw Failure(kUsageError, fmt::format("unknown shape '{}'{}; expected one of: {}", name,
                                         did_you_mean(name, known), fmt::join(known, ", ")));
}

int generate(GenerateOptions options) {
  options.network.shape = &shape_called(options.shape);
  const std::string& delay = options.network.delay;
  if (!delay.empty() && !parse_duration(delay)) {
    throw Failure(kUsageError,
                  fmt::format("--delay: expected {}, found '{}'", kDurationWords, delay));
  }
  fmt::print("{}", topology_text(options.network));
  return kDone;
}

std::string help_of_shapes() {
  std::string text = "Shape:";
  for (const NetworkShape& shape : shapes())
    text += fmt::format("\n{}: {}", shape.name, shape.what);
  return text;
}

}  // namespace

void add_generate(CLI::App& app, CommandAction& chosen) {
  CLI::App& command = *app.add_subcommand("generate", "Print a topology of some shape and size");
  const auto options = std::make_shared<GenerateOptions>();
  command.add_option("SHAPE", options->shape, help_of_shapes())->required();
  command.add_option("--routers", options->network.routers, "How many, 100 by default")
      ->type_name("NUMBER")
      ->check(CLI::Range(std::uint32_t{1}, kMostRouters));
  command.add_option("--seed", options->network.seed, "Of the random shapes, and of the file");
  command.add_option("--delay", options->network.delay, "Of each link between routers, as 1ms")
      ->type_name("TIME");
  command.footer(kExamples);
  command.callback([options, &chosen] { chosen = [options] { return generate(*options); }; });
}

}  // namespace hop
