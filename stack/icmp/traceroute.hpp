#pragma once
// The traceroute message (RFC 1393 section 2.3), experimental and deprecated (RFC 6918).
//
//     0               8              16              24
//    +---------------+---------------+---------------+---------------+
//    |  type 30      |     Code      |           Checksum            |
//    +---------------+---------------+---------------+---------------+
//    |           ID Number           |            unused             |
//    +---------------+---------------+---------------+---------------+
//    |      Outbound Hop Count       |       Return Hop Count        |
//    +---------------+---------------+---------------+---------------+
//    |                       Output Link Speed                       |
//    +---------------+---------------+---------------+---------------+
//    |                        Output Link MTU                        |
//    +---------------+---------------+---------------+---------------+

#include "stack/ip/traceroute_option.hpp"
#include "stack/wire/icmp.hpp"

namespace hop {

/// Bytes of the message.
inline constexpr std::size_t kTracerouteMessage = 20;

enum class TracerouteCode : std::uint8_t { forwarded = 0, no_route = 1 };

/// What a router tells the originator of a packet with a traceroute option.
struct TracerouteReport {
  TracerouteCode code;
  TracerouteOption option;  ///< with the hop counts to report
  std::uint32_t speed = 0;  ///< octets per second of the link the packet leaves by; 0: unknown
  std::uint32_t mtu = 0;    ///< of that link; 0: unknown
};

/// Writes the message with its checksum to `message`, which is kTracerouteMessage long.
void write_traceroute(const TracerouteReport& report, MutBytes message);

}  // namespace hop
