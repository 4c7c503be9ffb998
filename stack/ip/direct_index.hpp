#pragma once
// Numbers by address, in one access to memory.

#include <array>
#include <cassert>
#include <cstdint>
#include <cstdlib>
#include <memory>
#include <span>

#include "stack/ip/prefix_trie.hpp"
#include "stack/wire/ipv4_address.hpp"

namespace hop {

/// What a trie says, written down for each address: DIR-24-8 of Gupta, Lin and McKeown ("Routing
/// Lookups in Hardware at Memory Access Speeds", INFOCOM 1998).
///
/// A trie asks bit by bit, and in a large one each question is a miss of the cache. But hardly any
/// prefix is longer than /24. So there is an array of one entry for each of the 2^24 *blocks* of
/// 256 addresses, which holds the number of the longest prefix that covers the block: the lookup is
/// a shift and a load. Where prefixes beyond /24 divide a block, its entry names a *group* instead,
/// 256 entries, one for each address: a second load.
///
///     192.0.2.0/24 is 5, 198.18.0.0/23 is 6, and 198.18.1.64/26 is 7:
///
///     block 192.0.2    | 5       |
///     block 198.18.0   | 6       |
///     block 198.18.1   | group 0 | ──→  64 times 6, 64 times 7, 128 times 6
///
/// The price is paid by updates, which write all blocks of a prefix but those of longer ones in it.
/// Prefixes up to /8 would be millions of entries (and a default route all of them): they have an
/// array of their own, of 256 entries, which is asked where the large one has none. So an update
/// writes 2^15 blocks at most, and memory that no longer prefix needs is never touched.
///
/// An entry has 16 bits, for the numbers up to 32,767 and as many groups. With 32 bits the array
/// would miss the cache of the processor more often. Where that is not enough the entry says
/// kUnknown, and the trie has the answer.
class DirectIndex {
 public:
  /// Greater numbers are not kept.
  static constexpr std::uint32_t kMost = 0x7fff;
  /// Ask the trie.
  static constexpr std::uint32_t kUnknown = 0xffff;

  /// All that `trie` has. Throws std::bad_alloc without 48 MiB of address space.
  explicit DirectIndex(const PrefixTrie& trie);
  /// `prefix` has `number` in `trie` now. Throws std::bad_alloc, and may be used no more then.
  void update(const PrefixTrie& trie, const Prefix& prefix, std::uint32_t number);

  /// What PrefixTrie::search() would say, or kUnknown.
  [[nodiscard]] std::uint32_t search(Ipv4Address address) const noexcept {
    const Entry found = search_block(address);
    return is_number(found) ? found : search_further(found, address);
  }
  /// Has no number been too large, and were there enough groups? Nearly always.
  [[nodiscard]] bool knows_all() const noexcept { return knows_all_; }
  /// If it knows_all(): the number of the longest prefix that is longer than /8, or kNothing.
  [[nodiscard]] std::uint16_t search_long(Ipv4Address address) const noexcept {
    assert(knows_all_);
    const Entry found = search_block(address);
    if ((found & kIsGroup) == 0) [[likely]]
      return found;
    return entries_[place(found, address.value)];
  }
  /// The same for four at a time, which asks only once whether one of them is in a group.
  void search_long(std::span<const Ipv4Address, 4> addresses,
                   std::span<std::uint32_t, 4> found) const noexcept {
    assert(knows_all_);
    std::uint32_t all = 0;
    for (std::size_t i = 0; i < 4; ++i) all |= found[i] = search_block(addresses[i]);
    if ((all & kIsGroup) == 0) [[likely]]
      return;
    for (std::size_t i = 0; i < 4; ++i) found[i] = search_long(addresses[i]);
  }
  /// Has the memory that a search for `address` needs brought near.
  void prefetch(Ipv4Address address) const noexcept {
    __builtin_prefetch(&entries_[block_of(address.value)]);
  }

 private:
  // Of the array of blocks: a number, kNothing if there is no prefix beyond /8, or a group.
  using Entry = std::uint16_t;
  static constexpr Entry kIsGroup = 0x8000;
  static constexpr std::size_t kBlocks = std::size_t{1} << 24U;
  static constexpr std::size_t kGroups = 0x7fff;  // the last would be kUnknown
  static constexpr std::size_t kGroupSize = 256;
  static constexpr unsigned kShort = 8;

  struct Free {
    void operator()(Entry* entries) const noexcept { std::free(entries); }  // NOLINT(*-no-malloc)
  };

  static constexpr std::size_t block_of(std::uint32_t address) noexcept { return address >> 8U; }
  [[nodiscard]] Entry search_block(Ipv4Address address) const noexcept {
    return entries_[block_of(address.value)];
  }
  // All else is not positive as a signed number: one comparison.
  [[nodiscard]] static constexpr bool is_number(Entry found) noexcept {
    return static_cast<std::int16_t>(found) > 0;
  }
  static constexpr bool is_group(Entry entry) noexcept {
    return (entry & kIsGroup) != 0 && entry != kUnknown;
  }
  // What stands for a route; kUnknown if its number is too large.
  Entry entry_of(std::uint32_t number) noexcept;
  // Groups are behind the blocks.
  static constexpr std::size_t place(Entry group, std::uint32_t address) noexcept {
    return kBlocks + std::size_t{group & 0x7fffU} * kGroupSize + (address & 0xffU);
  }

  [[nodiscard, gnu::noinline, gnu::pure]] std::uint32_t search_further(
      Entry entry, Ipv4Address address) const noexcept;
  void fill(std::uint64_t first, std::uint64_t end, Entry entry);
  void fill_short(std::uint64_t first, std::uint64_t end, Entry entry);
  std::uint64_t fill_part(std::uint64_t first, std::uint64_t end, Entry entry);
  bool has_group(Entry& block);

  // Zeros from the machine take no memory until they are written to.
  std::unique_ptr<Entry[], Free> entries_;
  std::array<Entry, 256> short_{};
  std::size_t groups_ = 0;
  bool knows_all_ = true;
};

}  // namespace hop
