#include "tun/port.hpp"

#include <sys/uio.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>

namespace hop {
namespace {

// What the pool's small buffers hold: a device whose MTU somebody raised a little meanwhile still
// gives whole packets, at no cost.
constexpr std::size_t kLeastRead = 2048;

std::error_code error_of(ssize_t read) {
  if (read == 0) return std::make_error_code(std::errc::no_such_device);
  return {errno, std::generic_category()};
}

}  // namespace

PortStatistics& PortStatistics::operator+=(const PortStatistics& other) noexcept {
  reads += other.reads;
  writes += other.writes;
  write_queue_full += other.write_queue_full;
  dropped += other.dropped;
  device_down += other.device_down;
  refused += other.refused;
  failed += other.failed;
  return *this;
}

Port::Port(boost::asio::io_context& io, int fd, std::size_t mtu)
    : descriptor_(io, fd),
      read_size_(std::max(mtu, kLeastRead)),
      rest_(PacketPool::kMaxPacket - std::min(read_size_, PacketPool::kMaxPacket)) {}

Port::~Port() {
  if (descriptor_.is_open()) descriptor_.release();  // the descriptor is not ours to close
}

Packet Port::read(PacketPool& pool) {
  Packet packet = pool.acquire(read_size_);
  const std::array<iovec, 2> parts{iovec{packet.bytes().data(), packet.size()},
                                   iovec{rest_.data(), rest_.size()}};
  const ssize_t size = ::readv(descriptor_.native_handle(), parts.data(), parts.size());
  if (size > 0) {
    ++statistics_.reads;
    const auto bytes = static_cast<std::size_t>(size);
    if (bytes > read_size_) return join(packet, bytes, pool);
    packet.resize(bytes);
    return packet;
  }
  if (size == 0 || (errno != EAGAIN && errno != EINTR)) lost_ = error_of(size);
  return {};
}

Packet Port::join(const Packet& front, std::size_t size, PacketPool& pool) const {
  Packet whole = pool.acquire(size);
  copy_bytes(front.bytes(), whole.bytes());
  copy_bytes(Bytes{rest_}.first(size - front.size()), whole.bytes().subspan(front.size()));
  return whole;
}

void Port::write(Packet packet) {
  if (backlog_.empty() && try_write(packet.bytes()) == Written::done) return;
  if (backlog_.full()) {
    ++statistics_.dropped;
    return;
  }
  ++statistics_.write_queue_full;
  backlog_.push_back(std::move(packet));
}

void Port::flush() {
  while (!backlog_.empty() && try_write(backlog_.front().bytes()) == Written::done) {
    backlog_.pop_front();
  }
}

Port::Written Port::try_write(Bytes packet) {
  if (::write(descriptor_.native_handle(), packet.data(), packet.size()) >= 0) {
    ++statistics_.writes;
    return Written::done;
  }
  if (errno == EAGAIN || errno == ENOBUFS || errno == EINTR) return Written::queue_full;
  count_error(errno);
  return Written::done;
}

void Port::count_error(int error) {
  switch (error) {
    case EIO:
      ++statistics_.device_down;
      break;
    case EINVAL:
      ++statistics_.refused;
      break;
    default:
      ++statistics_.failed;
  }
}

}  // namespace hop
