#pragma once
// Extension structures: RFC 4884 sections 4, 7 and 8, RFC 5837 section 4, RFC 8335 section 2.1.

#include "tools/conform/packet.hpp"

namespace hop::conform {

/// An error message in two parts.
struct Extended {
  View quote;      ///< the "original datagram" field, with its padding
  View structure;  ///< empty if there is none

  /// Splits what stands behind the ICMP header by the length attribute. Without one all is quote.
  [[nodiscard]] static Extended of(const Parsed& error);
};

struct ExtensionObject {
  unsigned number = 0;  ///< Class-Num
  unsigned type = 0;    ///< C-Type
  View data;
};

/// What is wrong with the header of a structure, or the lengths of its objects. Empty if nothing
/// is.
[[nodiscard]] std::string fault_of_structure(View structure);
/// The objects of a structure without faults.
[[nodiscard]] std::vector<ExtensionObject> objects_of(View structure);

inline constexpr unsigned kInterfaceInformation = 2;     // Class-Num, RFC 5837
inline constexpr unsigned kInterfaceIdentification = 3;  // Class-Num, RFC 8335

/// What an interface information object says.
struct InterfaceTold {
  unsigned role = 0;  ///< 0 came in by, 1 below IP, 2 would have gone out by, 3 next hop
  std::optional<std::uint32_t> index{};
  std::optional<Address> address{};
  std::optional<std::string> name{};
  std::optional<std::uint32_t> mtu{};
  std::string fault{};  ///< what is wrong with the object; then the rest is not to be relied on

  [[nodiscard]] static InterfaceTold read(const ExtensionObject& object);
};
/// Those of an error; none if its structure is wrong.
[[nodiscard]] std::vector<InterfaceTold> interfaces_told(const Parsed& error);

/// An object to send; its length is right.
[[nodiscard]] Octets extension_object(unsigned number, unsigned type, const Octets& data);
/// A structure to send of such objects, with a right checksum.
[[nodiscard]] Octets extension_structure(const Octets& objects);

}  // namespace hop::conform
