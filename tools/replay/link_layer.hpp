#pragma once
// From the frames of a capture to the IP packets in them.

#include <expected>
#include <string>

#include "stack/base/bytes.hpp"

namespace hop {

/// Why a frame gives no packet.
struct NoPacket {
  enum class Kind : std::uint8_t {
    other_protocol,  ///< a sound frame of something else: ARP, IPv6
    unreadable,      ///< too short, or of a link type that is not known
  };
  Kind kind;
  std::string reason;
};

/// The IPv4 packet in a frame of a link type of libpcap (a DLT_ value): raw IP, Ethernet with any
/// number of VLAN tags, Linux "cooked" SLL and SLL2, BSD loopback. Raw IP is taken as it is, so
/// that broken packets can be replayed too.
[[nodiscard]] std::expected<Bytes, NoPacket> packet_in(int link_type, Bytes frame);

}  // namespace hop
