#pragma once
// Results for people and for programs.

#include <cstdio>
#include <set>

#include "tools/conform/runner.hpp"

namespace hop::conform {

/// What was run on what, and how it came out.
struct Report {
  const Scenario& scenario;
  const std::vector<Result>& results;
  /// Cases that are known to fail, by id.
  std::set<std::string, std::less<>> known;
};

/// How many of some cases came out how.
struct Tally {
  unsigned passed = 0, failed = 0, known = 0, not_run = 0;
};

/// Counts, by the word that `of` gives each case, in the order in which the words first come.
using Tallies = std::vector<std::pair<std::string, Tally>>;
[[nodiscard]] Tallies tally(const Report& report, std::string (*of)(const Case&));
[[nodiscard]] Tallies tally_groups(const Report& report);
[[nodiscard]] Tallies tally_clauses(const Report& report);
[[nodiscard]] Tallies tally_levels(const Report& report);

/// Reads the ids of known failures: what stands in backquotes in the first column of the tables of
/// a Markdown file. Throws UsageError if it cannot be read or names a case that does not exist.
[[nodiscard]] std::set<std::string, std::less<>> read_known(const std::string& file,
                                                            const std::vector<Case>& cases);

/// Whether what the exit status is about is right: no case of MUST or SHOULD fails but known ones,
/// and no known one passes.
[[nodiscard]] bool is_good(const Report& report);

/// "FAIL id (level, clause): expected …; got …" for each failure, then the tables.
void print_failures(std::FILE* to, const Report& report);
void print_summary(std::FILE* to, const Report& report);
/// One line a case: id, level, clause, rule.
void print_list(std::FILE* to, const std::vector<Case>& cases, const Scenario& scenario);

/// One JSON object; README.md has its form.
[[nodiscard]] std::string json_of(const Report& report);
/// The cases themselves, without results.
[[nodiscard]] std::string json_of(const std::vector<Case>& cases, const Scenario& scenario);
/// One HTML file that needs no other.
[[nodiscard]] std::string html_of(const Report& report);

/// What came back, in one line; "silence" if nothing did.
[[nodiscard]] std::string describe(const Observation& seen);
/// "passed", "failed", "known" or "not-run".
[[nodiscard]] std::string_view word_for(const Report& report, const Result& result);

}  // namespace hop::conform
