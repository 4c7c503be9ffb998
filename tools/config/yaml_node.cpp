#include "tools/config/yaml_node.hpp"

#include "tools/config/yaml_document.hpp"

namespace hop {

namespace {

using Kind = YamlDocument::Kind;
using Part = YamlDocument::Part;

Part part_of(const YamlDocument* document, std::uint32_t part) {
  return document == nullptr ? Part{} : document->parts[part];
}

}  // namespace

bool YamlNode::is_null() const { return part_of(document_.get(), part_).kind == Kind::nothing; }
bool YamlNode::is_scalar() const { return part_of(document_.get(), part_).kind == Kind::scalar; }
bool YamlNode::is_list() const { return part_of(document_.get(), part_).kind == Kind::list; }
bool YamlNode::is_map() const { return part_of(document_.get(), part_).kind == Kind::map; }

YAML::Mark YamlNode::place() const { return part_of(document_.get(), part_).place; }

const std::string& YamlNode::scalar() const {
  static const std::string kNone;
  const Part part = part_of(document_.get(), part_);
  return part.kind == Kind::scalar ? document_->scalars[part.first] : kNone;
}

std::size_t YamlNode::size() const {
  const Part part = part_of(document_.get(), part_);
  return part.kind == Kind::map ? part.count / 2 : part.count;
}

YamlNode YamlNode::find(std::string_view wanted) const {
  if (!is_map()) return {};
  for (std::size_t i = 0; i < size(); ++i) {
    if (key(i).scalar() == wanted) return value(i);
  }
  return {};
}

YamlNode YamlNode::child(std::size_t at) const {
  return {document_, document_->children[document_->parts[part_].first + at]};
}

}  // namespace hop
