#include "stack/ip/prefix_trie.hpp"

#include <algorithm>
#include <array>
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

// The node below on the way to `a`, or kNone.
PrefixTrie::Link PrefixTrie::TrieNode::next(Ipv4Address a) const {
  return length == 32 ? kNone : child[bit_of(a, length)];
}

// The last node with a number on the way to `address`, or kNone.
inline PrefixTrie::Link PrefixTrie::best(Ipv4Address address) const noexcept {
  const TrieNode* const nodes = nodes_.data();
  Link best = kNone;
  for (Link at = root_; at != kNone && nodes[at].contains(address); at = nodes[at].next(address)) {
    if (nodes[at].number != kNothing) best = at;
  }
  return best;
}

std::uint32_t PrefixTrie::search(Ipv4Address address) const noexcept {
  const Link found = best(address);
  return found == kNone ? kNothing : node(found).number;
}

PrefixTrie::Match PrefixTrie::match(Ipv4Address address) const noexcept {
  const Link found = best(address);
  return found == kNone ? Match{} : Match{node(found).prefix(), node(found).number};
}

// Down to the first node that is not shorter than `prefix`, or is beside it.
PrefixTrie::Place PrefixTrie::place_of(const Prefix& prefix) const noexcept {
  const TrieNode* const nodes = nodes_.data();
  Place place{.at = root_};
  while (place.at != kNone && nodes[place.at].length < prefix.length() &&
         nodes[place.at].contains(prefix.address())) {
    place.parent = place.at;
    place.side = bit_of(prefix.address(), nodes[place.at].length);
    place.at = nodes[place.at].child[place.side];
  }
  return place;
}

bool PrefixTrie::is(Link at, const Prefix& prefix) const noexcept {
  return at != kNone && node(at).prefix() == prefix;
}

std::uint32_t PrefixTrie::find(const Prefix& prefix) const noexcept {
  const Link at = place_of(prefix).at;
  return is(at, prefix) ? node(at).number : kNothing;
}

std::vector<Prefix> PrefixTrie::inside(const Prefix& prefix, unsigned longest) const {
  std::vector<Prefix> found;
  const Link top = place_of(prefix).at;
  if (top == kNone || !prefix.contains(node(top).prefix())) return found;
  std::array<Link, 34> open{top};  // at most one for each length, and one more
  std::size_t count = 1;
  while (count > 0) {
    const Link at = open[--count];
    if (at == kNone || node(at).length > longest) continue;
    if (node(at).number != kNothing && node(at).length > prefix.length()) {
      found.push_back(node(at).prefix());
    } else {
      open[count++] = node(at).child[1];
      open[count++] = node(at).child[0];
    }
  }
  return found;
}

PrefixTrie::Link PrefixTrie::add_node(const Prefix& prefix, std::uint32_t number) {
  nodes_.emplace_back(prefix, number);
  return static_cast<Link>(nodes_.size() - 1);
}

void PrefixTrie::set(const Prefix& prefix, std::uint32_t number) {
  const auto [parent, side, at] = place_of(prefix);
  if (is(at, prefix)) {
    if (node(at).number == kNothing) ++size_;
    node(at).number = number & kMost;
    return;
  }
  const Link added = at == kNone ? add_node(prefix, number) : split(at, prefix, number);
  (parent == kNone ? root_ : node(parent).child[side]) = added;
  ++size_;
}

// Puts the new prefix above node `at`, or beside it below a new node that contains both.
PrefixTrie::Link PrefixTrie::split(Link at, const Prefix& prefix, std::uint32_t number) {
  const Prefix old = node(at).prefix();
  const Link added = add_node(prefix, number);
  const Prefix shared = common(old, prefix);
  if (shared == prefix) {
    node(added).child[bit_of(old.address(), prefix.length())] = at;
    return added;
  }
  const Link fork = add_node(shared, kNothing);
  node(fork).child[bit_of(old.address(), shared.length())] = at;
  node(fork).child[bit_of(prefix.address(), shared.length())] = added;
  return fork;
}

}  // namespace hop
