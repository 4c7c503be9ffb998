#pragma once
// What a router does with packets under labels: tunnels, hop by hop.

#include <cstdint>
#include <map>
#include <optional>

#include "stack/ip/route.hpp"

namespace hop {

/// What holds for all of a tunnel.
struct TunnelPolicy {
  /// Do its hops count? The TTL goes on in the label and back (the Uniform Model, RFC 3443 section
  /// 3.1), or the label has one of its own (the Short Pipe Model, section 3.2).
  bool propagates_ttl = true;
  std::uint8_t label_ttl = 255;  ///< that it then begins with (section 3.6)
  bool tells_labels = true;      ///< do errors have the label stack in them (RFC 4950)?
  /// Do errors of the routers in the tunnel go on to its end, and only from there back?
  bool errors_along = true;

  bool operator==(const TunnelPolicy&) const = default;
};

/// Where a packet under a label goes next.
struct LabelHop {
  std::optional<std::uint32_t> label{};  ///< that it then has; nothing: the label was taken off
  InterfaceIndex out = 0;
  Ipv4Address via{};
};

/// A tunnel at the router where it begins.
struct Tunnel {
  LabelHop first;  ///< with a label
  TunnelPolicy policy{};
};

/// What becomes of packets with a label.
struct LabelRoute {
  std::optional<LabelHop> next{};  ///< nothing: the tunnel ends here
  TunnelPolicy policy{};
};

/// The labels that a router has given out. Labels are few and looked up only in tunnels.
using LabelTable = std::map<std::uint32_t, LabelRoute>;

}  // namespace hop
