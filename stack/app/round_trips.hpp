#pragma once
// Statistics of round trips.

#include <algorithm>
#include <cmath>
#include <cstdint>

#include "stack/base/clock.hpp"

namespace hop {

/// Least, mean, most, standard deviation and moving average of the round trips of a ping, as they
/// come.
class RoundTrips {
 public:
  void add(Duration trip) {
    least_ = count_ == 0 ? trip : std::min(least_, trip);
    most_ = std::max(most_, trip);
    const auto value = static_cast<double>(trip.count());
    ++count_;
    const double off = value - mean_;
    mean_ += off / static_cast<double>(count_);
    moving_ = count_ == 1 ? value : moving_ + (value - moving_) / 8;
    squares_ += off * (value - mean_);  // Welford: exact where a sum of squares is not
  }

  [[nodiscard]] std::uint64_t count() const { return count_; }
  [[nodiscard]] Duration least() const { return least_; }
  [[nodiscard]] Duration most() const { return most_; }
  [[nodiscard]] Duration mean() const { return nanoseconds(mean_); }
  /// Of the last ones more than of the first: each weighs an eighth.
  [[nodiscard]] Duration moving_average() const { return nanoseconds(moving_); }
  /// Of the population; 0 for fewer than two.
  [[nodiscard]] Duration deviation() const {
    return nanoseconds(count_ == 0 ? 0 : std::sqrt(squares_ / static_cast<double>(count_)));
  }

 private:
  static Duration nanoseconds(double value) { return Duration{std::llround(value)}; }

  std::uint64_t count_ = 0;
  Duration least_{};
  Duration most_{};
  double mean_ = 0;
  double moving_ = 0;
  double squares_ = 0;
};

}  // namespace hop
