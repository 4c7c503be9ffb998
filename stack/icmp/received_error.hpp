#pragma once
// An ICMP error that came to a node, and whose packet it is about.

#include <cstdint>
#include <optional>

#include "stack/base/parsed.hpp"
#include "stack/wire/icmp.hpp"
#include "stack/wire/ipv4.hpp"

namespace hop {

/// An error as it is given to the endpoint whose packet caused it (RFC 1122 section 3.2.2). Views
/// into the received packet, good for the call only.
struct ReceivedError {
  IcmpMessage message;    ///< with the next-hop MTU, the pointer or the gateway in `rest`
  Ipv4Address reporter;   ///< who sent the error
  Ipv4HeaderView quoted;  ///< the packet that caused it, as far as it was quoted
};

/// Reads the quote of an error message. The quote must have its whole IP header and the first 8
/// bytes behind it (less if the datagram was shorter), and must not be a later fragment, which
/// says nothing about ports. It is legitimately shorter than its Total Length.
[[nodiscard]] Parsed<ReceivedError> read_error(const IcmpView& icmp, Ipv4Address reporter);

/// What an endpoint is known by: the local port of UDP and TCP, the identifier of ICMP queries.
struct EndpointKey {
  std::uint8_t protocol;
  std::uint16_t number;
  auto operator<=>(const EndpointKey&) const = default;
};

/// The endpoint that sent the quoted packet; number 0 for protocols without ports.
[[nodiscard]] EndpointKey sender_of(const Ipv4HeaderView& quoted);

}  // namespace hop
