#pragma once
// What the bare loops do with a packet: as little as the other side takes for an answer.

#include <cstddef>
#include <span>

namespace hop::bench {

/// Room that an answer may take beyond its packet.
inline constexpr std::size_t kBareGrowth = 28;

/// Turns the `size` bytes at the front of `room` into their answer, in place, without a single
/// check: an ICMP echo request becomes its reply, another packet has its TTL decremented or, at TTL
/// 1, becomes a time exceeded from 10.0.0.2 with its first 28 bytes. Gives the size, or 0 for what
/// is not answered.
[[nodiscard]] std::size_t bare_answer(std::span<std::byte> room, std::size_t size) noexcept;

}  // namespace hop::bench
