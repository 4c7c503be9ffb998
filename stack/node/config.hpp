#pragma once
// What a node is told to be: how a router or host treats packets.

#include <algorithm>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "stack/icmp/policy.hpp"
#include "stack/ip/filter.hpp"
#include "stack/ip/flow_hash.hpp"
#include "stack/ip/martian.hpp"
#include "stack/ip/nat.hpp"
#include "stack/ip/option_policy.hpp"
#include "stack/ip/reassembly.hpp"
#include "stack/wire/ipv4_address.hpp"

namespace hop {

enum class NodeKind : std::uint8_t { router, host };

/// How the source of a received packet is held against the routes (RFC 3704).
enum class ReversePath : std::uint8_t {
  off,     ///< not at all
  loose,   ///< there is a route to it (section 2.4)
  strict,  ///< a packet to it would leave where this one came in (section 2.2)
};

/// Which of its addresses a host has on which interface (RFC 1122 section 3.3.4.2).
enum class HostModel : std::uint8_t {
  weak,    ///< all of them on all
  strong,  ///< each on its own: neither received by others nor sent from there by others
};

/// Ports that a packet filter of the node itself stands before; those of endpoints are open.
struct PortFilter {
  std::vector<PortRange> ports{};
  std::optional<UnreachableCode> reject{};  ///< what the sender is told; without it nothing

  [[nodiscard]] bool contains(std::uint16_t port) const {
    return std::ranges::any_of(ports, [=](PortRange range) { return range.contains(port); });
  }
};

struct NodeConfig {
  std::string name;
  NodeKind kind = NodeKind::router;
  bool decrements_ttl = true;       ///< of what it forwards; or it is a hop that nobody sees
  bool source_routing = false;      ///< act on source routes (RFC 7126 section 4.3)
  bool directed_broadcast = false;  ///< take and pass on those of other links (RFC 2644)
  ReversePath reverse_path = ReversePath::off;
  HostModel host_model = HostModel::weak;
  std::optional<Ipv4Address>
      router_id{};                     ///< an address of no interface (RFC 1812 section 4.2.2.2)
  Filter filter{};                     ///< of what is forwarded
  std::uint8_t precedence_cutoff = 0;  ///< what is below is not forwarded; 0 for none
  /// Of a router that translates between its interfaces that are external and the others.
  std::shared_ptr<const NatPolicy> nat{};
  PortFilter tcp_filtered{}, udp_filtered{};  ///< of what is for the node itself
  BalancePolicy balance{};  ///< of what is forwarded, where several ways are equally good
  IcmpPolicy icmp;
  std::optional<MartianRules> martians{};        ///< if not those of the profile
  std::optional<Duration> reassembly_timeout{};  ///< if not that of the profile
  OverlapPolicy overlap = OverlapPolicy::drop;
  ReassemblyLimits reassembly_limits{};
  bool drop_tiny_fragments = false;  ///< RFC 1858 section 3, RFC 3128
  OptionPolicy options{};
  /// Packets without it are refused (RFC 1108 section 2.8.1).
  std::optional<OptionType> required_option{};

  /// Linux's in its profile, or else RFC 1812's.
  [[nodiscard]] MartianRules martian_rules() const;
  /// 60 s (RFC 1122 section 3.3.2), or 30 s as Linux has it.
  [[nodiscard]] Duration time_for_reassembly() const;
  [[nodiscard]] ReassemblyPolicy reassembly() const {
    return {.timeout = time_for_reassembly(), .overlap = overlap, .limits = reassembly_limits};
  }
  /// Bits of the TOS of a packet that errors about it keep. Those of a host keep none (RFC 1122
  /// section 3.2.2), those of a router all (RFC 1812 section 4.3.2.5) but ECN's (RFC 3168).
  [[nodiscard]] std::uint8_t tos_kept_in_errors() const {
    return icmp.error_tos.value_or(kind == NodeKind::host ? 0 : 0x1c);
  }
  /// Is there something to look for in packets without options?
  [[nodiscard]] bool inspects_all() const { return drop_tiny_fragments || required_option || nat; }
};

}  // namespace hop
