#pragma once
// What happens when: the events of a network in virtual time.

#include <cstdint>
#include <optional>
#include <vector>

#include "stack/base/clock.hpp"
#include "stack/base/packet.hpp"
#include "stack/ip/received.hpp"

namespace hop {

struct Event {
  enum class Kind : std::uint8_t {
    arrival,      ///< `packet` reaches end `to` of link `index`
    transmitted,  ///< a packet of end `to` of link `index` has left its queue
    timer,        ///< node `index` has something to give up
    change,       ///< change `index` of the timeline is due
  };
  Kind kind = Kind::timer;
  bool broadcast = false;
  bool perpetual = false;  ///< of what goes on for ever, such as advertisements
  LinkAddress from = 0;
  LinkAddress to = 0;
  std::uint32_t index = 0;
  std::uint32_t size = 0;  ///< of the packet that was transmitted
  Packet packet{};
};

/// Events in order of time; those of the same instant in the order they were added, so that a run
/// can be repeated exactly. In the steady state nothing is allocated.
///
/// What is added for the instant of the event that was taken last comes after all that is due then
/// already: it needs no place in a heap, only in a queue. On links without delay that is every
/// packet.
class Scheduler {
 public:
  /// For no instant before that of the event that was taken last.
  void add(Instant at, Event&& event);
  [[nodiscard]] std::optional<Instant> next() const {
    if (takes_from_queue()) return now_;
    if (heap_.empty()) return std::nullopt;
    return heap_.front().at;
  }
  /// Is there an event until `now`?
  [[nodiscard]] bool is_due(Instant now) const {
    return takes_from_queue() || (!heap_.empty() && heap_.front().at <= now);
  }
  /// The instant of the event that was taken last.
  [[nodiscard]] Instant now() const noexcept { return now_; }
  /// The next event, or null.
  [[nodiscard]] const Event* peek() const {
    if (takes_from_queue()) return &queue_[taken_];
    return heap_.empty() ? nullptr : &heap_.front().event;
  }
  /// Is a packet under way that is not of what goes on for ever?
  [[nodiscard]] bool has_passing_packets() const { return passing_packets_ > 0; }
  /// Takes the next event; there must be one. Its instant is the present from now on.
  [[nodiscard]] Event take();
  /// Throws the next event away, which there must be, as if it had never been added.
  void drop();

 private:
  struct Entry {
    Instant at;
    std::uint64_t order;
    Event event;
  };
  static bool is_passing_packet(const Event& event) {
    const bool is_packet =
        event.kind == Event::Kind::arrival || event.kind == Event::Kind::transmitted;
    return is_packet && !event.perpetual;
  }
  static bool later(const Entry& a, const Entry& b) {
    return a.at != b.at ? a.at > b.at : a.order > b.order;
  }
  [[nodiscard]] bool takes_from_queue() const {
    return taken_ < queue_.size() && (heap_.empty() || heap_.front().at > now_);
  }
  Event pop();
  [[nodiscard]] Event take_from_queue();
  [[nodiscard]] Event take_from_heap();

  std::vector<Entry> heap_;
  std::vector<Event> queue_;  // of now_, added while it was the present
  std::size_t taken_ = 0;     // of queue_
  Instant now_ = Instant::min();
  std::uint64_t added_ = 0;
  std::size_t passing_packets_ = 0;
};

}  // namespace hop
