#pragma once
// Where a node touches a link: addresses, MTU, the queue in front of the link, and who is on it.

#include <algorithm>
#include <cstdint>
#include <limits>
#include <string>
#include <vector>

#include "stack/base/packet.hpp"
#include "stack/icmp/router_discovery.hpp"
#include "stack/ip/received.hpp"
#include "stack/wire/extension_objects.hpp"
#include "stack/wire/ipv4_address.hpp"

namespace hop {

/// Who is on a link: IPv4 addresses to link addresses, as ARP would find them out. A link with a
/// TUN also has an outside: whatever nobody on the link claims may be behind the TUN.
class Neighbours {
 public:
  void add(Ipv4Address address, LinkAddress at);
  void set_outside(LinkAddress at) { outside_ = at; }
  /// Who has `address` is off: nobody answers for it, and it is not outside.
  void add_absent(Ipv4Address address) { absent_.push_back(address); }
  /// From here on nobody is known.
  void clear() {
    known_.clear();
    absent_.clear();
    outside_ = kNobody;
  }

  /// Who has `address`, or kNobody.
  [[nodiscard]] LinkAddress find(Ipv4Address address) const {
    const auto at = std::ranges::lower_bound(known_, address, {}, &Known::address);
    return at == known_.end() || at->address != address ? kNobody : at->at;
  }
  /// Where `next_hop` is, or kNobody, for a packet that came over this link `from` there: it does
  /// not go back to the outside in search of an address nobody claims.
  [[nodiscard]] LinkAddress resolve(Ipv4Address next_hop, LinkAddress from = kNobody) const {
    const LinkAddress known = find(next_hop);
    if (known != kNobody) return known;
    return outside_ == from || is_absent(next_hop) ? kNobody : outside_;
  }

 private:
  struct Known {
    Ipv4Address address;
    LinkAddress at;
  };
  [[nodiscard]] bool is_absent(Ipv4Address address) const {
    return !absent_.empty() && std::ranges::find(absent_, address) != absent_.end();
  }

  std::vector<Known> known_;  // sorted by address
  std::vector<Ipv4Address> absent_;
  LinkAddress outside_ = kNobody;
};

/// How long a queue is or may be, counted both ways.
struct QueueLength {
  static constexpr std::uint32_t kMostPackets = std::numeric_limits<std::uint32_t>::max();
  static constexpr std::uint64_t kMostBytes = std::numeric_limits<std::uint64_t>::max();

  std::uint32_t packets = kMostPackets;
  std::uint64_t bytes = kMostBytes;

  /// With another packet of at most `bytes`.
  [[nodiscard]] QueueLength and_one_more(std::size_t most_bytes) const {
    return {packets + 1, bytes + most_bytes};
  }
  bool operator==(const QueueLength&) const = default;
};

/// Packets that wait for their turn on the link, and the one that is being sent.
struct OutputQueue {
  /// Room for the fragments of the largest datagram at the smallest MTU: 65515 bytes in pieces of
  /// 48 are 1365.
  static constexpr QueueLength kDefaultLimit{.packets = 2048};

  QueueLength limit = kDefaultLimit;
  QueueLength ecn{};         ///< who finds it so long is told of congestion; by default nobody
  QueueLength length{0, 0};  ///< now
  std::uint64_t marked = 0;  ///< packets that were told
  std::uint64_t full = 0;    ///< packets that were not let in

  [[nodiscard]] bool has_room(const QueueLength& more) const {
    return std::uint64_t{length.packets} + more.packets <= limit.packets &&
           length.bytes + more.bytes <= limit.bytes;
  }
  /// The same for packets that are dropped if there is none.
  [[nodiscard]] bool admits(const QueueLength& more) {
    const bool room = has_room(more);
    if (!room) ++full;
    return room;
  }
  /// Is a packet of `size` bytes let in and not to be marked, as nearly all are?
  [[nodiscard]] bool takes_as_it_is(std::size_t size) const {
    return length.packets < limit.packets && length.packets < ecn.packets &&
           length.bytes < ecn.bytes && length.bytes + size <= limit.bytes;
  }
  /// That packet comes in.
  void join_as_it_is(std::size_t size) {
    ++length.packets;
    length.bytes += size;
  }
  /// A packet for which there is room comes in.
  void join(Packet& packet) {
    if (length.packets >= ecn.packets || length.bytes >= ecn.bytes) mark(packet);
    join_as_it_is(packet.size());
  }
  /// A packet of `size` bytes has been sent, or was taken back.
  void leave(std::size_t size) {
    --length.packets;
    length.bytes -= size;
  }

 private:
  [[gnu::cold, gnu::noinline]] void mark(Packet& packet);
};

/// The number that the Interfaces MIB knows an interface by; they count from 1.
[[nodiscard]] constexpr std::uint32_t if_index(InterfaceIndex position) {
  return std::uint32_t{position} + 1;
}

/// What an interface has below IP, such as a member of a bundle.
struct InterfaceComponent {
  std::string name{};       ///< ifName, of 63 bytes at most; empty for none
  std::uint32_t index = 0;  ///< ifIndex; 0 for none
};

struct Interface {
  InterfaceAddress address;  ///< the primary one
  std::uint16_t mtu = 1500;
  std::uint64_t rate = 0;  ///< bits per second of the link; 0 for unlimited
  /// Of the link. They outlive the interface, and whoever changes them has the node forget what it
  /// knows by reset_routes().
  const Neighbours* neighbours = nullptr;
  OutputQueue queue;
  DiscoveryPolicy discovery{};
  std::vector<InterfaceAddress> secondary{};  ///< more addresses, in subnets of their own or not
  std::string name{};  ///< ifName, of 63 bytes at most; by default eth and its position
  /// The label stack that packets come in with, for errors to tell (RFC 4950); kMaxLabels at most.
  std::vector<MplsLabel> labels{};
  /// What packets come in by, for errors to tell (RFC 5837 section 4.1, role 1).
  InterfaceComponent component{};
  bool up = true;             ///< is the link there, and does it work?
  bool forwards = true;       ///< let transit in and out (RFC 1812 section 5.3.11)
  bool external = false;      ///< does the NAT translate for what is behind it (RFC 3022)?
  bool extended_echo = true;  ///< answer requests that come in here (RFC 8335 section 8)

  /// The address in the subnet of `peer`, else the primary one: what is said to `peer` comes from
  /// there.
  [[nodiscard]] const InterfaceAddress& toward(Ipv4Address peer) const {
    return secondary.empty() || address.subnet().contains(peer) ? address : secondary_toward(peer);
  }
  /// Is it one of the addresses?
  [[nodiscard]] bool has(Ipv4Address own) const;

 private:
  [[nodiscard]] const InterfaceAddress& secondary_toward(Ipv4Address peer) const;
};

}  // namespace hop
