#pragma once
// What happens to the packets of one direction of a link, in the words of the topology file.

#include <string>

#include "stack/net/topology.hpp"

namespace hop {

/// "mtu 1500  limit 2048  delay 5ms  loss 10%": MTU and limit, and what else is not as on a plain
/// link.
[[nodiscard]] std::string direction_text(const DirectionSpec& direction);

/// "gilbert-elliott p 1% r 10% 1-h 100% 1-k 0%", or "10%" for independent loss.
[[nodiscard]] std::string loss_text(const LossModel& loss);

/// "20", or "64kB".
[[nodiscard]] std::string queue_length_text(const QueueLength& length);

}  // namespace hop
