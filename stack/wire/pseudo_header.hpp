#pragma once
// The pseudo header that UDP and TCP checksums cover (RFC 768, RFC 9293 section 3.1).

#include "stack/base/checksum.hpp"
#include "stack/wire/ipv4.hpp"

namespace hop {

/// A sum that has the pseudo header in it; add the segment and finish.
[[nodiscard]] inline ChecksumSum pseudo_header_sum(Ipv4Address source, Ipv4Address destination,
                                                   IpProtocol protocol,
                                                   std::size_t length) noexcept {
  ChecksumSum sum;
  for (const Ipv4Address address : {source, destination}) {
    sum.add_word(static_cast<std::uint16_t>(address.value >> 16U));
    sum.add_word(static_cast<std::uint16_t>(address.value & 0xffffU));
  }
  sum.add_word(static_cast<std::uint16_t>(protocol));
  sum.add_word(static_cast<std::uint16_t>(length));
  return sum;
}

}  // namespace hop
