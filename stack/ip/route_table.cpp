#include "stack/ip/route_table.hpp"

#include <algorithm>
#include <utility>

namespace hop {
namespace {

// The number of a prefix that is known to be out of reach.
constexpr std::uint32_t kNoWay = PrefixTrie::kMost;

bool is_special(RouteType type) {
  return type == RouteType::local || type == RouteType::broadcast || type == RouteType::network;
}

}  // namespace

bool RouteTable::add(const PrefixRoute& route) {
  const Route added = route.route();
  const Route* const known = numbered(trie_.find(route.to));
  if (known != nullptr && !may_stand_beside(*known, added)) return false;
  forget_computed();
  if (is_special(route.type)) add_to_filter(route.to);
  if (known == nullptr && route.tos == 0) {
    set(route.to, added);
  } else {
    put_beside(route.to, known, added);
  }
  return true;
}

bool RouteTable::add(const PrefixRoute& route, std::span<const NextHop> ways) {
  forget_computed();
  const PrefixRoute chosen = with_ways(route, ways);
  const std::size_t before = std::exchange(added_groups_, groups_.size());
  if (add(chosen)) return true;
  added_groups_ = before;
  groups_.resize(before);
  return false;
}

void RouteTable::clear() {
  RouteSource* const source = source_;
  const std::uint32_t node = node_;
  *this = RouteTable{};
  source_ = source;
  node_ = node;
}

void RouteTable::forget_computed() {
  computed_.reset();
  groups_.resize(added_groups_);
  recent_.clear();
}

// The route by one way, or that to a choice of several.
PrefixRoute RouteTable::with_ways(PrefixRoute route, std::span<const NextHop> ways) const {
  std::vector<Route> group;
  group.reserve(ways.size());
  for (const NextHop& way : ways) {
    route.type = way.tunnel == kNoTunnel ? RouteType::via : RouteType::tunnel;
    route.out = way.out;
    route.via = way.via;
    route.tunnel = way.tunnel;
    group.push_back(route.route());
  }
  if (group.size() == 1) return route;
  route.type = RouteType::multipath;
  route.via = Ipv4Address{static_cast<std::uint32_t>(groups_.size())};
  groups_.push_back(std::move(group));
  return route;
}

// Addresses of a whole prefix may have any bit.
void RouteTable::add_to_filter(const Prefix& to) {
  if (to.length() < 32) {
    special_filter_.fill(~std::uint32_t{0});
  } else {
    special_filter_[filter_word(to.address())] |= std::uint32_t{1} << (to.address().value & 31U);
  }
}

// All routes to the prefix of `known`.
std::span<const Route> RouteTable::beside(const Route& known) const {
  if (known.type == RouteType::by_tos) return by_tos_[known.via.value];
  return {&known, 1};
}

// Own and broadcast addresses are that whatever the TOS.
bool RouteTable::may_stand_beside(const Route& known, const Route& route) const {
  if (is_special(known.type) || is_special(route.type)) return false;
  return std::ranges::none_of(beside(known),
                              [&](const Route& other) { return other.tos == route.tos; });
}

void RouteTable::put_beside(const Prefix& to, const Route* known, const Route& route) {
  if (known != nullptr && known->type == RouteType::by_tos) {
    by_tos_[known->via.value].push_back(route);
    return;
  }
  std::vector<Route> all{route};
  if (known != nullptr) all.push_back(*known);
  const Ipv4Address number{static_cast<std::uint32_t>(by_tos_.size())};
  by_tos_.push_back(std::move(all));
  set(to, {.type = RouteType::by_tos, .via = number, .is_default = to.length() == 0});
}

// Without memory there is no index: what is in the trie holds, and the next route makes it anew.
void RouteTable::set(const Prefix& to, const Route& route) {
  const std::uint32_t number = number_of(route);
  auto index = std::move(index_);
  trie_.set(to, number);
  if (index) {
    index->update(trie_, to, number);
  } else if (trie_.size() >= kMany) {
    index = std::make_unique<DirectIndex>(trie_);
  }
  index_ = std::move(index);
}

// The same for equal routes, of those at least that an index can tell apart.
RouteTable::RouteNumber RouteTable::number_of(const Route& route) {
  const auto by_number = [this](std::uint16_t number) -> const Route& { return routes_[number]; };
  const auto place = std::ranges::lower_bound(sorted_, route, {}, by_number);
  if (place != sorted_.end() && routes_[*place] == route) return *place;
  const auto number = static_cast<std::uint32_t>(routes_.size());
  routes_.push_back(route);
  if (number <= DirectIndex::kMost) sorted_.insert(place, static_cast<std::uint16_t>(number));
  return number;
}

const Route& RouteTable::for_tos(const Route& by_tos, Ipv4Address destination,
                                 std::uint8_t tos) const {
  const Route* chosen = &by_tos;
  for (const Route& route : beside(by_tos)) {
    if (route.tos == tos) return route;
    if (route.tos == 0) chosen = &route;
  }
  if (chosen->type != RouteType::by_tos || source_ == nullptr) return *chosen;
  const Route* const computed = compute(trie_.match(destination).prefix);  // for TOS 0
  return computed == nullptr ? by_tos : *computed;
}

const Route* RouteTable::find(Ipv4Address destination) const {
  if (index_ && source_ == nullptr) return find_added(destination);
  const Route* const found =
      source_ == nullptr ? find_added(destination) : find_with_source(destination);
  recent_.place_of(destination) = {destination, found};
  return found;
}

inline const Route* RouteTable::find_added(Ipv4Address destination) const {
  return numbered(number_toward(destination));
}

inline RouteTable::RouteNumber RouteTable::number_toward(Ipv4Address destination) const {
  const std::uint32_t number = index_ ? index_->search(destination) : DirectIndex::kUnknown;
  return number == DirectIndex::kUnknown ? trie_.search(destination) : number;
}

// What was added wins over what is worked out for the same prefix.
const Route* RouteTable::find_with_source(Ipv4Address destination) const {
  const auto [to, number] = trie_.match(destination);
  const Route* const added = numbered(number);
  if (added != nullptr && to.length() == 32) return added;
  const auto prefix = source_->prefix_of(destination);
  if (!prefix || (added != nullptr && to.length() >= prefix->length())) return added;
  const Route* const computed = compute(*prefix);
  return computed == nullptr ? added : computed;
}

// Loops that do one thing each. The first has the misses of all at a time: without it random
// destinations take 1.7 times as long. The others count where all is in the cache: with a call for
// the rare ones in the second, 4096 hot destinations take 1.4 times as long.
void RouteTable::find_numbers(std::span<const Ipv4Address> destinations,
                              std::span<RouteNumber> found) const {
  const std::size_t count = destinations.size();
  if (!index_ || !index_->knows_all()) {
    for (std::size_t i = 0; i < count; ++i) found[i] = number_toward(destinations[i]);
    return;
  }
  const DirectIndex& index = *index_;
#pragma GCC unroll 8
  for (const Ipv4Address destination : destinations) index.prefetch(destination);
  std::size_t i = 0;
  for (; i + 4 <= count; i += 4) {
    index.search_long(destinations.subspan(i).first<4>(), found.subspan(i).first<4>());
  }
  for (; i < count; ++i) found[i] = index.search_long(destinations[i]);
  RouteNumber missing = 0;  // all ones is what a comparison of vectors gives
  for (i = 0; i < count; ++i) missing |= found[i] == kNoRoute ? ~RouteNumber{0} : 0;
  for (i = 0; missing != 0 && i < count; ++i) {
    if (found[i] == kNoRoute) found[i] = index.search(destinations[i]);
  }
}

const Route* RouteTable::compute(const Prefix& to) const {
  if (!computed_) computed_ = std::make_unique<Computed>();
  const std::uint32_t known = computed_->trie.find(to);
  if (known == kNoWay) return nullptr;
  if (known != kNoRoute) return &computed_->routes[known - 1];
  const std::vector<NextHop> ways = source_->ways(node_, to);
  if (ways.empty()) {
    computed_->trie.set(to, kNoWay);
    return nullptr;
  }
  // The number comes last, as memory may run out before.
  const auto number = static_cast<std::uint32_t>(computed_->routes.size() + 1);
  const Route& route = computed_->routes.emplace_back(with_ways({.to = to}, ways).route());
  computed_->trie.set(to, number);
  return &route;
}

// Special ones are never computed, and the source of a packet is not worth a computation.
const Route* RouteTable::lookup_special(Ipv4Address address) const {
  const Route* const route = find_added(address);
  return route != nullptr && is_special(route->type) ? route : nullptr;
}

}  // namespace hop
