// The section `timeline` of a topology file.

#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "tools/config/topology_file.hpp"

namespace hop {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;

/// tun0 - r1 - r2, the second link with a delay; what `entries` says begins on line 8.
std::string with_timeline(const std::string& entries) {
  return "tuns: { tun0: { address: 198.18.0.1/24 } }\n"
         "nodes: { r1: {}, r2: {} }\n"
         "links:\n"
         "  - endpoints: [tun0, r1]\n"
         "  - endpoints: [r1, { node: r2, delay: 7ms }]\n"
         "    delay: 5ms\n"
         "timeline:\n" +
         entries;
}

Topology read(const std::string& entries) {
  auto topology = read_topology(with_timeline(entries), "t.yaml");
  if (topology) return *std::move(topology);
  for (const ConfigError& error : topology.error()) ADD_FAILURE() << to_string(error);
  return {};
}

/// The topology with all changes made.
Topology after(const std::string& entries) {
  Topology topology = read(entries);
  for (const TimedChange& one : std::vector{topology.timeline}) {
    std::visit([&](const auto& change) { apply(change, topology); }, one.change.of);
  }
  return topology;
}

TEST(TimelineFile, IsInOrderOfTimeAndThenOfTheFile) {
  const Topology topology = read(
      "  - { at: 5s, node: r1, set: { up: false } }\n"
      "  - { at: 2s, every: 10s, link: r1-r2, set: { up: false } }\n"
      "  - { at: 5s, node: r1, set: { up: true } }\n");
  ASSERT_EQ(topology.timeline.size(), 3U);
  EXPECT_EQ(topology.timeline[0].at, seconds{2});
  EXPECT_EQ(topology.timeline[0].every, seconds{10});
  EXPECT_EQ(topology.timeline[0].change.text, "link r1-r2: {up: false}");
  EXPECT_EQ(topology.timeline[1].change.text, "node r1: {up: false}");
  EXPECT_EQ(topology.timeline[2].change.text, "node r1: {up: true}");
}

TEST(TimelineFile, OfALinkIsForItsEndsToo) {
  const LinkSpec link = after("  - { at: 0s, link: r2-r1, set: { mtu: 1280 } }\n").links[1];
  EXPECT_EQ(link.mtu, 1280);
  EXPECT_EQ(link.sent_by(link.endpoints[1]).mtu, 1280);
  EXPECT_EQ(link.sent_by(link.endpoints[1]).delay, milliseconds{7}) << "what is not said stays";
}

TEST(TimelineFile, OfOneEndLeavesTheOther) {
  const LinkSpec link =
      after("  - { at: 0s, link: r1-r2, from: r1, set: { delay: 1ms } }\n").links[1];
  EXPECT_EQ(link.sent_by(link.endpoints[0]).delay, milliseconds{1});
  EXPECT_EQ(link.sent_by(link.endpoints[1]).delay, milliseconds{7});
}

TEST(TimelineFile, OfANodeKeepsWhatItDoesNotSay) {
  const NodeSpec node = after(
                            "  - { at: 0s, node: r1, set: { icmp: { profile: legacy } } }\n"
                            "  - { at: 1s, node: r1, set: { icmp: { ttl: 9 } } }\n")
                            .nodes[0];
  EXPECT_EQ(node.icmp.profile, Profile::legacy);
  EXPECT_EQ(node.icmp.ttl, 9);
}

TEST(TimelineFile, ListsTakeThePlaceOfThoseBefore) {
  const NodeSpec node = after(
                            "  - { at: 0s, node: r1, set: { filter: [{ protocol: tcp }] } }\n"
                            "  - { at: 1s, node: r1, set: { filter: [] } }\n")
                            .nodes[0];
  EXPECT_TRUE(node.filter.empty());
}

struct BadEntry {
  std::string_view name;
  std::string entry;
  std::string error;
};
void PrintTo(const BadEntry& row, std::ostream* to) { *to << row.entry; }

class BadTimeline : public ::testing::TestWithParam<BadEntry> {};

TEST_P(BadTimeline, IsTold) {
  const auto topology = read_topology(with_timeline("  - " + GetParam().entry + "\n"), "t.yaml");
  ASSERT_FALSE(topology);
  ASSERT_EQ(topology.error().size(), 1U);
  EXPECT_EQ(to_string(topology.error()[0]), "t.yaml:8:" + GetParam().error);
}

INSTANTIATE_TEST_SUITE_P(
    Entries, BadTimeline,
    ::testing::Values(
        BadEntry{"no_time", "{ node: r1, set: { up: false } }", "5: key 'at' is missing"},
        BadEntry{"too_often", "{ at: 1s, every: 1us, node: r1, set: { up: false } }",
                 "22: expected a duration of 1ms or more, such as 10s, found '1us'"},
        BadEntry{"no_target", "{ at: 1s, set: { up: false } }",
                 "5: expected one of 'link' and 'node', found none"},
        BadEntry{"two_targets", "{ at: 1s, node: r1, link: r1-r2, set: { up: false } }",
                 "5: expected one of 'link' and 'node', found both"},
        BadEntry{"nothing", "{ at: 1s, node: r1, set: {} }", "30: 'set' says nothing that changes"},
        BadEntry{"link", "{ at: 1s, link: r1-r3, set: { up: false } }",
                 "21: no link is named 'r1-r3'; a link is called by its 'name', or its ends such "
                 "as r1-r2"},
        BadEntry{"node", "{ at: 1s, node: r3, set: { up: false } }", "21: no node is named 'r3'"},
        BadEntry{"end", "{ at: 1s, link: r1-r2, from: tun0, set: { mtu: 1280 } }",
                 "34: 'tun0' is no end of link 'r1-r2'"},
        BadEntry{"half_down", "{ at: 1s, link: r1-r2, from: r1, set: { up: false } }",
                 "43: a link is up or down as a whole, not 'from' one end"},
        BadEntry{"from_a_node", "{ at: 1s, node: r1, from: r1, set: { up: false } }",
                 "31: 'from' is for links: the end that sends"},
        BadEntry{"kind", "{ at: 1s, node: r1, set: { kind: host } }",
                 "32: 'kind' cannot change while the network runs"},
        BadEntry{"key", "{ at: 1s, link: r1-r2, set: { dealy: 1ms } }",
                 "35: unknown key 'dealy'; did you mean 'delay'?"},
        BadEntry{"contradiction", "{ at: 1s, link: r1-r2, set: { jitter: 6ms } }",
                 "33: a jitter of 6ms is more than the delay of 5ms"}),
    [](const auto& row) { return std::string{row.param.name}; });

TEST(TimelineFile, IsCheckedAgainstWhatWasChangedBefore) {
  const std::string text = with_timeline(
      "  - { at: 2s, link: r1-r2, set: { jitter: 6ms } }\n"
      "  - { at: 1s, link: r1-r2, set: { delay: 6ms } }\n");
  EXPECT_TRUE(read_topology(text, "t.yaml"));
}

TEST(TimelineFile, LinksOfTheSameEndsNeedNames) {
  const std::string text =
      "tuns: { tun0: { address: 198.18.0.1/24 } }\n"
      "nodes: { r1: {}, r2: {} }\n"
      "links: [{ endpoints: [tun0, r1] }, { endpoints: [r1, r2] }, { endpoints: [r1, r2] }]\n"
      "timeline: [{ at: 1s, link: r1-r2, set: { up: false } }]\n";
  const auto topology = read_topology(text, "t.yaml");
  ASSERT_FALSE(topology);
  EXPECT_EQ(to_string(topology.error()[0]),
            "t.yaml:4:28: 2 links are called 'r1-r2'; give them a 'name'");
}

}  // namespace
}  // namespace hop
