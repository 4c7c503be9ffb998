#pragma once
// Where a node touches a link: addresses, MTU, the queue in front of the link, and who is on it.

#include <algorithm>
#include <cstdint>
#include <optional>
#include <vector>

#include "stack/ip/received.hpp"
#include "stack/wire/ipv4_address.hpp"

namespace hop {

/// Who is on a link: IPv4 addresses to link addresses, as ARP would find them out. A link with a
/// TUN also has an outside: whatever nobody on the link claims may be behind the TUN.
class Neighbours {
 public:
  void add(Ipv4Address address, LinkAddress at);
  void set_outside(LinkAddress at) { outside_ = at; }

  /// Who has `address`, if anyone.
  [[nodiscard]] std::optional<LinkAddress> find(Ipv4Address address) const {
    const auto at = std::ranges::lower_bound(known_, address, {}, &Known::address);
    if (at == known_.end() || at->address != address) return std::nullopt;
    return at->at;
  }
  /// Where `next_hop` is, seen by someone who got the packet from `from`: a packet does not go
  /// back to the outside that it came from in search of an address nobody claims.
  [[nodiscard]] std::optional<LinkAddress> resolve(Ipv4Address next_hop,
                                                   std::optional<LinkAddress> from) const {
    if (const auto known = find(next_hop)) return known;
    return outside_ == from ? std::nullopt : outside_;
  }

 private:
  struct Known {
    Ipv4Address address;
    LinkAddress at;
  };
  std::vector<Known> known_;  // sorted by address
  std::optional<LinkAddress> outside_;
};

/// Packets that wait for their turn on the link.
struct OutputQueue {
  std::uint32_t limit = 2048;
  std::uint32_t length = 0;

  [[nodiscard]] bool has_room(std::size_t packets) const { return length + packets <= limit; }
};

struct Interface {
  InterfaceAddress address;
  std::uint16_t mtu = 1500;
  const Neighbours* neighbours = nullptr;  ///< of the link; outlives the interface
  OutputQueue queue;
};

}  // namespace hop
