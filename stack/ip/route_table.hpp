#pragma once
// The routing table of a node: longest prefix match (RFC 1812 section 5.2.4.3).

#include <array>
#include <cstdint>
#include <deque>
#include <memory>
#include <span>
#include <vector>

#include "stack/ip/direct_index.hpp"
#include "stack/ip/prefix_trie.hpp"
#include "stack/ip/recent_routes.hpp"
#include "stack/ip/route.hpp"
#include "stack/ip/route_source.hpp"

namespace hop {

/// Routes by prefix; a table of ten takes less than two kilobytes, one of a million about 150 MB.
/// The node's own addresses and the broadcast addresses of its subnets are routes too, so that one
/// lookup says all about a destination. With a source, routes to other prefixes are worked out when
/// they are needed, and kept. Not for use from several threads.
class RouteTable {
 public:
  /// With so many prefixes a table gets a DirectIndex.
  static constexpr std::size_t kMany = 4096;
  /// Routes that were added have numbers, as long as nothing is added.
  using RouteNumber = std::uint32_t;
  static constexpr RouteNumber kNoRoute = PrefixTrie::kNothing;

  /// Adds a route. Of two routes to the same prefix for the same TOS the first stays: own addresses
  /// go in before static routes, and those come before computed ones. False if there was one.
  bool add(const PrefixRoute& route);
  /// The same by several next hops that are equally good (`route.out` and `route.via` do not
  /// count): a route of type `multipath`, or of type `via` or `tunnel` if there is one.
  bool add(const PrefixRoute& route, std::span<const NextHop> ways);

  /// Works out by `source`, which outlives the table, what is to be known for `node`.
  void compute_by(RouteSource& source, std::uint32_t node) {
    source_ = &source;
    node_ = node;
    recent_.clear();
  }
  /// Takes out all routes; what is not added is worked out as before.
  void clear();
  /// What was worked out holds no longer. Routes that were looked up are invalid.
  void forget_computed();

  /// The most specific route to `destination`, or null; of type `by_tos` or `multipath` where that
  /// depends on the packet. Valid until the next add() or forget_computed().
  [[nodiscard]] const Route* lookup(Ipv4Address destination) const {
    const auto& recent = recent_.place_of(destination);
    return recent.destination == destination ? recent.route : find(destination);
  }
  /// The numbers of the routes to many destinations, of those that were added: what a source would
  /// work out is not among them. kNoRoute where there is none. `found` is as long as
  /// `destinations`. In a table that has an index some dozens at a time take half as long as one by
  /// one, since memory that one needs comes while others are looked up. (A node has few packets at
  /// a time, and looks ahead by prefetch().)
  void find_numbers(std::span<const Ipv4Address> destinations, std::span<RouteNumber> found) const;
  /// The route that has this number, or null of kNoRoute.
  [[nodiscard]] const Route* numbered(RouteNumber number) const {
    return number == kNoRoute ? nullptr : &routes_[number];
  }
  /// Has the memory that a lookup of `destination` needs brought near, if the table is large.
  void prefetch(Ipv4Address destination) const noexcept {
    if (index_) index_->prefetch(destination);
  }

  /// The same for a packet of that TOS (tos_field()): of several routes to a prefix the one for
  /// exactly this TOS, else that for TOS 0 (RFC 1812 section 5.2.4.3 (3)), else the one of type
  /// by_tos that stands for all of them.
  [[nodiscard]] const Route* lookup(Ipv4Address destination, std::uint8_t tos) const {
    const Route* const route = lookup(destination);
    return route != nullptr && route->type == RouteType::by_tos ? &for_tos(*route, destination, tos)
                                                                : route;
  }

  /// The ways that `multipath`, a route of this table, stands for, each of type `via`.
  [[nodiscard]] std::span<const Route> ways(const Route& multipath) const {
    return groups_[multipath.via.value];
  }

  /// The route to `address` if it is a local, broadcast or network address, else null. Answers
  /// for almost all other addresses without a lookup, which the source of every packet needs.
  [[nodiscard]] const Route* special(Ipv4Address address) const {
    const bool may_be = (special_filter_[filter_word(address)] >> (address.value & 31U) & 1U) != 0;
    return may_be ? lookup_special(address) : nullptr;
  }

  /// Is `address` one of the node's own?
  [[nodiscard]] bool is_local(Ipv4Address address) const {
    const Route* const route = special(address);
    return route != nullptr && route->type == RouteType::local;
  }

  /// The number of prefixes that routes were added for.
  [[nodiscard]] std::size_t size() const noexcept { return trie_.size(); }

 private:
  // What was worked out; a deque, so that routes stay where they are while others are added.
  struct Computed {
    PrefixTrie trie;
    std::deque<Route> routes;
  };

  [[nodiscard, gnu::noinline]] const Route* find(Ipv4Address destination) const;
  [[nodiscard]] const Route* find_added(Ipv4Address destination) const;
  [[nodiscard]] RouteNumber number_toward(Ipv4Address destination) const;
  [[nodiscard]] const Route* find_with_source(Ipv4Address destination) const;
  [[nodiscard]] const Route* compute(const Prefix& to) const;
  [[nodiscard]] PrefixRoute with_ways(PrefixRoute route, std::span<const NextHop> ways) const;
  // A Bloom filter of 256 bits with one hash: a word by all of the address, and the bit in it by
  // the last five, in which the special addresses of a subnet differ from those of its hosts.
  static constexpr std::size_t filter_word(Ipv4Address address) noexcept {
    constexpr std::uint32_t kHash = 0x9e3779b1U;  // 2^32 by the golden ratio
    return address.value * kHash >> 29U;
  }
  void add_to_filter(const Prefix& to);
  [[nodiscard, gnu::noinline]] const Route* lookup_special(Ipv4Address address) const;
  [[nodiscard]] std::span<const Route> beside(const Route& known) const;
  [[nodiscard]] bool may_stand_beside(const Route& known, const Route& route) const;
  [[nodiscard]] const Route& for_tos(const Route& by_tos, Ipv4Address destination,
                                     std::uint8_t tos) const;
  RouteNumber number_of(const Route& route);
  void set(const Prefix& to, const Route& route);
  void put_beside(const Prefix& to, const Route* known, const Route& route);

  PrefixTrie trie_;
  std::unique_ptr<DirectIndex> index_;      // of what is in the trie, if that is much
  std::vector<Route> routes_{Route{}};      // the different ones by their number, from 1
  std::vector<std::uint16_t> sorted_;       // the first of these, in the order of what they say
  std::vector<std::vector<Route>> by_tos_;  // what routes of that type stand for
  std::array<std::uint32_t, 8> special_filter_{};
  RouteSource* source_ = nullptr;
  std::uint32_t node_ = 0;
  // A cache: lookups fill it.
  mutable std::unique_ptr<Computed> computed_;
  mutable std::vector<std::vector<Route>>
      groups_;  // the ways of multipath routes, added ones first
  std::size_t added_groups_ = 0;
  mutable RecentRoutes recent_;
};

}  // namespace hop
