#pragma once
// The object that says which interface an extended echo request asks about (RFC 8335 section 2.1).

#include <cstdint>
#include <optional>
#include <string_view>
#include <variant>

#include "stack/wire/extension_objects.hpp"

namespace hop {

struct InterfaceByName {
  std::string_view name;
};
struct InterfaceByIndex {
  std::uint32_t index;
};
struct InterfaceByAddress {
  AddressFamily family;
  Bytes address;
};

/// Which interface is probed.
using InterfaceIdentification = std::variant<InterfaceByName, InterfaceByIndex, InterfaceByAddress>;

/// Adds an object. False if there is no room.
bool write_interface_identification(ExtensionWriter& writer,
                                    const InterfaceIdentification& what) noexcept;
/// Reads an object of class 3. Views into its payload; nothing if it is malformed: an empty name
/// or one with NUL inside, an address that is not as long as its family or the object say.
[[nodiscard]] std::optional<InterfaceIdentification> read_interface_identification(
    const ExtensionObject& object) noexcept;

}  // namespace hop
