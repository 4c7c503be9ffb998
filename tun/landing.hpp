#pragma once
// Where a packet is read to whose size nobody knows before.

#include <cstddef>

#include "stack/base/packet.hpp"

namespace hop {

/// A buffer for the largest packet. A small packet is copied out of it into one of its size; a
/// large one takes the buffer with it, and another comes from the pool: copying super-packets would
/// cost TCP 2 % of what it gets through (README.md). Of a large buffer only what is used is ever
/// touched.
class Landing {
 public:
  /// To read into.
  [[nodiscard]] MutBytes room(PacketPool& pool) {
    if (!buffer_) buffer_ = pool.acquire(PacketPool::kMaxFrame);
    return buffer_.bytes();
  }
  /// The packet of `size` bytes that was read into room().
  [[nodiscard]] Packet take(PacketPool& pool, std::size_t size) {
    if (size <= PacketPool::kSmall) return pool.copy_of(buffer_.bytes().first(size));
    buffer_.resize(size);
    return std::move(buffer_);
  }

 private:
  Packet buffer_;
};

}  // namespace hop
