#pragma once
// Bytes of packets for the programs that hop is held against. Nothing here is hop's own: neither
// its speed nor its mistakes may be on both sides of a comparison.

#include <bit>
#include <concepts>
#include <cstddef>
#include <cstdint>
#include <cstring>

namespace hop::bench::raw {

// Offsets in an IPv4 header without options (RFC 791 section 3.1), and behind it.
inline constexpr std::size_t kTos = 1;
inline constexpr std::size_t kTotalLength = 2;
inline constexpr std::size_t kId = 4;
inline constexpr std::size_t kTtl = 8;
inline constexpr std::size_t kProtocol = 9;
inline constexpr std::size_t kHeaderChecksum = 10;
inline constexpr std::size_t kSource = 12;
inline constexpr std::size_t kDestination = 16;
inline constexpr std::size_t kHeader = 20;
inline constexpr std::size_t kIcmpChecksum = kHeader + 2;
inline constexpr std::size_t kIcmpRest = kHeader + 4;
inline constexpr std::size_t kIcmpData = kHeader + 8;

inline constexpr std::uint8_t kIcmp = 1;
inline constexpr std::uint8_t kUdp = 17;
inline constexpr std::uint8_t kEchoReply = 0;
inline constexpr std::uint8_t kEcho = 8;
inline constexpr std::uint8_t kTimeExceeded = 11;

/// The bytes as they stand there, without a change of order.
template <typename T>
[[nodiscard]] T as_is(const std::byte* from) noexcept {
  T value{};
  std::memcpy(&value, from, sizeof value);
  return value;
}

template <typename T>
void put_as_is(std::byte* to, T value) noexcept {
  std::memcpy(to, &value, sizeof value);
}

/// A number in network byte order.
template <std::unsigned_integral T>
[[nodiscard]] T number(const std::byte* from) noexcept {
  const T value = as_is<T>(from);
  return std::endian::native == std::endian::little ? std::byteswap(value) : value;
}

template <std::unsigned_integral T>
void put_number(std::byte* to, T value) noexcept {
  put_as_is(to, std::endian::native == std::endian::little ? std::byteswap(value) : value);
}

/// The ones' complement sum of `size` bytes as 16 bits that stand as they are in the packet (RFC
/// 1071 section 2(B)); 0xffff over data that includes a right checksum.
[[nodiscard]] inline std::uint16_t sum(const std::byte* from, std::size_t size) noexcept {
  std::uint64_t total = 0;
  for (; size >= 4; size -= 4, from += 4) total += as_is<std::uint32_t>(from);
  if (size > 0) {
    std::uint32_t rest = 0;
    std::memcpy(&rest, from, size);
    total += rest;
  }
  total = (total & 0xffffffffU) + (total >> 32U);
  total = (total & 0xffffU) + (total >> 16U);
  total = (total & 0xffffU) + (total >> 16U);
  return static_cast<std::uint16_t>((total & 0xffffU) + (total >> 16U));
}

[[nodiscard]] inline bool sums_up(const std::byte* from, std::size_t size) noexcept {
  return sum(from, size) == 0xffffU;
}

/// Writes the checksum of `size` bytes, of which it is the two at `checksum`.
inline void put_checksum(std::byte* from, std::size_t size, std::byte* checksum) noexcept {
  put_as_is<std::uint16_t>(checksum, 0);
  put_as_is(checksum, static_cast<std::uint16_t>(~sum(from, size)));
}

/// A byte in the first half of a 16-bit word became less by `amount`: its checksum becomes more
/// (RFC 1624, for a difference instead of two values).
inline void raise_checksum(std::byte* checksum, std::uint8_t amount) noexcept {
  const std::uint32_t raised =
      std::uint32_t{number<std::uint16_t>(checksum)} + (std::uint32_t{amount} << 8U);
  put_number(checksum, static_cast<std::uint16_t>(raised + (raised >> 16U)));
}

inline void swap_addresses(std::byte* packet) noexcept {
  const auto source = as_is<std::uint32_t>(packet + kSource);
  put_as_is(packet + kSource, as_is<std::uint32_t>(packet + kDestination));
  put_as_is(packet + kDestination, source);
}

inline void decrement_ttl(std::byte* packet) noexcept {
  packet[kTtl] = std::byte(std::to_integer<unsigned>(packet[kTtl]) - 1U);
  raise_checksum(packet + kHeaderChecksum, 1);
}

/// The request at `packet`, header without options, becomes its reply.
inline void turn_echo(std::byte* packet) noexcept {
  packet[kHeader] = std::byte{kEchoReply};
  raise_checksum(packet + kIcmpChecksum, kEcho);
}

/// Puts a time exceeded from `from` in front of the first `quoted` bytes at `packet`, which moves
/// back by 28. The size of all.
inline std::size_t put_time_exceeded(std::byte* packet, std::size_t quoted,
                                     std::uint32_t from) noexcept {
  std::memmove(packet + kIcmpData, packet, quoted);
  const std::size_t size = kIcmpData + quoted;
  const auto to = as_is<std::uint32_t>(packet + kIcmpData + kSource);
  std::memset(packet, 0, kIcmpData);
  packet[0] = std::byte{0x45};
  packet[kTos] = std::byte{0xc0};  // RFC 1812 section 4.3.2.5: precedence 6
  put_number(packet + kTotalLength, static_cast<std::uint16_t>(size));
  packet[kTtl] = std::byte{64};
  packet[kProtocol] = std::byte{kIcmp};
  put_number(packet + kSource, from);
  put_as_is(packet + kDestination, to);
  put_checksum(packet, kHeader, packet + kHeaderChecksum);
  packet[kHeader] = std::byte{kTimeExceeded};
  put_checksum(packet + kHeader, size - kHeader, packet + kIcmpChecksum);
  return size;
}

}  // namespace hop::bench::raw
