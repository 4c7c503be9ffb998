#pragma once
// Spans of bytes and the only two functions that know about byte order.

#include <algorithm>
#include <array>
#include <bit>
#include <concepts>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <span>

namespace hop {

using Bytes = std::span<const std::byte>;
using MutBytes = std::span<std::byte>;

/// Reads an unsigned integer in network byte order at offset `at`, which the caller has checked.
template <std::unsigned_integral T>
[[nodiscard]] constexpr T load_be(Bytes from, std::size_t at) noexcept {
  const Bytes field = from.subspan(at, sizeof(T));
  T value{};
  if consteval {
    std::array<std::byte, sizeof(T)> raw{};
    std::ranges::copy(field, raw.begin());
    value = std::bit_cast<T>(raw);
  } else {
    std::memcpy(&value, field.data(), sizeof value);
  }
  return std::endian::native == std::endian::little ? std::byteswap(value) : value;
}

/// Writes an unsigned integer in network byte order at offset `at`, which the caller has checked.
template <std::unsigned_integral T>
constexpr void store_be(MutBytes to, std::size_t at, T value) noexcept {
  const T ordered = std::endian::native == std::endian::little ? std::byteswap(value) : value;
  const MutBytes field = to.subspan(at, sizeof(T));
  if consteval {
    std::ranges::copy(std::bit_cast<std::array<std::byte, sizeof(T)>>(ordered), field.begin());
  } else {
    std::memcpy(field.data(), &ordered, sizeof ordered);
  }
}

/// Copies all of `from` to the front of `to`, which has room for it and does not overlap.
/// (std::ranges::copy over spans of std::byte is a loop of single bytes with g++ 12: 5 instructions
/// for each.)
inline void copy_bytes(Bytes from, MutBytes to) noexcept {
  if (!from.empty()) std::memcpy(to.data(), from.data(), from.size());
}

/// The byte at offset `at` as a number.
[[nodiscard]] constexpr std::uint8_t byte_at(Bytes from, std::size_t at) noexcept {
  return std::to_integer<std::uint8_t>(from[at]);
}

}  // namespace hop
