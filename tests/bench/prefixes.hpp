#pragma once
// Routing tables as large as that of the Internet, and addresses to look up in them.

#include <cstddef>
#include <cstdint>
#include <vector>

#include "stack/wire/ipv4_address.hpp"

namespace hop::bench {

/// `count` different prefixes with lengths as they are spread in BGP (/24 58 %, /22 and /23 23 %,
/// beyond /24 half a percent), in classes A to C without networks 0, 10 and 127. Where they are is
/// random, so neighbours share less than in a real table. The same for the same seed.
[[nodiscard]] std::vector<Prefix> internet_like(std::size_t count, std::uint64_t seed);

/// Any addresses of classes A to C.
[[nodiscard]] std::vector<Ipv4Address> random_addresses(std::size_t count, std::uint64_t seed);

/// One in each of `count` random prefixes.
[[nodiscard]] std::vector<Ipv4Address> addresses_in(const std::vector<Prefix>& prefixes,
                                                    std::size_t count, std::uint64_t seed);

/// Random ones of the first `hot` addresses.
[[nodiscard]] std::vector<Ipv4Address> hot_addresses(const std::vector<Ipv4Address>& addresses,
                                                     std::size_t hot, std::size_t count,
                                                     std::uint64_t seed);

}  // namespace hop::bench
