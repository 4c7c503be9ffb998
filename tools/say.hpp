#pragma once
// Words to the user.

#include <string_view>

namespace hop {

/// "hop: TEXT" on standard error.
void say_error(std::string_view text);

}  // namespace hop
