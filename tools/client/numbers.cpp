#include "tools/client/numbers.hpp"

#include <charconv>
#include <cmath>
#include <string>

namespace hop {

std::optional<std::vector<std::byte>> parse_hex(std::string_view text) {
  std::vector<std::byte> bytes;
  if (text.size() % 2 != 0) return std::nullopt;
  for (; !text.empty(); text.remove_prefix(2)) {
    std::uint8_t value = 0;
    const auto [stop, error] = std::from_chars(text.data(), text.data() + 2, value, 16);
    if (error != std::errc{} || stop != text.data() + 2) return std::nullopt;
    bytes.push_back(std::byte{value});
  }
  return bytes;
}

Duration seconds_of(double seconds) {
  return Duration{static_cast<Duration::rep>(std::llround(seconds * 1e9))};
}

CLI::Validator octet(unsigned least) {
  const auto check = [least](std::string& text) -> std::string {
    const bool is_hex = text.starts_with("0x") || text.starts_with("0X");
    const char* const end = text.data() + text.size();
    unsigned value = 0;
    const auto [stop, error] =
        std::from_chars(text.data() + (is_hex ? 2 : 0), end, value, is_hex ? 16 : 10);
    if (error != std::errc{} || stop != end || value < least || value > 255) {
      return "'" + text + "' is not a number from " + std::to_string(least) + " to 255";
    }
    text = std::to_string(value);
    return "";
  };
  return {check, ""};
}

}  // namespace hop
