#pragma once
// ICMP errors in the words of ping(8), and why something was not sent.

#include <string>
#include <string_view>

#include "stack/node/node.hpp"

namespace hop {

/// "Time to live exceeded", "Frag needed and DF set (mtu = 1400)". With a number where the code is
/// in no table.
[[nodiscard]] std::string error_text(const IcmpMessage& message);

/// "too-big", "no-way", "queue-full".
[[nodiscard]] std::string_view fault_name(SendFault fault);
/// "message too long, mtu=1400", where `mtu` is that of the path.
[[nodiscard]] std::string fault_text(SendFault fault, std::uint16_t mtu);

}  // namespace hop
