// What `hop check` says of links.

#include "tools/commands/direction_text.hpp"

#include <gtest/gtest.h>

#include "tools/commands/summary.hpp"
#include "tools/config/topology_file.hpp"

namespace hop {
namespace {

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
  - endpoints: [r1, { node: r2, loss: 10%, ecn: 30kB, reorder: 25% }]
    limit: 64kB
    delay: 5ms
    jitter: 1ms
    rate: 10mbit
    loss: { gilbert-elliott: { p: 1%, r: 10% } }
    duplicate: 1%
    corrupt: 0.1%
    drop: [{ nth: 3 }, { every: 10, count: 2 }]
)";

TEST(DirectionText, OfAPlainLinkIsShort) { EXPECT_EQ(direction_text({}), "mtu 1500  limit 2048"); }

TEST(DirectionText, HasTheWordsOfTheFile) {
  const Topology topology = read(kFile);
  ASSERT_EQ(topology.links.size(), 2U);
  EXPECT_EQ(direction_text(topology.links[1]),
            "mtu 1500  limit 64kB  delay 5ms  jitter 1ms  rate 10mbit  loss gilbert-elliott p 1% r "
            "10% 1-h 100% 1-k 0%  duplicate 1%  corrupt 0.1%  drop nth 3 count 1  drop nth 10 "
            "count 2 every 10");
}

TEST(Summary, TellsWhatAnEndpointSendsOtherwise) {
  const std::string text = summary_text(read(kFile));
  EXPECT_NE(text.find("    from r2  mtu 1500  limit 64kB  ecn 30kB  delay 5ms  jitter 1ms  rate "
                      "10mbit  loss 10%  duplicate 1%  corrupt 0.1%  reorder 25%  drop nth 3"),
            std::string::npos)
      << text;
}

TEST(Summary, TellsTheSameInJson) {
  const std::string text = summary_json(read(kFile));
  for (
      const char* part :
      {R"("mtu":1500,"limit_packets":2048,"rate_bits":0,"delay_ns":0},)",
       R"("limit_bytes":64000,"rate_bits":10000000,"delay_ns":5000000,"jitter_ns":1000000,"loss":{)",
       R"("loss":{"p":"1%","r":"10%","1-h":"100%","1-k":"0%"},"duplicate":"1%","corrupt":"0.1%")",
       R"("drop":[{"nth":3,"count":1,"every":0},{"nth":10,"count":2,"every":10}])",
       R"("sends":[{"endpoint":"r2","mtu":1500,"limit_bytes":64000,"ecn_bytes":30000,)",
       R"("loss":"10%","duplicate":"1%","corrupt":"0.1%","reorder":"25%")"}) {
    EXPECT_NE(text.find(part), std::string::npos) << part << " in " << text;
  }
}

}  // namespace
}  // namespace hop
