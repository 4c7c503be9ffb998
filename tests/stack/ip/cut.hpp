#pragma once
// Fragments made by the stack and a reference to put them together, for tests.

#include <gtest/gtest.h>

#include <map>
#include <vector>

#include "stack/ip/fragment.hpp"
#include "tests/support/decode.hpp"
#include "tests/support/packet_dsl.hpp"

namespace hop {

/// Bytes that differ from place to place, also 8, 64 and 256 bytes apart.
[[nodiscard]] inline std::vector<std::byte> pattern(std::size_t size) {
  std::vector<std::byte> bytes(size);
  for (std::size_t i = 0; i < size; ++i) {
    bytes[i] = static_cast<std::byte>((i * 7 + i / 8 * 13 + i / 256 * 29) & 0xffU);
  }
  return bytes;
}

/// All fragments of `packet` for a link of this MTU.
[[nodiscard]] inline std::vector<testing::Packet> cut_for(const testing::Packet& packet,
                                                          std::size_t mtu) {
  PacketPool pool;
  const auto header = Ipv4HeaderView::parse(packet).value();
  Fragmenter fragmenter{header, mtu, pool};
  std::vector<testing::Packet> all;
  while (const auto piece = fragmenter.next()) all.emplace_back(piece->bytes());
  return all;
}

/// Payloads that compare equal to a span of bytes.
struct Joined {
  std::vector<std::byte> bytes;
  friend bool operator==(const Joined& joined, Bytes other) {
    return std::ranges::equal(joined.bytes, other);
  }
};

/// The payloads in order of their offsets, counted from the first; empty if they leave a gap,
/// overlap, or any but the last lacks MF.
[[nodiscard]] inline Joined joined(const std::vector<testing::Packet>& fragments) {
  std::map<std::size_t, testing::Decoded> by_offset;
  for (const auto& fragment : fragments) {
    const auto header = testing::decode(fragment).value();
    by_offset.emplace(header.offset, header);
  }
  if (by_offset.size() != fragments.size() || by_offset.empty()) return {};
  Joined all;
  const std::size_t start = by_offset.begin()->first;
  for (const auto& [offset, header] : by_offset) {
    const bool last = offset == by_offset.rbegin()->first;
    if (offset != start + all.bytes.size() || (!last && !header.mf)) return {};
    all.bytes.insert(all.bytes.end(), header.payload.begin(), header.payload.end());
  }
  return all;
}

}  // namespace hop
