#include "tools/generate/shapes.hpp"

#include <algorithm>
#include <cmath>

#include "stack/base/random.hpp"

namespace hop {
namespace {

Edges chain(std::uint32_t routers, std::uint64_t /*seed*/) {
  Edges edges;
  for (std::uint32_t i = 1; i < routers; ++i) edges.emplace_back(i - 1, i);
  return edges;
}

Edges ring(std::uint32_t routers, std::uint64_t seed) {
  Edges edges = chain(routers, seed);
  if (routers > 2) edges.emplace_back(routers - 1, 0);
  return edges;
}

Edges tree(std::uint32_t routers, std::uint64_t /*seed*/) {
  Edges edges;
  for (std::uint32_t i = 1; i < routers; ++i) edges.emplace_back((i - 1) / 2, i);
  return edges;
}

// As square as it can be; the last row may be short.
Edges grid(std::uint32_t routers, std::uint64_t /*seed*/) {
  const auto width = static_cast<std::uint32_t>(std::ceil(std::sqrt(routers)));
  Edges edges;
  for (std::uint32_t i = 1; i < routers; ++i) {
    if (i % width != 0) edges.emplace_back(i - 1, i);
    if (i >= width) edges.emplace_back(i - width, i);
  }
  return edges;
}

// Each newcomer links to two of those that are there. It copies the choice that somebody before it
// made, but one time of eleven it takes anyone: then the number of routers with so many links falls
// with the power 1 + 11/10 = 2.1, which is what the graph of autonomous systems was found to have
// (Faloutsos et al. 1999; the copying model is that of Kumar et al. 2000).
Edges internet(std::uint32_t routers, std::uint64_t seed) {
  constexpr std::uint32_t kLinks = 2;
  constexpr std::uint32_t kAnyone = 11;
  Random random{seed};
  Edges edges;
  const auto choose = [&](std::uint32_t newcomer) {
    if (edges.empty() || random.below(kAnyone) == 0) return random.below(newcomer);
    return edges[random.below(static_cast<std::uint32_t>(edges.size()))].first;
  };
  for (std::uint32_t i = 1; i < routers; ++i) {
    const std::uint32_t one = choose(i);
    std::uint32_t other = choose(i);
    for (int tries = 0; other == one && tries < 8; ++tries) other = random.below(i);
    edges.emplace_back(one, i);
    if (other != one && kLinks > 1) edges.emplace_back(other, i);
  }
  return edges;
}

}  // namespace

const std::vector<NetworkShape>& shapes() {
  static const std::vector<NetworkShape> kShapes{
      {"chain", "one router behind the other", true, chain},
      {"ring", "a chain whose ends are joined", true, ring},
      {"tree", "each router with two below it", false, tree},
      {"grid", "rows and columns, with many equal paths", true, grid},
      {"internet", "random, with the degrees of the graph of autonomous systems", false, internet},
  };
  return kShapes;
}

}  // namespace hop
