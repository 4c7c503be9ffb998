#pragma once
// Bytes, addresses and the Internet checksum. The suite has its own, so that a mistake of the
// system under test cannot hide behind the same mistake here: nothing in this folder includes
// stack/.

#include <compare>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace hop::conform {

using Octets = std::vector<std::uint8_t>;
using View = std::span<const std::uint8_t>;

/// An IPv4 address; 192.0.2.1 is 0xc0000201.
struct Address {
  std::uint32_t value = 0;

  auto operator<=>(const Address&) const = default;
  /// "192.0.2.1" and nothing else.
  [[nodiscard]] static std::optional<Address> parse(std::string_view text);
};

/// A block of addresses. `base` has no bits beyond `length`.
struct Block {
  Address base;
  unsigned length = 0;

  /// "192.0.2.0/24"; bits beyond the length are refused.
  [[nodiscard]] static std::optional<Block> parse(std::string_view text);
  [[nodiscard]] bool contains(Address address) const;
  /// Address number `n` of the block, 0 being the base.
  [[nodiscard]] Address host(std::uint32_t n) const { return {base.value + n}; }
  /// The highest address: the directed broadcast of a subnet.
  [[nodiscard]] Address last() const;
};

[[nodiscard]] std::string to_string(Address address);
[[nodiscard]] std::string to_string(const Block& block);

/// RFC 1071: the one's complement of the one's complement sum of 16-bit words. 0 over data that
/// include a right checksum, whichever form of zero it has.
[[nodiscard]] std::uint16_t checksum(View data);

// Network byte order.
[[nodiscard]] std::uint16_t u16_at(View data, std::size_t at);
[[nodiscard]] std::uint32_t u32_at(View data, std::size_t at);
void put_u16(Octets& data, std::size_t at, unsigned value);
void put_u32(Octets& data, std::size_t at, std::uint32_t value);
void append(Octets& data, View more);
/// Four bytes.
[[nodiscard]] Octets octets_of(Address address);

/// `size` bytes, none of them like its neighbours, so that data in the wrong place are seen.
[[nodiscard]] Octets pattern(std::size_t size);

/// "45000054…"
[[nodiscard]] std::string hex(View data);

}  // namespace hop::conform
