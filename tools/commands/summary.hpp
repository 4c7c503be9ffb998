#pragma once
// A topology in words and in JSON.

#include <string>
#include <string_view>
#include <vector>

#include "stack/net/topology.hpp"
#include "tools/config/findings.hpp"

namespace hop {

/// An interface of a node: one endpoint of one link.
struct InterfaceSummary {
  std::size_t link;
  InterfaceAddress address;
};

/// The interfaces of a TUN or node of a resolved topology, in the order of the links.
[[nodiscard]] std::vector<InterfaceSummary> interfaces_of(const Topology& resolved,
                                                          std::string_view name);

/// What `hop check` prints.
[[nodiscard]] std::string summary_text(const Topology& resolved);
/// What `hop check --json` prints, on one line.
[[nodiscard]] std::string summary_json(const Topology& resolved);
/// {"errors": [{"message": TEXT}]}: a mistake that is not in a topology.
[[nodiscard]] std::string error_json(std::string_view message);
/// {"errors": [...]}, with the place of each.
[[nodiscard]] std::string errors_json(const std::vector<ConfigError>& errors);

}  // namespace hop
