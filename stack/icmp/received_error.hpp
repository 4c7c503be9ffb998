#pragma once
// An ICMP error that came to a node, and whose packet it is about.

#include <cstdint>
#include <optional>

#include "stack/base/parsed.hpp"
#include "stack/wire/icmp.hpp"
#include "stack/wire/icmp_extension.hpp"
#include "stack/wire/ipv4.hpp"

namespace hop {

/// An error as it is given to the endpoint whose packet caused it (RFC 1122 section 3.2.2). Views
/// into the received packet, good for the call only.
struct ReceivedError {
  IcmpMessage message;    ///< with the next-hop MTU, the pointer or the gateway in `rest`
  Ipv4Address reporter;   ///< who sent the error
  Ipv4HeaderView quoted;  ///< the packet that caused it, as far as it was quoted
  /// What the length field says of the quote (RFC 4884 section 4): 32-bit words, 0 for nothing.
  std::uint8_t quoted_words = 0;
  /// What the error tells besides, if it says where that is and it is right.
  std::optional<ExtensionView> extensions{};
};

/// Reads the quote of an error message, and the extension structure behind it. The quote must have
/// its whole IP header and the first 8 bytes behind it (less if the datagram was shorter), and must
/// not be a later fragment, which says nothing about ports. It is legitimately shorter than its
/// Total Length, and longer by the zeros in front of a structure. A length field that cannot be
/// right, because it says less than 128 bytes or more than there are, says nothing.
[[nodiscard]] Parsed<ReceivedError> read_error(const IcmpView& icmp, Ipv4Address reporter);

/// The structure of an error in the layout from before RFC 4884: without a length field, behind 128
/// bytes of quote. It may be looked for only where the user asks for that (RFC 4884 section 5.5),
/// since the quote of an error without extensions could look like one; so it needs a checksum.
[[nodiscard]] std::optional<ExtensionView> extensions_of_old_layout(const ReceivedError& error);

/// What an endpoint is known by: the local port of UDP and TCP, the identifier of ICMP queries.
struct EndpointKey {
  std::uint8_t protocol;
  std::uint16_t number;
  auto operator<=>(const EndpointKey&) const = default;
};

/// The endpoint that sent the quoted packet; number 0 for protocols without ports.
[[nodiscard]] EndpointKey sender_of(const Ipv4HeaderView& quoted);

}  // namespace hop
