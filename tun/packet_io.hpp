#pragma once
// Packets into and out of descriptors, many at a time: the one place where system calls move them.

#include <cstdint>
#include <memory>
#include <span>
#include <vector>

#include "stack/base/packet.hpp"

namespace hop {

/// Packets that are read or written together at most.
inline constexpr std::size_t kBatch = 64;

/// No more are read once they have so many bytes: so they are in the cache when they are written.
inline constexpr std::size_t kBatchBytes = std::size_t{256} * 1024;

/// How packets are read and written; waiting is epoll's in any case.
enum class IoEngine : std::uint8_t {
  automatic,  ///< whichever costs less on this machine
  epoll,      ///< a system call for each packet
  uring,      ///< io_uring: one for a batch
};

/// Reads and writes packets on descriptors which are non-blocking and of which one read or write is
/// one packet. Nothing is under way between two calls: no buffer is the kernel's, and no packet is
/// read or written later. The descriptors are known by their place in the list that was given to
/// make_packet_io(); they stay the caller's and outlive this.
class PacketIo {
 public:
  /// How reading ended.
  struct Reading {
    std::size_t count = 0;  ///< packets, the first of `into`
    int error = 0;          ///< why no more: EAGAIN, there are none now; 0, it was enough
  };

  PacketIo() = default;
  PacketIo(const PacketIo&) = delete;
  PacketIo& operator=(const PacketIo&) = delete;
  virtual ~PacketIo() = default;

  [[nodiscard]] virtual IoEngine engine() const noexcept = 0;
  /// Reads up to kBatch packets, whole whatever their size, in the order in which they came. `pool`
  /// is always the same, and outlives this.
  [[nodiscard]] virtual Reading read(std::size_t from, PacketPool& pool,
                                     std::span<Packet> into) = 0;
  /// Writes up to kBatch packets in order, and says for each how it ended: 0 or an errno. EAGAIN,
  /// which nothing but EAGAIN and errors follow: the kernel takes no more now. ECANCELED: it did
  /// not take this one, but did one behind it, and packets do not overtake.
  virtual void write(std::size_t to, std::span<const Packet> packets, std::span<int> errors) = 0;
};

/// Throws TunError if io_uring is asked for and this machine does not have it.
[[nodiscard]] std::unique_ptr<PacketIo> make_packet_io(IoEngine engine,
                                                       const std::vector<int>& fds);

}  // namespace hop
