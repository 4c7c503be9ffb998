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
class Scheduler {
 public:
  void add(Instant at, Event event);
  [[nodiscard]] std::optional<Instant> next() const;
  /// The next event, or null.
  [[nodiscard]] const Event* peek() const { return heap_.empty() ? nullptr : &heap_.front().event; }
  /// Is a packet under way that is not of what goes on for ever?
  [[nodiscard]] bool has_passing_packets() const { return passing_packets_ > 0; }
  /// Takes the next event; there must be one.
  [[nodiscard]] Event take();

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

  std::vector<Entry> heap_;
  std::uint64_t added_ = 0;
  std::size_t passing_packets_ = 0;
};

}  // namespace hop
