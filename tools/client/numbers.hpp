#pragma once
// Numbers as the clients' options write them.

#include <CLI/CLI.hpp>
#include <cstdint>
#include <limits>
#include <optional>
#include <string_view>
#include <vector>

#include "stack/base/bytes.hpp"
#include "stack/base/clock.hpp"

namespace hop {

/// "ff00" as bytes, two digits each.
[[nodiscard]] std::optional<std::vector<std::byte>> parse_hex(std::string_view text);

/// The reverse.
[[nodiscard]] std::string hex_text(Bytes bytes);

[[nodiscard]] Duration seconds_of(double seconds);

/// Takes whole numbers from `least` to `most`.
[[nodiscard]] CLI::Validator whole(std::int64_t least,
                                   std::int64_t most = std::numeric_limits<std::int64_t>::max());
/// Takes numbers of seconds from `least` to a day.
[[nodiscard]] CLI::Validator seconds_from(double least);
/// Takes numbers from `least` to 255, in decimal or with 0x in hexadecimal.
[[nodiscard]] CLI::Validator octet(unsigned least);

}  // namespace hop
