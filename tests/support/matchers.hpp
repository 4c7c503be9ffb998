#pragma once
// GoogleMock matchers over packets: spans, vectors and arrays of bytes, and Packet. Each one
// explains itself with the decoded packet.

#include <gmock/gmock.h>

#include <algorithm>
#include <string>

#include "tests/support/decode.hpp"
#include "tests/support/describe.hpp"
#include "tests/support/packet_dsl.hpp"

namespace hop::testing {

/// RFC 1812 section 4.3.2.3: 576 bytes less an IP header of 20 and an ICMP header of 8.
inline constexpr std::size_t kMostQuoted = 548;

/// A member of Decoded that equals `want`; otherwise the listener hears the whole packet.
template <class Field, class Want>
bool header_field_is(Bytes packet, Field Decoded::* field, const Want& want,
                     ::testing::MatchResultListener* listener) {
  const auto ip = decode(packet);
  *listener << "which is " << describe(packet);
  return ip && (*ip).*field == static_cast<Field>(want);
}

/// An ICMP error whose data are the first `count` bytes of `original` and no more.
[[nodiscard]] inline bool quotes_first(Bytes packet, std::size_t count, Bytes original,
                                       ::testing::MatchResultListener* listener) {
  *listener << "which is " << describe(packet);
  const auto icmp = decode_icmp(packet);
  if (!icmp) return false;
  if (icmp->data.size() != count) {
    *listener << ", quoting " << icmp->data.size() << " bytes instead of " << count;
    return false;
  }
  const auto differs = std::ranges::mismatch(icmp->data, original).in1;
  if (differs == icmp->data.end()) return true;
  *listener << ", whose quote differs at byte " << differs - icmp->data.begin() << " from "
            << describe(original);
  return false;
}

// NOLINTBEGIN(readability-identifier-naming): matchers are named as GoogleMock names its own
MATCHER_P(Src, address, std::string{"has the source "} + address) {
  return header_field_is(Bytes{arg}, &Decoded::src, address_of(address), result_listener);
}
MATCHER_P(Dst, address, std::string{"has the destination "} + address) {
  return header_field_is(Bytes{arg}, &Decoded::dst, address_of(address), result_listener);
}
MATCHER_P(Ttl, number, "has the TTL " + std::to_string(number)) {
  return header_field_is(Bytes{arg}, &Decoded::ttl, number, result_listener);
}
MATCHER_P(Tos, number, "has the TOS byte " + std::to_string(number)) {
  return header_field_is(Bytes{arg}, &Decoded::tos, number, result_listener);
}
MATCHER_P(Protocol, number, "has the protocol " + std::to_string(number)) {
  return header_field_is(Bytes{arg}, &Decoded::protocol, number, result_listener);
}
MATCHER_P(IpId, number, "has the identification " + std::to_string(number)) {
  return header_field_is(Bytes{arg}, &Decoded::id, number, result_listener);
}

MATCHER_P2(IcmpIs, type, code, "is ICMP " + std::to_string(type) + "/" + std::to_string(code)) {
  const auto icmp = decode_icmp(Bytes{arg});
  *result_listener << "which is " << describe(Bytes{arg});
  return icmp && icmp->type == type && icmp->code == code;
}
MATCHER_P(RestOfHeader, number,
          "has the ICMP rest of header " + std::to_string(std::uint32_t{number})) {
  const auto icmp = decode_icmp(Bytes{arg});
  *result_listener << "which is " << describe(Bytes{arg});
  return icmp && icmp->rest == std::uint32_t{number};
}

MATCHER_P2(QuotesFirst, count, original,
           "quotes the first " + std::to_string(count) + " bytes of " + describe(Bytes{original})) {
  return quotes_first(Bytes{arg}, static_cast<std::size_t>(count), Bytes{original},
                      result_listener);
}
/// All of `original`, or as much of it as RFC 1812 section 4.3.2.3 lets an error of 576 bytes hold.
MATCHER_P(Quotes, original, "quotes " + describe(Bytes{original})) {
  const Bytes bytes{original};
  return quotes_first(Bytes{arg}, std::min(bytes.size(), kMostQuoted), bytes, result_listener);
}

/// The IP header checksum, and that of ICMP, UDP or TCP where the packet holds all of it.
MATCHER(ValidChecksums, "has valid checksums") {
  const auto ip = decode(Bytes{arg});
  *result_listener << "which is " << describe(Bytes{arg});
  return ip && header_checksum_valid(*ip) && payload_checksum_valid(*ip);
}
// NOLINTEND(readability-identifier-naming)

}  // namespace hop::testing
