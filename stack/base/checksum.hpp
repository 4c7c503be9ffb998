#pragma once
// The Internet checksum (RFC 1071) and its incremental update (RFC 1624).

#include <cstdint>

#include "stack/base/bytes.hpp"

namespace hop {

/// A ones' complement sum under way. Pieces are added in order; only the last may have odd length.
/// The sum is kept in native byte order (RFC 1071 section 2(B): the order does not matter until
/// the end), so long spans are summed in machine words.
class ChecksumSum {
 public:
  ChecksumSum& add(Bytes piece) noexcept;
  /// Adds a 16-bit value as it would stand in the packet, for pseudo headers.
  ChecksumSum& add_word(std::uint16_t value) noexcept;
  /// The checksum field that makes the whole sum to zero, in host byte order.
  [[nodiscard]] std::uint16_t finish() const noexcept;

 private:
  std::uint64_t sum_ = 0;
};

/// The checksum over `bytes`. Over data that includes a correct checksum field it is 0.
[[nodiscard]] std::uint16_t internet_checksum(Bytes bytes) noexcept;
/// Is it 0?
[[nodiscard]] bool has_right_checksum(Bytes bytes) noexcept;

/// The same over as many bytes as nearly every IPv4 header has, without a loop.
using Span20 = std::span<const std::byte, 20>;
[[nodiscard]] std::uint16_t internet_checksum(Span20 header) noexcept;
[[nodiscard]] bool has_right_checksum(Span20 header) noexcept;

/// Adds words of 16 bits, by fours, in ones' complement: a carry out of the top comes in at the
/// bottom. Compilers make an addition with carry of it.
[[nodiscard]] constexpr std::uint64_t add_around(std::uint64_t a, std::uint64_t b) noexcept {
  a += b;
  return a + (a < b ? 1U : 0U);
}

/// The words of such a sum added up.
[[nodiscard]] constexpr std::uint16_t fold_checksum(std::uint64_t sum) noexcept {
  const auto low = static_cast<std::uint32_t>(sum);
  const std::uint32_t half = low + static_cast<std::uint32_t>(sum >> 32U);
  const std::uint32_t all = half + (half < low ? 1U : 0U);
  return static_cast<std::uint16_t>((all + std::rotl(all, 16)) >> 16U);
}

/// The checksum of data of which some words, by fours, were `was`, with the checksum among them,
/// and are `is` now, with zero in its place. RFC 1624 section 3, equation 3: HC' = ~(~HC + ~m +
/// m'). The form of RFC 1141 can give 0xffff where a recomputation gives 0x0000. If all data
/// becomes zero it is the other way round, which no update can see.
[[nodiscard]] constexpr std::uint16_t checksum_after(std::uint64_t was, std::uint64_t is) noexcept {
  return static_cast<std::uint16_t>(~fold_checksum(add_around(~was, is)));
}

/// The checksum after a 16-bit word of the data became `less` smaller, in ones' complement:
/// ~(~HC + ~less) is HC + less. What is 0xffff there is 0.
[[nodiscard]] constexpr std::uint16_t checksum_after_decrease(std::uint16_t checksum,
                                                              std::uint16_t less) noexcept {
  const std::uint32_t sum = std::uint32_t{checksum} + less;
  return static_cast<std::uint16_t>(sum + (sum >= 0xffffU ? 1U : 0U));
}

/// The checksum after one 16-bit word of the data changed from `was` to `is`.
[[nodiscard]] constexpr std::uint16_t adjust_checksum(std::uint16_t checksum, std::uint16_t was,
                                                      std::uint16_t is) noexcept {
  return checksum_after(std::uint64_t{checksum} << 16U | was, is);
}

}  // namespace hop
