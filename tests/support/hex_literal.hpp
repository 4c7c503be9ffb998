#pragma once
// Golden bytes as compile-time literals: "45 00 00 1c"_bytes.

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <stdexcept>

namespace hop::testing {

/// A string literal as a template argument.
template <std::size_t N>
struct HexText {
  std::array<char, N> text{};
  // NOLINTNEXTLINE(google-explicit-constructor,*-avoid-c-arrays): what a literal converts to
  consteval HexText(const char (&literal)[N]) { std::ranges::copy(literal, text.begin()); }

  [[nodiscard]] consteval std::size_t digits() const {
    return static_cast<std::size_t>(
        std::ranges::count_if(text, [](char c) { return c != ' ' && c != '\0'; }));
  }
};

/// The value of one hexadecimal digit; anything else is not a constant expression.
[[nodiscard]] consteval std::uint8_t hex_digit(char c) {
  if (c >= '0' && c <= '9') return static_cast<std::uint8_t>(c - '0');
  if (c >= 'a' && c <= 'f') return static_cast<std::uint8_t>(c - 'a' + 10);
  if (c >= 'A' && c <= 'F') return static_cast<std::uint8_t>(c - 'A' + 10);
  throw std::invalid_argument("not a hexadecimal digit");
}

inline namespace literals {

/// "45 00 00 1c"_bytes: an array of bytes. Spaces may stand anywhere; a bad digit or half a byte
/// does not compile.
template <HexText Text>
[[nodiscard]] consteval auto operator""_bytes() {
  constexpr std::size_t digit_count = Text.digits();
  static_assert(digit_count % 2 == 0, "half a byte is missing");
  std::array<std::byte, digit_count / 2> bytes{};
  std::size_t digit = 0;
  for (const char c : Text.text) {
    if (c == ' ' || c == '\0') continue;
    const auto value = static_cast<std::byte>(hex_digit(c));
    bytes[digit / 2] |= digit % 2 == 0 ? value << 4U : value;
    ++digit;
  }
  return bytes;
}

}  // namespace literals
}  // namespace hop::testing
