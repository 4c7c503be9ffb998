#include "tools/config/units.hpp"

#include <algorithm>
#include <limits>
#include <span>

#include "stack/wire/extension_objects.hpp"

namespace hop {

namespace {

struct Unit {
  std::string_view name;
  std::uint64_t factor;
};

constexpr Unit kDurationUnits[] = {
    {"ns", 1}, {"us", 1'000}, {"ms", 1'000'000}, {"s", 1'000'000'000}, {"min", 60'000'000'000}};
constexpr Unit kBitRateUnits[] = {
    {"bit", 1}, {"kbit", 1'000}, {"mbit", 1'000'000}, {"gbit", 1'000'000'000}};
constexpr Unit kByteUnits[] = {
    {"B", 1}, {"kB", 1'000}, {"KiB", 1'024}, {"MB", 1'000'000}, {"MiB", 1'048'576}};
constexpr Unit kShareUnits[] = {{"%", Share::kAll / 100}};
constexpr std::uint64_t kLongestDuration = std::uint64_t{24} * 60 * kDurationUnits[4].factor;

std::optional<std::uint64_t> times(std::uint64_t value, std::uint64_t factor) {
  std::uint64_t product = 0;
  if (__builtin_mul_overflow(value, factor, &product)) return std::nullopt;
  return product;
}

/// The part after the point, in units of 1/factor: "5" of 1000 is 500. Nothing is rounded away.
std::optional<std::uint64_t> parse_fraction(std::string_view digits, std::uint64_t factor) {
  std::uint64_t value = 0;
  if (digits.empty() || digits.contains('.')) return std::nullopt;
  for (const char digit : digits) {
    if (factor % 10 != 0) return std::nullopt;
    factor /= 10;
    value += static_cast<std::uint64_t>(digit - '0') * factor;
  }
  return value;
}

/// "1.5" in units of 1/factor.
std::optional<std::uint64_t> parse_scaled(std::string_view number, std::uint64_t factor) {
  const std::size_t point = number.find('.');
  const auto whole = parse_number<std::uint64_t>(number.substr(0, point));
  const auto scaled = whole ? times(*whole, factor) : std::nullopt;
  if (!scaled || point == std::string_view::npos) return scaled;
  const auto fraction = parse_fraction(number.substr(point + 1), factor);
  if (!fraction || *scaled > std::numeric_limits<std::uint64_t>::max() - *fraction) {
    return std::nullopt;
  }
  return *scaled + *fraction;
}

std::optional<std::uint64_t> parse_quantity(std::string_view text, std::span<const Unit> units) {
  const std::size_t end = std::min(text.find_first_not_of("0123456789."), text.size());
  const auto unit = std::ranges::find(units, text.substr(end), &Unit::name);
  if (unit == units.end()) return std::nullopt;
  return parse_scaled(text.substr(0, end), unit->factor);
}

/// `units` stand from the smallest to the largest.
std::string quantity_text(std::uint64_t value, std::span<const Unit> units) {
  const Unit* unit = &units.front();
  for (const Unit& larger : units) {
    if (value != 0 && value % larger.factor == 0) unit = &larger;
  }
  return std::to_string(value / unit->factor) + std::string{unit->name};
}

}  // namespace

std::optional<std::int32_t> parse_preference(std::string_view text) {
  const bool is_negative = text.starts_with('-');
  const auto size = parse_number<std::uint32_t>(text.substr(is_negative ? 1 : 0));
  const std::int64_t value = std::int64_t{size.value_or(0)} * (is_negative ? -1 : 1);
  if (!size || value != static_cast<std::int32_t>(value)) return std::nullopt;
  return static_cast<std::int32_t>(value);
}

std::optional<Duration> parse_duration(std::string_view text) {
  const auto nanoseconds = parse_quantity(text, kDurationUnits);
  if (!nanoseconds || *nanoseconds > kLongestDuration) return std::nullopt;
  return Duration{static_cast<Duration::rep>(*nanoseconds)};
}

std::optional<Duration> parse_timeout(std::string_view text) {
  const auto duration = parse_duration(text);
  return duration > Duration::zero() ? duration : std::nullopt;
}

std::optional<std::uint64_t> parse_bit_rate(std::string_view text) {
  const auto rate = parse_quantity(text, kBitRateUnits);
  return rate != 0U ? rate : std::nullopt;
}

std::optional<Share> parse_share(std::string_view text) {
  const auto billionths = parse_quantity(text, kShareUnits);
  if (!billionths || *billionths > Share::kAll) return std::nullopt;
  return Share{static_cast<std::uint32_t>(*billionths)};
}

std::optional<std::uint64_t> parse_byte_count(std::string_view text) {
  return parse_quantity(text, kByteUnits);
}

std::optional<std::string> parse_interface_name(std::string_view text) {
  const bool visible =
      std::ranges::none_of(text, [](unsigned char c) { return c <= ' ' || c == 127; });
  if (text.empty() || text.size() > kMaxInterfaceName || !visible) return std::nullopt;
  return std::string{text};
}

std::optional<std::uint32_t> parse_event_rate(std::string_view text) {
  if (!text.ends_with("/s")) return std::nullopt;
  // The largest value means "unlimited" to those who use it.
  constexpr auto kMost = std::numeric_limits<std::uint32_t>::max() - 1;
  return parse_within<std::uint32_t, 1, kMost>(text.substr(0, text.size() - 2));
}

std::string duration_text(Duration duration) {
  return quantity_text(static_cast<std::uint64_t>(duration.count()), kDurationUnits);
}

std::string bit_rate_text(std::uint64_t bits_per_second) {
  return quantity_text(bits_per_second, kBitRateUnits);
}

std::string byte_count_text(std::uint64_t bytes) { return quantity_text(bytes, kByteUnits); }

std::string share_text(Share share) {
  constexpr std::uint32_t kPercent = Share::kAll / 100;
  std::string text = std::to_string(share.billionths() / kPercent);
  std::uint32_t rest = share.billionths() % kPercent;
  if (rest != 0) text += '.';
  for (std::uint32_t digit = kPercent / 10; rest != 0; rest %= digit, digit /= 10) {
    text += static_cast<char>('0' + rest / digit);
  }
  return text + '%';
}

}  // namespace hop
