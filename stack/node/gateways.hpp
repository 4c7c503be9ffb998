#pragma once
// What a host knows of its gateways (RFC 1122 section 3.3.1).

#include <cstdint>

#include "stack/icmp/default_gateways.hpp"
#include "stack/icmp/gateway_watch.hpp"

namespace hop {

struct Gateways {
  DefaultGateways defaults;
  GatewayWatch watch;
  std::uint16_t identifier = 0;  ///< of the echo requests to them
};

/// What an upper layer knows of a way (RFC 1122 section 3.3.1.4); who knows nothing says nothing.
enum class WayAdvice : std::uint8_t {
  works,  ///< what was sent has been acknowledged
  fails,  ///< too much was sent again
};

}  // namespace hop
