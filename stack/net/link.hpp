#pragma once
// What joins nodes and ports.

#include <cstdint>
#include <memory>
#include <vector>

#include "stack/base/clock.hpp"
#include "stack/net/impairment.hpp"
#include "stack/node/interface.hpp"

namespace hop {

/// One end of a link: an interface of a node, or a port.
struct LinkEnd {
  enum class Kind : std::uint8_t { node, port };
  Kind kind = Kind::node;
  std::uint32_t index = 0;       ///< of the node or the port
  InterfaceIndex interface = 0;  ///< of the node
  std::uint64_t rate = 0;        ///< bits per second that it sends; 0 for unlimited
  Duration delay{};              ///< of what it sends
  /// What else happens to what it sends; nothing, for most, and then they pay one comparison.
  std::unique_ptr<Impairment> impairment{};
  Instant busy_until{};         ///< until then earlier packets of this end are on the wire
  bool up = true;               ///< can it send, and is it reached?
  std::uint64_t link_down = 0;  ///< packets that it sent and that were lost for that

  /// From now on it sends at another rate; what waits takes as much longer or shorter.
  void change_rate(std::uint64_t to, Instant now);
  /// When the last bit of a packet of `size` bytes that it sends now is on the wire. Its packets
  /// follow each other.
  [[nodiscard]] Instant transmit(std::size_t size, Instant now);
};

/// A link of two or more ends; an end's position is its link address.
struct Link {
  std::vector<Prefix> subnets;  ///< as subnets_of() has them
  std::vector<LinkEnd> ends;
  Neighbours neighbours;
  /// Who gets what a port sends to an address that nobody here has: a router, else a host.
  LinkAddress gateway = kNobody;
};

}  // namespace hop
