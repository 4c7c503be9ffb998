#pragma once
// What a host has learnt of the MTUs of paths (RFC 1191).

#include <cstdint>

#include "stack/ip/destination_cache.hpp"

namespace hop {

/// What a frag-needed says.
struct TooBig {
  Ipv4Address destination;      ///< of the packet that was too big
  std::uint16_t total_length;   ///< of that packet, as it is quoted
  std::uint16_t header_length;  ///< likewise, in bytes
  std::uint16_t next_hop_mtu;   ///< 0 from routers before RFC 1191
};

/// Path MTUs by destination, for as many as are talked to at a time. What is not here has the MTU
/// of its first hop. An estimate that has not been decreased for ten minutes is forgotten (RFC 1191
/// section 6.3), but not within five minutes of any message about the destination (section 3).
class PathMtuCache {
 public:
  /// Reduces the estimate for a destination whose estimate is `current`. Nothing changes when the
  /// message would increase it, or names an MTU that no link has (RFC 1191 section 3).
  void learn(const TooBig& told, std::uint16_t current, Instant now);

  /// The estimate, if it is below `first_hop`, else `first_hop`: both in bytes of IP.
  [[nodiscard]] std::uint16_t mtu(Ipv4Address destination, std::uint16_t first_hop,
                                  Instant now) const {
    const std::uint16_t* const known = estimates_.find(destination, now);
    return known == nullptr ? first_hop : std::min(*known, first_hop);
  }

 private:
  DestinationCache<std::uint16_t, 10> estimates_;
};

/// The MTU to try when a datagram of `too_big` bytes did not get through: the next lower one of
/// those that are common (RFC 1191 section 7, table 7-1).
[[nodiscard]] std::uint16_t plateau_below(std::uint32_t too_big);

}  // namespace hop
