#include "stack/node/interface.hpp"

namespace hop {

void Neighbours::add(Ipv4Address address, LinkAddress at) {
  const std::pair entry{address, at};
  known_.insert(std::ranges::lower_bound(known_, entry), entry);
}

std::optional<LinkAddress> Neighbours::find(Ipv4Address address) const {
  const auto at =
      std::ranges::lower_bound(known_, address, {}, [](const auto& entry) { return entry.first; });
  if (at == known_.end() || at->first != address) return std::nullopt;
  return at->second;
}

std::optional<LinkAddress> Neighbours::resolve(Ipv4Address next_hop,
                                               std::optional<LinkAddress> from) const {
  if (const auto known = find(next_hop)) return known;
  if (outside_ == from) return std::nullopt;
  return outside_;
}

}  // namespace hop
