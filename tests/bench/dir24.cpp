#include "tests/bench/dir24.hpp"

#include <stdexcept>

namespace hop::bench {

void Dir24::add(const Prefix& to, NextHop hop) {
  if (to.length() > 24) return add_long(to, hop);
  const auto length = static_cast<std::uint8_t>(to.length());
  const std::size_t first = to.address().value >> 8U;
  const std::size_t count = std::size_t{1} << (24U - length);
  for (std::size_t block = first; block < first + count; ++block) offer_24(block, length, hop);
}

void Dir24::add_long(const Prefix& to, NextHop hop) {
  const std::uint32_t address = to.address().value;
  const std::size_t first = place(group_at(address >> 8U), address);
  const std::size_t count = std::size_t{1} << (32U - to.length());
  for (std::size_t at = first; at < first + count; ++at) {
    offer_32(at, static_cast<std::uint8_t>(to.length()), hop);
  }
}

void Dir24::offer_24(std::size_t at, std::uint8_t length, NextHop hop) {
  if ((by_24_[at] & kIsGroup) != 0) {
    const std::size_t first = place(by_24_[at], 0);
    for (std::size_t i = 0; i < kGroupSize; ++i) offer_32(first + i, length, hop);
  } else if (lengths_24_[at] <= length) {
    lengths_24_[at] = length;
    by_24_[at] = hop;
  }
}

void Dir24::offer_32(std::size_t at, std::uint8_t length, NextHop hop) {
  if (lengths_32_[at] > length) return;
  lengths_32_[at] = length;
  by_32_[at] = hop;
}

// The group of a block of 256 addresses, which begins as what held for all of them.
Dir24::NextHop Dir24::group_at(std::size_t block) {
  if ((by_24_[block] & kIsGroup) != 0) return by_24_[block];
  if (groups_ == kGroups) throw std::length_error{"DIR-24-8 has no group left"};
  const auto group = static_cast<NextHop>(kIsGroup | groups_++);
  const std::size_t first = place(group, 0);
  for (std::size_t i = 0; i < kGroupSize; ++i) {
    by_32_[first + i] = by_24_[block];
    lengths_32_[first + i] = lengths_24_[block];
  }
  return by_24_[block] = group;
}

}  // namespace hop::bench
