#pragma once
// The network that is built in: four routers in a row, and a way to provoke every ICMP error.

#include <string>
#include <string_view>

namespace hop {

/// tour.yaml.
[[nodiscard]] std::string_view tour_yaml();

/// What to try on the tour network: a table of commands, each with what it shows.
[[nodiscard]] std::string tour_table();

}  // namespace hop
