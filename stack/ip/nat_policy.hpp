#pragma once
// What a network address translator does, in the words of RFC 4787 and RFC 5508.

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "stack/base/clock.hpp"
#include "stack/ip/filter.hpp"
#include "stack/wire/ipv4_address.hpp"

namespace hop {

/// How much of the peer's endpoint counts: for the mapping of an internal endpoint (RFC 4787
/// section 4.1), or for what a mapping lets in (section 5).
enum class NatDependence : std::uint8_t {
  endpoint_independent,        ///< nothing
  address_dependent,           ///< its address
  address_and_port_dependent,  ///< all of it
};

/// Which external port an internal endpoint gets (RFC 4787 section 4.2). The identifiers of ICMP
/// queries are chosen the same way.
enum class PortAssignment : std::uint8_t {
  preserving,  ///< its own; if that is taken, a random one, even for even and odd for odd
  sequential,  ///< the next one
  random,      ///< any (RFC 6056 section 3.3.1)
};

/// What becomes of the quote in an ICMP error that goes through.
enum class NatErrors : std::uint8_t {
  translate,        ///< all of it is translated (RFC 5508 REQ-4 and REQ-5)
  stale_checksums,  ///< addresses and ports are; the checksums in it stay as they were
  outer_only,       ///< nothing is: only the error's own header
  drop,             ///< the error is dropped
};

/// One side of a session: an address, and the port or the identifier of an ICMP query; 0 where the
/// protocol has none.
struct NatEndpoint {
  Ipv4Address address;
  std::uint16_t number = 0;
  constexpr auto operator<=>(const NatEndpoint&) const = default;
};

/// An external port that leads to an internal endpoint for ever.
struct NatForward {
  std::uint8_t protocol = 0;  ///< UDP or TCP
  std::uint16_t port = 0;     ///< of the external addresses
  NatEndpoint to{};
  bool operator==(const NatForward&) const = default;
};

/// Basic NAT (RFC 3022 section 2.1): an internal host with an external address of its own.
struct NatPair {
  Ipv4Address internal;
  Ipv4Address external;
  bool operator==(const NatPair&) const = default;
};

/// How long a session lasts without a packet.
struct NatTimeouts {
  Duration udp = std::chrono::minutes{5};                ///< RFC 4787 REQ-5 c; and other protocols
  Duration tcp_established = std::chrono::minutes{124};  ///< RFC 5382 REQ-5
  Duration tcp_transitory = std::chrono::minutes{4};     ///< opening or closing, as above
  Duration icmp = std::chrono::seconds{60};              ///< of queries: RFC 5508 REQ-2
  bool operator==(const NatTimeouts&) const = default;
};

struct NatPolicy {
  std::vector<std::string> external{};   ///< links of the node behind which the other realm is
  std::optional<Ipv4Address> address{};  ///< instead of that of the interface a packet leaves by
  NatDependence mapping = NatDependence::endpoint_independent;  ///< RFC 4787 REQ-1
  NatDependence filtering = NatDependence::address_dependent;   ///< RFC 4787 REQ-8
  PortRange ports{1024, 65535};
  PortAssignment assignment = PortAssignment::preserving;
  NatTimeouts timeouts{};
  NatErrors errors = NatErrors::translate;
  bool hairpinning = true;  ///< RFC 4787 REQ-9, RFC 5382 REQ-8
  std::vector<NatForward> forward{};
  std::vector<NatPair> one_to_one{};
  std::uint32_t limit = 65536;  ///< sessions

  bool operator==(const NatPolicy&) const = default;
};

}  // namespace hop
