#include "tests/bench/bare_answer.hpp"

#include "tests/bench/raw.hpp"

namespace hop::bench {
namespace {

constexpr std::uint32_t kOwnAddress = 0x0a000002;
constexpr std::size_t kQuoted = 28;

}  // namespace

std::size_t bare_answer(std::span<std::byte> room, std::size_t size) noexcept {
  std::byte* const packet = room.data();
  // What the kernel sends by itself, of IPv6 above all.
  if (size < raw::kIcmpData || packet[0] != std::byte{0x45}) return 0;
  if (packet[raw::kProtocol] == std::byte{raw::kIcmp}) {
    if (packet[raw::kHeader] != std::byte{raw::kEcho}) return 0;
    raw::swap_addresses(packet);
    raw::turn_echo(packet);
    return size;
  }
  if (packet[raw::kTtl] <= std::byte{1}) {
    return raw::put_time_exceeded(packet, kQuoted, kOwnAddress);
  }
  raw::decrement_ttl(packet);
  return size;
}

}  // namespace hop::bench
