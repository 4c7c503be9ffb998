#include "tools/config/yaml_document.hpp"

#include <yaml-cpp/exceptions.h>

namespace hop {

using Kind = YamlDocument::Kind;

YamlNode YamlBuilder::root() const {
  return pending_.empty() ? YamlNode{} : YamlNode{document_, pending_.front()};
}

void YamlBuilder::OnNull(const YAML::Mark& mark, YAML::anchor_t anchor) {
  add({.kind = Kind::nothing, .place = mark}, anchor);
}

void YamlBuilder::OnScalar(const YAML::Mark& mark, const std::string& /*tag*/,
                           YAML::anchor_t anchor, const std::string& value) {
  const auto first = static_cast<std::uint32_t>(document_->scalars.size());
  document_->scalars.push_back(value);
  add({.kind = Kind::scalar, .first = first, .place = mark}, anchor);
}

void YamlBuilder::OnAlias(const YAML::Mark& mark, YAML::anchor_t anchor) {
  const auto at = anchors_.find(anchor);
  if (at == anchors_.end()) throw YAML::ParserException(mark, "an alias of what it is a part of");
  pending_.push_back(at->second);
}

void YamlBuilder::OnSequenceStart(const YAML::Mark& mark, const std::string& /*tag*/,
                                  YAML::anchor_t anchor, YAML::EmitterStyle::value /*style*/) {
  open_.push_back({.place = mark, .anchor = anchor, .first = pending_.size()});
}

void YamlBuilder::OnMapStart(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor,
                             YAML::EmitterStyle::value style) {
  OnSequenceStart(mark, tag, anchor, style);
}

void YamlBuilder::add(const YamlDocument::Part& part, YAML::anchor_t anchor) {
  const auto number = static_cast<std::uint32_t>(document_->parts.size());
  document_->parts.push_back(part);
  pending_.push_back(number);
  if (anchor != YAML::NullAnchor) anchors_[anchor] = number;
}

void YamlBuilder::end(Kind kind) {
  const Open open = open_.back();
  open_.pop_back();
  const auto first = static_cast<std::uint32_t>(document_->children.size());
  const auto begin = pending_.begin() + static_cast<std::ptrdiff_t>(open.first);
  document_->children.insert(document_->children.end(), begin, pending_.end());
  const auto count = static_cast<std::uint32_t>(pending_.end() - begin);
  pending_.erase(begin, pending_.end());
  add({.kind = kind, .first = first, .count = count, .place = open.place}, open.anchor);
}

}  // namespace hop
