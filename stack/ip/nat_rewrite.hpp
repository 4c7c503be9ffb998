#pragma once
// What a network address translator reads of a packet, and what it changes (RFC 3022 section 4.1
// and 4.3).

#include <cstdint>
#include <expected>
#include <optional>

#include "stack/base/drop_reason.hpp"
#include "stack/ip/nat_policy.hpp"
#include "stack/ip/nat_table.hpp"
#include "stack/wire/ipv4.hpp"

namespace hop {

/// Both ends of a packet. The identifier of an ICMP query is a number of either.
struct NatFlow {
  std::uint8_t protocol = 0;
  NatEndpoint source{}, destination{};
  NatTcpFlags tcp{};

  /// As seen from one of its ends. ICMP numbers the one that asks alone.
  [[nodiscard]] NatKey from_source() const;
  [[nodiscard]] NatKey from_destination() const;
};

/// Reads the ends of a packet that is no later fragment, or of as much as is quoted of it. Why
/// not: the header that would say is cut, icmp_truncated and so on. An ICMP message that is no
/// query or reply has no numbers.
[[nodiscard]] std::expected<NatFlow, DropReason> flow_of(const Ipv4HeaderView& ip);

/// What an end becomes: an address, and a number if that is not to stay.
struct NatEnd {
  Ipv4Address address;
  std::optional<std::uint16_t> number{};
  constexpr bool operator==(const NatEnd&) const = default;
};

/// What a packet becomes, and the packet that an ICMP error quotes.
struct Translation {
  std::optional<NatEnd> source{}, destination{};
  std::optional<NatEnd> quoted_source{}, quoted_destination{};

  /// Are there changes to the quote?
  [[nodiscard]] bool of_error() const { return quoted_source || quoted_destination; }
};

/// Translates `packet`, a whole datagram. All checksums that depend on what is changed are updated
/// as RFC 1624 has it, right ones and wrong ones alike; a UDP checksum of 0 stays 0 (RFC 768). The
/// checksum of an ICMP error is computed anew, and in the quote `errors` decides.
void translate(MutBytes packet, const Translation& translation, NatErrors errors);

}  // namespace hop
