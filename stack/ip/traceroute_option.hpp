#pragma once
// The traceroute option (RFC 1393 section 2.2), experimental and obsolete (RFC 6814).
//
//     0               8              16              24
//    +---------------+---------------+---------------+---------------+
//    |  type 82      |  length 12    |          ID Number            |
//    +---------------+---------------+---------------+---------------+
//    |      Outbound Hop Count       |       Return Hop Count        |
//    +---------------+---------------+---------------+---------------+
//    |                     Originator IP Address                     |
//    +---------------+---------------+---------------+---------------+

#include "stack/base/bytes.hpp"
#include "stack/wire/ipv4_address.hpp"

namespace hop {

/// Bytes of the option.
inline constexpr std::size_t kTracerouteOption = 12;

/// What an option of that length says.
struct TracerouteOption {
  std::uint16_t id;
  std::uint16_t outbound_hops;  ///< routers on the way to the destination
  std::uint16_t return_hops;    ///< routers on the way back, or kOutbound
  Ipv4Address originator;       ///< who is to be told

  /// Instead of a return hop count: the packet is on its way to the destination.
  static constexpr std::uint16_t kOutbound = 0xffff;
  [[nodiscard]] bool is_outbound() const { return return_hops == kOutbound; }
  /// The same one router further (RFC 1393 section 3.3).
  [[nodiscard]] TracerouteOption one_hop_further() const;
};

[[nodiscard]] TracerouteOption read_traceroute_option(Bytes option);
/// Writes the hop counts; the rest of the option stays. The header checksum is the caller's.
void write_hop_counts(const TracerouteOption& what, MutBytes option);

}  // namespace hop
