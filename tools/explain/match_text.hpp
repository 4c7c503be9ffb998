#pragma once
// Which packets a rule is about, in the words of the topology file.

#include <string>

#include "stack/ip/filter.hpp"

namespace hop {

/// "protocol: udp, ports: 53, "; empty for all packets.
[[nodiscard]] std::string match_text(const FilterRule& rule);

/// "53" or "1024-65535".
[[nodiscard]] std::string ports_text(const PortRange& ports);

}  // namespace hop
