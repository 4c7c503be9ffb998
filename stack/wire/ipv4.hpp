#pragma once
// The IPv4 header (RFC 791 section 3.1): reading and writing.
//
//     0                   1                   2                   3
//     0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1
//    +-------+-------+---------------+-------------------------------+
//    |Version|  IHL  |Type of Service|          Total Length         |
//    +-------+-------+---------------+-----+-------------------------+
//    |         Identification        |Flags|      Fragment Offset    |
//    +---------------+---------------+-----+-------------------------+
//    |  Time to Live |    Protocol   |         Header Checksum       |
//    +---------------+---------------+-------------------------------+
//    |                       Source Address                          |
//    +---------------------------------------------------------------+
//    |                    Destination Address                        |
//    +-----------------------------------------------+---------------+
//    |                    Options                    |    Padding    |
//    +-----------------------------------------------+---------------+

#include <cstdint>
#include <optional>

#include "stack/base/bytes.hpp"
#include "stack/base/parsed.hpp"
#include "stack/wire/ipv4_address.hpp"

namespace hop {

/// Protocol numbers that the stack itself knows.
enum class IpProtocol : std::uint8_t { icmp = 1, tcp = 6, udp = 17 };

inline constexpr std::size_t kIpv4MinHeader = 20;
inline constexpr std::size_t kIpv4MaxHeader = 60;
/// Every link carries this much without fragmenting (RFC 791 section 3.2).
inline constexpr std::uint16_t kIpv4MinMtu = 68;

/// The bits of the TOS byte that are ECN, and what they say (RFC 3168 section 5).
inline constexpr std::uint8_t kEcnMask = 0x03;
inline constexpr std::uint8_t kPrecedenceMask = 0xe0;
inline constexpr std::uint8_t kEcnNotCapable = 0;
inline constexpr std::uint8_t kEcnCongestion = 3;

/// Offsets of header fields, for pointers of parameter problems.
inline constexpr std::uint8_t kTotalLengthOffset = 2;
inline constexpr std::uint8_t kDestinationOffset = 16;

/// A view of a complete IPv4 header of version 4 with whatever follows it. The payload may be
/// shorter than Total Length says: a quoted datagram is legitimately cut (RFC 792). The bytes
/// belong to someone else and must stay as long as the view.
class Ipv4HeaderView {
 public:
  /// Checks version and header length, and that the header is all there. No checksum, no total
  /// length: for quoted datagrams.
  [[nodiscard]] static Parsed<Ipv4HeaderView> parse(Bytes bytes) noexcept;

  [[nodiscard]] Bytes bytes() const noexcept { return bytes_; }
  [[nodiscard]] std::size_t header_length() const noexcept {
    return (byte_at(bytes_, 0) & 0x0fU) * std::size_t{4};
  }
  [[nodiscard]] Bytes header() const noexcept { return bytes_.first(header_length()); }
  [[nodiscard]] Bytes options() const noexcept { return header().subspan(kIpv4MinHeader); }
  [[nodiscard]] Bytes payload() const noexcept { return bytes_.subspan(header_length()); }
  [[nodiscard]] bool has_options() const noexcept { return header_length() > kIpv4MinHeader; }

