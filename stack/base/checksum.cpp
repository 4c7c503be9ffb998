#include "stack/base/checksum.hpp"

#include <cstring>

namespace hop {
namespace {

// Halves of 64-bit words into a 64-bit sum: no carry can be lost below 16 GiB. The last 1 to 3
// bytes are padded with zeros (RFC 1071 section 4.1).
std::uint64_t sum_words(Bytes bytes) noexcept {
  const auto halves = [](std::uint64_t word) { return (word & 0xffffffffU) + (word >> 32U); };
  std::uint64_t sum = 0;
  const std::byte* at = bytes.data();
  std::size_t left = bytes.size();
  for (; left >= sizeof(std::uint64_t);
       left -= sizeof(std::uint64_t), at += sizeof(std::uint64_t)) {
    std::uint64_t word = 0;
    std::memcpy(&word, at, sizeof word);
    sum += halves(word);
  }
  if (left >= sizeof(std::uint32_t)) {
    std::uint32_t word = 0;
    std::memcpy(&word, at, sizeof word);
    sum += word;
    at += sizeof word;
    left -= sizeof word;
  }
  if (left > 0) {
    std::uint32_t tail = 0;
    std::memcpy(&tail, at, left);
    sum += tail;
  }
  return sum;
}

std::uint16_t fold(std::uint64_t sum) noexcept {
  sum = (sum & 0xffffffffU) + (sum >> 32U);  // at most 33 bits, then 18, then 17, then 16
  sum = (sum & 0xffffU) + (sum >> 16U);
  sum = (sum & 0xffffU) + (sum >> 16U);
  sum = (sum & 0xffffU) + (sum >> 16U);
  return static_cast<std::uint16_t>(sum);
}

// Host order to the order of the sum (and back: it is its own inverse).
std::uint16_t in_memory_order(std::uint16_t value) noexcept {
  return std::endian::native == std::endian::little ? std::byteswap(value) : value;
}

}  // namespace

ChecksumSum& ChecksumSum::add(Bytes piece) noexcept {
  sum_ += sum_words(piece);
  return *this;
}

ChecksumSum& ChecksumSum::add_word(std::uint16_t value) noexcept {
  sum_ += in_memory_order(value);
  return *this;
}

std::uint16_t ChecksumSum::finish() const noexcept {
  return static_cast<std::uint16_t>(~in_memory_order(fold(sum_)));
}

std::uint16_t internet_checksum(Bytes bytes) noexcept { return ChecksumSum{}.add(bytes).finish(); }

}  // namespace hop
