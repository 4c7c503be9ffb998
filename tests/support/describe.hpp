#pragma once
// One line that says what a packet is, for messages of failed tests.

#include <string>

#include "stack/base/bytes.hpp"

namespace hop::testing {

/// "10.0.0.2 > 192.0.2.9 ttl 1 id 0 len 31: icmp 8/0 rest 0x00070001, 3 bytes". Says what is wrong
/// with the packet too, and what an ICMP error quotes.
[[nodiscard]] std::string describe(Bytes packet);

/// The bytes in hexadecimal, 16 a line, with offsets.
[[nodiscard]] std::string hex_dump(Bytes bytes);

}  // namespace hop::testing
