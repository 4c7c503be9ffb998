#pragma once
// How often something happens by chance.

#include <cstdint>

#include "stack/base/random.hpp"

namespace hop {

/// A share of all, from none to all: exact for every percentage with up to seven decimals.
class Share {
 public:
  static constexpr std::uint32_t kAll = 1'000'000'000;

  constexpr Share() noexcept = default;
  /// `billionths` is at most kAll.
  explicit constexpr Share(std::uint32_t billionths) noexcept : billionths_(billionths) {}

  [[nodiscard]] constexpr std::uint32_t billionths() const noexcept { return billionths_; }
  [[nodiscard]] constexpr bool is_none() const noexcept { return billionths_ == 0; }
  /// All but this.
  [[nodiscard]] constexpr Share rest() const noexcept { return Share{kAll - billionths_}; }
  /// Does it happen this time? A share of none never does, one of all always. 2^64 is so much
  /// larger than kAll that the bias of % is nothing.
  [[nodiscard]] constexpr bool happens(Random& random) const noexcept {
    return random.next() % kAll < billionths_;
  }

  constexpr bool operator==(const Share&) const = default;

 private:
  std::uint32_t billionths_ = 0;
};

/// Whole percents.
[[nodiscard]] constexpr Share percent(std::uint32_t whole) noexcept {
  return Share{whole * (Share::kAll / 100)};
}

}  // namespace hop
