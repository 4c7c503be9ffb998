#pragma once
// ICMP errors in the words of ping(8).

#include <string>

#include "stack/wire/icmp.hpp"

namespace hop {

/// "Time to live exceeded", "Frag needed and DF set (mtu = 1400)". With a number where the code is
/// in no table.
[[nodiscard]] std::string error_text(const IcmpMessage& message);

}  // namespace hop
