#pragma once
// The filter against fragments that hide a TCP header from filters (RFC 1858 section 3, RFC 3128).

#include "stack/wire/ipv4.hpp"

namespace hop {

/// Is it a TCP packet that begins the datagram without its whole TCP header, or a fragment with
/// offset 1 (8 bytes), which only such a beginning leaves room for? RFC 3128 section 3 asks for
/// both; other protocols have all that filters look at in their first 8 bytes (RFC 1858 section
/// 3.2.1).
[[nodiscard]] bool is_tiny_fragment(const Ipv4HeaderView& packet);

}  // namespace hop
