#include "stack/icmp/error_message.hpp"

#include <algorithm>

namespace hop {
namespace {

constexpr std::uint8_t kInternetworkControl = 6U << 5U;

std::size_t wanted_quote(std::size_t options, const IcmpPolicy& policy) {
  return policy.quote > options ? policy.quote - options : 0;
}

Bytes quote_of(const Ipv4HeaderView& offending, std::size_t options, const IcmpPolicy& policy) {
  const std::size_t least = offending.header_length() + kQuotedData;
  const std::size_t most = PacketPool::kMaxPacket - kIpv4MinHeader - options - kIcmpHeader;
  return offending.bytes().first(
      std::min({offending.bytes().size(), std::max(least, wanted_quote(options, policy)), most}));
}

// The quote in front of an extension structure. `most` is a multiple of 4, as all around it.
Bytes extended_quote_of(const Ipv4HeaderView& offending, const ErrorEnvelope& envelope,
                        const IcmpPolicy& policy) {
  const std::size_t options = envelope.options.size();
  const std::size_t most =
      policy.extensions.layout == ExtensionLayout::non_compliant
          ? kExtendedQuote
          : kMostWithExtension - kIpv4MinHeader - options - kIcmpHeader - envelope.extension.size();
  const std::size_t wanted = std::clamp(wanted_quote(options, policy), kExtendedQuote, most);
  return offending.bytes().first(std::min(offending.bytes().size(), wanted));
}

// What is behind the ICMP header: a quote in a field that it may not fill, and a structure.
struct Body {
  Bytes quote;
  std::size_t field;
  Bytes extension;

  [[nodiscard]] std::size_t size() const { return field + extension.size(); }
  void write(MutBytes into) const {
    copy_bytes(quote, into);
    std::ranges::fill(into.subspan(quote.size(), field - quote.size()), std::byte{0});
    copy_bytes(extension, into.subspan(field));
  }
};

Body body_of(const Ipv4HeaderView& offending, const ErrorEnvelope& envelope,
             const IcmpPolicy& policy) {
  if (envelope.extension.empty()) {
    const Bytes quote = quote_of(offending, envelope.options.size(), policy);
    return {.quote = quote, .field = quote.size(), .extension = {}};
  }
  const Bytes quote = extended_quote_of(offending, envelope, policy);
  return {.quote = quote,
          .field = std::max(kExtendedQuote, padded_to_words(quote.size())),
          .extension = envelope.extension};
}

// RFC 4884 section 4: the length of the quote in words, in the second byte of the rest.
IcmpMessage with_length(IcmpMessage message, const Body& body, const IcmpPolicy& policy) {
  const bool tells =
      !body.extension.empty() && policy.extensions.layout == ExtensionLayout::rfc4884;
  if (tells) message.rest |= static_cast<std::uint32_t>(body.field / 4) << 16U;
  return message;
}

}  // namespace

std::uint8_t error_tos(IcmpType type, std::uint8_t offending, std::uint8_t kept) {
  const unsigned precedence =
      type == IcmpType::source_quench ? offending & kPrecedenceMask : kInternetworkControl;
  return static_cast<std::uint8_t>(precedence | (offending & kept & ~unsigned{kPrecedenceMask}));
}

bool may_carry(IcmpType type, ExtensionClass what, ExtensionLayout layout) {
  if (!is_extensible(type)) return false;
  const bool parameter_problem_too =
      what == ExtensionClass::interface_information && layout == ExtensionLayout::rfc4884;
  return type != IcmpType::parameter_problem || parameter_problem_too;
}

Packet build_error(const IcmpMessage& message, const Ipv4HeaderView& offending,
                   const ErrorEnvelope& envelope, const IcmpPolicy& policy, PacketPool& pool) {
  const Body body = body_of(offending, envelope, policy);
  const Ipv4Header header{.source = envelope.source,
                          .destination = envelope.destination,
                          .tos = envelope.tos,
                          .ttl = policy.ttl,
                          .protocol = static_cast<std::uint8_t>(IpProtocol::icmp),
                          .id = envelope.id,
                          .dont_fragment = false,
                          .options = envelope.options};
  Packet packet = pool.acquire(header.length() + kIcmpHeader + body.size());
  const MutBytes icmp = packet.bytes().subspan(header.length());
  body.write(icmp.subspan(kIcmpHeader));
  write_icmp(with_length(message, body, policy), icmp);
  write_ipv4_header(header, packet.bytes());
  return packet;
}

}  // namespace hop
