#pragma once
// IPv4 addresses and prefixes, their text form and the special blocks.

#include <compare>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace hop {

/// An IPv4 address as a number in host byte order: 198.18.0.1 is 0xc6120001.
struct Ipv4Address {
  std::uint32_t value = 0;

  constexpr Ipv4Address() = default;
  constexpr explicit Ipv4Address(std::uint32_t number) : value(number) {}
  constexpr Ipv4Address(std::uint8_t a, std::uint8_t b, std::uint8_t c, std::uint8_t d)
      : value(std::uint32_t{a} << 24U | std::uint32_t{b} << 16U | std::uint32_t{c} << 8U | d) {}

  /// Dotted decimal, four parts, no leading zeros; anything else is nothing.
  [[nodiscard]] static std::optional<Ipv4Address> parse(std::string_view text);

  /// 0.0.0.0/8, "this network" (RFC 1122 section 3.2.1.3 (a) and (b)).
  [[nodiscard]] constexpr bool is_zero_net() const { return value >> 24U == 0; }
  /// 127.0.0.0/8 (RFC 1122 section 3.2.1.3 (g)).
  [[nodiscard]] constexpr bool is_loopback() const { return value >> 24U == 127; }
  /// 169.254.0.0/16 (RFC 3927).
  [[nodiscard]] constexpr bool is_link_local() const { return value >> 16U == 0xa9fe; }
  /// 224.0.0.0/4, class D.
  [[nodiscard]] constexpr bool is_multicast() const { return value >> 28U == 0xe; }
  /// 240.0.0.0/4 without the limited broadcast address (RFC 1812 section 5.3.7).
  [[nodiscard]] constexpr bool is_class_e() const {
    return value >> 28U == 0xf && !is_limited_broadcast();
  }
  /// Classes A to C without networks 0 and 127: no special block that a packet may not come from.
  [[nodiscard]] constexpr bool is_ordinary() const {
    return value - 0x01000000U < 0xdf000000U && !is_loopback();
  }
  /// 255.255.255.255 (RFC 1122 section 3.2.1.3 (c)).
  [[nodiscard]] constexpr bool is_limited_broadcast() const { return value == 0xffffffffU; }

  constexpr auto operator<=>(const Ipv4Address&) const = default;
};

[[nodiscard]] std::string to_string(Ipv4Address address);

/// The leading `length` bits of an address, 0 to 32. The bits behind them are zero.
class Prefix {
 public:
  constexpr Prefix() = default;
  /// Bits of `address` behind `length` are cleared.
  constexpr Prefix(Ipv4Address address, unsigned length)
      : address_(Ipv4Address{address.value & mask_of(length)}), length_(length) {}

  /// "192.0.2.0/24", or "192.0.2.1" for a /32; host bits must be zero.
  [[nodiscard]] static std::optional<Prefix> parse(std::string_view text);

  [[nodiscard]] constexpr Ipv4Address address() const { return address_; }
  [[nodiscard]] constexpr unsigned length() const { return length_; }
  [[nodiscard]] constexpr std::uint32_t mask() const { return mask_of(length_); }
  [[nodiscard]] constexpr bool contains(Ipv4Address a) const {
    return (a.value & mask()) == address_.value;
  }
  [[nodiscard]] constexpr bool contains(const Prefix& p) const {
    return p.length_ >= length_ && contains(p.address_);
  }
  [[nodiscard]] constexpr bool overlaps(const Prefix& p) const {
    return contains(p) || p.contains(*this);
  }
  /// The directed broadcast address. A /31 or /32 has none (RFC 3021 section 2.1).
  [[nodiscard]] constexpr std::optional<Ipv4Address> broadcast() const {
    if (length_ > 30) return std::nullopt;
    return Ipv4Address{address_.value | ~mask()};
  }
  /// An address that a node may have: not the network's own and not the broadcast address.
  [[nodiscard]] constexpr bool is_host(Ipv4Address a) const {
    return contains(a) && (length_ > 30 || (a != address_ && a != *broadcast()));
  }

  constexpr auto operator<=>(const Prefix&) const = default;

 private:
  [[nodiscard]] static constexpr std::uint32_t mask_of(unsigned length) {
    return length == 0 ? 0 : 0xffffffffU << (32U - length);
  }

  Ipv4Address address_;
  unsigned length_ = 0;
};

[[nodiscard]] std::string to_string(const Prefix& prefix);

/// An address with the prefix of the subnet it is in, as ip-address(8) writes it: 198.18.0.1/24.
struct InterfaceAddress {
  Ipv4Address address;
  unsigned prefix_length = 32;

  /// "198.18.0.1/24"; the length must be given.
  [[nodiscard]] static std::optional<InterfaceAddress> parse(std::string_view text);
  [[nodiscard]] constexpr Prefix subnet() const { return {address, prefix_length}; }

  constexpr auto operator<=>(const InterfaceAddress&) const = default;
};

[[nodiscard]] std::string to_string(const InterfaceAddress& address);

}  // namespace hop
