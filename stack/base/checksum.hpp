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
/// The same over as many bytes as nearly every IPv4 header has, without a loop.
[[nodiscard]] std::uint16_t internet_checksum_of_20(std::span<const std::byte, 20> bytes) noexcept;

/// The checksum after one 16-bit word of the data changed from `was` to `is`.
/// RFC 1624 section 3, equation 3: HC' = ~(~HC + ~m + m'). The form of RFC 1141 can give 0xffff
/// where a recomputation gives 0x0000.
[[nodiscard]] constexpr std::uint16_t adjust_checksum(std::uint16_t checksum, std::uint16_t was,
                                                      std::uint16_t is) noexcept {
  std::uint32_t sum = (0xffffU ^ checksum) + (0xffffU ^ was) + std::uint32_t{is};
  sum = (sum & 0xffffU) + (sum >> 16U);
  sum = (sum & 0xffffU) + (sum >> 16U);
  return static_cast<std::uint16_t>(0xffffU ^ sum);
}

}  // namespace hop
