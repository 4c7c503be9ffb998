#include "tools/client/numbers.hpp"

#include <fmt/format.h>

#include <charconv>
#include <cmath>
#include <string>

namespace hop {

namespace {

constexpr double kSecondsOfADay = 86400;

/// The number that `text` is, from its first to its last character.
template <typename Number, typename... Base>
std::optional<Number> parse_number(std::string_view text, Base... base) {
  Number value{};
  const char* const end = text.data() + text.size();
  const auto [stop, error] = std::from_chars(text.data(), end, value, base...);
  if (error != std::errc{} || stop != end) return std::nullopt;
  return value;
}

}  // namespace

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

std::string hex_text(Bytes bytes) {
  std::string text;
  for (const std::byte byte : bytes) text += fmt::format("{:02x}", std::to_integer<unsigned>(byte));
  return text;
}

Duration seconds_of(double seconds) {
  return Duration{static_cast<Duration::rep>(std::llround(seconds * 1e9))};
}

CLI::Validator whole(std::int64_t least, std::int64_t most) {
  const auto check = [=](const std::string& text) -> std::string {
    const auto value = parse_number<std::int64_t>(text);
    if (value && *value >= least && *value <= most) return "";
    return fmt::format("'{}' is not a number from {} to {}", text, least, most);
  };
  return {check, ""};
}

CLI::Validator seconds_from(double least) {
  const auto check = [least](const std::string& text) -> std::string {
    const auto value = parse_number<double>(text);
    if (value && *value >= least && *value <= kSecondsOfADay) return "";
    return fmt::format("'{}' is not a number of seconds from {} to {}", text, least,
                       kSecondsOfADay);
  };
  return {check, ""};
}

CLI::Validator octet(unsigned least) {
  const auto check = [least](std::string& text) -> std::string {
    const bool is_hex = text.starts_with("0x") || text.starts_with("0X");
    const auto value =
        parse_number<unsigned>(std::string_view{text}.substr(is_hex ? 2 : 0), is_hex ? 16 : 10);
    if (!value || *value < least || *value > 255) {
      return fmt::format("'{}' is not a number from {} to 255", text, least);
    }
    text = std::to_string(*value);
    return "";
  };
  return {check, ""};
}

}  // namespace hop
