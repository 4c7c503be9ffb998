#pragma once
// "Did you mean ...?"

#include <span>
#include <string>
#include <string_view>

namespace hop {

/// "; did you mean 'delay'?" when one of `known` is `word` with a slip or two (letters missing,
/// added, changed or swapped); empty when none is near.
[[nodiscard]] std::string did_you_mean(std::string_view word,
                                       std::span<const std::string_view> known);

}  // namespace hop
