#include "stack/net/distances.hpp"

#include <algorithm>
#include <bit>
#include <cassert>

namespace hop {

std::vector<NearestFirst::Reached>& NearestFirst::bucket_for(std::uint32_t distance) {
  return buckets_[static_cast<std::size_t>(std::bit_width(distance ^ last_))];
}

void NearestFirst::add(Reached one) {
  assert(one.distance >= last_);
  bucket_for(one.distance).push_back(one);
  ++size_;
}

NearestFirst::Reached NearestFirst::take() {
  const auto nearest = std::ranges::find_if_not(buckets_, &std::vector<Reached>::empty);
  if (nearest != buckets_.begin()) deal_out(*nearest);
  const Reached one = buckets_.front().back();
  buckets_.front().pop_back();
  --size_;
  return one;
}

// The nearest of them becomes the last, and is in the first bucket then.
void NearestFirst::deal_out(std::vector<Reached>& bucket) {
  last_ = std::ranges::min_element(bucket, {}, &Reached::distance)->distance;
  for (const Reached& one : bucket) bucket_for(one.distance).push_back(one);
  bucket.clear();
}

Senders::Senders(const Graph& graph) : nodes_(graph.nodes()) {
  passes_on_.reserve(nodes_);
  for (std::uint32_t node = 0; node < nodes_; ++node) passes_on_.push_back(graph.is_router(node));
  for (std::uint32_t link = 0; link < graph.links(); ++link) add_link(graph, link);
  sort_by_receiver();
}

void Senders::add_link(const Graph& graph, std::uint32_t link) {
  const std::span<const Graph::Port> ends = graph.on_link(link);
  const auto add = [this](std::uint32_t to, std::uint32_t from, std::uint32_t cost) {
    steps_.push_back({.to = to, .from = {.number = from, .cost = cost}});
  };
  if (ends.size() == 2 && ends[0].up && ends[1].up) {
    add(ends[0].node, ends[1].node, ends[1].cost);
    add(ends[1].node, ends[0].node, ends[0].cost);
  } else if (ends.size() > 2) {
    const auto lan = static_cast<std::uint32_t>(passes_on_.size());
    passes_on_.push_back(true);
    for (const Graph::Port& end : ends) {
      if (!end.up) continue;
      add(end.node, lan, 0);
      add(lan, end.node, end.cost);
    }
  }
}

void Senders::sort_by_receiver() {
  first_.assign(passes_on_.size() + 1, 0);
  for (const Step& step : steps_) ++first_[step.to + 1];
  for (std::size_t i = 1; i < first_.size(); ++i) first_[i] += first_[i - 1];
  std::vector<std::uint32_t> next = first_;
  senders_.resize(steps_.size());
  for (const Step& step : steps_) senders_[next[step.to]++] = step.from;
  steps_ = {};
}

Distances Senders::distances_to(std::span<const std::uint32_t> destinations) const {
  Distances distances(passes_on_.size(), kUnreachable);
  NearestFirst queue;
  const auto reach = [&](std::uint32_t number, std::uint32_t distance) {
    if (distance >= distances[number]) return;
    distances[number] = distance;
    queue.add({.distance = distance, .number = number});
  };
  for (const std::uint32_t node : destinations) reach(node, 0);
  while (!queue.empty()) {
    const auto [distance, number] = queue.take();
    const bool leads_on = distance == 0 || passes_on_[number];
    if (distance > distances[number] || !leads_on) continue;
    for (const Sender& sender : senders_to(number)) reach(sender.number, distance + sender.cost);
  }
  return {distances.begin(), distances.begin() + static_cast<std::ptrdiff_t>(nodes_)};
}

}  // namespace hop
