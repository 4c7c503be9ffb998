// hop conform: an IPv4/ICMP stack, any, against the RFCs.

#include <fmt/format.h>
#include <fmt/ranges.h>
#include <unistd.h>

#include <algorithm>
#include <fstream>
#include <memory>

#include "tools/commands/commands.hpp"
#include "tools/conform/error.hpp"
#include "tools/conform/report.hpp"
#include "tools/failure.hpp"

namespace hop {

namespace {

constexpr const char* kExamples = R"(Examples:
  scripts/conform kernel                     the kernel of this machine, in a namespace
  scripts/conform hop                        hop itself
  hop conform --tun tun0 --config mine.yaml  a stack of your own behind tun0
  hop conform --list --group option          the cases of a group

tools/conform/README.md says how to set up a stack of your own, and how a case is written.)";

struct ConformOptions {
  std::vector<std::string> tuns;
  std::string config;
  std::string attach = "auto";
  std::vector<std::string> groups;
  std::vector<std::string> ids;
  std::string known;
  std::vector<std::string> reports;
  bool list = false;
  bool json = false;
};

conform::Scenario scenario_of(const ConformOptions& options) {
  auto scenario = options.config.empty() ? conform::Scenario::standard()
                                         : conform::Scenario::load(options.config);
  if (options.tuns.size() > scenario.interfaces.size()) {
    throw Failure(kUsageError, fmt::format("--tun is given {} times; the system has {} interfaces",
                                           options.tuns.size(), scenario.interfaces.size()));
  }
  if (options.tuns.empty()) return scenario;
  scenario.interfaces.resize(options.tuns.size());
  for (std::size_t i = 0; i < options.tuns.size(); ++i) {
    scenario.interfaces[i].device = options.tuns[i];
  }
  return scenario;
}

/// Leaves the cases that --group and --case ask for.
void choose(std::vector<conform::Case>& cases, const ConformOptions& options) {
  const auto is_known = [&](const std::string& word, auto of) {
    return std::ranges::any_of(cases, [&](const auto& one) { return of(one) == word; });
  };
  const auto group = [](const conform::Case& one) { return one.group(); };
  const auto id = [](const conform::Case& one) { return std::string_view(one.id); };
  for (const std::string& word : options.groups) {
    if (!is_known(word, group)) throw Failure(kUsageError, "there is no group '" + word + "'");
  }
  for (const std::string& word : options.ids) {
    if (!is_known(word, id)) throw Failure(kUsageError, "there is no case '" + word + "'");
  }
  if (options.groups.empty() && options.ids.empty()) return;
  std::erase_if(cases, [&](const conform::Case& one) {
    return std::ranges::count(options.groups, group(one)) == 0 &&
           std::ranges::count(options.ids, id(one)) == 0;
  });
}

conform::Attach attach_of(const std::string& word) {
  if (word == "tun") return conform::Attach::tun;
  return word == "packet" ? conform::Attach::packet : conform::Attach::automatic;
}

std::vector<conform::Attachment> attach(const conform::Scenario& scenario, const std::string& how) {
  std::vector<conform::Attachment> attachments;
  for (const auto& interface : scenario.interfaces) {
    attachments.emplace_back(interface.device, attach_of(how));
  }
  return attachments;
}

/// On a terminal: the case that runs, in one line that is written over.
void show_progress(const conform::Case* one, std::size_t& count, std::size_t all) {
  if (isatty(STDERR_FILENO) == 0) return;
  if (one == nullptr) {
    fmt::print(stderr, "\r\033[K");
  } else {
    fmt::print(stderr, "\r\033[K{}/{} {}", ++count, all, one->id);
  }
  std::fflush(stderr);
}

void write_report(const std::string& file, const conform::Report& report) {
  const bool html = file.ends_with(".html");
  std::ofstream out(file);
  out << (html ? conform::html_of(report) : conform::json_of(report) + "\n");
  out.close();
  if (!out) throw Failure(kFailed, "cannot write " + file);
}

void check_reports(const ConformOptions& options) {
  for (const std::string& file : options.reports) {
    if (file.ends_with(".json") || file.ends_with(".html")) continue;
    throw Failure(kUsageError, fmt::format("--report {}: expected a name that ends in .json or "
                                           ".html",
                                           file));
  }
}

int list(const std::vector<conform::Case>& cases, const conform::Scenario& scenario, bool json) {
  if (json) {
    fmt::print("{}\n", conform::json_of(cases, scenario));
  } else {
    conform::print_list(stdout, cases, scenario);
  }
  return kDone;
}

int test(const ConformOptions& options) {
  check_reports(options);
  const conform::Scenario scenario = scenario_of(options);
  std::vector<conform::Case> cases = conform::all_cases(scenario);
  std::set<std::string, std::less<>> known;
  if (!options.known.empty()) known = conform::read_known(options.known, cases);
  choose(cases, options);
  if (options.list) return list(cases, scenario, options.json);

  conform::Runner runner(scenario, attach(scenario, options.attach));
  std::size_t count = 0;
  const auto results =
      runner.run(cases, [&](const conform::Case* one) { show_progress(one, count, cases.size()); });
  const conform::Report report{scenario, results, known};
  if (options.json) {
    fmt::print("{}\n", conform::json_of(report));
  } else {
    conform::print_failures(stdout, report);
    conform::print_summary(stdout, report);
  }
  for (const std::string& file : options.reports) write_report(file, report);
  return conform::is_good(report) ? kDone : kFailed;
}

int conform_with(const ConformOptions& options) {
  try {
    return test(options);
  } catch (const conform::UsageError& error) {
    throw Failure(kUsageError, error.what());
  } catch (const conform::RunError& error) {
    throw Failure(kFailed, error.what());
  }
}

}  // namespace

void add_conform(CLI::App& app, CommandAction& chosen) {
  CLI::App& command =
      *app.add_subcommand("conform", "Test an IPv4/ICMP router or host, any, against the RFCs");
  const auto options = std::make_shared<ConformOptions>();
  command.add_option("--tun", options->tuns, "TUN device of interface a; again for b and c")
      ->type_name("NAME")
      ->allow_extra_args(false);
  command
      .add_option("--config,-c", options->config, "What the system is and how it is set up (YAML)")
      ->type_name("FILE");
  command
      .add_option("--attach", options->attach,
                  "tun: the kernel of this namespace is tested; packet: who holds the TUN is")
      ->check(CLI::IsMember({"auto", "tun", "packet"}))
      ->capture_default_str();
  command.add_option("--group", options->groups, "Run this group only; may be given again")
      ->type_name("NAME")
      ->allow_extra_args(false);
  command.add_option("--case", options->ids, "Run this case only; may be given again")
      ->type_name("ID")
      ->allow_extra_args(false);
  command
      .add_option("--known", options->known,
                  "Failures that are known, in a Markdown table: exactly these must fail")
      ->type_name("FILE");
  command.add_option("--report", options->reports, "Write a report, FILE.json or FILE.html")
      ->type_name("FILE")
      ->allow_extra_args(false);
  command.add_flag("--list", options->list, "List the cases and run none");
  command.add_flag("--json", options->json, "Print JSON");
  command.footer(kExamples);
  command.callback([options, &chosen] { chosen = [options] { return conform_with(*options); }; });
}

}  // namespace hop
