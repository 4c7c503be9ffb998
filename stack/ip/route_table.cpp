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
  if (has(route.to)) return false;
  if (is_special(route.type)) special_filter_ |= filter_bits(route.to);
  routes_.push_back(route);
  recent_.fill({});
  insert(route.to, static_cast<std::int32_t>(routes_.size() - 1));
  return true;
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

bool RouteTable::has(const Prefix& prefix) const noexcept {
  std::int32_t at = root_;
  while (at != kNothing) {
    const TrieNode& node = nodes_[static_cast<std::size_t>(at)];
    if (node.prefix() == prefix) return node.route != kNothing;
    if (!node.prefix().contains(prefix)) return false;
    at = node.next(prefix.address());
  }
  return false;
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
