#pragma once
// Doing what a sender has left to be done: cutting super-packets, and completing checksums.
//
// A host that has a device with offload hands TCP segments and UDP datagrams down without their
// checksum, and many of one flow in one packet with one set of headers. As long as such a packet
// passes whole, that is work that nobody does.

#include <optional>
#include <utility>

#include "stack/base/packet.hpp"
#include "stack/wire/ipv4.hpp"

namespace hop {

/// The packet is an IPv4 datagram of TCP or UDP whose checksum is to be completed, and which is to
/// be cut into packets with `segment_size` bytes behind the headers, if that is not 0. Notes that
/// as its offload; false, and nothing is noted, if such a datagram it is not.
bool note_offload(Packet& packet, std::size_t segment_size);

/// Gives the packets that a super-packet stands for one after another, as its sender would have
/// made them and Linux's GSO does: all headers are repeated, the Identification counts up, the TCP
/// sequence number follows, FIN and PSH are for the last, CWR for the first (RFC 3168
/// section 6.1.2). The super-packet must stay as long as the segmenter.
class Segmenter {
 public:
  Segmenter(const Packet& super_packet, PacketPool& pool) noexcept
      : super_packet_(super_packet), pool_(pool) {}

  /// The next packet, complete, or nothing after the last. Throws std::bad_alloc.
  [[nodiscard]] std::optional<Packet> next();

 private:
  [[nodiscard]] Packet make(std::size_t done, std::size_t size) const;

  const Packet& super_packet_;
  PacketPool& pool_;
  std::uint16_t made_ = 0;  // packets
};

/// Does what is left to do for a packet that is no super-packet.
void complete_checksum(Packet& packet) noexcept;

/// Gives `take` what a packet stands for, in order and complete: itself, if it has no offload.
template <class Take>
void take_apart(Packet packet, PacketPool& pool, Take&& take) {
  if (packet.packets() == 1) {
    complete_checksum(packet);
    take(std::move(packet));
    return;
  }
  Segmenter segments{packet, pool};
  while (auto segment = segments.next()) take(*std::move(segment));
}

}  // namespace hop
