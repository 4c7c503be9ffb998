#pragma once
// Judging counts of random events by rule: the interval in which 99.99 % of all counts fall.

#include <cmath>
#include <cstdint>
#include <ostream>

namespace hop::testing {

struct Interval {
  double lowest;
  double highest;

  [[nodiscard]] bool contains(double value) const { return lowest <= value && value <= highest; }
  friend std::ostream& operator<<(std::ostream& out, const Interval& interval) {
    return out << interval.lowest << " to " << interval.highest;
  }
};

/// How many of `tries` independent events of this probability happen: all but 0.005 % at each end
/// of the binomial distribution, which is summed up term by term.
[[nodiscard]] inline Interval binomial(std::uint64_t tries, double probability) {
  constexpr double kTail = 0.00005;
  const auto n = static_cast<double>(tries);
  const auto term = [&](double k) {
    return std::exp(std::lgamma(n + 1) - std::lgamma(k + 1) - std::lgamma(n - k + 1) +
                    k * std::log(probability) + (n - k) * std::log1p(-probability));
  };
  Interval interval{0, n};
  for (double sum = term(0); sum < kTail; sum += term(interval.lowest)) ++interval.lowest;
  for (double sum = term(n); sum < kTail; sum += term(interval.highest)) --interval.highest;
  return interval;
}

/// Where the mean of `count` independent values lies whose distribution has this mean and standard
/// deviation: 3.8906 standard errors around it, by the central limit theorem.
[[nodiscard]] inline Interval mean_of(std::uint64_t count, double mean, double deviation) {
  const double error = 3.8906 * deviation / std::sqrt(static_cast<double>(count));
  return {mean - error, mean + error};
}

}  // namespace hop::testing
