#include "tests/bench/prefixes.hpp"

#include <unordered_set>

#include "stack/base/random.hpp"

namespace hop::bench {
namespace {

// Per mille, as in the tables of BGP that route collectors show.
unsigned random_length(Random& random) {
  const std::uint32_t dice = random.below(1000);
  if (dice < 580) return 24;
  if (dice < 700) return 22;
  if (dice < 810) return 23;
  if (dice < 900) return 20 + random.below(2);
  if (dice < 980) return 16 + random.below(4);
  if (dice < 995) return 8 + random.below(8);
  return 25 + random.below(8);
}

// 10/8 is where the router of the benchmarks is.
bool is_public(Ipv4Address address) { return address.is_ordinary() && address.value >> 24U != 10; }

Ipv4Address random_address(Random& random) {
  for (;;) {
    const Ipv4Address address{static_cast<std::uint32_t>(random.next() >> 32U)};
    if (is_public(address)) return address;
  }
}

std::uint64_t key_of(const Prefix& prefix) {
  return std::uint64_t{prefix.address().value} << 8U | prefix.length();
}

}  // namespace

std::vector<Prefix> internet_like(std::size_t count, std::uint64_t seed) {
  Random random{seed};
  std::unordered_set<std::uint64_t> taken;
  taken.reserve(count);
  std::vector<Prefix> prefixes;
  prefixes.reserve(count);
  while (prefixes.size() < count) {
    const Prefix prefix{random_address(random), random_length(random)};
    if (taken.insert(key_of(prefix)).second) prefixes.push_back(prefix);
  }
  return prefixes;
}

std::vector<Ipv4Address> random_addresses(std::size_t count, std::uint64_t seed) {
  Random random{seed};
  std::vector<Ipv4Address> addresses(count);
  for (Ipv4Address& address : addresses) address = random_address(random);
  return addresses;
}

std::vector<Ipv4Address> addresses_in(const std::vector<Prefix>& prefixes, std::size_t count,
                                      std::uint64_t seed) {
  Random random{seed};
  std::vector<Ipv4Address> addresses(count);
  for (Ipv4Address& address : addresses) {
    const Prefix& in = prefixes[random.below(static_cast<std::uint32_t>(prefixes.size()))];
    const auto inside = static_cast<std::uint32_t>(random.next() >> 32U) & ~in.mask();
    address = Ipv4Address{in.address().value | inside};
  }
  return addresses;
}

std::vector<Ipv4Address> hot_addresses(const std::vector<Ipv4Address>& addresses, std::size_t hot,
                                       std::size_t count, std::uint64_t seed) {
  Random random{seed};
  std::vector<Ipv4Address> chosen(count);
  for (Ipv4Address& address : chosen) {
    address = addresses[random.below(static_cast<std::uint32_t>(hot))];
  }
  return chosen;
}

}  // namespace hop::bench
