#pragma once
// The result of reading bytes: what they mean, or why they are refused.

#include <expected>

#include "stack/base/drop_reason.hpp"

namespace hop {

template <class T>
using Parsed = std::expected<T, DropReason>;

}  // namespace hop
