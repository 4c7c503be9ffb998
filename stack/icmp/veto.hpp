#pragma once
// When no ICMP error may be sent: one table, and nowhere else.

#include <cstdint>
#include <string_view>

#include "stack/ip/received.hpp"
#include "stack/ip/route_table.hpp"

namespace hop {

/// Why an error that was due was not sent. The packet keeps the reason it was dropped for.
enum class NotTold : std::uint8_t {
  told,  ///< it was sent
  about_icmp_error,
  about_later_fragment,
  about_group_destination,
  about_link_broadcast,
  about_unusable_source,
  silent,             ///< the node's policy (`icmp: silent`)
  rate_limited,       ///< the node's policy (`icmp: rate`)
  peer_limited,       ///< the node's policy (`icmp: peer-rate`)
  redirected_before,  ///< the node's policy (`icmp: redirect-backoff`)
  no_way_back,        ///< the source cannot be routed to
  queue_full,         ///< of the link it would have left by
  out_of_memory,
  count_,  ///< how many there are
};

/// "about-icmp-error", as in counters and output.
[[nodiscard]] std::string_view name(NotTold why);

/// The first rule of RFC 1122 section 3.2.2 and RFC 1812 section 4.3.2.7 that forbids an error
/// about `offending`, or told. `addresses` knows the broadcast addresses of attached subnets.
[[nodiscard]] NotTold veto(const Received& offending, const RouteTable& addresses);

}  // namespace hop
