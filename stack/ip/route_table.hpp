#pragma once
// The routing table of a node: longest prefix match (RFC 1812 section 5.2.4.3).

#include <array>
#include <cstdint>
#include <deque>
#include <memory>
#include <span>
#include <vector>

#include "stack/ip/prefix_trie.hpp"
#include "stack/ip/route.hpp"
#include "stack/ip/route_source.hpp"

namespace hop {

/// Routes by prefix; a table of ten takes less than a kilobyte. The node's own addresses and the
/// broadcast addresses of its subnets are routes too, so that one lookup says all about a
/// destination. With a source, routes to other prefixes are worked out when they are needed, and
/// kept. Not for use from several threads.
class RouteTable {
 public:
  /// Adds a route. Of two routes to the same prefix for the same TOS the first stays: own addresses
  /// go in before static routes, and those come before computed ones. False if there was one.
  bool add(const Route& route);
  /// The same by several next hops that are equally good (`route.out` and `route.via` do not
  /// count): a route of type `multipath`, or of type `via` or `tunnel` if there is one.
  bool add(const Route& route, std::span<const NextHop> ways);

  /// Works out by `source`, which outlives the table, what is to be known for `node`.
  void compute_by(RouteSource& source, std::uint32_t node) {
    source_ = &source;
    node_ = node;
    recent_.fill({});
  }
  /// Takes out all routes; what is not added is worked out as before.
  void clear();
  /// What was worked out holds no longer. Routes that were looked up are invalid.
  void forget_computed();

  /// The most specific route to `destination`, or null; of type `by_tos` or `multipath` where that
  /// depends on the packet. Valid until the next add() or forget_computed().
  [[nodiscard]] const Route* lookup(Ipv4Address destination) const {
    Recent& recent = recent_[destination.value * kHash >> 28U];
    if (recent.destination != destination || recent.route == nullptr) {
      recent = {destination, find(destination)};
    }
    return recent.route;
  }

  /// The same for a packet of that TOS (tos_field()): of several routes to a prefix the one for
  /// exactly this TOS, else that for TOS 0 (RFC 1812 section 5.2.4.3 (3)), else the one of type
  /// by_tos that stands for all of them.
  [[nodiscard]] const Route* lookup(Ipv4Address destination, std::uint8_t tos) const {
    const Route* const route = lookup(destination);
    return route != nullptr && route->type == RouteType::by_tos ? &for_tos(*route, tos) : route;
  }

  /// The ways that `multipath`, a route of this table, stands for, each of type `via`.
  [[nodiscard]] std::span<const Route> ways(const Route& multipath) const {
    return groups_[multipath.via.value];
  }

  /// The route to `address` if it is a local, broadcast or network address, else null. Answers
  /// for almost all other addresses without a lookup, which the source of every packet needs.
  [[nodiscard]] const Route* special(Ipv4Address address) const {
    return (special_filter_ & filter_bit(address)) == 0 ? nullptr : lookup_special(address);
  }

  /// Is `address` one of the node's own?
  [[nodiscard]] bool is_local(Ipv4Address address) const {
    const Route* const route = special(address);
    return route != nullptr && route->type == RouteType::local;
  }

  /// All that were added, and one `by_tos` for each prefix with several.
  [[nodiscard]] std::span<const Route> routes() const noexcept { return routes_; }

 private:
  static constexpr std::int32_t kNothing = PrefixTrie::kNothing;
  // The last destinations looked up and what was found: traffic has few destinations at a time,
  // and a hit costs 10 instructions instead of about 20 for each level of the trie. Of fixed size,
  // so that nobody can fill it; emptied by add().
  struct Recent {
    Ipv4Address destination;
    const Route* route = nullptr;
  };
  // What was worked out; a deque, so that routes stay where they are while others are added.
  struct Computed {
    PrefixTrie trie;
    std::deque<Route> routes;
  };
  static constexpr std::uint32_t kHash = 0x9e3779b1U;  // 2^32 by the golden ratio

  [[nodiscard, gnu::noinline]] const Route* find(Ipv4Address destination) const;
  [[nodiscard]] const Route* compute(const Prefix& to) const;
  [[nodiscard]] Route with_ways(Route route, std::span<const NextHop> ways) const;
  // A Bloom filter of 64 bits with one hash.
  [[nodiscard]] static constexpr std::uint64_t filter_bit(Ipv4Address address) noexcept {
    return std::uint64_t{1} << (address.value * kHash >> 26U);
  }
  // Addresses of a whole prefix may have any bit.
  [[nodiscard]] static constexpr std::uint64_t filter_bits(const Prefix& to) noexcept {
    return to.length() == 32 ? filter_bit(to.address()) : ~std::uint64_t{0};
  }
  [[nodiscard, gnu::noinline]] const Route* lookup_special(Ipv4Address address) const;
  [[nodiscard]] bool may_stand_beside(std::int32_t known, const Route& route) const;
  /// What `by_tos`, an element of routes_, stands for.
  [[nodiscard]] const Route& for_tos(const Route& by_tos, std::uint8_t tos) const;
  [[nodiscard]] const Route& at(std::int32_t index) const {
    return routes_[static_cast<std::size_t>(index)];
  }
  [[nodiscard]] std::int32_t& beside(std::int32_t index) {
    return beside_[static_cast<std::size_t>(index)];
  }
  std::int32_t append(const Route& route, std::int32_t beside);
  std::int32_t head_of(const Prefix& prefix, std::int32_t known);

  PrefixTrie trie_;
  std::vector<Route> routes_;
  std::vector<std::int32_t> beside_;  // for each route the next one to the same prefix
  std::uint64_t special_filter_ = 0;
  RouteSource* source_ = nullptr;
  std::uint32_t node_ = 0;
  // A cache: lookups fill it.
  mutable std::unique_ptr<Computed> computed_;
  mutable std::vector<std::vector<Route>>
      groups_;  // the ways of multipath routes, added ones first
  std::size_t added_groups_ = 0;
  mutable std::array<Recent, 16> recent_{};
};

}  // namespace hop
