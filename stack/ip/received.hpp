#pragma once
// A packet as it came, with what the link said of it.

#include "stack/base/clock.hpp"
#include "stack/ip/options.hpp"
#include "stack/ip/route.hpp"
#include "stack/wire/ipv4.hpp"

namespace hop {

/// Where on a link a packet comes from or goes to: what a MAC address is on Ethernet.
using LinkAddress = std::uint16_t;
inline constexpr LinkAddress kLinkBroadcast = 0xffff;
inline constexpr LinkAddress kNobody = 0xfffe;  // where an address is that nobody has

/// How a packet arrived.
struct Arrival {
  InterfaceIndex in = 0;
  LinkAddress from = 0;    ///< who on the link sent it
  bool broadcast = false;  ///< as a link broadcast (RFC 1812 section 3.1)
  Instant now{};
};

/// A received packet on its walk through a node: the header as received until the packet is
/// forwarded, which is what errors quote.
struct Received {
  Ipv4HeaderView ip;
  Arrival arrival;
  Options options{};
  bool to_group = false;               ///< a broadcast or multicast that the node takes
  std::uint16_t largest_fragment = 0;  ///< of those it was put together of; 0: it came whole
};

}  // namespace hop
