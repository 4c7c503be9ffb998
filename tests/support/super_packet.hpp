#pragma once
// Packets as a host with offload hands them down, and as one without sends them.

#include <cstdint>
#include <vector>

#include "tests/support/packet_dsl.hpp"

namespace hop::testing {

/// A sender of one flow, from 192.0.2.1 to 192.0.2.2 unless `header` says otherwise.
struct Sender {
  Ip header = ip();
  std::uint16_t id = 1;  ///< of its first packet; it counts up
  bool is_tcp = true;
  Tcp tcp{};  ///< of its first segment, with the flags of the last
  std::uint16_t sport = 5000, dport = 5201;

  /// What it sends without offload: `segment_size` bytes of `data` in each packet.
  [[nodiscard]] std::vector<Packet> plain(Bytes data, std::size_t segment_size) const;
  /// The same in one packet, without the checksum of TCP or UDP: the folded sum of the pseudo
  /// header stands in its field.
  [[nodiscard]] Packet super_packet(Bytes data) const;
};

}  // namespace hop::testing
