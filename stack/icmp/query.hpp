#pragma once
// Queries that a node answers by itself: echo and timestamp (RFC 792).

#include "stack/base/clock.hpp"
#include "stack/base/packet.hpp"
#include "stack/wire/icmp.hpp"

namespace hop {

/// Turns the echo request `message` into its reply, in place: identifier, sequence and data stay
/// (RFC 1122 section 3.2.2.6), and so does the code.
void answer_echo(MutBytes message) noexcept;

/// Turns the timestamp request `message`, of at least kIcmpTimestampSize bytes, into its reply:
/// the originate time stays, receive and transmit time are `now` (RFC 792).
void answer_timestamp(MutBytes message, Instant now) noexcept;

}  // namespace hop
