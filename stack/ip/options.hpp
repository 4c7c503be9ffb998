#pragma once
// What a node does with IPv4 options: check them before anything is decided, update them when
// the packet leaves (RFC 791 section 3.1, RFC 1812 sections 5.2.4 and 5.3.13).

#include <array>
#include <cstdint>
#include <expected>
#include <optional>

#include "stack/base/clock.hpp"
#include "stack/base/drop_reason.hpp"
#include "stack/ip/route_table.hpp"
#include "stack/wire/ipv4_options.hpp"

namespace hop {

/// Where the options are that a node acts on: offsets from the start of the header, 0 for none.
struct Options {
  std::uint8_t source_route = 0;  ///< loose or strict
  std::uint8_t record_route = 0;
  std::uint8_t timestamp = 0;
  std::uint8_t router_alert = 0;

  [[nodiscard]] bool to_update() const { return (record_route | timestamp) != 0; }
};

/// An option that is wrong: why, and the pointer of the parameter problem to send.
struct OptionFault {
  DropReason why;
  std::uint8_t pointer;
};

/// Checks all options of a header. A bad length is pointed at by its option's type byte, a bad
/// pointer or a slot that is too small by the pointer byte (stack/README.md says why).
[[nodiscard]] std::expected<Options, OptionFault> check_options(const Ipv4HeaderView& header);

/// A source route as it stands in a header.
struct SourceRoute {
  bool strict;
  std::uint8_t offset;   ///< of the option, from the start of the header
  std::uint8_t pointer;  ///< to the next address; past the option when the route is used up
  Bytes bytes;           ///< the option

  [[nodiscard]] bool used_up() const { return pointer > bytes.size(); }
  /// The next address, if it is not used up.
  [[nodiscard]] Ipv4Address next() const;
};
[[nodiscard]] SourceRoute source_route_of(const Ipv4HeaderView& header, const Options& options);

/// Who updates options, and when.
struct OptionStamp {
  Ipv4Address address;  ///< of the interface the packet leaves by
  Instant now;
  const RouteTable& addresses;  ///< knows all addresses of the node, for prespecified timestamps
};

/// Takes the next address of the source route as destination and records `own` in its place
/// (RFC 791 section 3.1). The checksum is the caller's to refresh.
void advance_source_route(MutBytes header, const Options& options, Ipv4Address own);

/// Records the route and the time where the options ask for it; full options stay as they are but
/// for the overflow counter. The checksum is the caller's to refresh.
void update_options(MutBytes header, const Options& options, const OptionStamp& stamp);

/// The options of a packet that answers another, and where that packet goes first.
struct ReplyOptions {
  std::array<std::byte, kIpv4MaxHeader - kIpv4MinHeader> storage{};
  std::size_t size = 0;                  ///< a multiple of 4
  std::optional<Ipv4Address> first_hop;  ///< of the reversed source route

  [[nodiscard]] Bytes bytes() const { return Bytes{storage}.first(size); }
};

/// For errors: the recorded part of the source route, reversed (RFC 1812 section 4.3.2.6).
[[nodiscard]] ReplyOptions reversed_route(const Ipv4HeaderView& header, const Options& options);
/// For replies: the same, with record route and timestamp, updated (RFC 1122 section 3.2.2.6).
[[nodiscard]] ReplyOptions reply_options(const Ipv4HeaderView& header, const Options& options,
                                         const OptionStamp& stamp);

}  // namespace hop
