#pragma once
// Networks by their shape: who is joined to whom.

#include <cstdint>
#include <string_view>
#include <utility>
#include <vector>

namespace hop {

/// Links between routers, which are numbered from 0.
using Edges = std::vector<std::pair<std::uint32_t, std::uint32_t>>;

/// A shape of networks of any size.
struct NetworkShape {
  std::string_view name;
  std::string_view what;  ///< in a few words
  bool is_long;           ///< are there paths of more than 64 hops, if it is large?
  Edges (*edges)(std::uint32_t routers, std::uint64_t seed);
};

/// chain, ring, tree, grid and internet; each joins all routers from 1 on, and gives the same for
/// the same seed.
[[nodiscard]] const std::vector<NetworkShape>& shapes();

}  // namespace hop
