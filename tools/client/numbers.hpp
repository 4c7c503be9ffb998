#pragma once
// Numbers as the clients' options write them.

#include <CLI/CLI.hpp>
#include <optional>
#include <string_view>
#include <vector>

#include "stack/base/bytes.hpp"
#include "stack/base/clock.hpp"

namespace hop {

/// "ff00" as bytes, two digits each.
[[nodiscard]] std::optional<std::vector<std::byte>> parse_hex(std::string_view text);

[[nodiscard]] Duration seconds_of(double seconds);

/// Takes numbers from `least` to 255, in decimal or with 0x in hexadecimal.
[[nodiscard]] CLI::Validator octet(unsigned least);

}  // namespace hop
