#include "stack/net/scheduler.hpp"

#include <algorithm>
#include <utility>

namespace hop {

void Scheduler::add(Instant at, Event&& event) {
  passing_packets_ += is_passing_packet(event) ? 1U : 0U;
  if (at <= now_) {
    queue_.push_back(std::move(event));
    return;
  }
  heap_.push_back({.at = at, .order = added_++, .event = std::move(event)});
  std::ranges::push_heap(heap_, later);
}

Event Scheduler::take() {
  if (!takes_from_queue()) now_ = heap_.front().at;
  return pop();
}

void Scheduler::drop() { static_cast<void>(pop()); }

Event Scheduler::pop() {
  Event event = takes_from_queue() ? take_from_queue() : take_from_heap();
  passing_packets_ -= is_passing_packet(event) ? 1U : 0U;
  return event;
}

// The queue is empty before the next instant comes, so it is no longer than what happens in one.
Event Scheduler::take_from_queue() {
  Event event = std::move(queue_[taken_++]);
  if (taken_ == queue_.size()) {
    queue_.clear();
    taken_ = 0;
  }
  return event;
}

Event Scheduler::take_from_heap() {
  std::ranges::pop_heap(heap_, later);
  Event event = std::move(heap_.back().event);
  heap_.pop_back();
  return event;
}

}  // namespace hop
