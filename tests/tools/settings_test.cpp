// What `hop check` and `hop graph` say of links: the words of the file.

#include "tools/explain/settings.hpp"

#include <gmock/gmock.h>

#include "tools/config/topology_file.hpp"

namespace hop {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

Topology read(const std::string& text) {
  auto topology = read_topology(text, "lab.yaml");
  if (topology) return *std::move(topology);
  for (const ConfigError& error : topology.error()) ADD_FAILURE() << to_string(error);
  return {};
}

constexpr const char* kFile = R"(
tuns: { tun0: { address: 198.18.0.1/24 } }
nodes: { r1: {}, r2: {} }
links:
  - endpoints: [tun0, r1]
  - endpoints: [r1, { node: r2, loss: 10%, ecn: 30kB, reorder: 25%, drop: [], cost: 7 }]
    limit: 64kB
    delay: 5ms
    jitter: 1ms
    rate: 10mbit
    loss: { gilbert-elliott: { p: 1%, r: 10% } }
    duplicate: 1%
    corrupt: 0.1%
    drop: [{ nth: 3, protocol: udp, ports: 53 }, { every: 10, count: 2, icmp-type: echo-request }]
)";

std::vector<std::string> lines(const Settings& settings) {
  std::vector<std::string> all;
  for (const Setting& one : settings) all.push_back(one.key + ": " + one.value);
  return all;
}

TEST(LinkSettings, OfAPlainLinkAreNone) {
  const Topology topology = read(kFile);
  EXPECT_THAT(lines(settings_of(topology.links[0])), IsEmpty());
  EXPECT_THAT(lines(settings_of(topology.links[0].endpoints[1], topology.links[0])), IsEmpty());
}

TEST(LinkSettings, HaveTheWordsOfTheFile) {
  EXPECT_THAT(
      lines(settings_of(read(kFile).links[1])),
      ElementsAre("limit: 64kB", "delay: 5ms", "rate: 10mbit", "jitter: 1ms",
                  "loss: { gilbert-elliott: { p: 1%, r: 10%, 1-h: 100%, 1-k: 0% } }",
                  "duplicate: 1%", "corrupt: 0.1%", "drop.0: { protocol: udp, ports: 53, nth: 3 }",
                  "drop.1: { icmp-type: echo-request, nth: 10, count: 2, every: 10 }"));
}

TEST(LinkSettings, OfAnEndAreWhatItSendsOtherwise) {
  const Topology topology = read(kFile);
  const LinkSpec& link = topology.links[1];
  EXPECT_THAT(lines(settings_of(link.endpoints[0], link)), IsEmpty());
  EXPECT_THAT(lines(settings_of(link.endpoints[1], link)),
              ElementsAre("ecn: 30kB", "cost: 7", "loss: 10%", "reorder: 25%", "drop: []"));
}

TEST(NatSettings, HaveTheWordsOfTheFile) {
  const Topology topology = read(R"(
tuns: { tun0: { address: 198.18.0.1/24 } }
nodes:
  r1: { nat: { external: r1-tun0 } }
  r2: { nat: { external: [r1-r2], mapping: address-dependent, ports: 5000-6000,
               timeout: { icmp: 2min }, errors: outer-only, hairpinning: false,
               forward: [{ protocol: udp, port: 53, to: 10.0.0.3 }],
               one-to-one: [{ internal: 10.0.0.5, external: 203.0.113.5 }] } }
links: [{ endpoints: [tun0, r1] }, { endpoints: [r1, r2] }]
)");
  EXPECT_THAT(lines(settings_of(topology.nodes[0])), ElementsAre("nat.external: [r1-tun0]"));
  EXPECT_THAT(
      lines(settings_of(topology.nodes[1])),
      ElementsAre("nat.external: [r1-r2]", "nat.mapping: address-dependent", "nat.ports: 5000-6000",
                  "nat.timeout.icmp: 2min", "nat.errors: outer-only", "nat.hairpinning: false",
                  "nat.forward.0: { protocol: udp, port: 53, to: 10.0.0.3:53 }",
                  "nat.one-to-one.0: { internal: 10.0.0.5, external: 203.0.113.5 }"));
}

}  // namespace
}  // namespace hop
