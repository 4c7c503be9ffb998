#include "tools/config/yaml_text.hpp"

#include <fmt/format.h>
#include <yaml-cpp/yaml.h>

#include <algorithm>
#include <sstream>
#include <string>

#include "tools/config/yaml_document.hpp"

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

/// Builds the first document, and looks for more behind it. (YAML::LoadAll() does not return when
/// it finds a stray bracket there.)
YamlNode parse_one(Findings& findings, const std::string& text) {
  std::istringstream stream(text);
  YAML::Parser parser(stream);
  YamlBuilder builder;
  DocumentStarts starts;
  if (parser.HandleNextDocument(builder) && parser.HandleNextDocument(starts)) {
    findings.add(starts.last,
                 "expected the end of the file, found a second document or a stray bracket");
    return {};
  }
  return builder.root();
}

void emit(YAML::Emitter& text, const YamlNode& node) {
  if (node.is_map()) {
    text << YAML::BeginMap;
    for (std::size_t i = 0; i < node.size(); ++i) {
      text << YAML::Key;
      emit(text, node.key(i));
      text << YAML::Value;
      emit(text, node.value(i));
    }
    text << YAML::EndMap;
  } else if (node.is_list()) {
    text << YAML::BeginSeq;
    for (std::size_t i = 0; i < node.size(); ++i) emit(text, node.item(i));
    text << YAML::EndSeq;
  } else if (node.is_scalar()) {
    text << node.scalar();
  } else {
    text << YAML::Null;
  }
}

}  // namespace

std::optional<YamlNode> parse_yaml(Findings& findings, std::string_view text) {
  try {
    YamlNode node = parse_one(findings, std::string{text});
    if (!node.is_null()) return node;
    if (findings.empty()) {
      findings.add({}, "the file is empty; expected at least 'tuns', 'nodes' and 'links'");
    }
  } catch (const YAML::Exception& error) {
    report_syntax(findings, error, text);
  }
  return std::nullopt;
}

std::string flow_text(const YamlNode& node) {
  YAML::Emitter text;
  text.SetMapFormat(YAML::Flow);
  text.SetSeqFormat(YAML::Flow);
  emit(text, node);
  return text.c_str();
}

}  // namespace hop
