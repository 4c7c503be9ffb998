#pragma once
// Building an ICMP error: how much is quoted, which TOS, and the bytes.

#include "stack/base/packet.hpp"
#include "stack/icmp/policy.hpp"
#include "stack/ip/received.hpp"
#include "stack/wire/icmp.hpp"
#include "stack/wire/icmp_extension.hpp"

namespace hop {

/// The longest extension structure: IP header, options and the least quote are in front of it.
inline constexpr std::size_t kMaxExtension =
    kMostWithExtension - kIpv4MaxHeader - kIcmpHeader - kExtendedQuote;

/// May a message of this type have objects of this class, in this layout? RFC 4884 section 4.6;
/// RFC 5837 section 4; RFC 4950 section 5; RFC 4884 section 5 of the old layout.
[[nodiscard]] bool may_carry(IcmpType type, ExtensionClass what, ExtensionLayout layout);

/// Of the data of a datagram an error about it returns so much at least (RFC 792): 64 bits.
inline constexpr std::size_t kQuotedData = 8;

/// The TOS byte of an error of `type` about a packet with the TOS byte `offending`, of which it
/// keeps the TOS bits `kept`: its precedence is 6, or that of the packet in a source quench (RFC
/// 1812 section 4.3.2.5).
[[nodiscard]] std::uint8_t error_tos(IcmpType type, std::uint8_t offending, std::uint8_t kept);

/// What is around the quote: of the IPv4 header what does not follow from the rest, and an
/// extension structure.
struct ErrorEnvelope {
  Ipv4Address source;
  Ipv4Address destination;
  std::uint8_t tos;
  std::uint16_t id;
  Bytes options;
  Bytes extension{};  ///< at most kMaxExtension, a multiple of 4; empty for none
};

/// The error `message` about `offending`, ready to be sent. It quotes the offending datagram as
/// received: as much as the policy says, at least its header and 8 bytes (RFC 792), and by default
/// as much as fits into 576 bytes (RFC 1812 section 4.3.2.3). In front of an extension structure it
/// is at least 128 bytes, with zeros behind a shorter datagram, in whole words, and the message
/// tells its length in words (RFC 4884 section 4); and all is within 576 bytes.
[[nodiscard]] Packet build_error(const IcmpMessage& message, const Ipv4HeaderView& offending,
                                 const ErrorEnvelope& envelope, const IcmpPolicy& policy,
                                 PacketPool& pool);

}  // namespace hop
