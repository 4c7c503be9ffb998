#pragma once
// ICMP messages (RFC 792): reading and writing.
//
//     0                   1                   2                   3
//     0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1
//    +---------------+---------------+-------------------------------+
//    |     Type      |     Code      |           Checksum            |
//    +---------------+---------------+-------------------------------+
//    |                    rest of header, by type                    |
//    +---------------------------------------------------------------+
//    |                    data, or the quoted datagram ...

#include <cstdint>

#include "stack/base/bytes.hpp"
#include "stack/base/parsed.hpp"
#include "stack/wire/icmp_numbers.hpp"

namespace hop {

inline constexpr std::size_t kIcmpHeader = 8;
/// A timestamp message with its three times (RFC 792).
inline constexpr std::size_t kIcmpTimestampSize = 20;

/// Type, code and rest of header: what an ICMP message is, without data. `rest` is the second
/// word of the header as a number: identifier and sequence, pointer << 24, MTU, gateway ...
struct IcmpMessage {
  IcmpType type;
  std::uint8_t code = 0;
  std::uint32_t rest = 0;
};

/// A view of an ICMP message of at least 8 bytes with a right checksum.
class IcmpView {
 public:
  [[nodiscard]] static Parsed<IcmpView> parse(Bytes message) noexcept;

  [[nodiscard]] IcmpType type() const noexcept { return static_cast<IcmpType>(byte_at(bytes_, 0)); }
  [[nodiscard]] std::uint8_t code() const noexcept { return byte_at(bytes_, 1); }
  [[nodiscard]] std::uint32_t rest() const noexcept { return load_be<std::uint32_t>(bytes_, 4); }
  /// Of echo, timestamp and the other queries.
  [[nodiscard]] std::uint16_t identifier() const noexcept {
    return load_be<std::uint16_t>(bytes_, 4);
  }
  [[nodiscard]] std::uint16_t sequence() const noexcept {
    return load_be<std::uint16_t>(bytes_, 6);
  }
  /// What follows the 8 bytes: data of a query, the quote of an error.
  [[nodiscard]] Bytes data() const noexcept { return bytes_.subspan(kIcmpHeader); }

 private:
  explicit IcmpView(Bytes checked) noexcept : bytes_(checked) {}
  Bytes bytes_;
};

/// Writes the first 8 bytes of `message` and the checksum over all of it. The data must be there.
void write_icmp(const IcmpMessage& what, MutBytes message) noexcept;

/// Changes the type of a message, which is `from`, and updates its checksum (RFC 1624), without
/// reading its data.
void rewrite_icmp_type(MutBytes message, IcmpType from, IcmpType to) noexcept;

}  // namespace hop
