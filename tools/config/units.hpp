#pragma once
// Numbers and quantities as the topology file writes them. Units are never left out.

#include <charconv>
#include <concepts>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "stack/base/clock.hpp"
#include "stack/base/share.hpp"

namespace hop {

/// A whole number in plain decimal: no sign, no exponent, no leading zero (YAML 1.1 took 010 for
/// 8).
template <std::unsigned_integral T>
[[nodiscard]] std::optional<T> parse_number(std::string_view text) {
  T value{};
  const char* const end = text.data() + text.size();
  const auto [stop, error] = std::from_chars(text.data(), end, value);
  const bool leading_zero = text.size() > 1 && text.front() == '0';
  if (error != std::errc{} || stop != end || leading_zero) return std::nullopt;
  return value;
}

/// The preference of a gateway, higher being better: a whole number, perhaps negative.
[[nodiscard]] std::optional<std::int32_t> parse_preference(std::string_view text);

/// parse_number() within bounds.
template <std::unsigned_integral T, T lowest, T highest>
[[nodiscard]] std::optional<T> parse_within(std::string_view text) {
  const std::optional<T> value = parse_number<T>(text);
  return value && *value >= lowest && *value <= highest ? value : std::nullopt;
}

inline constexpr std::string_view kDurationWords =
    "a duration such as 5ms or 1.5s (units ns, us, ms, s, min; at most 24 hours)";
/// "5ms", "1.5s", "2min". Whole nanoseconds, at most 24 hours.
[[nodiscard]] std::optional<Duration> parse_duration(std::string_view text);
/// parse_duration() above zero.
[[nodiscard]] std::optional<Duration> parse_timeout(std::string_view text);

/// In the largest unit of which it is a whole number: "5ms", "1500us". Not negative.
[[nodiscard]] std::string duration_text(Duration duration);

inline constexpr std::string_view kBitRateWords =
    "a rate such as 10mbit (units bit, kbit, mbit, gbit, per second) or unlimited";
/// "10mbit": bits per second, in the units of tc(8), powers of 1000. Above zero.
[[nodiscard]] std::optional<std::uint64_t> parse_bit_rate(std::string_view text);

/// In the largest unit of which it is a whole number: "10mbit".
[[nodiscard]] std::string bit_rate_text(std::uint64_t bits_per_second);

inline constexpr std::string_view kShareWords = "a share such as 1% or 0.05%, at most 100%";
/// "0.1%", with at most seven decimals, up to 100%.
[[nodiscard]] std::optional<Share> parse_share(std::string_view text);

/// "0.1%", without zeros at its end.
[[nodiscard]] std::string share_text(Share share);

/// "64kB": bytes, in powers of 1000 (kB, MB) or 1024 (KiB, MiB).
[[nodiscard]] std::optional<std::uint64_t> parse_byte_count(std::string_view text);

/// In the largest unit of which it is a whole number: "64kB".
[[nodiscard]] std::string byte_count_text(std::uint64_t bytes);

/// What an interface can be called: 1 to 63 bytes (RFC 5837 section 4.3) that can be seen.
[[nodiscard]] std::optional<std::string> parse_interface_name(std::string_view text);

/// "100/s": events per second, above zero.
[[nodiscard]] std::optional<std::uint32_t> parse_event_rate(std::string_view text);

}  // namespace hop
