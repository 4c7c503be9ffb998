#include "stack/ip/prefix_trie.hpp"

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

// The node below on the way to `a`, or kNothing.
std::int32_t PrefixTrie::TrieNode::next(Ipv4Address a) const {
  return length == 32 ? kNothing : child[bit_of(a, length)];
}

std::int32_t PrefixTrie::search(Ipv4Address address) const noexcept {
  const TrieNode* const nodes = nodes_.data();
  std::int32_t best = kNothing;
  for (std::int32_t at = root_; at != kNothing && nodes[at].contains(address);
       at = nodes[at].next(address)) {
    if (nodes[at].number != kNothing) best = nodes[at].number;
  }
  return best;
}

std::int32_t PrefixTrie::find(const Prefix& prefix) const noexcept {
  std::int32_t at = root_;
  while (at != kNothing) {
    const TrieNode& node = nodes_[static_cast<std::size_t>(at)];
    if (node.prefix() == prefix) return node.number;
    if (!node.prefix().contains(prefix)) break;
    at = node.next(prefix.address());
  }
  return kNothing;
}

std::int32_t PrefixTrie::add_node(const Prefix& prefix, std::int32_t number) {
  nodes_.emplace_back(prefix, number);
  return static_cast<std::int32_t>(nodes_.size() - 1);
}

void PrefixTrie::set(const Prefix& prefix, std::int32_t number) {
  std::int32_t parent = kNothing;
  std::size_t side = 0;
  std::int32_t at = root_;
  while (at != kNothing) {
    TrieNode& node = nodes_[static_cast<std::size_t>(at)];
    if (node.prefix() == prefix) {
      node.number = number;
      return;
    }
    if (!node.prefix().contains(prefix)) break;
    parent = at;
    side = bit_of(prefix.address(), node.length);
    at = node.child[side];
  }
  const std::int32_t added = at == kNothing ? add_node(prefix, number) : split(at, prefix, number);
  if (parent == kNothing) {
    root_ = added;
  } else {
    nodes_[static_cast<std::size_t>(parent)].child[side] = added;
  }
}

// Puts the new prefix above node `at`, or beside it below a new node that contains both.
std::int32_t PrefixTrie::split(std::int32_t at, const Prefix& prefix, std::int32_t number) {
  const Prefix old = nodes_[static_cast<std::size_t>(at)].prefix();
  const std::int32_t added = add_node(prefix, number);
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
