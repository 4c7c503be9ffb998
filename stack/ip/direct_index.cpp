#include "stack/ip/direct_index.hpp"

#include <algorithm>
#include <new>

namespace hop {

// By calloc, as only that gives zeros which take no memory yet.
DirectIndex::DirectIndex(const PrefixTrie& trie)
    // NOLINTNEXTLINE(*-no-malloc)
    : entries_(static_cast<Entry*>(std::calloc(kBlocks + kGroups * kGroupSize, sizeof(Entry)))) {
  if (!entries_) throw std::bad_alloc{};
  trie.for_each([&](const Prefix& prefix, std::uint32_t number) { update(trie, prefix, number); });
}

// Between the longer prefixes in it, which have the addresses that are theirs already.
void DirectIndex::update(const PrefixTrie& trie, const Prefix& prefix, std::uint32_t number) {
  const bool is_short = prefix.length() <= kShort;
  const auto fill_between = is_short ? &DirectIndex::fill_short : &DirectIndex::fill;
  const Entry entry = entry_of(number);
  std::uint64_t at = prefix.address().value;
  for (const Prefix& longer : trie.inside(prefix, is_short ? kShort : 32)) {
    (this->*fill_between)(at, longer.address().value, entry);
    at = std::uint64_t{longer.address().value | ~longer.mask()} + 1;
  }
  (this->*fill_between)(at, std::uint64_t{prefix.address().value | ~prefix.mask()} + 1, entry);
}

std::uint32_t DirectIndex::search_further(Entry entry, Ipv4Address address) const noexcept {
  if (is_group(entry)) entry = entries_[place(entry, address.value)];
  return entry == PrefixTrie::kNothing ? short_[address.value >> 24U] : entry;
}

DirectIndex::Entry DirectIndex::entry_of(std::uint32_t number) noexcept {
  if (number <= kMost) return static_cast<Entry>(number);
  knows_all_ = false;
  return static_cast<Entry>(kUnknown);
}

void DirectIndex::fill_short(std::uint64_t first, std::uint64_t end, Entry entry) {
  std::fill(short_.begin() + (first >> 24U), short_.begin() + (end >> 24U), entry);
}

// Blocks as a whole, but for the rest of the first and the beginning of the last: they are divided
// by a longer prefix, or the prefix itself is longer than /24.
void DirectIndex::fill(std::uint64_t first, std::uint64_t end, Entry entry) {
  if (first % kGroupSize != 0 && first < end) first = fill_part(first, end, entry);
  for (; first + kGroupSize <= end; first += kGroupSize) {
    Entry& block = entries_[first / kGroupSize];
    if (!is_group(block)) [[likely]] {
      block = entry;
    } else {
      std::fill_n(&entries_[place(block, 0)], kGroupSize, entry);
    }
  }
  if (first < end) fill_part(first, end, entry);
}

// Returns where the next block begins, or `end` if that is before.
std::uint64_t DirectIndex::fill_part(std::uint64_t first, std::uint64_t end, Entry entry) {
  const std::uint64_t next = std::min(end, (first / kGroupSize + 1) * kGroupSize);
  Entry& block = entries_[first / kGroupSize];
  if (has_group(block)) {
    std::fill_n(&entries_[place(block, static_cast<std::uint32_t>(first))], next - first, entry);
  }
  return next;
}

// Makes one, which begins as what held for the whole block. If there is none left, the block is
// unknown from now on.
bool DirectIndex::has_group(Entry& block) {
  if (is_group(block)) return true;
  if (groups_ == kGroups) {
    block = static_cast<Entry>(kUnknown);
    knows_all_ = false;
    return false;
  }
  const auto group = static_cast<Entry>(kIsGroup | groups_++);
  std::fill_n(&entries_[place(group, 0)], kGroupSize, block);
  block = group;
  return true;
}

}  // namespace hop
