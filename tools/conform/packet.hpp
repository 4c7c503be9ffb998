#pragma once
// Packets to send, wrong ones too, and what can be read of received ones.

#include "tools/conform/octets.hpp"

namespace hop::conform {

inline constexpr std::uint8_t kIcmp = 1;
inline constexpr std::uint8_t kTcp = 6;
inline constexpr std::uint8_t kUdp = 17;

/// An IPv4 datagram to send. Each setter returns a changed copy, so a case reads as
/// `udp(from, to).ttl(1).options({7, 3, 4})`. What is not said is right: version, lengths,
/// checksum.
class Datagram {
 public:
  Datagram(Address from, Address to, std::uint8_t protocol, Octets payload);

  [[nodiscard]] Datagram from(Address address) const;
  [[nodiscard]] Datagram to(Address address) const;
  [[nodiscard]] Datagram protocol(unsigned number) const;
  [[nodiscard]] Datagram payload(Octets data) const;
  [[nodiscard]] Datagram ttl(unsigned value) const;
  [[nodiscard]] Datagram tos(unsigned value) const;
  [[nodiscard]] Datagram id(unsigned value) const;
  [[nodiscard]] Datagram df() const;
  [[nodiscard]] Datagram reserved() const;
  /// A piece of a larger datagram: `offset` in bytes, a multiple of 8.
  [[nodiscard]] Datagram fragment(std::size_t offset, bool more) const;
  /// Padded to a multiple of four with zeros (end of option list).
  [[nodiscard]] Datagram options(Octets bytes) const;

  // Lies.
  [[nodiscard]] Datagram version(unsigned value) const;
  [[nodiscard]] Datagram ihl(unsigned words) const;
  [[nodiscard]] Datagram total_length(unsigned value) const;
  /// The right checksum xor `flip`, where that is not 0.
  [[nodiscard]] Datagram checksum_off(unsigned flip) const;
  /// 0xffff instead of 0: the other form of zero (RFC 1624 section 3).
  [[nodiscard]] Datagram checksum_is(unsigned value) const;

  [[nodiscard]] Octets bytes() const;
  [[nodiscard]] const Octets& payload_bytes() const { return payload_; }
  [[nodiscard]] Address source() const { return from_; }
  [[nodiscard]] Address destination() const { return to_; }

 private:
  Address from_, to_;
  std::uint8_t protocol_;
  Octets payload_, options_;
  unsigned ttl_ = 64, tos_ = 0, id_ = 0, flags_and_offset_ = 0;
  unsigned version_ = 4;
  std::optional<unsigned> ihl_, total_length_, checksum_;
  unsigned checksum_flip_ = 0;
};

/// Type, code, the word behind the checksum, data; with a right checksum.
[[nodiscard]] Octets icmp(unsigned type, unsigned code, std::uint32_t rest, View data = {});
/// The same with a wrong one.
[[nodiscard]] Octets with_bad_icmp_checksum(Octets message);
/// A UDP datagram; its checksum covers the addresses (RFC 768).
[[nodiscard]] Octets udp(Address from, Address to, unsigned source_port, unsigned port, View data);
enum TcpFlags : std::uint8_t { kFin = 1, kSyn = 2, kRst = 4, kAck = 16 };
[[nodiscard]] Octets tcp(Address from, Address to, unsigned source_port, unsigned port,
                         unsigned flags, std::uint32_t sequence, std::uint32_t acknowledgment,
                         View data = {});
/// Sum over the pseudo header and a transport header with its data: 0 if their checksum is right.
[[nodiscard]] std::uint16_t transport_checksum(Address from, Address to, std::uint8_t protocol,
                                               View segment);

/// The same bytes with the header checksum made right.
[[nodiscard]] Octets with_right_checksum(Octets packet);

/// Reads a received packet. Fields are those of the header; nothing is checked but that they are
/// there.
struct Parsed {
  View bytes, options, payload;
  unsigned tos = 0, total_length = 0, id = 0, ttl = 0, protocol = 0;
  std::size_t header = 0;  ///< bytes
  std::size_t offset = 0;  ///< bytes
  bool reserved = false, df = false, mf = false;
  Address from, to;

  /// Nothing if there is no whole IPv4 header.
  [[nodiscard]] static std::optional<Parsed> of(View packet);
  [[nodiscard]] bool is_fragment() const { return mf || offset != 0; }
  /// ICMP with a header of eight bytes, in no later fragment.
  [[nodiscard]] bool is_icmp() const {
    return protocol == kIcmp && offset == 0 && payload.size() >= 8;
  }
  [[nodiscard]] unsigned icmp_type() const { return payload[0]; }
  [[nodiscard]] unsigned icmp_code() const { return payload[1]; }
  [[nodiscard]] std::uint32_t icmp_rest() const { return u32_at(payload, 4); }
  [[nodiscard]] View icmp_data() const { return payload.subspan(8); }
};

/// What is wrong with a received packet whatever it carries: lengths, header checksum, the checksum
/// of a whole ICMP message, TTL 0. Empty if nothing is. RFC 1812 sections 4.2.2.9 and 5.2.2.
[[nodiscard]] std::string fault_of(View packet);

/// One line, as tcpdump would say it.
[[nodiscard]] std::string describe(View packet);

/// The ICMP types that are error messages (RFC 1122 section 3.2.2).
[[nodiscard]] bool is_icmp_error(unsigned type);

}  // namespace hop::conform
