#pragma once
// A system call for each packet.

#include <span>
#include <vector>

#include "tun/landing.hpp"
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
  std::vector<int> fds_;
  Landing landing_;  // of every packet, one after the other
};

}  // namespace hop
