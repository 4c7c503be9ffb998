#pragma once
// Extended echo (RFC 8335): asking a node for the state of an interface of its own, or whether it
// knows a neighbour.
//
//     0                   1                   2                   3
//     0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1
//    +---------------+---------------+-------------------------------+
//    |   Type 42     |    Code 0     |           Checksum            |
//    +---------------+---------------+---------------+-------------+-+
//    |          Identifier           |   Sequence    |  reserved   |L|
//    +-------------------------------+---------------+-------------+-+
//    |  extension structure with one interface identification object
//
//    |   Type 43     |     Code      |           Checksum            |
//    |          Identifier           |   Sequence    |State|Res|A|4|6|

#include <optional>

#include "stack/icmp/disclosure.hpp"
#include "stack/wire/icmp.hpp"
#include "stack/wire/interface_identification.hpp"

namespace hop {

/// Codes of the reply (RFC 8335 section 4.1).
enum class ExtendedEchoCode : std::uint8_t {
  no_error = 0,
  malformed_query = 1,
  no_such_interface = 2,
  no_such_table_entry = 3,
  multiple_interfaces = 4,
};

/// State of an entry in the table of neighbours (RFC 8335 section 3).
enum class NeighbourState : std::uint8_t {
  none = 0,
  incomplete = 1,
  reachable = 2,
  stale = 3,
  delay = 4,
  probe = 5,
  failed = 6,
};

/// What a request asks.
struct InterfaceQuery {
  bool local;  ///< the L bit: the interface is one of the node that is asked
  /// Which interface; nothing if the request does not say it as it has to. Views into it.
  std::optional<InterfaceIdentification> what;
};
[[nodiscard]] InterfaceQuery read_interface_query(const IcmpView& request) noexcept;

/// May `source` ask that? Of a malformed request it must be allowed to ask something.
[[nodiscard]] bool may_ask(const ExtendedEchoPolicy& policy, Ipv4Address source,
                           const InterfaceQuery& query);

/// What is answered.
struct InterfaceStatus {
  ExtendedEchoCode code = ExtendedEchoCode::no_error;
  NeighbourState state = NeighbourState::none;  ///< of a neighbour's interface
  bool active = false;                          ///< of an interface of the node itself
  bool ipv4 = false;
  bool ipv6 = false;
};
/// The reply, which has no more than a header.
[[nodiscard]] IcmpMessage extended_echo_reply(const IcmpView& request,
                                              const InterfaceStatus& status) noexcept;

}  // namespace hop
