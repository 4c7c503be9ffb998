#pragma once
// A system call for each packet.

#include <array>
#include <memory>
#include <span>
#include <vector>

#include "tun/packet_io.hpp"

namespace hop {

/// read(2) and write(2).
class PlainIo final : public PacketIo {
 public:
  explicit PlainIo(std::vector<int> fds) : fds_(std::move(fds)) {}

  [[nodiscard]] IoEngine engine() const noexcept override { return IoEngine::epoll; }
  [[nodiscard]] Reading read(std::size_t from, PacketPool& pool, std::span<Packet> into) override;
  void write(std::size_t to, std::span<const Packet> packets, std::span<int> errors) override;

 private:
  // Of every packet, one after the other, before it is copied into one of its size: 64 KiB at each
  // packet's disposal, of which only what is used is ever touched.
  using Landing = std::array<std::byte, PacketPool::kMaxPacket>;

  std::vector<int> fds_;
  std::unique_ptr<Landing> landing_ = std::make_unique_for_overwrite<Landing>();
};

}  // namespace hop
