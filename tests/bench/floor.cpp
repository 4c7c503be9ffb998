#include "tests/bench/floor.hpp"

#include <algorithm>

#include "tests/bench/raw.hpp"

namespace hop::bench {
namespace {

// RFC 1812 section 4.3.2.3: as much as fits into 576 bytes.
constexpr std::size_t kMostQuoted = 548;

std::uint8_t byte(const std::byte* packet, std::size_t at) noexcept {
  return std::to_integer<std::uint8_t>(packet[at]);
}

// RFC 1812 section 5.2.2, (1) to (5), for a header without options: Total Length if all hold, or 0.
std::size_t checked_length(const std::byte* packet, std::size_t size) noexcept {
  if (size < raw::kHeader || byte(packet, 0) != 0x45) return 0;
  const std::size_t length = raw::number<std::uint16_t>(packet + raw::kTotalLength);
  if (length < raw::kHeader || length > size) return 0;
  return raw::sums_up(packet, raw::kHeader) ? length : 0;
}

bool is_echo(const std::byte* packet, std::size_t size) noexcept {
  return byte(packet, raw::kProtocol) == raw::kIcmp && size >= raw::kIcmpData &&
         byte(packet, raw::kHeader) == raw::kEcho &&
         raw::sums_up(packet + raw::kHeader, size - raw::kHeader);
}

// A reply is a datagram of its own: its TTL begins anew.
std::size_t reply(std::byte* packet, std::size_t size) noexcept {
  if (!is_echo(packet, size)) return 0;
  raw::swap_addresses(packet);
  raw::turn_echo(packet);
  packet[raw::kTtl] = std::byte{64};
  raw::put_checksum(packet, raw::kHeader, packet + raw::kHeaderChecksum);
  return size;
}

}  // namespace

std::size_t Floor::answer(std::span<std::byte> room, std::size_t size) const noexcept {
  std::byte* const packet = room.data();
  const std::size_t length = checked_length(packet, size);
  if (length == 0) return 0;
  const auto hop = fib_.look_up(raw::number<std::uint32_t>(packet + raw::kDestination));
  if (hop == kLocal) return reply(packet, length);
  if (hop == Dir24::kNoRoute) return 0;
  if (byte(packet, raw::kTtl) <= 1) return time_exceeded(packet, length);
  raw::decrement_ttl(packet);
  return length;
}

std::size_t Floor::time_exceeded(std::byte* packet, std::size_t size) const noexcept {
  return raw::put_time_exceeded(packet, std::min(size, kMostQuoted), own_.value);
}

}  // namespace hop::bench
