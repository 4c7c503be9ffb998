#pragma once
// Which addresses are taken.

#include <cstdint>
#include <map>
#include <optional>

#include "stack/wire/ipv4_address.hpp"

namespace hop {

/// A set of addresses, taken prefix by prefix; asking takes logarithmic time.
class AddressSpace {
 public:
  void take(const Prefix& prefix);
  /// Is an address of `prefix` taken?
  [[nodiscard]] bool overlaps(const Prefix& prefix) const;
  /// The first free prefix of `length` in `pool` whose address is not below `from`, if any.
  [[nodiscard]] std::optional<Prefix> first_free(const Prefix& pool, unsigned length,
                                                 Ipv4Address from) const;

 private:
  // Ranges that do not touch each other, by the first address; what they map to is the last one.
  using Ranges = std::map<std::uint32_t, std::uint32_t>;
  // The range that has an address of [first, last], or the end.
  [[nodiscard]] Ranges::const_iterator find(std::uint32_t first, std::uint32_t last) const;

  Ranges ranges_;
};

}  // namespace hop
