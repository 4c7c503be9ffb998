#pragma once
// Events as lines of JSON: what `hop events` gets.

#include <string>

#include "stack/net/happening.hpp"
#include "stack/net/topology.hpp"

namespace hop {

/// {"time": SECONDS, "change": TEXT}
[[nodiscard]] std::string event_json(Instant at, const Change& change);
/// {"time": SECONDS, "node": NAME, "verdict": WORD, "reason": WORD, "packet": TEXT}, or "link" and
/// "from" instead of "node" for a packet that did not get across.
[[nodiscard]] std::string event_json(Instant at, const Happening& happening,
                                     const Topology& topology);

/// "198.18.0.1 > 10.0.0.9 udp 4000 > 33434 ttl 1 length 60", as far as the bytes go.
[[nodiscard]] std::string packet_text(Bytes packet);

}  // namespace hop
