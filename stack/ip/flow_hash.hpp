#pragma once
// Which of several equally good next hops a packet takes.

#include <cstdint>
#include <optional>

#include "stack/wire/ipv4.hpp"

namespace hop {

/// What makes packets one flow: the fields that are hashed.
struct FlowFields {
  bool source = true;
  bool destination = true;
  bool protocol = true;
  bool ports = true;  ///< of UDP and TCP; a fragment counts as without, so that all go one way
  bool icmp = false;  ///< type, code and checksum: the first 4 bytes, where others have the ports
  bool tos = false;

  constexpr bool operator==(const FlowFields&) const = default;
};

/// How a router balances its load.
enum class Balance : std::uint8_t {
  flow,         ///< packets of a flow go one way
  destination,  ///< packets to one address go one way
  packet,       ///< one after the other
  off,          ///< all take the first
};

struct BalancePolicy {
  Balance by = Balance::flow;
  FlowFields fields{};                  ///< of Balance::flow
  std::optional<std::uint32_t> seed{};  ///< of the hash; without one the node's own

  constexpr bool operator==(const BalancePolicy&) const = default;
};

/// One step of the hash: MurmurHash3's finalizer of both.
[[nodiscard]] constexpr std::uint32_t mix(std::uint32_t hash, std::uint32_t word) {
  std::uint32_t h = hash ^ word;
  h = (h ^ h >> 16U) * 0x85ebca6bU;
  h = (h ^ h >> 13U) * 0xc2b2ae35U;
  return h ^ h >> 16U;
}

/// The hash of a packet on its way to `destination`, which differs from that of its header on a
/// source route: beginning with `seed`, mix() of each of these words, in network byte order, that
/// `fields` has: source; destination; protocol; the first 4 bytes of UDP, TCP or ICMP; TOS.
[[nodiscard]] std::uint32_t flow_hash(const Ipv4HeaderView& ip, Ipv4Address destination,
                                      const FlowFields& fields, std::uint32_t seed);

/// The number, below `ways`, that the hash stands for: the range of hashes is cut into as many
/// equal regions (RFC 2992 section 1).
[[nodiscard]] constexpr std::size_t way_of(std::uint32_t hash, std::size_t ways) {
  return static_cast<std::size_t>(std::uint64_t{hash} * ways >> 32U);
}

}  // namespace hop
