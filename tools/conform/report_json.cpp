// The report for programs. Written by hand: five kinds of values are not worth a library.

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>

#include "tools/conform/report.hpp"

namespace hop::conform {

namespace {

constexpr std::size_t kMostPackets = 32;  // of a case; the rest is counted

std::string quoted(std::string_view text) {
  std::string out = "\"";
  for (const char c : text) {
    if (c == '"' || c == '\\') out += '\\';
    if (static_cast<unsigned char>(c) < 0x20) {
      out += fmt::format("\\u{:04x}", static_cast<unsigned>(c));
    } else {
      out += c;
    }
  }
  return out + '"';
}

std::string packets(const Observation& seen) {
  std::vector<std::string> items;
  for (std::size_t i = 0; i < std::min(seen.size(), kMostPackets); ++i) {
    items.push_back(fmt::format(R"({{"interface":"{}","text":{},"hex":"{}"}})",
                                letter(seen[i].side), quoted(describe(View(seen[i].packet))),
                                hex(seen[i].packet)));
  }
  return fmt::format("[{}]", fmt::join(items, ","));
}

std::string words(const std::vector<std::string_view>& list) {
  std::vector<std::string> items;
  for (const std::string_view word : list) items.push_back(quoted(word));
  return fmt::format("[{}]", fmt::join(items, ","));
}

/// The members of a case that are known before it runs.
std::string members(const Case& one) {
  return fmt::format(
      R"("id":{},"group":{},"level":"{}","clause":{},"rule":{},"expected":{},"needs":{},"sent_count":{},"sent":{})",
      quoted(one.id), quoted(one.group()), name(one.level), quoted(one.clause), quoted(one.rule),
      quoted(one.expected.text), words(one.needs), one.inputs.size(), packets(one.inputs));
}

std::string result_of(const Report& report, const Result& result) {
  return fmt::format(R"({{{},"outcome":"{}","why":{},"got_count":{},"got":{}}})",
                     members(*result.of), word_for(report, result), quoted(result.why),
                     result.got.size(), packets(result.got));
}

std::string tallies(const Tallies& all) {
  std::vector<std::string> items;
  for (const auto& [word, t] : all) {
    items.push_back(fmt::format(R"({}:{{"passed":{},"failed":{},"known":{},"not-run":{}}})",
                                quoted(word), t.passed, t.failed, t.known, t.not_run));
  }
  return fmt::format("{{{}}}", fmt::join(items, ","));
}

std::string system_of(const Scenario& scenario) {
  std::vector<std::string> items;
  for (const Interface& i : scenario.interfaces) {
    items.push_back(fmt::format(R"({{"device":{},"address":"{}/{}","mtu":{}}})", quoted(i.device),
                                to_string(i.address), i.subnet.length, i.mtu));
  }
  const std::vector<std::string_view> features(scenario.features.begin(), scenario.features.end());
  return fmt::format(R"({{"name":{},"kind":"{}","interfaces":[{}],"features":{}}})",
                     quoted(scenario.name), scenario.router ? "router" : "host",
                     fmt::join(items, ","), words(features));
}

}  // namespace

std::string json_of(const Report& report) {
  std::vector<std::string> cases;
  for (const Result& result : report.results) cases.push_back(result_of(report, result));
  return fmt::format(
      R"({{"format":1,"system":{},"good":{},"levels":{},"groups":{},"clauses":{},"cases":[{}]}})",
      system_of(report.scenario), is_good(report), tallies(tally_levels(report)),
      tallies(tally_groups(report)), tallies(tally_clauses(report)), fmt::join(cases, ","));
}

std::string json_of(const std::vector<Case>& cases, const Scenario& scenario) {
  std::vector<std::string> items;
  for (const Case& one : cases) items.push_back(fmt::format("{{{}}}", members(one)));
  return fmt::format(R"({{"format":1,"system":{},"cases":[{}]}})", system_of(scenario),
                     fmt::join(items, ","));
}

}  // namespace hop::conform
