#pragma once
// ICMP extension objects in the words of traceroute(8).

#include <boost/json/array.hpp>
#include <string>

#include "stack/wire/icmp_extension.hpp"

namespace hop {

/// "MPLS:L=16004,E=0,S=1,T=1;INC:2,198.18.0.2,\"eth1\",mtu=1500": the objects of a structure, those
/// that are not known as class/type and bytes. Interfaces are INC (incoming), SUB (its part below
/// IP), OUT (outgoing) and NXT (next hop).
[[nodiscard]] std::string extension_text(const ExtensionView& extension);
/// The same as objects: {"mpls": [...]}, {"interface": {...}} or {"class": N, "type": N, "bytes":
/// H}.
[[nodiscard]] boost::json::array extension_json(const ExtensionView& extension);

}  // namespace hop
