#pragma once
// Packets with options, for the tests of what a node does with them.

#include <cstdint>
#include <vector>

#include "stack/ip/options.hpp"
#include "tests/support/packet_dsl.hpp"

namespace hop {

using OptionBytes = std::vector<std::uint8_t>;

/// From 192.0.2.1 to 192.0.2.2 with these options, padded with zeros.
[[nodiscard]] inline std::vector<std::byte> packet_with(const OptionBytes& options) {
  return testing::ip().options(as_bytes(std::span{options})) / testing::raw("data");
}

/// The options of a header as numbers, padding included.
[[nodiscard]] inline OptionBytes options_in(Bytes packet) {
  const std::size_t length = (byte_at(packet, 0) & 0xfU) * 4U;
  OptionBytes options;
  for (std::size_t i = 20; i < length; ++i) options.push_back(byte_at(packet, i));
  return options;
}

/// The same without the no-operations between options and what follows the end of the list.
[[nodiscard]] inline OptionBytes without_padding(const OptionBytes& options) {
  OptionBytes kept;
  std::size_t at = 0;
  while (at < options.size() && options[at] != 0) {
    const std::size_t length = options[at] == 1 ? 1 : options.at(at + 1);
    for (std::size_t i = at; i < at + length; ++i) {
      if (options[at] != 1) kept.push_back(options.at(i));
    }
    at += length;
  }
  return kept;
}

}  // namespace hop
