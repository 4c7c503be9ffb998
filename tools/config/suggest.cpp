#include "tools/config/suggest.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <vector>

namespace hop {

namespace {

/// The number of slips between two words: optimal string alignment distance.
class SlipTable {
 public:
  SlipTable(std::string_view a, std::string_view b)
      : a_(a), b_(b), cells_((a.size() + 1) * (b.size() + 1)) {}

  std::size_t count() {
    for (std::size_t i = 0; i <= a_.size(); ++i)
      for (std::size_t j = 0; j <= b_.size(); ++j) cell(i, j) = slips(i, j);
    return cells_.back();
  }

 private:
  std::size_t& cell(std::size_t i, std::size_t j) { return cells_[i * (b_.size() + 1) + j]; }

  /// Slips between the first i letters of a and the first j of b, from the cells before.
  std::size_t slips(std::size_t i, std::size_t j) {
    if (i == 0 || j == 0) return i + j;
    const std::size_t changed = a_[i - 1] == b_[j - 1] ? 0 : 1;
    std::size_t fewest =
        std::min({cell(i - 1, j) + 1, cell(i, j - 1) + 1, cell(i - 1, j - 1) + changed});
    if (swapped(i, j)) fewest = std::min(fewest, cell(i - 2, j - 2) + 1);
    return fewest;
  }

  [[nodiscard]] bool swapped(std::size_t i, std::size_t j) const {
    return i > 1 && j > 1 && a_[i - 1] == b_[j - 2] && a_[i - 2] == b_[j - 1];
  }

  std::string_view a_, b_;
  std::vector<std::size_t> cells_;
};

/// Slips that a word of this length may have: r1 is not a misspelt r2.
constexpr std::size_t tolerated(std::size_t length) { return length < 3 ? 0 : 1 + length / 5; }

}  // namespace

std::string did_you_mean(std::string_view word, std::span<const std::string_view> known) {
  std::size_t fewest = tolerated(word.size()) + 1;
  std::string_view nearest;
  for (const std::string_view candidate : known) {
    const std::size_t slips = SlipTable(word, candidate).count();
    if (slips >= fewest) continue;
    fewest = slips;
    nearest = candidate;
  }
  return nearest.empty() ? std::string{} : fmt::format("; did you mean '{}'?", nearest);
}

}  // namespace hop
