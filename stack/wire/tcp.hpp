#pragma once
// The TCP header (RFC 9293 section 3.1), as far as a server that sends no data needs it.

#include <cstdint>
#include <optional>

#include "stack/base/bytes.hpp"
#include "stack/base/parsed.hpp"
#include "stack/wire/ipv4_address.hpp"

namespace hop {

inline constexpr std::size_t kTcpMinHeader = 20;
inline constexpr std::size_t kTcpMssOption = 4;

/// Offsets of header fields.
inline constexpr std::uint16_t kTcpSequenceOffset = 4;
inline constexpr std::uint16_t kTcpHeaderLengthOffset = 12;
inline constexpr std::uint16_t kTcpFlagsOffset = 13;
inline constexpr std::uint16_t kTcpChecksumOffset = 16;

enum class TcpFlag : std::uint8_t {
  fin = 0x01,
  syn = 0x02,
  rst = 0x04,
  psh = 0x08,
  ack = 0x10,
  cwr = 0x80,
};

/// A view of a TCP segment whose header is complete and whose checksum is right.
class TcpView {
 public:
  [[nodiscard]] static Parsed<TcpView> parse(Bytes segment, Ipv4Address source,
                                             Ipv4Address destination) noexcept;
  /// Of a segment that parse() has accepted before.
  [[nodiscard]] static TcpView of_checked(Bytes segment) noexcept { return TcpView{segment}; }

  [[nodiscard]] std::uint16_t source_port() const noexcept {
    return load_be<std::uint16_t>(bytes_, 0);
  }
  [[nodiscard]] std::uint16_t destination_port() const noexcept {
    return load_be<std::uint16_t>(bytes_, 2);
  }
  [[nodiscard]] std::uint32_t sequence() const noexcept {
    return load_be<std::uint32_t>(bytes_, kTcpSequenceOffset);
  }
  [[nodiscard]] std::uint32_t acknowledgment() const noexcept {
    return load_be<std::uint32_t>(bytes_, 8);
  }
  [[nodiscard]] bool has(TcpFlag flag) const noexcept {
    return (byte_at(bytes_, kTcpFlagsOffset) & static_cast<std::uint8_t>(flag)) != 0;
  }
  /// What follows the header and its options.
  [[nodiscard]] Bytes data() const noexcept { return bytes_.subspan(header_length()); }
  /// SEG.LEN of RFC 9293 section 3.3.1: octets of data, and one each for SYN and FIN.
  [[nodiscard]] std::uint32_t sequence_length() const noexcept;

 private:
  explicit TcpView(Bytes checked) noexcept : bytes_(checked) {}
  [[nodiscard]] std::size_t header_length() const noexcept {
    return (byte_at(bytes_, kTcpHeaderLengthOffset) >> 4U) * std::size_t{4};
  }
  Bytes bytes_;
};

/// A segment without data.
struct TcpHeader {
  std::uint16_t source_port;
  std::uint16_t destination_port;
  std::uint32_t sequence;
  std::uint32_t acknowledgment;
  std::uint8_t flags;
  std::uint16_t window = 0;
  std::optional<std::uint16_t> mss{};  ///< its only option (RFC 9293 section 3.7.1)

  [[nodiscard]] bool has(TcpFlag flag) const noexcept {
    return (flags & static_cast<std::uint8_t>(flag)) != 0;
  }
  [[nodiscard]] std::size_t length() const noexcept {
    return kTcpMinHeader + (mss ? kTcpMssOption : 0);
  }
};

/// Flags as a header has them.
template <class... Flags>
[[nodiscard]] constexpr std::uint8_t tcp_flags(Flags... flags) noexcept {
  return static_cast<std::uint8_t>((static_cast<unsigned>(flags) | ...));
}

/// What a segment gets that there is no connection for (RFC 9293 section 3.10.7.1). One with RST
/// gets nothing.
[[nodiscard]] TcpHeader reset_for(const TcpView& segment) noexcept;

/// Writes the header with its checksum to `segment`, which is header.length() long.
void write_tcp(const TcpHeader& header, Ipv4Address source, Ipv4Address destination,
               MutBytes segment) noexcept;

}  // namespace hop
