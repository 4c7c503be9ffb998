#pragma once
// What can go wrong between hop and the machine it runs on.

#include <cctype>
#include <stdexcept>
#include <string>
#include <system_error>

namespace hop {

/// Set-up of a device or a namespace failed. The message says what failed, on what, why, and what
/// to do, and is meant to be shown as it is.
class TunError : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

/// The text of an errno, to stand inside a sentence: "permission denied".
[[nodiscard]] inline std::string reason_of(int error) {
  std::string text = std::generic_category().message(error);
  if (!text.empty()) text[0] = static_cast<char>(std::tolower(static_cast<unsigned char>(text[0])));
  return text;
}

}  // namespace hop
