#pragma once
// Router discovery (RFC 1256): the messages, and when they are sent.

#include <cstdint>
#include <limits>
#include <optional>
#include <span>
#include <vector>

#include "stack/base/clock.hpp"
#include "stack/base/random.hpp"
#include "stack/wire/icmp.hpp"
#include "stack/wire/ipv4_address.hpp"

namespace hop {

/// A router address with its preference, higher being better (section 3).
struct AdvertisedRouter {
  Ipv4Address address;
  std::int32_t preference = 0;

  constexpr bool operator==(const AdvertisedRouter&) const = default;
};

/// The preference of an address that is not to be used as a default router (section 4.1).
inline constexpr std::int32_t kNotADefaultRouter = std::numeric_limits<std::int32_t>::min();

/// 224.0.0.1 and 224.0.0.2 (RFC 1112).
inline constexpr Ipv4Address kAllSystems{224, 0, 0, 1};
inline constexpr Ipv4Address kAllRouters{224, 0, 0, 2};
inline constexpr Ipv4Address kLimitedBroadcast{255, 255, 255, 255};

/// The configuration variables of one interface, of a router (section 4.1) or a host (section 5.1),
/// with their defaults, except that discovery as a whole is off.
struct DiscoveryPolicy {
  bool on = false;         ///< Advertise; PerformRouterDiscovery
  bool broadcast = false;  ///< to 255.255.255.255 instead of 224.0.0.1 and 224.0.0.2
  Duration max_interval = std::chrono::seconds{600};  ///< MaxAdvertisementInterval, 4 s to 1800 s
  std::optional<Duration> min_interval{};  ///< MinAdvertisementInterval, 3 s to max_interval
  std::optional<Duration> lifetime{};      ///< AdvertisementLifetime, max_interval to 9000 s
  std::int32_t preference = 0;             ///< PreferenceLevel of addresses not listed
  /// Addresses with a PreferenceLevel of their own, or that are not advertised (no value).
  struct Advertised {
    Ipv4Address address;
    std::optional<std::int32_t> preference;
    constexpr bool operator==(const Advertised&) const = default;
  };
  std::vector<Advertised> addresses{};

  bool operator==(const DiscoveryPolicy&) const = default;

  /// 0.75 * MaxAdvertisementInterval if nothing is set.
  [[nodiscard]] Duration shortest_interval() const {
    return min_interval.value_or(max_interval * 3 / 4);
  }
  /// 3 * MaxAdvertisementInterval if nothing is set.
  [[nodiscard]] Duration advertised_lifetime() const { return lifetime.value_or(max_interval * 3); }
  /// What is to be said of an address of the interface; nothing if it is not to be advertised.
  [[nodiscard]] std::optional<std::int32_t> preference_of(Ipv4Address address) const;
  /// Where advertisements go, and solicitations.
  [[nodiscard]] Ipv4Address advertisement_address() const {
    return broadcast ? kLimitedBroadcast : kAllSystems;
  }
  [[nodiscard]] Ipv4Address solicitation_address() const {
    return broadcast ? kLimitedBroadcast : kAllRouters;
  }
};

/// Bytes of one address in the messages that we send, behind the ICMP header.
inline constexpr std::size_t kAdvertisedRouterSize = 8;

/// An advertisement that passes the checks of section 5.2, as a view of the received message.
class AdvertisementView {
 public:
  /// Nothing if it does not pass. Checksum and length of the ICMP header have been looked at.
  [[nodiscard]] static std::optional<AdvertisementView> parse(const IcmpView& icmp);

  [[nodiscard]] std::size_t size() const { return count_; }
  [[nodiscard]] AdvertisedRouter operator[](std::size_t index) const;
  [[nodiscard]] Duration lifetime() const { return lifetime_; }

 private:
  AdvertisementView(Bytes entries, std::size_t count, std::size_t entry, Duration lifetime)
      : entries_(entries), count_(count), entry_size_(entry), lifetime_(lifetime) {}
  Bytes entries_;
  std::size_t count_;
  std::size_t entry_size_;  // bytes
  Duration lifetime_;
};

/// The header of an advertisement of `routers` addresses, at most 255.
[[nodiscard]] IcmpMessage advertisement(std::size_t routers, Duration lifetime);
/// What stands behind it. `into` has kAdvertisedRouterSize bytes for each.
void write_routers(std::span<const AdvertisedRouter> routers, MutBytes into);

/// Is a solicitation valid (section 4.2), as far as the message says?
[[nodiscard]] inline bool is_valid_solicitation(const IcmpView& icmp) { return icmp.code() == 0; }

/// When a router advertises itself on one interface (section 4.3).
class AdvertisementTimer {
 public:
  static constexpr Duration kMaxInitialInterval = std::chrono::seconds{16};
  static constexpr int kInitialAdvertisements = 3;
  static constexpr Duration kMaxResponseDelay = std::chrono::seconds{2};

  /// The interface has become an advertising one.
  void start(const DiscoveryPolicy& policy, Instant now, Random& random);
  /// A valid solicitation has come: the next advertisement comes after a random delay.
  void solicited(Instant now, Random& random);
  /// An advertisement has been sent.
  void sent(const DiscoveryPolicy& policy, Instant now, Random& random);

  [[nodiscard]] std::optional<Instant> next() const { return next_; }
  /// Does somebody wait for the next one? It is an answer then, not one of an endless row.
  [[nodiscard]] bool is_awaited() const { return awaited_; }

 private:
  std::optional<Instant> next_;
  int initial_left_ = 0;
  bool awaited_ = false;
};

/// When a host asks for routers on one interface (section 5.3).
class SolicitationTimer {
 public:
  static constexpr Duration kMaxDelay = std::chrono::seconds{1};
  static constexpr Duration kInterval = std::chrono::seconds{3};
  static constexpr int kSolicitations = 3;

  void start(Instant now, Random& random);
  void sent(Instant now);
  /// A router has been heard: no need to ask.
  void stop() { next_.reset(); }
  [[nodiscard]] std::optional<Instant> next() const { return next_; }

 private:
  std::optional<Instant> next_;
  int left_ = 0;
};

}  // namespace hop
