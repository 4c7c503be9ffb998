#pragma once
// What endpoints of a node send.

#include <cstdint>
#include <expected>
#include <optional>

#include "stack/base/bytes.hpp"
#include "stack/base/clock.hpp"
#include "stack/wire/ipv4_address.hpp"

namespace hop {

/// What an endpoint sends; what is left out is the node's to choose.
struct Outgoing {
  Ipv4Address destination;
  std::optional<Ipv4Address> source{};  ///< one of the node's own
  std::optional<std::uint8_t> ttl{};
  std::uint8_t tos = 0;
  bool dont_fragment = false;
  bool ignore_path_mtu = false;  ///< only what the first link takes counts: to probe the path
  Bytes options{};               ///< padded to a multiple of 4
  /// With a source route among the options, its first stop: where the packet goes at first.
  std::optional<Ipv4Address> first_hop{};
  Instant now{};  ///< when it is sent
};

/// Why a packet of an endpoint was not sent.
enum class SendFault : std::uint8_t {
  no_way,           ///< no route, or nobody there
  not_our_address,  ///< the source is none that the node may send from on that way
  too_big,          ///< larger than a datagram can be, or than the way with dont_fragment
  queue_full,       ///< of the link it would have left by
  out_of_memory,
};
using SendResult = std::expected<void, SendFault>;

}  // namespace hop
