#pragma once
// Building an ICMP error: how much is quoted, which TOS, and the bytes.

#include "stack/base/packet.hpp"
#include "stack/icmp/policy.hpp"
#include "stack/ip/received.hpp"
#include "stack/wire/icmp.hpp"

namespace hop {

/// The IPv4 header of a packet that a node sends by itself, but for what follows from the rest.
struct ErrorEnvelope {
  Ipv4Address source;
  Ipv4Address destination;
  std::uint16_t id;
  Bytes options;
};

/// The error `message` about `offending`, ready to be sent. It quotes the offending datagram as
/// received: as much as the policy says, at least its header and 8 bytes (RFC 792), and by default
/// as much as fits into 576 bytes (RFC 1812 section 4.3.2.3).
[[nodiscard]] Packet build_error(const IcmpMessage& message, const Ipv4HeaderView& offending,
                                 const ErrorEnvelope& envelope, const IcmpPolicy& policy,
                                 PacketPool& pool);

}  // namespace hop
