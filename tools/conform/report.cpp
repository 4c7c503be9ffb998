#include "tools/conform/report.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <fstream>

#include "tools/conform/error.hpp"

namespace hop::conform {

namespace {

constexpr std::size_t kShown = 4;  // packets in a line

void count(Tally& tally, std::string_view word) {
  if (word == "passed") ++tally.passed;
  if (word == "failed") ++tally.failed;
  if (word == "known") ++tally.known;
  if (word == "not-run") ++tally.not_run;
}

void print_table(std::FILE* to, const char* title, const Tallies& tallies) {
  fmt::print(to, "\n{:<40} passed  failed   known not run\n", title);
  for (const auto& [word, t] : tallies) {
    fmt::print(to, "{:<40} {:>6} {:>7} {:>7} {:>7}\n", word, t.passed, t.failed, t.known,
               t.not_run);
  }
}

bool matters(const Case& one) { return one.level == Level::must || one.level == Level::should; }

/// The id of a row such as "| `id` | ... |" of a table; empty for other lines.
std::string_view id_of_row(std::string_view line) {
  constexpr std::string_view kBegin = "| `";
  const std::size_t end = line.find("` |");
  const bool is_row = line.starts_with(kBegin) && end != std::string_view::npos;
  return is_row ? line.substr(kBegin.size(), end - kBegin.size()) : std::string_view{};
}

}  // namespace

std::string describe(const Observation& seen) {
  if (seen.empty()) return "silence";
  std::string text;
  for (std::size_t i = 0; i < std::min(seen.size(), kShown); ++i) {
    text += fmt::format("{}{}: {}", i == 0 ? "" : "; ", letter(seen[i].side),
                        describe(View(seen[i].packet)));
  }
  if (seen.size() > kShown) text += fmt::format("; and {} more", seen.size() - kShown);
  return text;
}

std::string_view word_for(const Report& report, const Result& result) {
  switch (result.outcome) {
    case Outcome::passed:
      return "passed";
    case Outcome::not_run:
      return "not-run";
    case Outcome::failed:
      break;
  }
  return report.known.contains(result.of->id) ? "known" : "failed";
}

Tallies tally(const Report& report, std::string (*of)(const Case&)) {
  Tallies tallies;
  for (const Result& result : report.results) {
    const std::string word = of(*result.of);
    auto at = std::ranges::find(tallies, word, &Tallies::value_type::first);
    if (at == tallies.end()) at = tallies.insert(at, {word, {}});
    count(at->second, word_for(report, result));
  }
  return tallies;
}

Tallies tally_groups(const Report& report) {
  return tally(report, [](const Case& one) { return std::string(one.group()); });
}

Tallies tally_clauses(const Report& report) {
  Tallies tallies = tally(report, [](const Case& one) { return one.clause; });
  std::ranges::sort(tallies, {}, &Tallies::value_type::first);
  return tallies;
}

Tallies tally_levels(const Report& report) {
  return tally(report, [](const Case& one) { return std::string(name(one.level)); });
}

std::set<std::string, std::less<>> read_known(const std::string& file,
                                              const std::vector<Case>& cases) {
  std::ifstream in(file);
  if (!in) throw UsageError(fmt::format("cannot read {}", file));
  std::set<std::string, std::less<>> known;
  for (std::string line; std::getline(in, line);) {
    const std::string id{id_of_row(line)};
    if (id.empty()) continue;
    if (std::ranges::find(cases, id, &Case::id) == cases.end()) {
      throw UsageError(fmt::format("{}: there is no case '{}'", file, id));
    }
    known.insert(id);
  }
  return known;
}

bool is_good(const Report& report) {
  return std::ranges::none_of(report.results, [&](const Result& result) {
    const std::string_view word = word_for(report, result);
    if (word == "passed") return report.known.contains(result.of->id);
    return word == "failed" && (matters(*result.of) || !report.known.empty());
  });
}

void print_failures(std::FILE* to, const Report& report) {
  for (const Result& result : report.results) {
    const Case& one = *result.of;
    const std::string_view word = word_for(report, result);
    if (word == "failed") {
      fmt::print(to, "FAIL {} ({}, {}): expected {}; got {} ({})\n", one.id, name(one.level),
                 one.clause, one.expected.text, describe(result.got), result.why);
    } else if (word == "passed" && report.known.contains(one.id)) {
      fmt::print(to, "PASS {}: it is listed as a known failure, but passes\n", one.id);
    }
  }
}

void print_summary(std::FILE* to, const Report& report) {
  print_table(to, "clause", tally_clauses(report));
  print_table(to, "group", tally_groups(report));
  print_table(to, "level", tally_levels(report));
  const Tallies all = tally(report, [](const Case&) { return std::string("all"); });
  print_table(to, "", all);
}

void print_list(std::FILE* to, const std::vector<Case>& cases, const Scenario& scenario) {
  for (const Case& one : cases) {
    const bool runs = std::ranges::all_of(one.needs, [&](auto need) { return scenario.has(need); });
    fmt::print(to, "{:<52} {:<6} {:<34} {}{}\n", one.id, name(one.level), one.clause, one.rule,
               runs ? "" : " [not run here]");
  }
}

}  // namespace hop::conform
