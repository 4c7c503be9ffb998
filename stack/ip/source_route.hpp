#pragma once
// Loose and strict source routes (RFC 791 section 3.1, RFC 1812 section 5.3.13.4).

#include "stack/ip/options.hpp"

namespace hop {

/// A source route, and how far it has been followed.
struct SourceRoute {
  bool strict;
  std::uint8_t offset;   ///< of the option, from the start of the header
  std::uint8_t pointer;  ///< to the next address; past the last one when the route is used up
  Bytes bytes;           ///< the option

  /// Is there no whole address left?
  [[nodiscard]] bool used_up() const { return pointer - 1U + kOptionSlot > bytes.size(); }
  /// The next address, if it is not used up.
  [[nodiscard]] Ipv4Address next() const;
  /// One stop further, if it is not used up.
  void pass() { pointer = static_cast<std::uint8_t>(pointer + kOptionSlot); }
};

/// The source route of a header that has one, as it stands there.
[[nodiscard]] SourceRoute source_route_of(const Ipv4HeaderView& header, const Options& options);

/// Makes the next address of `ahead` the destination, and records `own` in its place and in that
/// of the stops that `ahead` has passed. `ahead` is of the same header. The checksum is the
/// caller's to refresh.
void advance_source_route(MutBytes header, const SourceRoute& ahead, Ipv4Address own);

}  // namespace hop
