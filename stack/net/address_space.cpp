#include "stack/net/address_space.hpp"

#include <algorithm>

namespace hop {
namespace {

constexpr std::uint64_t kEnd = std::uint64_t{1} << 32U;  // behind the last address

std::uint32_t last_of(const Prefix& prefix) { return prefix.address().value | ~prefix.mask(); }

}  // namespace

void AddressSpace::take(const Prefix& prefix) {
  std::uint32_t first = prefix.address().value;
  std::uint32_t last = last_of(prefix);
  for (auto range = find(first, last); range != ranges_.end(); range = find(first, last)) {
    first = std::min(first, range->first);
    last = std::max(last, range->second);
    ranges_.erase(range);
  }
  ranges_.emplace(first, last);
}

bool AddressSpace::overlaps(const Prefix& prefix) const {
  return find(prefix.address().value, last_of(prefix)) != ranges_.end();
}

AddressSpace::Ranges::const_iterator AddressSpace::find(std::uint32_t first,
                                                        std::uint32_t last) const {
  auto range = ranges_.upper_bound(last);
  if (range == ranges_.begin()) return ranges_.end();
  --range;
  return range->second >= first ? range : ranges_.end();
}

std::optional<Prefix> AddressSpace::first_free(const Prefix& pool, unsigned length,
                                               Ipv4Address from) const {
  const std::uint64_t step = std::uint64_t{1} << (32U - length);
  const auto aligned = [step](std::uint64_t address) { return (address + step - 1) / step * step; };
  std::uint64_t at = aligned(std::max(from.value, pool.address().value));
  while (at < kEnd && pool.contains(Ipv4Address{static_cast<std::uint32_t>(at)})) {
    const Prefix candidate{Ipv4Address{static_cast<std::uint32_t>(at)}, length};
    const auto taken = find(candidate.address().value, last_of(candidate));
    if (taken == ranges_.end()) {
      return pool.contains(candidate) ? std::optional{candidate} : std::nullopt;
    }
    at = aligned(std::uint64_t{taken->second} + 1);
  }
  return std::nullopt;
}

}  // namespace hop
