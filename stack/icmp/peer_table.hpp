#pragma once
// What a node remembers of those it talks to, in bounded memory.

#include <algorithm>
#include <array>
#include <cstdint>
#include <memory>

#include "stack/base/clock.hpp"
#include "stack/wire/ipv4_address.hpp"

namespace hop {

/// A State for each of the peers that were asked for last. A State has `Instant until`, after
/// which it says no more than a fresh one. There is room for kPeers: when the set that a newcomer
/// belongs to is full, it takes the place of the peer whose state ends first, so what is forgotten
/// is what matters least. Holds no memory before the first peer, then always the same.
template <class State>
class PeerTable {
 public:
  static constexpr std::size_t kPeers = 128;

  /// `key` decides which peers share a set, so that nobody outside can choose them.
  explicit PeerTable(std::uint64_t key) noexcept : key_(key | 1U) {}

  /// The state of `peer`, fresh if it is not remembered. Good until the next call.
  [[nodiscard]] State& of(Ipv4Address peer) {
    if (!sets_) sets_ = std::make_unique<std::array<Set, kSets>>();
    Set& set = (*sets_)[set_of(peer)];
    auto* entry = std::ranges::find(set, peer, &Entry::peer);
    if (entry == set.end()) {
      entry = std::ranges::min_element(set, {}, [](const Entry& e) { return e.state.until; });
      *entry = {.peer = peer, .state = {}};
    }
    return entry->state;
  }

 private:
  static constexpr std::size_t kWays = 8;
  static constexpr std::size_t kSets = kPeers / kWays;
  struct Entry {
    Ipv4Address peer;  // 0.0.0.0, which is nobody's, while the place is free
    State state{};
  };
  using Set = std::array<Entry, kWays>;

  // Multiplicative hashing: the upper bits of the product depend on all bits of the address.
  [[nodiscard]] std::size_t set_of(Ipv4Address peer) const noexcept {
    return static_cast<std::size_t>((peer.value * key_) >> 32U) % kSets;
  }

  std::uint64_t key_;
  std::unique_ptr<std::array<Set, kSets>> sets_;
};

}  // namespace hop
