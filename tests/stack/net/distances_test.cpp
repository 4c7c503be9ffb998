// Distances to a destination, against a model that knows no queue.

#include "stack/net/distances.hpp"

#include <gmock/gmock.h>

#include <algorithm>
#include <array>
#include <random>
#include <string>
#include <vector>

#include "tests/stack/net/lab.hpp"

namespace hop {
namespace {

using ::testing::ElementsAre;
using ::testing::ElementsAreArray;

TEST(NearestFirst, GivesTheNearestWhateverTheOrderTheyCameIn) {
  NearestFirst queue;
  for (const std::uint32_t distance : {7U, 3U, 65535U, 3U, 0U}) queue.add({distance, distance});
  std::vector<std::uint32_t> taken;
  while (!queue.empty()) {
    const auto [distance, number] = queue.take();
    EXPECT_EQ(distance, number);
    taken.push_back(distance);
    if (distance == 3 && taken.size() == 3) queue.add({.distance = 4, .number = 4});
  }
  EXPECT_THAT(taken, ElementsAre(0, 3, 3, 4, 7, 65535));
}

/// Ten nodes, every third of them a host, and links of two to four of them with random costs.
Lab random_lab(std::mt19937& random) {
  Lab lab;
  for (int i = 0; i < 10; ++i) {
    const std::string name = "n" + std::to_string(i);
    i % 3 == 2 ? lab.host(name) : lab.router(name);
  }
  for (int i = 0; i < 9; ++i) {
    std::array<int, 10> nodes{0, 1, 2, 3, 4, 5, 6, 7, 8, 9};
    std::ranges::shuffle(nodes, random);
    std::vector<std::string> ends;
    for (std::size_t end = 0; end < 2 + random() % 3; ++end) {
      ends.push_back("n" + std::to_string(nodes[end]));
    }
    lab.link(ends);
    lab.last_link().cost = static_cast<std::uint16_t>(1 + random() % 9);
  }
  return lab;
}

/// By the definition: nobody is farther than a neighbour that leads on, and what it costs to send
/// there.
Distances by_definition(const Graph& graph, std::uint32_t destination) {
  Distances distances(graph.nodes(), kUnreachable);
  distances[destination] = 0;
  for (std::size_t round = 0; round < graph.nodes(); ++round) {
    for (std::uint32_t link = 0; link < graph.links(); ++link) {
      for (const Graph::Port& from : graph.on_link(link)) {
        for (const Graph::Port& to : graph.on_link(link)) {
          const bool leads_on = to.node == destination || graph.is_router(to.node);
          if (!from.up || !to.up || !leads_on || distances[to.node] == kUnreachable) continue;
          distances[from.node] = std::min(distances[from.node], distances[to.node] + from.cost);
        }
      }
    }
  }
  return distances;
}

TEST(Senders, AreAsFarAsTheDefinitionSays) {
  std::mt19937 random{1};
  for (int i = 0; i < 200; ++i) {
    const Topology topology = random_lab(random).resolved();
    Graph graph{topology};
    if (!graph.ports_of(0).empty()) graph.port(0, 0).up = i % 2 == 0;
    const Senders senders{graph};
    for (std::uint32_t to = 0; to < graph.nodes(); ++to) {
      ASSERT_THAT(senders.distances_to(std::array{to}), ElementsAreArray(by_definition(graph, to)))
          << "network " << i << ", to node " << to;
    }
  }
}

TEST(Senders, GoToTheNearestOfSeveralDestinations) {
  Lab lab;
  lab.routers({"a", "b", "c", "d"}).link({"a", "b"}).link({"b", "c"}).link({"c", "d"});
  const Topology topology = lab.resolved();
  const Senders senders{Graph{topology}};
  EXPECT_THAT(senders.distances_to(std::array{0U, 3U}), ElementsAre(0, 1, 1, 0));
}

}  // namespace
}  // namespace hop
