#include "stack/net/scheduler.hpp"

#include <algorithm>

namespace hop {

void Scheduler::add(Instant at, Event event) {
  passing_packets_ += is_passing_packet(event) ? 1U : 0U;
  heap_.push_back({.at = at, .order = added_++, .event = std::move(event)});
  std::ranges::push_heap(heap_, later);
}

std::optional<Instant> Scheduler::next() const {
  if (heap_.empty()) return std::nullopt;
  return heap_.front().at;
}

Event Scheduler::take() {
  std::ranges::pop_heap(heap_, later);
  Event event = std::move(heap_.back().event);
  heap_.pop_back();
  passing_packets_ -= is_passing_packet(event) ? 1U : 0U;
  return event;
}

}  // namespace hop
