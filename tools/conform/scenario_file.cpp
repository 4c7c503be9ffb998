// The configuration file of the suite. YAML, read strictly.

#include <fmt/format.h>
#include <yaml-cpp/yaml.h>

#include <algorithm>

#include "tools/conform/error.hpp"
#include "tools/conform/scenario.hpp"

namespace hop::conform {

namespace {

class Reader {
 public:
  explicit Reader(std::string file) : file_(std::move(file)) {}

  [[noreturn]] void fail(const YAML::Node& at, const std::string& what) const {
    throw UsageError(
        fmt::format("{}:{}:{}: {}", file_, at.Mark().line + 1, at.Mark().column + 1, what));
  }

  void want_map(const YAML::Node& node, std::string_view words) const {
    if (!node.IsMap()) fail(node, fmt::format("expected {}", words));
  }

  template <typename T>
  T number(const YAML::Node& node, T least, T most) const {
    T value{};
    const bool is_number = node.IsScalar() && YAML::convert<T>::decode(node, value);
    if (!is_number || value < least || value > most) {
      fail(node, fmt::format("expected a number from {} to {}", least, most));
    }
    return value;
  }

  std::string word(const YAML::Node& node) const {
    if (!node.IsScalar()) fail(node, "expected a word");
    return node.Scalar();
  }

  Block block(const YAML::Node& node) const {
    const auto found = Block::parse(word(node));
    if (!found) fail(node, "expected a prefix such as 198.18.20.0/24");
    return *found;
  }

  std::chrono::seconds seconds(const YAML::Node& node) const {
    std::string text = word(node);
    if (!text.ends_with('s')) fail(node, "expected seconds, such as 30s");
    text.pop_back();
    int value = 0;
    const bool is_number = YAML::convert<int>::decode(YAML::Node(text), value);
    if (!is_number || value < 1 || value > 3600) fail(node, "expected 1s to 3600s");
    return std::chrono::seconds(value);
  }

  void interfaces(const YAML::Node& node, Scenario& into) const;
  void routes(const YAML::Node& node, Scenario& into) const;
  void features(const YAML::Node& node, Scenario& into) const;
  void scenario(const YAML::Node& root, Scenario& into) const;

 private:
  Interface interface(const YAML::Node& node) const;
  void address(const YAML::Node& node, Interface& into) const;
  void key(const std::string& key, const YAML::Node& at, const YAML::Node& value,
           Scenario& into) const;

  std::string file_;
};

// ADDRESS/LENGTH: the system's own address with the length of its subnet.
void Reader::address(const YAML::Node& node, Interface& into) const {
  const std::string text = word(node);
  const auto slash = text.find('/');
  const auto own = Address::parse(std::string_view(text).substr(0, slash));
  if (slash == std::string::npos || !own) fail(node, "expected an address such as 198.18.1.1/24");
  const auto length = Block::parse("0.0.0.0" + text.substr(slash));
  if (!length || length->length < 8 || length->length > 24) {
    fail(node, "expected a subnet of length 8 to 24: the suite plays its other hosts");
  }
  const std::uint32_t mask = ~0U << (32 - length->length);
  into.address = *own;
  into.subnet = {{own->value & mask}, length->length};
}

Interface Reader::interface(const YAML::Node& node) const {
  want_map(node, "a map such as { device: tun0, address: 198.18.1.1/24, mtu: 1500 }");
  Interface result;
  for (const auto& entry : node) {
    const std::string name = word(entry.first);
    if (name == "device") {
      result.device = word(entry.second);
    } else if (name == "address") {
      address(entry.second, result);
    } else if (name == "mtu") {
      result.mtu = number<unsigned>(entry.second, 68, 65535);
    } else if (name == "name") {
      result.name = word(entry.second);
    } else if (name == "index") {
      result.index = number<unsigned>(entry.second, 1, 0x7fffffff);
    } else {
      fail(entry.first,
           fmt::format("unknown key '{}'; expected device, address, mtu, name or index", name));
    }
  }
  if (result.device.empty()) fail(node, "'device' is missing");
  if (result.subnet.length == 0) fail(node, "'address' is missing");
  return result;
}

void Reader::interfaces(const YAML::Node& node, Scenario& into) const {
  want_map(node, "a map of the interfaces a, b and c");
  into.interfaces.clear();
  for (const char* name : {"a", "b", "c"}) {
    if (!node[name]) break;
    into.interfaces.push_back(interface(node[name]));
  }
  if (into.interfaces.size() != node.size()) {
    fail(node, "expected the interfaces a, or a and b, or a, b and c, each once");
  }
}

void Reader::routes(const YAML::Node& node, Scenario& into) const {
  want_map(node, "a map from kinds of routes to prefixes");
  into.routes.clear();
  for (const auto& entry : node) {
    const std::string name = word(entry.first);
    if (!known_routes().contains(name)) fail(entry.first, fmt::format("unknown route '{}'", name));
    into.routes[name] = block(entry.second);
  }
}

void Reader::features(const YAML::Node& node, Scenario& into) const {
  if (!node.IsSequence()) fail(node, "expected a list of features");
  into.features.clear();
  for (const auto& item : node) {
    const std::string name = word(item);
    if (!known_features().contains(name)) fail(item, fmt::format("unknown feature '{}'", name));
    into.features.insert(name);
  }
}

void Reader::key(const std::string& key, const YAML::Node& at, const YAML::Node& value,
                 Scenario& into) const {
  if (key == "kind") {
    const std::string kind = word(value);
    if (kind != "router" && kind != "host") fail(value, "expected router or host");
    into.router = kind == "router";
  } else if (key == "interfaces") {
    interfaces(value, into);
  } else if (key == "routes") {
    routes(value, into);
  } else if (key == "features") {
    features(value, into);
  } else if (key == "reassembly-timeout") {
    into.reassembly_timeout = seconds(value);
  } else if (key == "closed-port") {
    into.closed_port = number<unsigned>(value, 1, 65535);
  } else if (key == "shared-name") {
    into.shared_name = word(value);
  } else {
    fail(at, fmt::format("unknown key '{}'; expected kind, interfaces, routes, features, "
                         "reassembly-timeout, closed-port or shared-name",
                         key));
  }
}

void Reader::scenario(const YAML::Node& root, Scenario& into) const {
  want_map(root, "a map with 'interfaces'");
  std::vector<std::string> seen;
  for (const auto& entry : root) {
    const std::string name = word(entry.first);
    if (std::ranges::count(seen, name) > 0) fail(entry.first, fmt::format("'{}' twice", name));
    seen.push_back(name);
    key(name, entry.first, entry.second, into);
  }
}

}  // namespace

Scenario Scenario::load(const std::string& file) {
  Scenario result = standard();
  result.name = file;
  result.routes.clear();  // what a file does not say the system has not got
  result.features.clear();
  try {
    Reader(file).scenario(YAML::LoadFile(file), result);
  } catch (const YAML::BadFile&) {
    throw UsageError(fmt::format("cannot read {}", file));
  } catch (const YAML::ParserException& error) {
    throw UsageError(
        fmt::format("{}:{}:{}: {}", file, error.mark.line + 1, error.mark.column + 1, error.msg));
  }
  return result;
}

}  // namespace hop::conform
