#pragma once
// Queries that a node answers by itself: echo, timestamp and information (RFC 792), address mask
// (RFC 950).

#include <optional>

#include "stack/base/clock.hpp"
#include "stack/base/packet.hpp"
#include "stack/wire/icmp.hpp"

namespace hop {

/// The type of the reply to `query`; nothing if it is not one of these queries.
[[nodiscard]] std::optional<IcmpType> reply_type(IcmpType query);

/// What replies tell that is not in the query.
struct QueryFacts {
  Instant now;
  std::uint32_t mask;  ///< of the subnet that the query came from, as a number
};

/// Turns a query into its reply, in place. Identifier and sequence stay, and all of an echo
/// but its type (RFC 1122 section 3.2.2.6); receive and transmit time of a timestamp are `now` (RFC
/// 792). False if the message is too short for its type; then it is as it was.
[[nodiscard]] bool answer_query(MutBytes message, const QueryFacts& facts) noexcept;

}  // namespace hop
