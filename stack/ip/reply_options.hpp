#pragma once
// The options of packets that answer others (RFC 1122 section 3.2.2.6, RFC 1812 section 4.3.2.6).

#include <array>
#include <optional>
#include <span>

#include "stack/ip/record_options.hpp"

namespace hop {

/// The options of a packet that answers another, and where that packet goes first.
struct ReplyOptions {
  std::array<std::byte, kIpv4MaxHeader - kIpv4MinHeader> storage{};
  std::size_t used = 0;
  std::optional<Ipv4Address> first_hop;  ///< of the reversed source route

  /// As they stand in a header: padded to a multiple of 4 with zeros, which are the end of list.
  [[nodiscard]] Bytes bytes() const { return Bytes{storage}.first((used + 3) / 4 * 4); }
  /// Puts a copy of `option` behind the others and returns it.
  MutBytes append(Bytes option);
};

/// The recorded part of the source route, reversed; nothing else (RFC 1812 section 4.3.2.6).
[[nodiscard]] ReplyOptions reversed_route(const Ipv4HeaderView& header, const Options& options);

/// Adds record route and timestamp as received, and what this node records in them (RFC 1122
/// section 3.2.2.6), one stamp after the other; and the traceroute option of an outbound packet
/// (RFC 1393 section 3.2).
void add_records(ReplyOptions& reply, const Ipv4HeaderView& header, const Options& options,
                 std::span<const OptionStamp> stamps);

}  // namespace hop
