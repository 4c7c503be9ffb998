#include "stack/wire/ipv4_address.hpp"

#include <charconv>

namespace hop {
namespace {

// A decimal number up to `most` without sign or leading zeros, taken off the front of `text`.
std::optional<std::uint32_t> take_number(std::string_view& text, std::uint32_t most) {
  std::uint32_t number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  const auto digits = static_cast<std::size_t>(end - text.data());
  if (error != std::errc{} || number > most) return std::nullopt;
  if (digits > 1 && text.front() == '0') return std::nullopt;
  text.remove_prefix(digits);
  return number;
}

struct Slashed {
  Ipv4Address address;
  std::optional<unsigned> length;
};

std::optional<Slashed> parse_slashed(std::string_view text) {
  const std::size_t slash = text.find('/');
  const auto address = Ipv4Address::parse(text.substr(0, slash));
  if (!address) return std::nullopt;
  if (slash == std::string_view::npos) return Slashed{*address, std::nullopt};
  std::string_view rest = text.substr(slash + 1);
  const auto length = take_number(rest, 32);
  if (!length || !rest.empty()) return std::nullopt;
  return Slashed{*address, *length};
}

}  // namespace

std::optional<Ipv4Address> Ipv4Address::parse(std::string_view text) {
  std::uint32_t value = 0;
  for (int part = 0; part < 4; ++part) {
    if (part > 0) {
      if (!text.starts_with('.')) return std::nullopt;
      text.remove_prefix(1);
    }
    const auto number = take_number(text, 255);
    if (!number) return std::nullopt;
    value = value << 8U | *number;
  }
  if (!text.empty()) return std::nullopt;
  return Ipv4Address{value};
}

std::optional<Prefix> Prefix::parse(std::string_view text) {
  const auto parsed = parse_slashed(text);
  if (!parsed) return std::nullopt;
  const Prefix prefix{parsed->address, parsed->length.value_or(32)};
  if (prefix.address() != parsed->address) return std::nullopt;
  return prefix;
}

std::optional<InterfaceAddress> InterfaceAddress::parse(std::string_view text) {
  const auto parsed = parse_slashed(text);
  if (!parsed || !parsed->length) return std::nullopt;
  return InterfaceAddress{parsed->address, *parsed->length};
}

std::string to_string(Ipv4Address address) {
  std::string text;
  for (unsigned shift = 32; shift > 0;) {
    shift -= 8;
    text += std::to_string(address.value >> shift & 0xffU);
    if (shift > 0) text += '.';
  }
  return text;
}

std::string to_string(const Prefix& prefix) {
  return to_string(prefix.address()) + '/' + std::to_string(prefix.length());
}

std::string to_string(const InterfaceAddress& address) {
  return to_string(address.address) + '/' + std::to_string(address.prefix_length);
}

}  // namespace hop
