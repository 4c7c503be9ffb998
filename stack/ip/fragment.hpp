#pragma once
// Splitting a datagram for a link that is too narrow for it (RFC 791 section 3.2, RFC 1812
// section 4.2.2.7).

#include <array>
#include <optional>

#include "stack/base/packet.hpp"
#include "stack/wire/ipv4.hpp"

namespace hop {

/// Gives the fragments of a datagram one after another: in order, as few as possible, each as
/// large as the MTU allows. A fragment is split the same way: its offset is added, and the last
/// piece keeps its MF flag. Identification, TOS, TTL and the reserved flag are kept; options
/// without the copied flag stand in the first fragment only. The bytes of the datagram must stay as
/// long as the fragmenter.
class Fragmenter {
 public:
  /// `mtu` is at least kIpv4MinMtu.
  Fragmenter(const Ipv4HeaderView& datagram, std::size_t mtu, PacketPool& pool);

  /// How many fragments are still to come.
  [[nodiscard]] std::size_t left() const;
  /// How many bytes they are together, with their headers.
  [[nodiscard]] std::size_t bytes_left() const;
  /// The next fragment, or nothing after the last.
  [[nodiscard]] std::optional<Packet> next();

 private:
  [[nodiscard]] Bytes header_at(std::size_t done) const;
  [[nodiscard]] std::size_t size_at(std::size_t done) const;

  const Ipv4HeaderView& datagram_;
  std::size_t mtu_;
  PacketPool& pool_;
  std::size_t done_ = 0;  // bytes of the payload
  std::array<std::byte, kIpv4MaxHeader> later_header_{};
  std::size_t later_length_ = kIpv4MinHeader;
};

}  // namespace hop