  [[nodiscard]] std::uint8_t tos() const noexcept { return byte_at(bytes_, 1); }
  [[nodiscard]] std::uint16_t total_length() const noexcept {
    return load_be<std::uint16_t>(bytes_, kTotalLengthOffset);
  }
  [[nodiscard]] std::uint16_t id() const noexcept { return load_be<std::uint16_t>(bytes_, 4); }
  /// The reserved bit: ignored and kept (RFC 1812 section 4.2.2.3).
  [[nodiscard]] bool reserved_flag() const noexcept { return (flags() & 0x8000U) != 0; }
  [[nodiscard]] bool dont_fragment() const noexcept { return (flags() & 0x4000U) != 0; }
  [[nodiscard]] bool more_fragments() const noexcept { return (flags() & 0x2000U) != 0; }
  /// Where the payload stands in the whole datagram, in bytes.
  [[nodiscard]] std::size_t fragment_offset() const noexcept {
    return (flags() & 0x1fffU) * std::size_t{8};
  }
  [[nodiscard]] bool is_fragment() const noexcept { return (flags() & 0x3fffU) != 0; }
  [[nodiscard]] std::uint8_t ttl() const noexcept { return byte_at(bytes_, 8); }
  [[nodiscard]] std::uint8_t protocol() const noexcept { return byte_at(bytes_, 9); }
  [[nodiscard]] bool carries(IpProtocol what) const noexcept {
    return protocol() == static_cast<std::uint8_t>(what);
  }
  /// Does it carry that, and is no fragment? Both are in one word.
  [[nodiscard]] bool is_whole(IpProtocol what) const noexcept {
    return (load_be<std::uint32_t>(bytes_, 6) & 0x3fff00ffU) == static_cast<std::uint32_t>(what);
  }
  [[nodiscard]] Ipv4Address source() const noexcept {
    return Ipv4Address{load_be<std::uint32_t>(bytes_, 12)};
  }
  [[nodiscard]] Ipv4Address destination() const noexcept {
    return Ipv4Address{load_be<std::uint32_t>(bytes_, kDestinationOffset)};
  }

 protected:
  explicit Ipv4HeaderView(Bytes checked) noexcept : bytes_(checked) {}
  [[nodiscard]] static DropReason fault_of(Bytes bytes) noexcept;
  [[nodiscard]] std::uint16_t flags() const noexcept { return load_be<std::uint16_t>(bytes_, 6); }

  Bytes bytes_;
};

/// A view of a whole, valid datagram or fragment: the checksum is right, and bytes() is exactly
/// Total Length long. It can only be had by parsing.
class Ipv4View : public Ipv4HeaderView {
 public:
  /// The checks of RFC 1812 section 5.2.2. Bytes behind Total Length are not part of the datagram.
  [[nodiscard]] static Parsed<Ipv4View> parse(Bytes frame) noexcept;
  /// The same of a datagram without options that is all of `frame`, as nearly all are; nothing of
  /// any other, be it right or wrong.
  [[nodiscard]] static std::optional<Ipv4View> parse_plain(Bytes frame) noexcept;

 private:
  explicit Ipv4View(Bytes checked) noexcept : Ipv4HeaderView(checked) {}
};

/// What a written header says; lengths and checksum are computed.
struct Ipv4Header {
  Ipv4Address source;
  Ipv4Address destination;
  std::uint8_t tos = 0;
  std::uint8_t ttl = 64;
  std::uint8_t protocol = 0;
  std::uint16_t id = 0;
  bool dont_fragment = false;
  Bytes options;  ///< padded to a multiple of 4, at most 40 bytes

  [[nodiscard]] std::size_t length() const noexcept { return kIpv4MinHeader + options.size(); }
};

/// Writes the header to the front of `datagram`, whose size becomes Total Length.
void write_ipv4_header(const Ipv4Header& header, MutBytes datagram) noexcept;

/// Turns a datagram without options round: its header becomes that of an answer to its source, with
/// another TTL and identification, which may be fragmented.
void turn_ipv4_header(MutBytes datagram, std::uint8_t ttl, std::uint16_t id) noexcept;

/// Sets offset and flags of the fragment whose header starts at `datagram`, which has the size of
/// the fragment, and computes the checksum anew. `offset` is in bytes, a multiple of 8.
void write_fragment_fields(MutBytes datagram, std::size_t offset, bool more_fragments) noexcept;

/// Sets the ECN bits of the TOS byte; the checksum is the caller's to refresh.
void set_ecn(MutBytes header, std::uint8_t codepoint) noexcept;

/// Tells a packet that says it is ECN-capable of congestion (RFC 3168 section 5), and updates the
/// checksum (section 17). Gives whether anything changed: not in a packet that is not ECN-capable
/// or has been told already.
bool mark_congestion(MutBytes header) noexcept;

/// Takes one off the TTL and updates the checksum (RFC 1624). TTL must not be 0.
void decrement_ttl(MutBytes header) noexcept;
/// Sets the TTL and updates the checksum (RFC 1624): a wrong one stays wrong.
void set_ttl(MutBytes header, std::uint8_t ttl) noexcept;

/// Computes the header checksum anew, after an edit.
void refresh_header_checksum(MutBytes header) noexcept;

}  // namespace hop
