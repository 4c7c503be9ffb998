#pragma once
// The default gateways of a host: those that it was given and those that it has learned.

#include <cstdint>
#include <optional>
#include <vector>

#include "stack/base/clock.hpp"
#include "stack/icmp/router_discovery.hpp"
#include "stack/ip/route.hpp"

namespace hop {

/// The list of default gateways with a preference level (RFC 1122 section 3.3.1.6 (3)), which
/// router discovery adds to (RFC 1256 section 5.3).
class DefaultGateways {
 public:
  /// So many learned ones are kept; those that are less preferred give way.
  static constexpr std::size_t kMostLearned = 16;
  struct Entry {
    AdvertisedRouter router;
    InterfaceIndex interface = 0;
    std::optional<Instant> until{};  ///< when what was learned is forgotten; never if configured
  };

  /// A gateway from the configuration, which stays.
  void configure(const AdvertisedRouter& router, InterfaceIndex interface);
  /// Forgets those from the configuration.
  void forget_configured() {
    std::erase_if(entries_, [](const Entry& entry) { return !entry.until; });
  }
  /// A neighbouring address was advertised on an interface; a lifetime of zero ends it. What is
  /// configured keeps its preference, and has no lifetime.
  void learn(const AdvertisedRouter& router, InterfaceIndex interface, Instant until, Instant now);

  /// The most preferred gateway that is good at `now` and that `may_be` likes, the one known
  /// longest of several; or null. Valid until the list changes.
  template <class Predicate>
  [[nodiscard]] const Entry* best(Instant now, Predicate may_be) const {
    const Entry* found = nullptr;
    for (const Entry& entry : entries_) {
      if (!is_good(entry, now) || !may_be(entry)) continue;
      if (found == nullptr || entry.router.preference > found->router.preference) found = &entry;
    }
    return found;
  }
  [[nodiscard]] const Entry* best(Instant now) const {
    return best(now, [](const Entry&) { return true; });
  }

 private:
  static bool is_good(const Entry& entry, Instant now) {
    return (!entry.until || *entry.until > now) && entry.router.preference != kNotADefaultRouter;
  }
  [[nodiscard]] Entry* find(Ipv4Address address);
  bool make_room(std::int32_t preference);

  std::vector<Entry> entries_;
};

}  // namespace hop
