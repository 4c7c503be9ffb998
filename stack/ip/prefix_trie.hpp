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
  static constexpr std::int32_t kNothing = -1;

  /// Sets the number of `prefix`, not negative, whether or not it has one.
  void set(const Prefix& prefix, std::int32_t number);
  /// The number of exactly `prefix`, or kNothing.
  [[nodiscard]] std::int32_t find(const Prefix& prefix) const noexcept;
  /// The number of the longest prefix that contains `address`, or kNothing.
  [[nodiscard]] std::int32_t search(Ipv4Address address) const noexcept;

 private:
  struct TrieNode {
    explicit TrieNode(const Prefix& of, std::int32_t its_number)
        : address(of.address().value),
          mask(of.mask()),
          length(static_cast<std::uint8_t>(of.length())),
          number(its_number) {}
    [[nodiscard]] Prefix prefix() const { return {Ipv4Address{address}, length}; }
    [[nodiscard]] bool contains(Ipv4Address a) const { return (a.value & mask) == address; }
    [[nodiscard]] std::int32_t next(Ipv4Address a) const;

    std::uint32_t address;
    std::uint32_t mask;
    std::uint8_t length;
    std::int32_t number;
    std::int32_t child[2] = {kNothing, kNothing};  // by the bit behind the prefix
  };

  std::int32_t add_node(const Prefix& prefix, std::int32_t number);
  std::int32_t split(std::int32_t at, const Prefix& prefix, std::int32_t number);

  std::vector<TrieNode> nodes_;
  std::int32_t root_ = kNothing;
};

}  // namespace hop
