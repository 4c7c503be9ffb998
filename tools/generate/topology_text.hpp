#pragma once
// A generated network as a topology file.

#include <cstdint>
#include <string>

#include "tools/generate/shapes.hpp"

namespace hop {

struct GeneratedNetwork {
  const NetworkShape* shape = nullptr;
  std::uint32_t routers = 0;  ///< 1 to kMostRouters
  std::uint64_t seed = 1;
  std::string delay{};  ///< of each link between routers; empty for none
};

/// As many as fit into 10.0.0.0/8 with the links of any shape.
inline constexpr std::uint32_t kMostRouters = 1'000'000;

/// The YAML text: tun0 at r0, and the routers r0, r1 ...
[[nodiscard]] std::string topology_text(const GeneratedNetwork& network);

}  // namespace hop
