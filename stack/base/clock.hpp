#pragma once
// Time as the stack knows it: told, never asked for.

#include <chrono>
#include <cstdint>

namespace hop {

/// A clock without now(): the stack cannot read time, it is given an Instant with every call.
/// Instants count nanoseconds of UTC since the Unix epoch, so that ICMP timestamps (milliseconds
/// since midnight UT, RFC 792) follow from them. They never go backwards within one run.
struct StackClock {
  using duration = std::chrono::nanoseconds;
  using rep = duration::rep;
  using period = duration::period;
  using time_point = std::chrono::time_point<StackClock>;
  static constexpr bool is_steady = true;
};

using Instant = StackClock::time_point;
using Duration = StackClock::duration;

/// Milliseconds since midnight UT: the standard value of RFC 792 and of the timestamp option.
[[nodiscard]] constexpr std::uint32_t milliseconds_since_midnight(Instant now) noexcept {
  using namespace std::chrono;
  const auto of_day = now.time_since_epoch() % days{1};
  return static_cast<std::uint32_t>(duration_cast<milliseconds>(of_day).count());
}

}  // namespace hop
