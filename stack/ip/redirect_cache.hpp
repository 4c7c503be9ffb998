#pragma once
// Where a host was redirected to (RFC 1122 sections 3.2.2.2 and 3.3.1.3).

#include <array>
#include <cstdint>
#include <optional>

#include "stack/ip/destination_cache.hpp"
#include "stack/ip/route.hpp"

namespace hop {

/// The first hops that a host was redirected to, by destination and TOS. Each is forgotten after
/// ten minutes, and the latest redirect for a TOS counts.
class RedirectCache {
 public:
  struct Way {
    InterfaceIndex out = kNoInterface;
    Ipv4Address gateway;
    Instant learnt{};
  };

  /// `way` leads to `destination`, for that TOS (tos_field()) alone, or for all of them.
  void learn(Ipv4Address destination, std::optional<std::uint8_t> tos, const Way& way) {
    const Ways* const known = ways_.find(destination, way.learnt);
    Ways ways = known != nullptr ? *known : Ways{};
    if (tos) {
      ways[index_of(*tos)] = way;
    } else {
      ways.fill(way);
    }
    ways_.learn(destination, ways, way.learnt);
  }

  /// The way for packets of that TOS, or null. Valid until the next learn().
  [[nodiscard]] const Way* find(Ipv4Address destination, std::uint8_t tos, Instant now) const {
    const Ways* const known = ways_.find(destination, now);
    return known == nullptr ? nullptr : fresh((*known)[index_of(tos)], now);
  }

 private:
  using Ways = std::array<Way, 8>;  // by TOS
  using Cache = DestinationCache<Ways, 10>;

  // The lowest bit of what tos_field() gives is 0.
  static constexpr std::size_t index_of(std::uint8_t tos) { return tos >> 1U & 7U; }
  static const Way* fresh(const Way& way, Instant now) {
    return way.out != kNoInterface && now - way.learnt < Cache::kStale ? &way : nullptr;
  }

  Cache ways_;
};

}  // namespace hop
