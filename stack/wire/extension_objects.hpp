#pragma once
// Objects of an extension structure: MPLS label stacks (RFC 4950) and interface information
// (RFC 5837).

#include <cstdint>
#include <optional>
#include <span>
#include <string_view>

#include "stack/wire/icmp_extension.hpp"
#include "stack/wire/ipv4_address.hpp"
#include "stack/wire/mpls.hpp"

namespace hop {

/// Address family numbers of IANA.
enum class AddressFamily : std::uint16_t { ipv4 = 1, ipv6 = 2, mac48 = 16389 };

/// An interface name has at most this many bytes (RFC 5837 section 4.3).
inline constexpr std::size_t kMaxInterfaceName = 63;

/// Adds the stack that a packet arrived with; whatever they say, the last entry alone is written as
/// the bottom. False if there is no room.
bool write_label_stack(ExtensionWriter& writer, std::span<const MplsLabel> stack) noexcept;
/// Entry number `at` of a label stack object; nothing behind the last, or of another object.
[[nodiscard]] std::optional<MplsLabel> label_at(const ExtensionObject& object,
                                                std::size_t at) noexcept;

/// Which interface an object describes (RFC 5837 section 4.1).
enum class InterfaceRole : std::uint8_t {
  incoming = 0,            ///< which the datagram arrived by
  incoming_component = 1,  ///< the part of it below IP, such as a member of a bundle
  outgoing = 2,            ///< which it would have left by
  next_hop = 3,            ///< where it would have gone
};
inline constexpr std::size_t kInterfaceRoles = 4;

/// What is told of an interface; each part may be missing.
struct InterfaceInformation {
  InterfaceRole role = InterfaceRole::incoming;
  std::optional<std::uint32_t> index{};  ///< ifIndex of the Interfaces MIB, from 1
  std::optional<Ipv4Address> address{};
  std::string_view name{};  ///< empty for none; at most 63 bytes are written
  std::optional<std::uint32_t> mtu{};
  Bytes ipv6_address{};  ///< as read, 16 bytes or none; never written about an IPv4 datagram

  [[nodiscard]] bool tells_something() const {
    return index || address || !name.empty() || mtu || !ipv6_address.empty();
  }
};

/// Adds an object. False if there is no room.
bool write_interface_information(ExtensionWriter& writer,
                                 const InterfaceInformation& what) noexcept;
/// Reads an object of class 2. Views into its payload; nothing if its parts do not fit.
[[nodiscard]] std::optional<InterfaceInformation> read_interface_information(
    const ExtensionObject& object) noexcept;
/// Does one role have two objects? Such a message is illegal (RFC 5837 section 4.5).
[[nodiscard]] bool repeats_interface_role(const ExtensionView& extension) noexcept;

/// The least multiple of 4 that is no less than `size`: objects are made of whole words.
[[nodiscard]] constexpr std::size_t padded_to_words(std::size_t size) noexcept {
  return (size + 3) / 4 * 4;
}
/// A name without the NULs that pad it to a whole word.
[[nodiscard]] std::string_view unpadded_name(Bytes padded) noexcept;

}  // namespace hop
