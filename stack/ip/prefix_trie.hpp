#pragma once
// Numbers by prefix, found by longest match.

#include <cstdint>
#include <vector>

#include "stack/wire/ipv4_address.hpp"

namespace hop {

/// A path-compressed binary trie: a search visits at most one node for each different prefix length
/// on the way.
class PrefixTrie {
 public:
  /// Numbers count from 1, so that 0 is none.
  static constexpr std::uint32_t kNothing = 0;
  static constexpr std::uint32_t kMost = (1U << 26U) - 1;
  /// The longest prefix that contains an address, and its number; or kNothing.
  struct Match {
    Prefix prefix{};
    std::uint32_t number = kNothing;
  };

  /// Sets the number of `prefix`, from 1 to kMost, whether or not it has one.
  void set(const Prefix& prefix, std::uint32_t number);
  /// The number of exactly `prefix`, or kNothing.
  [[nodiscard]] std::uint32_t find(const Prefix& prefix) const noexcept;
  /// The number of the longest prefix that contains `address`, or kNothing.
  [[nodiscard, gnu::pure]] std::uint32_t search(Ipv4Address address) const noexcept;
  /// The same, with the prefix.
  [[nodiscard]] Match match(Ipv4Address address) const noexcept;

  /// How many prefixes have a number.
  [[nodiscard]] std::size_t size() const noexcept { return size_; }
  /// Calls `visit` with each of them and its number, in any order.
  template <typename Visit>
  void for_each(Visit visit) const {
    for (const TrieNode& node : nodes_) {
      if (node.number != kNothing) visit(node.prefix(), node.number);
    }
  }
  /// Those that are more specific than `prefix` and not longer than `longest`, in the order of
  /// their addresses, without what is within another of them.
  [[nodiscard]] std::vector<Prefix> inside(const Prefix& prefix, unsigned longest) const;

 private:
  using Link = std::int32_t;
  static constexpr Link kNone = -1;

  // Of 16 bytes, four to a line of the cache: of a million, most are fetched from memory.
  struct TrieNode {
    TrieNode(const Prefix& of, std::uint32_t its_number)
        : address(of.address().value), length(of.length() & 0x3fU), number(its_number & kMost) {}
    [[nodiscard]] Prefix prefix() const { return {Ipv4Address{address}, length}; }
    [[nodiscard]] bool contains(Ipv4Address a) const {
      return std::uint64_t{a.value ^ address} >> (32U - length) == 0;
    }
    [[nodiscard]] Link next(Ipv4Address a) const;

    std::uint32_t address;
    std::uint32_t length : 6;
    std::uint32_t number : 26;
    Link child[2] = {kNone, kNone};  // by the bit behind the prefix
  };
  // Where a prefix is, or would be: in front of node `at`, behind `parent` on that side.
  struct Place {
    Link parent = kNone;
    std::size_t side = 0;
    Link at = kNone;
  };

  [[nodiscard]] const TrieNode& node(Link at) const { return nodes_[static_cast<std::size_t>(at)]; }
  [[nodiscard]] TrieNode& node(Link at) { return nodes_[static_cast<std::size_t>(at)]; }
  [[nodiscard]] Place place_of(const Prefix& prefix) const noexcept;
  [[nodiscard]] bool is(Link at, const Prefix& prefix) const noexcept;
  [[nodiscard]] Link best(Ipv4Address address) const noexcept;
  Link add_node(const Prefix& prefix, std::uint32_t number);
  Link split(Link at, const Prefix& prefix, std::uint32_t number);

  std::vector<TrieNode> nodes_;
  Link root_ = kNone;
  std::uint32_t size_ = 0;
};

}  // namespace hop
