#include "stack/ip/route_table.hpp"

#include <algorithm>
#include <bit>

namespace hop {
namespace {

// Bit number `position`, counted from the left; `position` is at most 31.
std::size_t bit_of(Ipv4Address address, unsigned position) noexcept {
  return address.value >> (31U - position) & 1U;
}

// The longest prefix that contains both.
Prefix common(const Prefix& a, const Prefix& b) {
  const auto same = static_cast<unsigned>(std::countl_zero(a.address().value ^ b.address().value));
  return Prefix{a.address(), std::min({same, a.length(), b.length()})};
}

bool is_special(RouteType type) {
  return type == RouteType::local || type == RouteType::broadcast || type == RouteType::network;
}

}  // namespace

bool RouteTable::add(const Route& route) {
  const std::int32_t known = find(route.to);
  if (known != kNothing && !may_stand_beside(known, route)) return false;
  if (is_special(route.type)) special_filter_ |= filter_bits(route.to);
  recent_.fill({});
  if (known == kNothing && route.tos == 0) {
    insert(route.to, append(route, kNothing));
  } else {
    const std::int32_t head = head_of(route.to, known);
    const std::int32_t added = append(route, beside(head));
    beside(head) = added;
  }
  return true;
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
  insert(prefix, head);
  return head;
}

const Route& RouteTable::for_tos(const Route& by_tos, std::uint8_t tos) const noexcept {
  const Route* chosen = &by_tos;
  std::int32_t i = beside_[static_cast<std::size_t>(&by_tos - routes_.data())];
  for (; i != kNothing; i = beside_[static_cast<std::size_t>(i)]) {
    if (at(i).tos == tos) return at(i);
    if (at(i).tos == 0) chosen = &at(i);
  }
  return *chosen;
}

// The node below on the way to `a`, or kNothing.
std::int32_t RouteTable::TrieNode::next(Ipv4Address a) const {
  return length == 32 ? kNothing : child[bit_of(a, length)];
}

std::int32_t RouteTable::search(Ipv4Address destination) const noexcept {
  const TrieNode* const nodes = nodes_.data();
  std::int32_t best = kNothing;
  for (std::int32_t at = root_; at != kNothing && nodes[at].contains(destination);
       at = nodes[at].next(destination)) {
    if (nodes[at].route != kNothing) best = nodes[at].route;
  }
  return best;
}

const Route* RouteTable::lookup_special(Ipv4Address address) const noexcept {
  const Route* const route = lookup(address);
  return route != nullptr && is_special(route->type) ? route : nullptr;
}

std::int32_t RouteTable::find(const Prefix& prefix) const noexcept {
  std::int32_t at = root_;
  while (at != kNothing) {
    const TrieNode& node = nodes_[static_cast<std::size_t>(at)];
    if (node.prefix() == prefix) return node.route;
    if (!node.prefix().contains(prefix)) break;
    at = node.next(prefix.address());
  }
  return kNothing;
}

std::int32_t RouteTable::add_node(const Prefix& prefix, std::int32_t route) {
  nodes_.emplace_back(prefix, route);
  return static_cast<std::int32_t>(nodes_.size() - 1);
}

void RouteTable::insert(const Prefix& prefix, std::int32_t route) {
  std::int32_t parent = kNothing;
  std::size_t side = 0;
  std::int32_t at = root_;
  while (at != kNothing) {
    TrieNode& node = nodes_[static_cast<std::size_t>(at)];
    if (node.prefix() == prefix) {
      node.route = route;
      return;
    }
    if (!node.prefix().contains(prefix)) break;
    parent = at;
    side = bit_of(prefix.address(), node.length);
    at = node.child[side];
  }
  const std::int32_t added = at == kNothing ? add_node(prefix, route) : split(at, prefix, route);
  if (parent == kNothing) {
    root_ = added;
  } else {
    nodes_[static_cast<std::size_t>(parent)].child[side] = added;
  }
}

// Puts the new prefix above node `at`, or beside it below a new node that contains both.
std::int32_t RouteTable::split(std::int32_t at, const Prefix& prefix, std::int32_t route) {
  const Prefix old = nodes_[static_cast<std::size_t>(at)].prefix();
  const std::int32_t added = add_node(prefix, route);
  const Prefix shared = common(old, prefix);
  if (shared == prefix) {
    nodes_[static_cast<std::size_t>(added)].child[bit_of(old.address(), prefix.length())] = at;
    return added;
  }
  const std::int32_t fork = add_node(shared, kNothing);
  TrieNode& node = nodes_[static_cast<std::size_t>(fork)];
  node.child[bit_of(old.address(), shared.length())] = at;
  node.child[bit_of(prefix.address(), shared.length())] = added;
  return fork;
}

}  // namespace hop
