#pragma once
// The tests' own reading of a packet. It shares no code with stack/wire, so that a mistake there
// cannot hide here.

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "stack/base/bytes.hpp"

namespace hop::testing {

/// The ones' complement sum of RFC 1071 over `bytes`, continued from `sum`, folded to 16 bits.
[[nodiscard]] std::uint16_t internet_sum(Bytes bytes, std::uint32_t sum = 0);

/// The sum of the pseudo header of UDP (RFC 768) and TCP (RFC 9293 section 3.1).
[[nodiscard]] std::uint16_t pseudo_header_sum(std::uint32_t src, std::uint32_t dst,
                                              std::uint8_t protocol, std::size_t length);

/// "10.0.0.1" as a number in host byte order and back. Throws std::invalid_argument on other text.
[[nodiscard]] std::uint32_t address_of(std::string_view text);
[[nodiscard]] std::string address_text(std::uint32_t address);

inline constexpr std::uint8_t kIcmp = 1;
inline constexpr std::uint8_t kTcp = 6;
inline constexpr std::uint8_t kUdp = 17;

/// The fields of an IPv4 header as they are, right or wrong.
struct Decoded {
  std::uint8_t version = 0;
  std::size_t header_length = 0;  ///< IHL in bytes
  std::uint8_t tos = 0;
  std::uint16_t total_length = 0;
  std::uint16_t id = 0;
  bool reserved = false, df = false, mf = false;
  std::size_t offset = 0;  ///< of the fragment, in bytes
  std::uint8_t ttl = 0;
  std::uint8_t protocol = 0;
  std::uint16_t checksum = 0;
  std::uint32_t src = 0, dst = 0;
  Bytes header;        ///< what there is of IHL * 4 bytes
  Bytes payload;       ///< what there is behind the header, without padding behind the total length
  bool whole = false;  ///< every byte of the total length is there

  [[nodiscard]] bool is_fragment() const { return mf || offset != 0; }
};

/// Nothing for fewer than 20 bytes, where there is no header to speak of.
[[nodiscard]] std::optional<Decoded> decode(Bytes packet);

/// The header checksum is right.
[[nodiscard]] bool header_checksum_valid(const Decoded& ip);
/// The checksum of a whole ICMP, UDP or TCP payload is right; true where there is none to check.
[[nodiscard]] bool payload_checksum_valid(const Decoded& ip);

/// The first eight bytes of an ICMP message and what follows.
struct DecodedIcmp {
  std::uint8_t type = 0, code = 0;
  std::uint32_t rest = 0;  ///< rest of header
  Bytes data;
};

/// The ICMP message that begins in this packet, if one does.
[[nodiscard]] std::optional<DecodedIcmp> decode_icmp(Bytes packet);

}  // namespace hop::testing
