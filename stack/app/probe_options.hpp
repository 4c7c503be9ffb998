#pragma once
// IP options that ping and traceroute put on what they send (RFC 791 section 3.1).

#include <span>
#include <vector>

#include "stack/base/bytes.hpp"
#include "stack/wire/ipv4_options.hpp"

namespace hop {

/// Most hosts that fit beside their timestamps, and most stops that fit into a source route.
inline constexpr std::size_t kMostTimestampHosts = 4;
inline constexpr std::size_t kMostStops = 8;

/// Record route with room for nine addresses, as much as a header takes.
[[nodiscard]] std::vector<std::byte> record_route_option();
/// Timestamp with room for nine times, or for four with addresses. `hosts`, at most four, are those
/// asked for their time with TimestampFlag::prespecified. The rest of the header is end of list, so
/// that the packet has the size of that of iputils.
[[nodiscard]] std::vector<std::byte> timestamp_option(TimestampFlag flag,
                                                      std::span<const Ipv4Address> hosts = {});
/// A loose source route through `stops` but the first, which is where the packet is sent at first,
/// to `destination`. At most kMostStops.
[[nodiscard]] std::vector<std::byte> source_route_option(std::span<const Ipv4Address> stops,
                                                         Ipv4Address destination);

}  // namespace hop
