#pragma once
// The routing table of a node: longest prefix match (RFC 1812 section 5.2.4.3).

#include <array>
#include <cstdint>
#include <span>
#include <vector>

#include "stack/ip/route.hpp"

namespace hop {

/// Routes by prefix, in a path-compressed binary trie: a lookup visits at most one node for each
/// different prefix length on the way, and a table of ten routes takes less than a kilobyte. The
/// node's own addresses and the broadcast addresses of its subnets are routes too, so that one
/// lookup says all about a destination. Not for use from several threads.
class RouteTable {
 public:
  /// Adds a route. Of two routes to the same prefix for the same TOS the first stays: own addresses
  /// go in before static routes, and those before computed ones. False if there was one.
  bool add(const Route& route);

  /// The most specific route to `destination`, or null; of type `by_tos` where that depends on the
  /// TOS of the packet. Valid until the next add().
  [[nodiscard]] const Route* lookup(Ipv4Address destination) const noexcept {
    Recent& recent = recent_[destination.value * kHash >> 28U];
    if (recent.destination != destination || recent.route == kNothing) {
      recent = {destination, search(destination)};
    }
    return recent.route == kNothing ? nullptr : &routes_[static_cast<std::size_t>(recent.route)];
  }

  /// The same for a packet of that TOS (tos_field()): of several routes to a prefix the one for
  /// exactly this TOS, else that for TOS 0 (RFC 1812 section 5.2.4.3 (3)), else the one of type
  /// by_tos that stands for all of them.
  [[nodiscard]] const Route* lookup(Ipv4Address destination, std::uint8_t tos) const noexcept {
    const Route* const route = lookup(destination);
    return route != nullptr && route->type == RouteType::by_tos ? &for_tos(*route, tos) : route;
  }

  /// The route to `address` if it is a local, broadcast or network address, else null. Answers
  /// for almost all other addresses without a lookup, which the source of every packet needs.
  [[nodiscard]] const Route* special(Ipv4Address address) const noexcept {
    return (special_filter_ & filter_bit(address)) == 0 ? nullptr : lookup_special(address);
  }

  /// Is `address` one of the node's own?
  [[nodiscard]] bool is_local(Ipv4Address address) const noexcept {
    const Route* const route = special(address);
    return route != nullptr && route->type == RouteType::local;
  }

  /// All of them, and one `by_tos` for each prefix with several.
  [[nodiscard]] std::span<const Route> routes() const noexcept { return routes_; }

 private:
  static constexpr std::int32_t kNothing = -1;
  struct TrieNode {
    explicit TrieNode(const Prefix& to, std::int32_t of)
        : address(to.address().value),
          mask(to.mask()),
          length(static_cast<std::uint8_t>(to.length())),
          route(of) {}
    [[nodiscard]] Prefix prefix() const { return {Ipv4Address{address}, length}; }
    [[nodiscard]] bool contains(Ipv4Address a) const { return (a.value & mask) == address; }
    [[nodiscard]] std::int32_t next(Ipv4Address a) const;

    std::uint32_t address;
    std::uint32_t mask;
    std::uint8_t length;
    std::int32_t route;                            // index into routes_
    std::int32_t child[2] = {kNothing, kNothing};  // by the bit behind the prefix
  };

  std::int32_t add_node(const Prefix& prefix, std::int32_t route);
  // The last destinations looked up and what was found: traffic has few destinations at a time,
  // and a hit costs 10 instructions instead of about 20 for each level of the trie. Of fixed size,
  // so that nobody can fill it; emptied by add().
  struct Recent {
    Ipv4Address destination;
    std::int32_t route = kNothing;
  };
  static constexpr std::uint32_t kHash = 0x9e3779b1U;  // 2^32 by the golden ratio

  // Index into routes_, or kNothing.
  [[nodiscard]] std::int32_t search(Ipv4Address destination) const noexcept;
  // A Bloom filter of 64 bits with one hash.
  [[nodiscard]] static constexpr std::uint64_t filter_bit(Ipv4Address address) noexcept {
    return std::uint64_t{1} << (address.value * kHash >> 26U);
  }
  // Addresses of a whole prefix may have any bit.
  [[nodiscard]] static constexpr std::uint64_t filter_bits(const Prefix& to) noexcept {
    return to.length() == 32 ? filter_bit(to.address()) : ~std::uint64_t{0};
  }
  [[nodiscard]] const Route* lookup_special(Ipv4Address address) const noexcept;
  // Index of the route to exactly `prefix`, or kNothing.
  [[nodiscard]] std::int32_t find(const Prefix& prefix) const noexcept;
  [[nodiscard]] bool may_stand_beside(std::int32_t known, const Route& route) const;
  /// What `by_tos`, an element of routes_, stands for.
  [[nodiscard]] const Route& for_tos(const Route& by_tos, std::uint8_t tos) const noexcept;
  [[nodiscard]] const Route& at(std::int32_t index) const {
    return routes_[static_cast<std::size_t>(index)];
  }
  [[nodiscard]] std::int32_t& beside(std::int32_t index) {
    return beside_[static_cast<std::size_t>(index)];
  }
  std::int32_t append(const Route& route, std::int32_t beside);
  std::int32_t head_of(const Prefix& prefix, std::int32_t known);
  void insert(const Prefix& prefix, std::int32_t route);
  std::int32_t split(std::int32_t at, const Prefix& prefix, std::int32_t route);

  std::vector<Route> routes_;
  std::vector<std::int32_t> beside_;  // for each route the next one to the same prefix
  std::vector<TrieNode> nodes_;
  std::int32_t root_ = kNothing;
  std::uint64_t special_filter_ = 0;
  mutable std::array<Recent, 16> recent_{};
};

}  // namespace hop
