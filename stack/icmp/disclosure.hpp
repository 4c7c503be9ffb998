#pragma once
// What a node tells about its interfaces: in extensions of errors (RFC 4884) and to extended echo
// requests (RFC 8335). Switches of `icmp:` in the topology file.

#include <bitset>
#include <cstdint>
#include <vector>

#include "stack/wire/extension_objects.hpp"
#include "stack/wire/ipv4_address.hpp"

namespace hop {

/// Where in an error the extension structure stands.
enum class ExtensionLayout : std::uint8_t {
  rfc4884,        ///< behind a quote whose length the message says
  non_compliant,  ///< behind 128 bytes and without a length, as before RFC 4884 (its section 5)
};

/// What is told of an interface, and of which (RFC 5837 section 6 wants a switch for each).
struct InterfaceDisclosure {
  std::bitset<kInterfaceRoles> roles{0b1111};  ///< by InterfaceRole
  bool index = true;
  bool address = true;
  bool name = true;
  bool mtu = true;

  bool operator==(const InterfaceDisclosure&) const = default;
};

/// What errors carry behind their quote. By default nothing.
struct ExtensionPolicy {
  bool interface = false;  ///< information about interfaces (RFC 5837)
  bool mpls = false;       ///< the labels that the packet came with (RFC 4950)
  ExtensionLayout layout = ExtensionLayout::rfc4884;
  InterfaceDisclosure disclosure{};

  bool operator==(const ExtensionPolicy&) const = default;
};

/// Who may ask what by extended echo, which is answered only if IcmpPolicy::answers says so. A
/// request is answered if its source is both in the list for where the interface is and in that
/// for how it is named (RFC 8335 sections 4 and 8).
struct ExtendedEchoPolicy {
  std::vector<Prefix> local{Prefix{}};  ///< about interfaces of the node itself: everybody
  std::vector<Prefix> remote{};         ///< about those of its neighbours: nobody
  std::vector<Prefix> by_name{};
  std::vector<Prefix> by_index{};
  std::vector<Prefix> by_address{};
  std::uint32_t rate = 100;  ///< requests per second that are looked at, and at once

  bool operator==(const ExtendedEchoPolicy&) const = default;
};

}  // namespace hop
