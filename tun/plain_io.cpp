#include "tun/plain_io.hpp"

#include <unistd.h>

#include <algorithm>
#include <cerrno>

namespace hop {
namespace {

int write_one(int fd, Bytes packet) {
  if (::write(fd, packet.data(), packet.size()) >= 0) return 0;
  return errno == ENOBUFS || errno == EINTR ? EAGAIN : errno;
}

}  // namespace

PacketIo::Reading PlainIo::read(std::size_t from, PacketPool& pool, std::span<Packet> into) {
  Reading reading;
  std::size_t bytes = 0;
  for (Packet& packet : into) {
    if (bytes >= kBatchBytes) break;
    const MutBytes room = landing_.room(pool);
    const ssize_t size = ::read(fds_[from], room.data(), room.size());
    if (size <= 0) {
      reading.error = size == 0 ? ENODEV : errno == EINTR ? EAGAIN : errno;
      break;
    }
    packet = landing_.take(pool, static_cast<std::size_t>(size));
    bytes += packet.size();
    ++reading.count;
  }
  return reading;
}

void PlainIo::write(std::size_t to, std::span<const Packet> packets, std::span<int> errors) {
  for (std::size_t i = 0; i < packets.size(); ++i) {
    errors[i] = write_one(fds_[to], packets[i].bytes());
    if (errors[i] == EAGAIN) {
      std::ranges::fill(errors.subspan(i, packets.size() - i), EAGAIN);
      return;
    }
  }
}

}  // namespace hop
