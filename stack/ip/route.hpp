#pragma once
// Entries of a routing table.

#include <compare>
#include <cstdint>

#include "stack/wire/icmp_numbers.hpp"
#include "stack/wire/ipv4_address.hpp"

namespace hop {

/// Number of an interface within its node, from 0.
using InterfaceIndex = std::uint16_t;
inline constexpr InterfaceIndex kNoInterface = 0xffff;
/// Number of a tunnel within the node where it begins, from 0.
using TunnelIndex = std::uint16_t;
inline constexpr TunnelIndex kNoTunnel = 0xffff;

/// What a route does with a packet. Kinds that ip-route(8) calls unreachable and prohibit are
/// `reject` with host_unreachable and admin_prohibited.
enum class RouteType : std::uint8_t {
  local,      ///< one of the node's own addresses
  broadcast,  ///< a broadcast address of an attached subnet
  network,    ///< the all-zeros address of an attached subnet (RFC 1812 section 4.2.3.1 (2))
  connected,  ///< the destination is on the link of `out`
  via,        ///< to the next hop `via`, on the link of `out`
  reject,     ///< destination unreachable with code `code`
  blackhole,  ///< discarded without a word
  by_tos,     ///< one of several, by the TOS of the packet: RouteTable::lookup()
  multipath,  ///< one of several next hops that are equally good: RouteTable::ways()
  tunnel,     ///< into a tunnel that begins here, whose first hop is `via` on the link of `out`
};

/// The TOS that routes are chosen by: the four bits of RFC 1349 behind the precedence, of which the
/// lowest, once "minimize monetary cost", is 0. It is one of the two bits of ECN today (RFC 3168
/// sections 5 and 22), which tell of congestion and ask for no way.
[[nodiscard]] constexpr std::uint8_t tos_field(std::uint8_t tos_byte) {
  return tos_byte >> 1U & 0xeU;
}

/// What becomes of a packet, and nothing of where it is for: prefixes may be a million, but routes
/// of a node are as many as it has neighbours, so that they stay in the cache of the processor.
struct Route {
  RouteType type = RouteType::via;
  UnreachableCode code = UnreachableCode::net_unreachable;  ///< of reject
  InterfaceIndex out = 0;
  Ipv4Address via{};
  std::uint8_t tos = 0;  ///< as tos_field() has it; 0 is for packets without a route of their own
  bool is_default = false;  ///< is it the one to all destinations, 0.0.0.0/0?
  TunnelIndex tunnel = kNoTunnel;

  constexpr auto operator<=>(const Route&) const = default;
};

/// A route and the destinations that it is for. Members are those of Route.
struct PrefixRoute {
  Prefix to{};
  RouteType type = RouteType::via;
  UnreachableCode code = UnreachableCode::net_unreachable;
  InterfaceIndex out = 0;
  Ipv4Address via{};
  std::uint8_t tos = 0;
  TunnelIndex tunnel = kNoTunnel;

  [[nodiscard]] constexpr Route route() const {
    return {.type = type,
            .code = code,
            .out = out,
            .via = via,
            .tos = tos,
            .is_default = to.length() == 0,
            .tunnel = tunnel};
  }
};

/// Is it a way to somebody on a link, as the packet is?
[[nodiscard]] constexpr bool leads_onto_link(const Route& route) {
  return route.type == RouteType::connected || route.type == RouteType::via ||
         route.type == RouteType::multipath;
}

/// Is it a way to somebody on a link, be it under a label?
[[nodiscard]] constexpr bool leads_out(const Route& route) {
  return leads_onto_link(route) || route.type == RouteType::tunnel;
}

/// Who on the link gets a packet for `destination` by a route that leads out, but multipath.
[[nodiscard]] constexpr Ipv4Address next_hop(const Route& route, Ipv4Address destination) {
  return route.type == RouteType::connected ? destination : route.via;
}

}  // namespace hop
