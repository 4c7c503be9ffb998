#include "stack/icmp/router_discovery.hpp"

#include <algorithm>

namespace hop {
namespace {

constexpr std::uint32_t kEntryWords = 2;  // address and preference

// Of a resolution much finer than a second (section 4.3), both ends included.
Duration between(Duration low, Duration high, Random& random) {
  const auto range = static_cast<std::uint64_t>((high - low).count());
  return low + Duration{static_cast<Duration::rep>(random.next() % (range + 1))};
}

}  // namespace

std::optional<std::int32_t> DiscoveryPolicy::preference_of(Ipv4Address address) const {
  const auto at = std::ranges::find(addresses, address, &Advertised::address);
  return at == addresses.end() ? std::optional{preference} : at->preference;
}

std::optional<AdvertisementView> AdvertisementView::parse(const IcmpView& icmp) {
  const std::size_t count = icmp.rest() >> 24U;
  const std::size_t words = icmp.rest() >> 16U & 0xffU;
  const std::size_t entry = words * 4;
  if (icmp.code() != 0 || count < 1 || words < kEntryWords) return std::nullopt;
  if (icmp.data().size() < count * entry) return std::nullopt;
  return AdvertisementView{icmp.data(), count, entry, std::chrono::seconds{icmp.rest() & 0xffffU}};
}

AdvertisedRouter AdvertisementView::operator[](std::size_t index) const {
  const std::size_t at = index * entry_size_;
  return {.address = Ipv4Address{load_be<std::uint32_t>(entries_, at)},
          .preference = static_cast<std::int32_t>(load_be<std::uint32_t>(entries_, at + 4))};
}

IcmpMessage advertisement(std::size_t routers, Duration lifetime) {
  const auto seconds = std::chrono::duration_cast<std::chrono::seconds>(lifetime).count();
  return {.type = IcmpType::router_advertisement,
          .rest = static_cast<std::uint32_t>(routers) << 24U | kEntryWords << 16U |
                  static_cast<std::uint16_t>(seconds)};
}

void write_routers(std::span<const AdvertisedRouter> routers, MutBytes into) {
  for (std::size_t i = 0; i < routers.size(); ++i) {
    store_be<std::uint32_t>(into, i * kAdvertisedRouterSize, routers[i].address.value);
    store_be<std::uint32_t>(into, i * kAdvertisedRouterSize + 4,
                            static_cast<std::uint32_t>(routers[i].preference));
  }
}

void AdvertisementTimer::start(const DiscoveryPolicy& policy, Instant now, Random& random) {
  initial_left_ = kInitialAdvertisements;
  sent(policy, now, random);
}

// The first few intervals are short, so that a new router is found soon.
void AdvertisementTimer::sent(const DiscoveryPolicy& policy, Instant now, Random& random) {
  Duration interval = between(policy.shortest_interval(), policy.max_interval, random);
  if (initial_left_ > 0) {
    --initial_left_;
    interval = std::min(interval, kMaxInitialInterval);
  }
  next_ = now + interval;
  awaited_ = false;
}

// Solicitations that come close to each other are answered by one advertisement.
void AdvertisementTimer::solicited(Instant now, Random& random) {
  if (!next_) return;
  const Instant answer = now + between(Duration::zero(), kMaxResponseDelay, random);
  next_ = std::min(*next_, answer);
  awaited_ = true;
}

void SolicitationTimer::start(Instant now, Random& random) {
  left_ = kSolicitations;
  next_ = now + between(Duration::zero(), kMaxDelay, random);
}

void SolicitationTimer::sent(Instant now) {
  --left_;
  next_ = left_ > 0 ? std::optional{now + kInterval} : std::nullopt;
}

}  // namespace hop
