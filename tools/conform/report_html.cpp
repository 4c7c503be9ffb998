// The report for people: one HTML file.

#include <fmt/format.h>

#include <algorithm>

#include "tools/conform/report.hpp"

namespace hop::conform {

namespace {

constexpr std::size_t kMostPackets = 16;

constexpr const char* kHead = R"(<!DOCTYPE html>
<html lang="en"><head><meta charset="utf-8"><title>IPv4 and ICMP conformance</title><style>
body{font:15px/1.45 system-ui,sans-serif;max-width:72em;margin:2em auto;padding:0 1em;color:#222}
table{border-collapse:collapse;margin:.5em 0 1.5em}
th,td{text-align:left;padding:.2em .8em;border-bottom:1px solid #ddd}
td.n{text-align:right}.failed{color:#b00020}.known{color:#9a5b00}.passed{color:#1b6e2c}
.not-run{color:#777}tr.bad td{background:#fdecee}
details{margin:.15em 0}summary{cursor:pointer}code,pre{font:13px/1.4 ui-monospace,monospace}
pre{white-space:pre-wrap;word-break:break-all;background:#f6f6f6;padding:.5em;margin:.2em 0}
dt{font-weight:600;margin-top:.4em}dd{margin-left:1.5em}
</style></head><body>
)";

std::string escaped(std::string_view text) {
  std::string out;
  for (const char c : text) {
    switch (c) {
      case '&':
        out += "&amp;";
        break;
      case '<':
        out += "&lt;";
        break;
      case '>':
        out += "&gt;";
        break;
      case '"':
        out += "&quot;";
        break;
      default:
        out += c;
    }
  }
  return out;
}

std::string table(const char* title, const Tallies& tallies) {
  std::string out = fmt::format(
      "<h2>Per {0}</h2><table><tr><th>{0}</th><th>passed</th><th>failed</th>"
      "<th>known</th><th>not run</th></tr>\n",
      title);
  for (const auto& [word, t] : tallies) {
    out += fmt::format(
        "<tr{}><td>{}</td><td class=n>{}</td><td class=n>{}</td><td class=n>{}</td>"
        "<td class=n>{}</td></tr>\n",
        t.failed > 0 ? " class=bad" : "", escaped(word), t.passed, t.failed, t.known, t.not_run);
  }
  return out + "</table>\n";
}

std::string packets(const Observation& seen) {
  if (seen.empty()) return "<dd>silence</dd>\n";
  std::string out;
  for (std::size_t i = 0; i < std::min(seen.size(), kMostPackets); ++i) {
    out += fmt::format("<dd>{}: {}<pre>{}</pre></dd>\n", letter(seen[i].side),
                       escaped(describe(View(seen[i].packet))), hex(seen[i].packet));
  }
  if (seen.size() > kMostPackets) {
    out += fmt::format("<dd>and {} more</dd>\n", seen.size() - kMostPackets);
  }
  return out;
}

std::string details(const Report& report, const Result& result) {
  const Case& one = *result.of;
  const std::string_view word = word_for(report, result);
  std::string out = fmt::format(
      "<details{}><summary><span class=\"{}\">{}</span> <code>{}</code> {} · {}</summary><dl>\n",
      word == "failed" ? " open" : "", word, word, escaped(one.id), name(one.level),
      escaped(one.clause));
  out += fmt::format("<dt>Rule</dt><dd>{}</dd><dt>Sent</dt>\n{}", escaped(one.rule),
                     packets(one.inputs));
  out += fmt::format("<dt>Expected</dt><dd>{}</dd>\n", escaped(one.expected.text));
  if (result.outcome != Outcome::not_run) out += "<dt>Got</dt>\n" + packets(result.got);
  if (!result.why.empty()) out += fmt::format("<dt>Why</dt><dd>{}</dd>\n", escaped(result.why));
  return out + "</dl></details>\n";
}

std::string heading(const Report& report) {
  std::string out =
      fmt::format("<h1>IPv4 and ICMP conformance</h1>\n<p>{}, {}", escaped(report.scenario.name),
                  report.scenario.router ? "a router" : "a host");
  for (const Interface& i : report.scenario.interfaces) {
    out += fmt::format(" · {} {}/{}, MTU {}", escaped(i.device), to_string(i.address),
                       i.subnet.length, i.mtu);
  }
  return out + "</p>\n";
}

}  // namespace

std::string html_of(const Report& report) {
  std::string out = kHead + heading(report);
  out += table("level", tally_levels(report)) + table("clause", tally_clauses(report)) +
         table("group", tally_groups(report)) + "<h2>Cases</h2>\n";
  std::string_view group;
  for (const Result& result : report.results) {
    if (result.of->group() != group) {
      group = result.of->group();
      out += fmt::format("<h3>{}</h3>\n", escaped(group));
    }
    out += details(report, result);
  }
  return out + "</body></html>\n";
}

}  // namespace hop::conform
