#include "stack/icmp/default_gateways.hpp"

#include <algorithm>

namespace hop {

void DefaultGateways::configure(const AdvertisedRouter& router, InterfaceIndex interface) {
  entries_.push_back({.router = router, .interface = interface});
}

void DefaultGateways::learn(const AdvertisedRouter& router, InterfaceIndex interface, Instant until,
                            Instant now) {
  std::erase_if(entries_, [&](const Entry& entry) { return entry.until && *entry.until <= now; });
  const Entry learned{.router = router, .interface = interface, .until = until};
  if (Entry* const known = find(router.address)) {
    if (known->until) *known = learned;
    return;
  }
  if (until <= now || router.preference == kNotADefaultRouter) return;
  if (make_room(router.preference)) entries_.push_back(learned);
}

DefaultGateways::Entry* DefaultGateways::find(Ipv4Address address) {
  const auto at =
      std::ranges::find(entries_, address, [](const Entry& e) { return e.router.address; });
  return at == entries_.end() ? nullptr : &*at;
}

// Is there room for one more learned gateway? The least preferred of them goes if it is worse.
bool DefaultGateways::make_room(std::int32_t preference) {
  const auto learned = [](const Entry& entry) { return entry.until.has_value(); };
  if (std::ranges::count_if(entries_, learned) < std::ptrdiff_t{kMostLearned}) return true;
  // Configured ones count as the best here, so that none of them goes.
  const auto rank = [](const Entry& entry) {
    return std::pair{!entry.until.has_value(), entry.router.preference};
  };
  const auto least = std::ranges::min_element(entries_, {}, rank);
  if (least->router.preference >= preference) return false;
  entries_.erase(least);
  return true;
}

}  // namespace hop
