#pragma once
// How far the nodes of a network are from a destination.

#include <array>
#include <cstdint>
#include <limits>
#include <span>
#include <utility>
#include <vector>

#include "stack/net/graph.hpp"

namespace hop {

/// Of each node, by its number: the least sum of costs on a way of packets to the destination.
using Distances = std::vector<std::uint32_t>;
inline constexpr std::uint32_t kUnreachable = std::numeric_limits<std::uint32_t>::max();

/// Numbers by distance, the nearest first. None is added that is nearer than the one taken last, so
/// a radix heap does: bucket i has what differs from that one in bit i - 1 and in none above, and
/// is dealt out to those below when they are empty. Each number moves 32 times at most, and hardly
/// ever where links cost 1.
class NearestFirst {
 public:
  struct Reached {
    std::uint32_t distance;
    std::uint32_t number;
  };
  [[nodiscard]] bool empty() const noexcept { return size_ == 0; }
  void add(Reached one);
  /// There is one.
  [[nodiscard]] Reached take();

 private:
  [[nodiscard]] std::vector<Reached>& bucket_for(std::uint32_t distance);
  void deal_out(std::vector<Reached>& bucket);

  std::array<std::vector<Reached>, 33> buckets_;
  std::uint32_t last_ = 0;
  std::size_t size_ = 0;
};

/// Who sends to whom over links that are up, and at which cost, laid out for a search from the
/// destination against the direction of the packets: all that send to a node stand together. A link
/// of more than two ends is a node of its own, which costs nothing to leave, so that it is looked
/// at once and not once for each of its ends.
class Senders {
 public:
  explicit Senders(const Graph& graph);

  /// Of all nodes to the nearest of `destinations`, by Dijkstra's algorithm. Only routers, and the
  /// destinations, pass on what they get.
  [[nodiscard]] Distances distances_to(std::span<const std::uint32_t> destinations) const;

 private:
  struct Sender {
    std::uint32_t number;
    std::uint32_t cost;
  };
  // One that sends to node `to`.
  struct Step {
    std::uint32_t to;
    Sender from;
  };
  void add_link(const Graph& graph, std::uint32_t link);
  void sort_by_receiver();
  [[nodiscard]] std::span<const Sender> senders_to(std::uint32_t number) const {
    return std::span{senders_}.subspan(first_[number], first_[number + 1] - first_[number]);
  }

  std::size_t nodes_;
  std::vector<bool> passes_on_;  // of nodes and links
  std::vector<Step> steps_;      // while they are collected
  std::vector<Sender> senders_;  // by receiver
  std::vector<std::uint32_t> first_;
};

}  // namespace hop
