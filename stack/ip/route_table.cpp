#include "stack/ip/route_table.hpp"

#include <limits>
#include <utility>

namespace hop {
namespace {

// The number of a prefix that is known to be out of reach.
constexpr std::int32_t kNoWay = std::numeric_limits<std::int32_t>::max();

bool is_special(RouteType type) {
  return type == RouteType::local || type == RouteType::broadcast || type == RouteType::network;
}

}  // namespace

bool RouteTable::add(const Route& route) {
  const std::int32_t known = trie_.find(route.to);
  if (known != kNothing && !may_stand_beside(known, route)) return false;
  forget_computed();
  if (is_special(route.type)) special_filter_ |= filter_bits(route.to);
  if (known == kNothing && route.tos == 0) {
    trie_.set(route.to, append(route, kNothing));
  } else {
    const std::int32_t head = head_of(route.to, known);
    const std::int32_t added = append(route, beside(head));
    beside(head) = added;
  }
  return true;
}

bool RouteTable::add(const Route& route, std::span<const NextHop> ways) {
  forget_computed();
  const Route chosen = with_ways(route, ways);
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
  recent_.fill({});
}

// The route by one way, or that to a choice of several.
Route RouteTable::with_ways(Route route, std::span<const NextHop> ways) const {
  std::vector<Route> group;
  group.reserve(ways.size());
  for (const NextHop& way : ways) {
    route.type = way.tunnel == kNoTunnel ? RouteType::via : RouteType::tunnel;
    route.out = way.out;
    route.via = way.via;
    route.tunnel = way.tunnel;
    group.push_back(route);
  }
  if (group.size() == 1) return group.front();
  route.type = RouteType::multipath;
  route.via = Ipv4Address{static_cast<std::uint32_t>(groups_.size())};
  groups_.push_back(std::move(group));
  return route;
}

// Own and broadcast addresses are that whatever the TOS.
bool RouteTable::may_stand_beside(std::int32_t known, const Route& route) const {
  if (is_special(at(known).type) || is_special(route.type)) return false;
  for (std::int32_t i = known; i != kNothing; i = beside_[static_cast<std::size_t>(i)]) {
    if (at(i).type != RouteType::by_tos && at(i).tos == route.tos) return false;
  }
  return true;
}

std::int32_t RouteTable::append(const Route& route, std::int32_t beside) {
  routes_.push_back(route);
  beside_.push_back(beside);
  return static_cast<std::int32_t>(routes_.size() - 1);
}

// What stands for all routes to `prefix`, of which there is at most `known` so far.
std::int32_t RouteTable::head_of(const Prefix& prefix, std::int32_t known) {
  if (known != kNothing && at(known).type == RouteType::by_tos) return known;
  const std::int32_t head = append({.to = prefix, .type = RouteType::by_tos}, known);
  trie_.set(prefix, head);
  return head;
}

const Route& RouteTable::for_tos(const Route& by_tos, std::uint8_t tos) const {
  const Route* chosen = &by_tos;
  std::int32_t i = beside_[static_cast<std::size_t>(&by_tos - routes_.data())];
  for (; i != kNothing; i = beside_[static_cast<std::size_t>(i)]) {
    if (at(i).tos == tos) return at(i);
    if (at(i).tos == 0) chosen = &at(i);
  }
  if (chosen->type != RouteType::by_tos || source_ == nullptr) return *chosen;
  const Route* const computed = compute(by_tos.to);  // for TOS 0
  return computed == nullptr ? by_tos : *computed;
}

// What was added wins over what is worked out for the same prefix.
const Route* RouteTable::find(Ipv4Address destination) const {
  const std::int32_t index = trie_.search(destination);
  const Route* const added = index == kNothing ? nullptr : &at(index);
  if (source_ == nullptr || (added != nullptr && added->to.length() == 32)) return added;
  const auto prefix = source_->prefix_of(destination);
  if (!prefix || (added != nullptr && added->to.length() >= prefix->length())) return added;
  const Route* const computed = compute(*prefix);
  return computed == nullptr ? added : computed;
}

const Route* RouteTable::compute(const Prefix& to) const {
  if (!computed_) computed_ = std::make_unique<Computed>();
  const std::int32_t known = computed_->trie.find(to);
  if (known == kNoWay) return nullptr;
  if (known != kNothing) return &computed_->routes[static_cast<std::size_t>(known)];
  const std::vector<NextHop> ways = source_->ways(node_, to);
  if (ways.empty()) {
    computed_->trie.set(to, kNoWay);
    return nullptr;
  }
  // The number comes last, as memory may run out before.
  const auto number = static_cast<std::int32_t>(computed_->routes.size());
  const Route& route = computed_->routes.emplace_back(with_ways({.to = to}, ways));
  computed_->trie.set(to, number);
  return &route;
}

// Special ones are never computed, and the source of a packet is not worth a computation.
const Route* RouteTable::lookup_special(Ipv4Address address) const {
  const std::int32_t index = trie_.search(address);
  return index != kNothing && is_special(at(index).type) ? &at(index) : nullptr;
}

}  // namespace hop
