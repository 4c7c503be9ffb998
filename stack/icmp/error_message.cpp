#include "stack/icmp/error_message.hpp"

#include <algorithm>

namespace hop {
namespace {

constexpr std::size_t kQuotedData = 8;  // RFC 792: 64 bits of the datagram's data
constexpr std::uint8_t kInternetworkControl = 6U << 5U;

// RFC 1812 section 4.3.2.5: errors keep the TOS bits and have precedence 6; a source quench keeps
// the precedence too. The lowest two bits are ECN today (RFC 3168) and not a TOS to be copied,
// unless the policy says so.
std::uint8_t tos_of(IcmpType type, std::uint8_t offending, const IcmpPolicy& policy) {
  if (type == IcmpType::source_quench) return static_cast<std::uint8_t>(offending & ~kEcnMask);
  return static_cast<std::uint8_t>(kInternetworkControl | (offending & policy.error_tos & 0x1fU));
}

Bytes quote_of(const Ipv4HeaderView& offending, std::size_t options, const IcmpPolicy& policy) {
  const std::size_t least = offending.header_length() + kQuotedData;
  const std::size_t wanted = policy.quote > options ? policy.quote - options : 0;
  const std::size_t most = PacketPool::kMaxPacket - kIpv4MinHeader - options - kIcmpHeader;
  return offending.bytes().first(
      std::min({offending.bytes().size(), std::max(least, wanted), most}));
}

}  // namespace

Packet build_error(const IcmpMessage& message, const Ipv4HeaderView& offending,
                   const ErrorEnvelope& envelope, const IcmpPolicy& policy, PacketPool& pool) {
  const Bytes quote = quote_of(offending, envelope.options.size(), policy);
  const Ipv4Header header{.source = envelope.source,
                          .destination = envelope.destination,
                          .tos = tos_of(message.type, offending.tos(), policy),
                          .ttl = policy.ttl,
                          .protocol = static_cast<std::uint8_t>(IpProtocol::icmp),
                          .id = envelope.id,
                          .dont_fragment = false,
                          .options = envelope.options};
  Packet packet = pool.acquire(header.length() + kIcmpHeader + quote.size());
  const MutBytes icmp = packet.bytes().subspan(header.length());
  copy_bytes(quote, icmp.subspan(kIcmpHeader));
  write_icmp(message, icmp);
  write_ipv4_header(header, packet.bytes());
  return packet;
}

}  // namespace hop
