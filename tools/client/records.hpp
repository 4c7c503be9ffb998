#pragma once
// What routers recorded in the options of a reply (RFC 791 section 3.1).

#include <optional>
#include <vector>

#include "stack/ip/options.hpp"

namespace hop {

struct RecordedTime {
  std::optional<Ipv4Address> address;
  std::uint32_t milliseconds;  ///< since midnight UT
};

/// The addresses of a record route option; nothing without one.
[[nodiscard]] std::vector<Ipv4Address> recorded_route(const Ipv4HeaderView& ip,
                                                      const Options& options);
/// The times of a timestamp option.
[[nodiscard]] std::vector<RecordedTime> recorded_times(const Ipv4HeaderView& ip,
                                                       const Options& options);
/// How many hops found no room for their time.
[[nodiscard]] unsigned unrecorded_hops(const Ipv4HeaderView& ip, const Options& options);

}  // namespace hop
