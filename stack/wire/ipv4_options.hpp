#pragma once
// The options of an IPv4 header (RFC 791 section 3.1): a reader over them, and their numbers.

#include <cstdint>
#include <expected>
#include <optional>
#include <string_view>

#include "stack/wire/ipv4.hpp"

namespace hop {

/// Option types, with copied flag and class, as they stand on the wire.
enum class OptionType : std::uint8_t {
  end_of_list = 0,
  no_operation = 1,
  record_route = 7,
  timestamp = 68,
  traceroute = 82,  // RFC 1393
  security = 130,   // RFC 1108
  loose_source_route = 131,
  extended_security = 133,  // RFC 1108
  stream_id = 136,
  strict_source_route = 137,
  router_alert = 148,  // RFC 2113
};

/// "record-route": the topology file's spelling; empty for types without a name here.
[[nodiscard]] std::string_view name(OptionType type);
/// The type of that name, if there is one.
[[nodiscard]] std::optional<OptionType> option_type_of(std::string_view name);

/// Must the option stand in every fragment (RFC 791 section 3.1)? The high bit of the type.
[[nodiscard]] constexpr bool is_copied(OptionType type) {
  return (static_cast<std::uint8_t>(type) & 0x80U) != 0;
}

/// Offsets within an option.
inline constexpr std::size_t kOptionLengthOffset = 1;
inline constexpr std::size_t kOptionPointerOffset = 2;
inline constexpr std::size_t kOptionDataOffset = 3;
inline constexpr std::size_t kTimestampFlagsOffset = 3;
inline constexpr std::size_t kTimestampDataOffset = 4;
/// Bytes of an address or a timestamp in an option.
inline constexpr std::size_t kOptionSlot = 4;

/// Pointers in options count from 1 at the type byte (RFC 791 section 3.1).
inline constexpr std::uint8_t kRoutePointerMin = 4;
inline constexpr std::uint8_t kTimestampPointerMin = 5;

/// Flags of the timestamp option.
enum class TimestampFlag : std::uint8_t {
  timestamps_only = 0,
  with_addresses = 1,
  prespecified = 3,
};

/// One option where it stands. `offset` counts from the start of the IPv4 header, so that it can
/// be the pointer of a parameter problem.
struct OptionView {
  OptionType type;
  std::uint8_t offset;
  Bytes bytes;  ///< type, length and data; one byte for end of list and no operation

  [[nodiscard]] bool copied() const { return is_copied(type); }
  [[nodiscard]] std::uint8_t pointer() const { return byte_at(bytes, kOptionPointerOffset); }
};

/// The option at `offset` of a header, which is known to be one with a length.
[[nodiscard]] inline Bytes option_at(Bytes header, std::uint8_t offset) noexcept {
  return header.subspan(offset, byte_at(header, offset + kOptionLengthOffset));
}
[[nodiscard]] inline MutBytes option_at(MutBytes header, std::uint8_t offset) noexcept {
  return header.subspan(offset, byte_at(header, offset + kOptionLengthOffset));
}

/// The options of a header in order, up to the end of list.
///
///     OptionReader reader{header};
///     while (auto option = reader.next()) { ... }     // no more: nullopt
///     if (reader.bad_offset()) ...                     // stopped at an impossible length
class OptionReader {
 public:
  explicit OptionReader(const Ipv4HeaderView& header) : header_(header.header()) {}

  /// The next option that is not a no operation; nothing at the end or at a length that is below 2
  /// or passes the end of the header.
  [[nodiscard]] std::optional<OptionView> next();
  /// The offset of the type byte of the option whose length is impossible.
  [[nodiscard]] std::optional<std::uint8_t> bad_offset() const { return bad_offset_; }

 private:
  Bytes header_;
  std::size_t at_ = kIpv4MinHeader;
  std::optional<std::uint8_t> bad_offset_;
};

}  // namespace hop
