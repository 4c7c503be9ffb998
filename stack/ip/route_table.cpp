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

}  // namespace

bool RouteTable::add(const Route& route) {
  if (has(route.to)) return false;
  routes_.push_back(route);
  insert(route.to, static_cast<std::int32_t>(routes_.size() - 1));
  return true;
}

const Route* RouteTable::lookup(Ipv4Address destination) const noexcept {
  std::int32_t best = kNothing;
  std::int32_t at = root_;
  while (at != kNothing) {
    const TrieNode& node = nodes_[static_cast<std::size_t>(at)];
    if (!node.prefix.contains(destination)) break;
    if (node.route != kNothing) best = node.route;
    if (node.prefix.length() == 32) break;
    at = node.child[bit_of(destination, node.prefix.length())];
  }
  return best == kNothing ? nullptr : &routes_[static_cast<std::size_t>(best)];
}

bool RouteTable::has(const Prefix& prefix) const noexcept {
  std::int32_t at = root_;
  while (at != kNothing) {
    const TrieNode& node = nodes_[static_cast<std::size_t>(at)];
    if (node.prefix == prefix) return node.route != kNothing;
    if (!node.prefix.contains(prefix)) return false;
    at = node.child[bit_of(prefix.address(), node.prefix.length())];
  }
  return false;
}

std::int32_t RouteTable::add_node(const Prefix& prefix, std::int32_t route) {
  nodes_.push_back({.prefix = prefix, .route = route});
  return static_cast<std::int32_t>(nodes_.size() - 1);
}

void RouteTable::insert(const Prefix& prefix, std::int32_t route) {
  std::int32_t parent = kNothing;
  std::size_t side = 0;
  std::int32_t at = root_;
  while (at != kNothing) {
    TrieNode& node = nodes_[static_cast<std::size_t>(at)];
    if (node.prefix == prefix) {
      node.route = route;
      return;
    }
    if (!node.prefix.contains(prefix)) break;
    parent = at;
    side = bit_of(prefix.address(), node.prefix.length());
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
  const Prefix old = nodes_[static_cast<std::size_t>(at)].prefix;
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
