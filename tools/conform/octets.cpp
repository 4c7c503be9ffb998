#include "tools/conform/octets.hpp"

#include <fmt/format.h>

#include <charconv>

namespace hop::conform {

namespace {

/// A decimal number without leading zeros, up to `most`; advances `text`.
std::optional<std::uint32_t> take_number(std::string_view& text, std::uint32_t most) {
  std::uint32_t value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  const auto digits = static_cast<std::size_t>(end - text.data());
  if (error != std::errc{} || value > most || (digits > 1 && text.front() == '0')) return {};
  text.remove_prefix(digits);
  return value;
}

std::uint32_t mask_of(unsigned length) { return length == 0 ? 0 : ~0U << (32 - length); }

}  // namespace

std::optional<Address> Address::parse(std::string_view text) {
  Address address;
  for (int i = 0; i < 4; ++i) {
    if (i > 0) {
      if (!text.starts_with('.')) return {};
      text.remove_prefix(1);
    }
    const auto part = take_number(text, 255);
    if (!part) return {};
    address.value = address.value << 8U | *part;
  }
  return text.empty() ? std::optional{address} : std::nullopt;
}

std::optional<Block> Block::parse(std::string_view text) {
  const auto slash = text.find('/');
  if (slash == std::string_view::npos) return {};
  const auto base = Address::parse(text.substr(0, slash));
  text.remove_prefix(slash + 1);
  const auto length = take_number(text, 32);
  if (!base || !length || !text.empty()) return {};
  if ((base->value & ~mask_of(*length)) != 0) return {};
  return Block{*base, *length};
}

bool Block::contains(Address address) const {
  return (address.value & mask_of(length)) == base.value;
}

Address Block::last() const { return {base.value | ~mask_of(length)}; }

std::string to_string(Address address) {
  const std::uint32_t v = address.value;
  return fmt::format("{}.{}.{}.{}", v >> 24U, v >> 16U & 255U, v >> 8U & 255U, v & 255U);
}

std::string to_string(const Block& block) {
  return fmt::format("{}/{}", to_string(block.base), block.length);
}

std::uint16_t checksum(View data) {
  std::uint64_t sum = 0;
  for (std::size_t i = 0; i < data.size(); ++i) {
    sum += i % 2 == 0 ? std::uint64_t{data[i]} << 8U : data[i];
  }
  while (sum > 0xffff) sum = (sum & 0xffff) + (sum >> 16U);
  return static_cast<std::uint16_t>(~sum);
}

std::uint16_t u16_at(View data, std::size_t at) {
  return static_cast<std::uint16_t>(data[at] << 8U | data[at + 1]);
}

std::uint32_t u32_at(View data, std::size_t at) {
  return std::uint32_t{u16_at(data, at)} << 16U | u16_at(data, at + 2);
}

void put_u16(Octets& data, std::size_t at, unsigned value) {
  data[at] = static_cast<std::uint8_t>(value >> 8U);
  data[at + 1] = static_cast<std::uint8_t>(value);
}

void put_u32(Octets& data, std::size_t at, std::uint32_t value) {
  put_u16(data, at, value >> 16U);
  put_u16(data, at + 2, value & 0xffffU);
}

void append(Octets& data, View more) { data.insert(data.end(), more.begin(), more.end()); }

Octets octets_of(Address address) {
  Octets four(4);
  put_u32(four, 0, address.value);
  return four;
}

Octets pattern(std::size_t size) {
  Octets data(size);
  for (std::size_t i = 0; i < size; ++i) data[i] = static_cast<std::uint8_t>(i * 7 + i / 256 + 1);
  return data;
}

std::string hex(View data) {
  std::string text;
  for (const std::uint8_t byte : data) text += fmt::format("{:02x}", byte);
  return text;
}

}  // namespace hop::conform
