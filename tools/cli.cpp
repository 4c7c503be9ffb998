#include "tools/cli.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cstdio>
#include <exception>

#include "tools/commands/commands.hpp"
#include "tools/commands/errors_json.hpp"
#include "tools/config/load.hpp"
#include "tools/failure.hpp"
#include "tools/say.hpp"
#include "tun/error.hpp"

namespace hop {

namespace {

constexpr const char* kDescription = "hop: an IPv4/ICMP network behind one TUN device";
constexpr const char* kFooter = R"(Begin with 'sudo hop up', or without root with 'hop run'.
'hop COMMAND --help' shows options and examples; hop(8) has the format of topologies.)";

/// The words for CLI11, and what stands behind `--`, which is for `hop run` and `hop exec`.
struct Words {
  std::vector<std::string> own;
  std::vector<std::string> command;
};

Words split(int argc, const char* const* argv) {
  const std::vector<std::string> all(argv + 1, argv + argc);
  if (all.empty() || (all.front() != "run" && all.front() != "exec")) return {all, {}};
  const auto dashes = std::ranges::find(all, "--");
  Words words{{all.begin(), dashes}, {}};
  if (dashes != all.end()) words.command.assign(dashes + 1, all.end());
  return words;
}

/// What is wrong with the command line, and where help is.
std::string complaint(const CLI::App& app, const CLI::Error& error) {
  const auto given = app.get_subcommands();
  const std::string command = given.empty() ? "hop" : "hop " + given.front()->get_name();
  const bool is_extra = error.get_exit_code() == static_cast<int>(CLI::ExitCodes::ExtrasError);
  return fmt::format("{}{}\nSee '{} --help'.", error.what(),
                     is_extra && (command == "hop run" || command == "hop exec")
                         ? "; COMMAND stands behind '--'"
                         : "",
                     command);
}

/// CLI11 does not name a subcommand that it does not know, nor those that it does.
void check_subcommand(const CLI::App& app, const std::vector<std::string>& words) {
  if (!words.empty() && words.front().starts_with('-')) return;
  std::vector<std::string> known;
  for (const CLI::App* sub : app.get_subcommands({})) known.push_back(sub->get_name());
  if (!words.empty() && std::ranges::count(known, words.front()) > 0) return;
  const std::string found =
      words.empty() ? "no command given" : fmt::format("unknown command '{}'", words.front());
  throw Failure(kUsageError, fmt::format("{}; expected one of: {}\nSee 'hop --help'.", found,
                                         fmt::join(known, ", ")));
}

/// Prints help or the version, or fails with what is wrong with the command line.
int tell(const CLI::App& app, const CLI::ParseError& error) {
  if (error.get_exit_code() == 0) return app.exit(error);
  throw Failure(kUsageError, complaint(app, error));
}

int parse_and_act(const Words& words) {
  CLI::App app{kDescription, "hop"};
  CommandAction chosen;
  app.set_version_flag("--version", "hop " HOP_VERSION);
  app.require_subcommand(1);
  app.footer(kFooter);
  add_up(app, chosen);
  add_run(app, chosen, words.command);
  add_exec(app, chosen, words.command);
  add_set(app, chosen);
  add_stats(app, chosen);
  add_events(app, chosen);
  add_check(app, chosen);
  add_generate(app, chosen);
  add_graph(app, chosen);
  add_schema(app, chosen);
  add_import(app, chosen);
  add_replay(app, chosen);
  add_ping(app, chosen);
  add_traceroute(app, chosen);
  add_conform(app, chosen);
  check_subcommand(app, words.own);
  try {
    app.parse(std::vector<std::string>(words.own.rbegin(), words.own.rend()));  // last word first
  } catch (const CLI::ParseError& error) {
    return tell(app, error);
  }
  return chosen();
}

}  // namespace

int run_hop(int argc, const char* const* argv) {
  const Words words = split(argc, argv);
  const bool as_json = std::ranges::count(words.own, "--json") > 0;
  try {
    return parse_and_act(words);
  } catch (const InvalidTopology& invalid) {
    std::fprintf(stderr, "%s\n", invalid.what());  // each line begins with the file's name
    if (as_json) fmt::print("{}\n", errors_json(invalid.errors()));
    return invalid.status();
  } catch (const Failure& failure) {
    say_error(failure.what());
    if (as_json) fmt::print("{}\n", error_json(failure.what()));
    return failure.status();
  } catch (const std::exception& error) {  // TunError, and what nobody foresaw
    say_error(error.what());
    if (as_json) fmt::print("{}\n", error_json(error.what()));
    return kFailed;
  }
}

}  // namespace hop
