#pragma once
// What was found for the last few destinations.

#include <array>
#include <cstdint>

#include "stack/ip/route.hpp"

namespace hop {

/// A cache of lookups: traffic has few destinations at a time, and a hit costs 8 instructions
/// instead of about 20 for each level of a trie. Of fixed size, so that nobody can fill it.
class RecentRoutes {
 public:
  struct Recent {
    Ipv4Address destination;
    const Route* route = nullptr;
  };

  RecentRoutes() { clear(); }
  /// Where `destination` is remembered, if it is; else where it may be.
  [[nodiscard]] Recent& place_of(Ipv4Address destination) noexcept {
    constexpr std::uint32_t kHash = 0x9e3779b1U;  // 2^32 by the golden ratio
    return places_[destination.value * kHash >> 28U];
  }
  // Each place gets an address that belongs to another one: 0 belongs to the first, 1 does not.
  void clear() noexcept {
    places_.fill({});
    places_[0].destination = Ipv4Address{1};
  }

 private:
  std::array<Recent, 16> places_;
};

}  // namespace hop
