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

  /// What is known of `destination`, or null. Valid until the next learn().
  [[nodiscard]] const Value* find(Ipv4Address destination, Instant now) const {
    const std::size_t at = place_of(destination);
    const bool fresh = at < entries_.size() && now - entries_[at].learnt < kStale;
    return fresh ? &entries_[at].value : nullptr;
  }

 private:
  struct Entry {
    Value value;
    Instant learnt;
  };

  // How many there are, if it is not known.
  [[nodiscard]] std::size_t place_of(Ipv4Address destination) const {
    const auto known = std::ranges::find(destinations_, destination);
    return static_cast<std::size_t>(known - destinations_.begin());
  }
  std::size_t place_for(Ipv4Address destination) {
    const std::size_t at = place_of(destination);
    if (at < kMost) {
      destinations_.resize(std::max(destinations_.size(), at + 1));
      entries_.resize(destinations_.size());
      return at;
    }
    return std::exchange(oldest_, (oldest_ + 1) % kMost);
  }

  std::vector<Ipv4Address> destinations_;  // apart, as every packet of a node looks through them
  std::vector<Entry> entries_;             // what is known of each
  std::size_t oldest_ = 0;                 // the next to be replaced when it is full
};

}  // namespace hop
