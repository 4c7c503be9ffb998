#pragma once
// What is wrong with a topology file, and where.

#include <yaml-cpp/mark.h>

#include <string>
#include <string_view>
#include <vector>

#include "tools/config/yaml_node.hpp"

namespace hop {

/// One mistake in a file. Lines and columns count from 1.
struct ConfigError {
  std::string file;
  int line = 1;
  int column = 1;
  std::string message;
};

/// "lab.yaml:3:5: unknown key 'delai'; did you mean 'delay'?", the form that editors jump to.
[[nodiscard]] std::string to_string(const ConfigError& error);

/// Collects mistakes while a file is read, so that all of them are told at once.
class Findings {
 public:
  explicit Findings(std::string_view file) : file_(file) {}

  void add(const YAML::Mark& at, std::string message);
  /// The value of the key at `at` is read from here on. yaml-cpp places a value that was left out
  /// where the next token is, lines later perhaps; mistakes about it are placed at the key.
  void enter(const YAML::Mark& at) { key_ = at; }
  /// The place of a node.
  [[nodiscard]] YAML::Mark place_of(const YamlNode& node) const;
  /// "expected router or host, found 'switch'", at the node.
  void expected(std::string_view what, const YamlNode& found, std::string_view hint = "");

  [[nodiscard]] std::size_t size() const { return errors_.size(); }
  [[nodiscard]] bool empty() const { return errors_.empty(); }
  /// The mistakes in the order of the file.
  [[nodiscard]] std::vector<ConfigError> sorted() const;

 private:
  std::string file_;
  YAML::Mark key_;
  std::vector<ConfigError> errors_;
};

/// The line of a mark as people count it.
[[nodiscard]] int line_of(const YAML::Mark& mark);

}  // namespace hop
