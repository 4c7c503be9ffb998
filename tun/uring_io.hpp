#pragma once
// One system call for a batch of packets, through io_uring(7).

#include <liburing.h>

#include <array>
#include <span>
#include <vector>

#include "tun/packet_io.hpp"
#include "tun/plain_io.hpp"

namespace hop {

/// A ring for all descriptors. Since no entry may wait (RWF_NOWAIT), whatever is submitted is done,
/// in order, when io_uring_enter(2) returns. Few packets go the plain way, which costs less then.
class UringIo final : public PacketIo {
 public:
  /// Throws TunError if there is no io_uring, saying why.
  explicit UringIo(const std::vector<int>& fds);
  ~UringIo() override;
  UringIo(const UringIo&) = delete;
  UringIo& operator=(const UringIo&) = delete;

  [[nodiscard]] IoEngine engine() const noexcept override { return IoEngine::uring; }
  [[nodiscard]] Reading read(std::size_t from, PacketPool& pool, std::span<Packet> into) override;
  void write(std::size_t to, std::span<const Packet> packets, std::span<int> errors) override;

 private:
  [[nodiscard]] Reading read_many(std::size_t from, PacketPool& pool, std::span<Packet> into);
  void submit_reads(std::size_t from, PacketPool& pool, std::size_t count);
  void submit_writes(std::size_t to, std::span<const Packet> packets);
  void finish(std::size_t count);
  [[nodiscard]] std::size_t reap();

  PlainIo plain_;
  io_uring ring_{};
  std::vector<std::size_t> usual_;     // packets that each descriptor gave the last time
  std::array<int, kBatch> results_{};  // of what was submitted: bytes, or a negative errno
  std::array<Landing, kBatch> landings_;
};

}  // namespace hop
