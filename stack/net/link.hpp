#pragma once
// What joins nodes and ports.

#include <cstdint>
#include <vector>

#include "stack/base/clock.hpp"
#include "stack/node/interface.hpp"

namespace hop {

/// One end of a link: an interface of a node, or a port.
struct LinkEnd {
  enum class Kind : std::uint8_t { node, port };
  Kind kind;
  std::uint32_t index;           ///< of the node or the port
  InterfaceIndex interface = 0;  ///< of the node
  Instant busy_until{};          ///< until then earlier packets of this end are on the wire
};

/// A link of two or more ends; an end's position is its link address.
struct Link {
  std::vector<Prefix> subnets;  ///< as subnets_of() has them
  std::uint16_t mtu = 1500;
  std::uint64_t rate = 0;  ///< bits per second in each direction; 0 for unlimited
  Duration delay{};
  std::vector<LinkEnd> ends;
  Neighbours neighbours;
  /// Who gets what a port sends to an address that nobody here has: a router, else a host.
  LinkAddress gateway = kNobody;

  /// When the last bit of a packet of `size` bytes that `from` sends now is on the wire. The
  /// packets of one end follow each other.
  [[nodiscard]] Instant transmit(LinkAddress from, std::size_t size, Instant now);
};

}  // namespace hop
