#pragma once
// Where the last destinations of a node were found to be.

#include <array>
#include <cstdint>
#include <memory>

#include "stack/node/interface.hpp"

namespace hop {

/// What routes and neighbours say of a destination of everyday traffic: it is the node itself, or
/// there is one next hop on a link.
struct alignas(32) Way {
  Ipv4Address destination{};
  Ipv4Address next{};                        ///< the gateway, or the destination
  const Neighbours* neighbours = &kNowhere;  ///< of the link
  Interface* interface = nullptr;            ///< to the link; null for the node itself
  std::uint32_t version = kNever;            ///< of the neighbours, when they were asked
  InterfaceIndex out = kNoInterface;         ///< the number of the interface
  LinkAddress to = kNobody;                  ///< where `next` is on the link

  /// The way to an address of the node itself.
  [[nodiscard]] static Way local(Ipv4Address destination) {
    return {.destination = destination, .version = kNowhere.version()};
  }
  [[nodiscard]] bool is_local() const { return interface == nullptr; }

  static const Neighbours kNowhere;  // that never change: what is local always holds
  static constexpr std::uint32_t kNever = 0xffffffffU;  // a version that kNowhere never has
};

/// Remembers ways, so that a packet of a flow costs one comparison instead of the walk of the
/// routing table and a search among neighbours. What it remembers holds as long as the routes do,
/// whose owner calls forget(), and the neighbours, which it asks. Of fixed size, so that nobody can
/// fill it; there from the first way on, since most nodes of a large network never see a packet.
class WayCache {
 public:
  /// The way to `destination` if it is remembered and holds, else null. Valid until the next call
  /// of keep() or forget().
  [[nodiscard]] const Way* find(Ipv4Address destination) const {
    const Way& way = ways_[place_of(destination)];
    const bool holds = way.destination == destination && way.neighbours->version() == way.version;
    return holds ? &way : nullptr;
  }
  /// Remembers `way` instead of another one. What it points to stays, or the way is forgotten.
  const Way& keep(const Way& way);
  void forget() { ways_ = kNone.data(); }

 private:
  static constexpr unsigned kBits = 7;
  using Ways = std::array<Way, std::size_t{1} << kBits>;
  static const Ways kNone;

  // Fibonacci hashing: 2^32 by the golden ratio, and the upper bits.
  [[nodiscard]] static std::size_t place_of(Ipv4Address address) {
    return address.value * 0x9e3779b1U >> (32U - kBits);
  }

  const Way* ways_ = kNone.data();
  std::unique_ptr<Ways> own_;
};

}  // namespace hop
