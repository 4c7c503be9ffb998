#pragma once
// Which packets a router does not forward: lists of rules (RFC 1812 section 5.3.9) and the
// precedence that is asked for (section 5.3.3.3).

#include <bitset>
#include <cstdint>
#include <optional>
#include <vector>

#include "stack/wire/icmp_numbers.hpp"
#include "stack/wire/ipv4.hpp"

namespace hop {

/// Ports from `first` to `last`, both included.
struct PortRange {
  std::uint16_t first = 0;
  std::uint16_t last = 65535;

  [[nodiscard]] constexpr bool contains(std::uint16_t port) const {
    return first <= port && port <= last;
  }
  constexpr bool operator==(const PortRange&) const = default;
};

/// Bytes of a datagram or fragment with its header, from `least` to `most`, both included.
struct LengthRange {
  std::uint16_t least = 0;
  std::uint16_t most = 65535;

  [[nodiscard]] constexpr bool contains(std::size_t length) const {
    return least <= length && length <= most;
  }
  constexpr bool operator==(const LengthRange&) const = default;
};

/// What becomes of a packet that a rule is about.
enum class FilterAction : std::uint8_t {
  accept,  ///< forwarded, whatever later rules say
  reject,  ///< dropped, and the sender is told by FilterRule::code
  drop,    ///< dropped without a word
};

/// One message definition. What is left out matches everything.
struct FilterRule {
  Prefix from{};
  Prefix to{};
  std::optional<std::uint8_t> protocol{};
  /// Of UDP or TCP. Later fragments have no ports. A rule that accepts lets them pass, one that
  /// does not is not about them: without the first fragment nobody puts them together.
  std::optional<PortRange> source_ports{}, destination_ports{};
  /// Of ICMP. Later fragments have none, as they have no ports.
  std::optional<IcmpType> icmp_type{};
  std::optional<LengthRange> lengths{};
  /// The precedences 0 to 7 that it is about. A rule about precedence is never about the ICMP
  /// errors of RFC 1812 section 5.3.3.3 (2).
  std::optional<std::bitset<8>> precedences{};
  FilterAction action = FilterAction::reject;
  UnreachableCode code = UnreachableCode::admin_prohibited;

  /// `destination`: where the packet goes next, of which a source route may know more than the
  /// header does (RFC 1812 section 5.2.4).
  [[nodiscard]] bool matches(const Ipv4HeaderView& ip, Ipv4Address destination) const;
  bool operator==(const FilterRule&) const = default;

 private:
  [[nodiscard]] bool payload_matches(const Ipv4HeaderView& ip) const;
  [[nodiscard]] bool has_its_protocol(const Ipv4HeaderView& ip) const;
};

/// The rules of a node, in the order in which they are looked at. An exclude list is one of reject
/// and drop; an include list is one of accept with a rule for all the rest at its end.
using Filter = std::vector<FilterRule>;

/// The first rule that is about the packet on its way to `destination`, or null.
[[nodiscard]] const FilterRule* first_match(const Filter& filter, const Ipv4HeaderView& ip,
                                            Ipv4Address destination);

/// 0 (routine) to 7 (network control).
[[nodiscard]] inline std::uint8_t precedence_of(const Ipv4HeaderView& ip) { return ip.tos() >> 5U; }

/// Is its precedence below `cutoff`? Internetwork control (6) and network control (7) never are,
/// nor are the ICMP errors that precedence must not stop (RFC 1812 section 5.3.3.3).
[[nodiscard]] bool is_cut_off(const Ipv4HeaderView& ip, std::uint8_t cutoff);

}  // namespace hop
