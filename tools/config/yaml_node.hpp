#pragma once
// A YAML document as a tree that is only read.

#include <yaml-cpp/mark.h>

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

namespace hop {

struct YamlDocument;

/// A part of a document: a scalar, a list, a map, or nothing. Copies are other names of the same
/// part; the document lives as long as one of them.
class YamlNode {
 public:
  /// Nothing.
  YamlNode() = default;
  YamlNode(std::shared_ptr<const YamlDocument> document, std::uint32_t part)
      : document_(std::move(document)), part_(part) {}

  [[nodiscard]] bool is_null() const;
  [[nodiscard]] bool is_scalar() const;
  [[nodiscard]] bool is_list() const;
  [[nodiscard]] bool is_map() const;
  /// Where it begins; of nothing, where the next token is.
  [[nodiscard]] YAML::Mark place() const;
  /// The text of a scalar; of anything else empty.
  [[nodiscard]] const std::string& scalar() const;

  /// Items of a list, or entries of a map in the order of the file; of anything else 0.
  [[nodiscard]] std::size_t size() const;
  /// Of a list, `at` below size().
  [[nodiscard]] YamlNode item(std::size_t at) const { return child(at); }
  /// Of a map, `at` below size().
  [[nodiscard]] YamlNode key(std::size_t at) const { return child(2 * at); }
  [[nodiscard]] YamlNode value(std::size_t at) const { return child(2 * at + 1); }
  /// The value of the key `wanted` of a map; nothing if it has none of that name, or is no map.
  [[nodiscard]] YamlNode find(std::string_view wanted) const;

 private:
  [[nodiscard]] YamlNode child(std::size_t at) const;

  std::shared_ptr<const YamlDocument> document_;
  std::uint32_t part_ = 0;
};

}  // namespace hop
