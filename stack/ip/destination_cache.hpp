#pragma once
// What a host remembers of destinations for a while.

#include <algorithm>
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
    const Entry entry{.destination = destination, .value = value, .learnt = now};
    const auto known = std::ranges::find(entries_, destination, &Entry::destination);
    if (known != entries_.end()) {
      *known = entry;
    } else if (entries_.size() < kMost) {
      entries_.push_back(entry);
    } else {
      entries_[oldest_] = entry;
      oldest_ = (oldest_ + 1) % kMost;
    }
  }

  /// What is known of `destination`, or null. Valid until the next learn().
  [[nodiscard]] const Value* find(Ipv4Address destination, Instant now) const {
    const auto known = std::ranges::find(entries_, destination, &Entry::destination);
    const bool fresh = known != entries_.end() && now - known->learnt < kStale;
    return fresh ? &known->value : nullptr;
  }

 private:
  struct Entry {
    Ipv4Address destination;
    Value value;
    Instant learnt;
  };
  std::vector<Entry> entries_;
  std::size_t oldest_ = 0;  // the next to be replaced when it is full
};

}  // namespace hop
