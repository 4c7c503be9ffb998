#include "tun/port.hpp"

#include <algorithm>
#include <array>
#include <cerrno>

#include "tun/virtio_header.hpp"

namespace hop {

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

Port::Port(boost::asio::io_context& io, PacketIo& packet_io, std::size_t number, int fd,
           bool offload)
    : descriptor_(io, fd),
      packet_io_(&packet_io),
      number_(number),
      number_to_write_(number),
      offload_(offload) {
  fresh_.reserve(kBatch);
}

// The descriptors are not ours to close.
Port::~Port() {
  if (descriptor_.is_open()) descriptor_.release();
  if (writes_apart_ && writes_apart_->is_open()) writes_apart_->release();
}

void Port::write_to(std::size_t number, int fd) {
  number_to_write_ = number;
  writes_apart_.emplace(descriptor_.get_executor(), fd);
}

std::size_t Port::read(PacketPool& pool, std::span<Packet> into) {
  const auto [count, error] = packet_io_->read(number_, pool, into);
  for (Packet& packet : into.first(count)) {
    if (offload_) take_virtio_header(packet);
    statistics_.reads += packet.packets();
  }
  if (error != 0 && error != EAGAIN) lost_ = {error, std::generic_category()};
  return count;
}

void Port::write(Packet packet) {
  if (offload_) put_virtio_header(packet);
  fresh_.push_back(std::move(packet));
}

void Port::flush() {
  write_backlog();
  for (std::size_t at = 0; at < fresh_.size(); at += kBatch) {
    write_batch(std::span{fresh_}.subspan(at, std::min(kBatch, fresh_.size() - at)));
  }
  fresh_.clear();
}

void Port::write_backlog() {
  while (!backlog_.empty()) {
    int error = 0;
    packet_io_->write(number_to_write_, {&backlog_.front(), 1}, {&error, 1});
    if (!count(error, backlog_.front().packets())) return;
    backlog_.pop_front();
  }
}

// Behind a packet that waits, all others do.
void Port::write_batch(std::span<Packet> packets) {
  std::array<int, kBatch> errors{};
  if (backlog_.empty()) {
    packet_io_->write(number_to_write_, packets, errors);
  } else {
    errors.fill(EAGAIN);
  }
  for (std::size_t i = 0; i < packets.size(); ++i) {
    if (!count(errors[i], packets[i].packets())) keep(std::move(packets[i]));
  }
}

void Port::keep(Packet packet) {
  if (backlog_.full()) {
    statistics_.dropped += packet.packets();
    return;
  }
  statistics_.write_queue_full += packet.packets();
  backlog_.push_back(std::move(packet));
}

// What became of a packet; false if it has to wait.
bool Port::count(int error, std::size_t packets) {
  switch (error) {
    case 0:
      statistics_.writes += packets;
      return true;
    case EAGAIN:
      return false;
    case ECANCELED:
      statistics_.dropped += packets;
      return true;
    case EIO:
      statistics_.device_down += packets;
      return true;
    case EINVAL:
      statistics_.refused += packets;
      return true;
    default:
      statistics_.failed += packets;
      return true;
  }
}

}  // namespace hop
