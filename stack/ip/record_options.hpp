#pragma once
// Record route and timestamp as a packet passes (RFC 791 section 3.1, RFC 1812 sections 5.3.13.5
// and 5.3.13.6). The checksum of the header is the caller's to refresh.

#include <optional>

#include "stack/base/clock.hpp"
#include "stack/ip/options.hpp"
#include "stack/ip/route_table.hpp"

namespace hop {

/// Who writes into options, and when.
struct OptionStamp {
  Ipv4Address address;                   ///< of the interface the packet leaves by
  std::optional<Ipv4Address> stamped{};  ///< in timestamps, if another
  Instant now;
  const RouteTable& addresses;  ///< knows all addresses of the node, for prespecified timestamps
};

/// Is there a whole slot left?
[[nodiscard]] bool has_room(Bytes option);
/// Writes into the slot that the option's pointer shows, which the caller knows to be there, and
/// moves the pointer behind it.
void fill_slot(MutBytes option, std::uint32_t value);

/// Records the route in a record route option; one that is full stays as it is.
void record_route(MutBytes option, const OptionStamp& stamp);
/// Records the time in a timestamp option; one that is full counts its overflow up.
void record_time(MutBytes option, const OptionStamp& stamp);
/// Both, where the options of a header ask for it.
void record_options(MutBytes header, const Options& options, const OptionStamp& stamp);

}  // namespace hop
