#pragma once
// The UDP header (RFC 768): source port, destination port, length, checksum.

#include <cstdint>

#include "stack/base/bytes.hpp"
#include "stack/base/parsed.hpp"
#include "stack/wire/ipv4_address.hpp"

namespace hop {

inline constexpr std::size_t kUdpHeader = 8;

/// Offsets of header fields.
inline constexpr std::uint16_t kUdpLengthOffset = 4;
inline constexpr std::uint16_t kUdpChecksumOffset = 6;

/// A view of a UDP datagram whose length and checksum are right.
class UdpView {
 public:
  /// `segment` is the payload of a whole IPv4 datagram between the two addresses, which the
  /// checksum covers. A checksum of 0 was not computed by the sender and is not checked.
  [[nodiscard]] static Parsed<UdpView> parse(Bytes segment, Ipv4Address source,
                                             Ipv4Address destination) noexcept;

  [[nodiscard]] std::uint16_t source_port() const noexcept {
    return load_be<std::uint16_t>(bytes_, 0);
  }
  [[nodiscard]] std::uint16_t destination_port() const noexcept {
    return load_be<std::uint16_t>(bytes_, 2);
  }
  [[nodiscard]] Bytes data() const noexcept { return bytes_.subspan(kUdpHeader); }

 private:
  explicit UdpView(Bytes checked) noexcept : bytes_(checked) {}
  Bytes bytes_;
};

struct UdpPorts {
  std::uint16_t source;
  std::uint16_t destination;
};

/// Writes the header to the front of `segment`, whose data must be there, with the checksum.
void write_udp(UdpPorts ports, Ipv4Address source, Ipv4Address destination,
               MutBytes segment) noexcept;

}  // namespace hop
