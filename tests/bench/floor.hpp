#pragma once
// The least that a router can do with a packet and still be right: what hop's Node is held against.

#include <cstddef>
#include <span>

#include "tests/bench/dir24.hpp"

namespace hop::bench {

/// The header checks of RFC 1812 section 5.2.2, checksums, one lookup and the answer, in place. No
/// counters, no options, no fragments, no martians, no rate limit, no queues.
class Floor {
 public:
  /// Routes to addresses of the router itself have this next hop.
  static constexpr Dir24::NextHop kLocal = 1;
  /// Room that an answer may take beyond its packet: a header, and that of ICMP.
  static constexpr std::size_t kGrowth = 28;

  /// Errors come from `own`. `fib` outlives this.
  Floor(const Dir24& fib, Ipv4Address own) : fib_(fib), own_(own) {}

  /// What the `size` bytes at the front of `room` become there, in bytes; 0 if they are dropped.
  [[nodiscard]] std::size_t answer(std::span<std::byte> room, std::size_t size) const noexcept;

 private:
  [[nodiscard]] std::size_t time_exceeded(std::byte* packet, std::size_t size) const noexcept;

  const Dir24& fib_;
  Ipv4Address own_;
};

}  // namespace hop::bench
