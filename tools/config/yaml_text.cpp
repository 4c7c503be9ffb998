#include "tools/config/yaml_text.hpp"

#include <fmt/format.h>
#include <yaml-cpp/eventhandler.h>

#include <algorithm>
#include <sstream>
#include <string>

namespace hop {

namespace {

/// yaml-cpp has poor words for the most usual mistake.
std::optional<YAML::Mark> find_tab_indentation(std::string_view text) {
  YAML::Mark at;
  for (at.line = 0; !text.empty(); ++at.line) {
    const std::string_view line = text.substr(0, text.find('\n'));
    const std::size_t content = std::min(line.find_first_not_of(" \t"), line.size());
    at.column = static_cast<int>(line.substr(0, content).find('\t'));
    if (at.column >= 0 && content < line.size()) return at;
    text.remove_prefix(std::min(line.size() + 1, text.size()));
  }
  return std::nullopt;
}

void report_syntax(Findings& findings, const YAML::Exception& error, std::string_view text) {
  if (const auto tab = find_tab_indentation(text)) {
    findings.add(*tab, "a tab in the indentation; YAML takes spaces only");
  } else {
    findings.add(error.mark, fmt::format("not valid YAML: {}", error.msg));
  }
}

/// Where documents begin.
class DocumentStarts : public YAML::EventHandler {
 public:
  void OnDocumentStart(const YAML::Mark& mark) override { last = mark; }
  void OnDocumentEnd() override {}
  void OnNull(const YAML::Mark&, YAML::anchor_t) override {}
  void OnAlias(const YAML::Mark&, YAML::anchor_t) override {}
  void OnScalar(const YAML::Mark&, const std::string&, YAML::anchor_t,
                const std::string&) override {}
  void OnSequenceStart(const YAML::Mark&, const std::string&, YAML::anchor_t,
                       YAML::EmitterStyle::value) override {}
  void OnSequenceEnd() override {}
  void OnMapStart(const YAML::Mark&, const std::string&, YAML::anchor_t,
                  YAML::EmitterStyle::value) override {}
  void OnMapEnd() override {}

  YAML::Mark last;
};

/// Where there is more behind the first document. YAML::Load() does not look there, and
/// YAML::LoadAll() does not return when it finds a stray bracket.
std::optional<YAML::Mark> find_more(const std::string& text) {
  std::istringstream stream(text);
  YAML::Parser parser(stream);
  DocumentStarts starts;
  const bool more = parser.HandleNextDocument(starts) && parser.HandleNextDocument(starts);
  return more ? std::optional{starts.last} : std::nullopt;
}

YAML::Node parse_one(Findings& findings, const std::string& text) {
  const std::optional<YAML::Mark> more = find_more(text);
  if (!more) return YAML::Load(text);
  findings.add(*more, "expected the end of the file, found a second document or a stray bracket");
  return {};
}

}  // namespace

std::optional<YAML::Node> parse_yaml(Findings& findings, std::string_view text) {
  try {
    YAML::Node node = parse_one(findings, std::string{text});
    if (!node.IsNull()) return node;
    if (findings.empty()) {
      findings.add({}, "the file is empty; expected at least 'tuns', 'nodes' and 'links'");
    }
  } catch (const YAML::Exception& error) {
    report_syntax(findings, error, text);
  }
  return std::nullopt;
}

}  // namespace hop
