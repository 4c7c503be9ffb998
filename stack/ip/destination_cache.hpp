#pragma once
// What a host remembers of destinations for a while.

#include <algorithm>
#include <utility>
#include <vector>

#include "stack/base/clock.hpp"
#include "stack/wire/ipv4_address.hpp"

namespace hop {

/// A bounded table of `Value` by destination, whose entries are forgotten after `Minutes`, and when
/// there are more than kMost, beginning with the one that was learnt first. Allocates when it
/// learns, never when it is asked.
template <class Value, int Minutes>
class DestinationCache {
 public:
  static constexpr std::size_t kMost = 256;
  static constexpr std::chrono::minutes kStale{Minutes};

  void learn(Ipv4Address destination, Value value, Instant now) {
    const std::size_t at = place_for(destination);
    destinations_[at] = destination;
    entries_[at] = {.value = value, .learnt = now};
  }

  /// What is known of `destination`, if anything, is good until `until` at least.
  void hold(Ipv4Address destination, Instant until, Instant now) {
    if (find(destination, now) == nullptr) return;
    Entry& known = entries_[place_for(destination)];
    known.learnt = std::max(known.learnt, until - kStale);
  }

  /// What is known of `destination`, or null. Valid until the next learn().
  [[nodiscard]] const Value* find(Ipv4Address destination, Instant now) const {
    if (destinations_.empty()) return nullptr;  // as for nearly every node
    const auto known = std::ranges::find(destinations_, destination);
    if (known == destinations_.end()) return nullptr;
    const Entry& entry = entries_[static_cast<std::size_t>(known - destinations_.begin())];
    return now - entry.learnt < kStale ? &entry.value : nullptr;
  }

 private:
  struct Entry {
    Value value;
    Instant learnt;
  };

  // Where it is, or a new place.
  std::size_t place_for(Ipv4Address destination) {
    const auto known = std::ranges::find(destinations_, destination);
    const auto at = static_cast<std::size_t>(known - destinations_.begin());
    if (at < destinations_.size()) return at;
    if (at == kMost) return std::exchange(oldest_, (oldest_ + 1) % kMost);
    entries_.resize(at + 1);
    destinations_.push_back(destination);
    return at;
  }

  std::vector<Ipv4Address> destinations_;  // apart, as every packet of a node looks through them
  std::vector<Entry> entries_;             // what is known of each
  std::size_t oldest_ = 0;                 // the next to be replaced when it is full
};

}  // namespace hop
