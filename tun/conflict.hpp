#pragma once
// Would a prefix, routed into a TUN, take traffic from this machine's other networks, or lose some
// to them?

#include <optional>
#include <span>
#include <string>

#include "tun/netlink.hpp"

namespace hop {

/// What a prefix collides with.
struct Conflict {
  int link = 0;      ///< the other device; 0 for a route without one
  std::string what;  ///< "it covers 10.1.0.0/16, which is routed to": the device's name follows
};

/// The first route or address of another device than `own_link` that overlaps `wanted`. Default
/// routes are no conflict, since they only take what is left; two of them are one.
[[nodiscard]] std::optional<Conflict> find_conflict(const Prefix& wanted, int own_link,
                                                    std::span<const AddressEntry> addresses,
                                                    std::span<const RouteEntry> routes);

}  // namespace hop
