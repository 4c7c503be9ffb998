#pragma once
// Which IPv4 options a packet has, checked before anything is decided (RFC 791 section 3.1, RFC
// 1812 section 5.2.4). What is done with them: source_route, record_options, reply_options.

#include <cstdint>
#include <expected>

#include "stack/base/drop_reason.hpp"
#include "stack/ip/option_policy.hpp"

namespace hop {

/// Where the options are that a node acts on: offsets from the start of the header, 0 for none.
struct Options {
  std::uint8_t source_route = 0;  ///< loose or strict
  std::uint8_t record_route = 0;
  std::uint8_t timestamp = 0;
  std::uint8_t router_alert = 0;  ///< with value 0, the only one that is defined (RFC 2113)
  std::uint8_t traceroute = 0;    ///< of the length that RFC 1393 gives it

  /// Is there one that changes as the packet passes, besides a source route?
  [[nodiscard]] bool to_record() const { return (record_route | timestamp | traceroute) != 0; }
  /// Leaves record route and timestamp alone if they are among these.
  void forget_records(const OptionTypes& types);
  /// Is there one that a router looks at before it finds a way for the packet?
  [[nodiscard]] bool to_examine() const { return (source_route | router_alert) != 0; }
};

/// An option that is wrong: why, and the pointer of the parameter problem to send.
struct OptionFault {
  DropReason why;
  std::uint8_t pointer;
};

/// Checks all options of a header but those to be ignored. A bad length is pointed at by its
/// option's type byte, a bad pointer or a slot that is too small by the pointer byte
/// (stack/README.md says why).
[[nodiscard]] std::expected<Options, OptionFault> check_options(const Ipv4HeaderView& header,
                                                                const OptionTypes& ignored = {});

/// Has it a source route, right or wrong?
[[nodiscard]] bool has_source_route(const Ipv4HeaderView& header);
/// Where its one source route is that has nothing wrong, whatever other options have; 0 for none.
[[nodiscard]] std::uint8_t sound_source_route(const Ipv4HeaderView& header);
/// Is the byte at `offset` of the header one of a source route?
[[nodiscard]] bool is_in_source_route(const Ipv4HeaderView& header, std::size_t offset);

}  // namespace hop
