#pragma once
// What the nodes of a YAML document refer to, and how it is made of yaml-cpp's events.

#include <yaml-cpp/eventhandler.h>
#include <yaml-cpp/mark.h>

#include <cstdint>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "tools/config/yaml_node.hpp"

namespace hop {

/// Every part of a document, in a few large blocks: a network of 100,000 routers has more than a
/// million parts.
struct YamlDocument {
  enum class Kind : std::uint8_t { nothing, scalar, list, map };
  struct Part {
    Kind kind = Kind::nothing;
    std::uint32_t first = 0;  ///< of a scalar: in `scalars`; of a list or map: in `children`
    std::uint32_t count = 0;  ///< of children; those of a map are keys and values in turn
    YAML::Mark place = YAML::Mark::null_mark();
  };

  std::vector<Part> parts;
  std::vector<std::string> scalars;
  std::vector<std::uint32_t> children;  ///< numbers of parts
};

/// Takes the events of one document and makes it.
class YamlBuilder : public YAML::EventHandler {
 public:
  /// The document when its events have all come; nothing when there were none.
  [[nodiscard]] YamlNode root() const;

  void OnDocumentStart(const YAML::Mark& /*mark*/) override {}
  void OnDocumentEnd() override {}
  void OnNull(const YAML::Mark& mark, YAML::anchor_t anchor) override;
  void OnAlias(const YAML::Mark& mark, YAML::anchor_t anchor) override;
  void OnScalar(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor,
                const std::string& value) override;
  void OnSequenceStart(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor,
                       YAML::EmitterStyle::value style) override;
  void OnSequenceEnd() override { end(YamlDocument::Kind::list); }
  void OnMapStart(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor,
                  YAML::EmitterStyle::value style) override;
  void OnMapEnd() override { end(YamlDocument::Kind::map); }

 private:
  /// A list or map whose end has not come.
  struct Open {
    YAML::Mark place = YAML::Mark::null_mark();
    YAML::anchor_t anchor;
    std::size_t first;  // of its children in pending_
  };

  void add(const YamlDocument::Part& part, YAML::anchor_t anchor);
  void end(YamlDocument::Kind kind);

  std::shared_ptr<YamlDocument> document_ = std::make_shared<YamlDocument>();
  std::vector<Open> open_;
  std::vector<std::uint32_t> pending_;  // complete parts whose parents are open
  std::map<YAML::anchor_t, std::uint32_t> anchors_;
};

}  // namespace hop
