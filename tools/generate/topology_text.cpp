#include "tools/generate/topology_text.hpp"

#include <fmt/format.h>

#include <iterator>

namespace hop {
namespace {

// Subnets of four addresses each, beside that of the TUN.
constexpr std::size_t kMostInDefaultPool = ((std::size_t{1} << 17U) - 256) / 4;

}  // namespace

std::string topology_text(const GeneratedNetwork& network) {
  const Edges edges = network.shape->edges(network.routers, network.seed);
  std::string text;
  const auto out = std::back_inserter(text);
  fmt::format_to(out, "# {} routers, {}.\n", network.routers, network.shape->what);
  fmt::format_to(out, "name: {}-{}\nseed: {}\n", network.shape->name, network.routers,
                 network.seed);
  if (edges.size() > kMostInDefaultPool) text += "pool: 10.0.0.0/8\n";
  text += "tuns: { tun0: { address: 198.18.0.1/24 } }\nnodes:\n";
  // What they send by themselves has a TTL of 64, and would not come back from further away.
  const std::string_view settings =
      network.shape->is_long && network.routers > 64 ? "{ icmp: { ttl: 255 } }" : "{}";
  for (std::uint32_t i = 0; i < network.routers; ++i) {
    fmt::format_to(out, "  r{}: {}\n", i, settings);
  }
  text += "links:\n  - { endpoints: [tun0, r0] }\n";
  const std::string delay = network.delay.empty() ? "" : ", delay: " + network.delay;
  for (const auto& [one, other] : edges) {
    fmt::format_to(out, "  - {{ endpoints: [r{}, r{}]{} }}\n", one, other, delay);
  }
  return text;
}

}  // namespace hop
