#include "tools/say.hpp"

#include <fmt/core.h>

#include <cstdio>

namespace hop {

void say_error(std::string_view text) { fmt::print(stderr, "hop: {}\n", text); }

}  // namespace hop
