#pragma once
// Collects what is not as usual.

#include <fmt/format.h>

#include <string>
#include <string_view>
#include <utility>

#include "tools/config/units.hpp"
#include "tools/explain/settings.hpp"

namespace hop {

/// Settings in the making.
class SettingList {
 public:
  void add(std::string key, std::string value) {
    settings_.push_back({std::move(key), std::move(value)});
  }
  /// A value that differs from `usual`, as `text` writes it.
  template <class T, class Text>
  void add_if(bool differs, std::string key, const T& value, Text text) {
    if (differs) add(std::move(key), text(value));
  }
  void flag(std::string key, bool value, bool usual) {
    if (value != usual) add(std::move(key), value ? "true" : "false");
  }
  void word(std::string key, bool differs, std::string_view value) {
    if (differs) add(std::move(key), std::string{value});
  }
  template <class T>
  void number(std::string key, T value, T usual) {
    if (value != usual) add(std::move(key), std::to_string(value));
  }
  void duration(std::string key, Duration value, Duration usual) {
    if (value != usual) add(std::move(key), duration_text(value));
  }
  /// Settings of a map within this one.
  void map(std::string_view key, const Settings& inner) {
    for (const Setting& one : inner) add(fmt::format("{}.{}", key, one.key), one.value);
  }
  /// A map of settings as one value, `true` or `false`, and what is special.
  void discovery(const DiscoveryPolicy& policy) {
    add("router-discovery", policy.on ? "true" : "false");
    map("router-discovery", settings_of(policy));
  }
  [[nodiscard]] Settings take() { return std::move(settings_); }

 private:
  Settings settings_;
};

/// "[a, b]", as YAML has lists.
template <class Items, class Text>
[[nodiscard]] std::string list_text(const Items& items, Text text) {
  std::string list;
  for (const auto& item : items) list += (list.empty() ? "" : ", ") + std::string{text(item)};
  return '[' + list + ']';
}

[[nodiscard]] inline std::string list_text(const std::vector<std::string>& words) {
  return list_text(words, [](const std::string& word) { return word; });
}

/// A prefix as routes and filters write it.
[[nodiscard]] inline std::string destination_text(const Prefix& prefix) {
  return prefix == Prefix{} ? "default" : to_string(prefix);
}

}  // namespace hop
