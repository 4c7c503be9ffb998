#include "tools/import/fakeroute.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <iterator>
#include <set>
#include <vector>

#include "tools/failure.hpp"
#include "tools/import/edge_list.hpp"
#include "tools/import/quoted.hpp"

namespace hop {

namespace {

constexpr Prefix kPool{Ipv4Address{198, 18, 0, 0}, 15};
constexpr unsigned kLength = 30;

/// A subnet for each edge, none of which has an address of a node: those are of no interface, so
/// that a node answers from one address whichever way the probe came.
std::vector<Prefix> subnets_of(const EdgeList& graph) {
  std::set<Prefix> taken;
  for (const EdgeList::Node& node : graph.nodes) taken.emplace(node.address, kLength);
  std::vector<Prefix> subnets;
  for (Ipv4Address at = kPool.address(); subnets.size() < graph.edges.size(); at.value += 4) {
    if (!kPool.contains(at)) throw Failure(kUsageError, "too many edges for " + to_string(kPool));
    if (const Prefix subnet{at, kLength}; !taken.contains(subnet)) subnets.push_back(subnet);
  }
  return subnets;
}

/// Names of nodes and subnets of edges, for the parts of a topology file.
class Writer {
 public:
  explicit Writer(const EdgeList& graph) : graph_(graph), subnets_(subnets_of(graph)) {
    for (std::size_t i = 0; i < graph.nodes.size(); ++i) names_.push_back(fmt::format("r{}", i));
    names_[graph.target] = "target";
    names_[EdgeList::kMachine] = "tun0";
  }

  [[nodiscard]] std::string text() const {
    std::string text = "# Imported from an edge list of fakeroute.\n";
    if (!graph_.description.empty()) text += fmt::format("name: {}\n", quoted(graph_.description));
    return text + tun() + "nodes:\n" + nodes() + "links:\n" + links() + routes();
  }

 private:
  [[nodiscard]] std::string tun() const {
    for (std::size_t i = 0; i < graph_.edges.size(); ++i) {
      if (graph_.edges[i].from != EdgeList::kMachine) continue;
      const Ipv4Address first{subnets_[i].address().value + 1};
      return fmt::format("tuns:\n  tun0: {{ address: {}/{} }}\n", to_string(first), kLength);
    }
    return {};
  }

  [[nodiscard]] std::string nodes() const {
    std::string text;
    for (std::size_t i = 1; i < graph_.nodes.size(); ++i) {
      const std::string address = to_string(graph_.nodes[i].address);
      text += i == graph_.target
                  ? fmt::format("  target: {{ kind: host, router-id: {} }}\n", address)
                  : fmt::format("  {}: {{ router-id: {}, icmp: {{ source: {} }} }}\n", names_[i],
                                address, address);
    }
    return text;
  }

  // That of tun0 is with its address.
  [[nodiscard]] std::string links() const {
    std::string text;
    for (std::size_t i = 0; i < graph_.edges.size(); ++i) {
      const EdgeList::Edge& edge = graph_.edges[i];
      text += fmt::format("  - {{ endpoints: [{}, {}]", names_[edge.from], names_[edge.to]);
      if (edge.from != EdgeList::kMachine) text += ", subnet: " + to_string(subnets_[i]);
      text += " }\n";
    }
    return text;
  }

  // Shortest paths lead back, and would leave out the longer of two ways to the target.
  [[nodiscard]] std::string routes() const {
    std::vector<std::vector<std::string>> next(graph_.nodes.size());
    for (std::size_t i = 0; i < graph_.edges.size(); ++i) {
      next[graph_.edges[i].from].push_back(to_string(Ipv4Address{subnets_[i].address().value + 2}));
    }
    std::string text;
    for (std::size_t i = 1; i < next.size(); ++i) {
      if (next[i].empty()) continue;
      text += fmt::format("  {}: [{{ to: {}/32, via: [{}] }}]\n", names_[i],
                          to_string(graph_.nodes[graph_.target].address), fmt::join(next[i], ", "));
    }
    return text.empty() ? text : "routes:\n" + text;
  }

  const EdgeList& graph_;
  std::vector<Prefix> subnets_;
  std::vector<std::string> names_;
};

}  // namespace

std::string topology_of_fakeroute(std::string_view text, std::string_view file_name,
                                  std::optional<Ipv4Address> target) {
  const EdgeList graph = read_edge_list(text, file_name, target);
  return Writer(graph).text();
}

}  // namespace hop
