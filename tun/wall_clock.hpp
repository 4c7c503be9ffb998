#pragma once
// The only place of the project that reads clocks.

#include <chrono>

#include "stack/base/clock.hpp"

namespace hop {

/// Gives the stack its Instants: UTC read once at construction, then advanced by the steady clock.
/// So an Instant is the time of day and still never goes backwards, whatever sets the system's
/// clock meanwhile; such a step is not followed.
class WallClock {
 public:
  WallClock() : WallClock(std::chrono::system_clock::now(), std::chrono::steady_clock::now()) {}
  /// A clock for which `utc` was the time of day when the steady clock said `steady`.
  WallClock(std::chrono::system_clock::time_point utc, std::chrono::steady_clock::time_point steady)
      : ahead_(std::chrono::duration_cast<Duration>(utc.time_since_epoch()) -
               std::chrono::duration_cast<Duration>(steady.time_since_epoch())) {}

  [[nodiscard]] Instant now() const noexcept {
    return instant_at(std::chrono::steady_clock::now());
  }
  [[nodiscard]] Instant instant_at(std::chrono::steady_clock::time_point steady) const noexcept {
    return Instant{std::chrono::duration_cast<Duration>(steady.time_since_epoch()) + ahead_};
  }
  /// When a timer on the steady clock has to fire for an Instant.
  [[nodiscard]] std::chrono::steady_clock::time_point steady_at(Instant at) const noexcept {
    return std::chrono::steady_clock::time_point{
        std::chrono::duration_cast<std::chrono::steady_clock::duration>(at.time_since_epoch() -
                                                                        ahead_)};
  }

 private:
  Duration ahead_;  // of the steady clock
};

}  // namespace hop
