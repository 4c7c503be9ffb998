#pragma once
// How much memory something takes.

#include <malloc.h>

#include <cstddef>

namespace hop::bench {

/// Bytes that are allocated now, with what the allocator needs for them. Small blocks that were
/// freed shortly before count, too, so a difference may be some kilobytes too small.
[[nodiscard]] inline std::size_t bytes_on_heap() noexcept {
  const auto heap = ::mallinfo2();
  return heap.uordblks + heap.hblkhd;
}

}  // namespace hop::bench
