#pragma once
// Where the last destinations of a node were found to be.

#include <array>
#include <cstdint>
#include <memory>

#include "stack/ip/received.hpp"
#include "stack/wire/ipv4_address.hpp"

namespace hop {

/// What routes and neighbours say of a destination of everyday traffic: it is the node itself, or
/// there is one next hop on a link.
struct alignas(16) Way {
  Ipv4Address destination{};
  Ipv4Address next{};                 ///< the gateway, or the destination
  InterfaceIndex out = kNoInterface;  ///< to the link; none for the node itself
  LinkAddress to = kNobody;           ///< where `next` is on the link

  /// The way to an address of the node itself.
  [[nodiscard]] static Way local(Ipv4Address destination) { return {.destination = destination}; }
  [[nodiscard]] bool is_local() const { return out == kNoInterface; }
};

/// Remembers ways, so that a packet of a flow costs two comparisons instead of the walk of the
/// routing table and a search among neighbours. What it remembers holds as long as routes and
/// neighbours do, whose owner calls forget().
///
/// A destination has two places, in one line of the processor's cache. When a third one comes to
/// the same two, the cache doubles, if at least an eighth of it is in use: from 128 bytes, since
/// most nodes of a large network see few flows, to 32 KB, so that nobody can fill it. Otherwise the
/// one that came first makes room.
class WayCache {
 public:
  WayCache() = default;
  /// Ways that it remembers at most.
  static constexpr std::size_t kMost = 2048;

  /// The way to `destination` if it is remembered, else null. Valid until the next call of keep()
  /// or forget().
  [[nodiscard]] const Way* find(Ipv4Address destination) const {
    const auto& [pair] = pairs_[place_of(destination)];
    // Chosen without a branch, which would be mispredicted where there are many flows.
    const Way& way = pair[pair[0].destination == destination ? 0 : 1];
    return way.destination == destination ? &way : nullptr;
  }
  /// Remembers `way`, in place of what was known of its destination. Throws std::bad_alloc.
  const Way& keep(const Way& way);
  /// How many it has room for now, if they do not come together.
  [[nodiscard]] std::size_t places() const { return own_ ? 2 * pairs() : 0; }
  /// From here on nothing is remembered.
  void forget() { *this = WayCache{}; }

 private:
  struct alignas(32) Pair {
    std::array<Way, 2> ways{};
  };
  static constexpr std::size_t kLeastPairs = 4;
  static const std::array<Pair, 2> kNothing;

  // Fibonacci hashing: 2^32 by the golden ratio, and the upper bits. A table that doubles divides
  // the ways of a pair among two.
  [[nodiscard]] std::size_t place_of(Ipv4Address address) const {
    return address.value * 0x9e3779b1U >> shift_;
  }
  [[nodiscard]] std::size_t pairs() const { return std::size_t{1} << (32U - shift_); }
  explicit WayCache(std::size_t pairs);
  [[nodiscard]] bool may_grow() const { return places() < kMost && used_ >= places() / 8; }
  [[nodiscard]] Way* place_for(Ipv4Address destination);
  void grow();

  const Pair* pairs_ = kNothing.data();
  unsigned shift_ = 31;  // of the two pairs of kNothing
  std::uint32_t used_ = 0;
  std::unique_ptr<Pair[]> own_;  // which pairs_ points to if there is anything to remember
};

}  // namespace hop
