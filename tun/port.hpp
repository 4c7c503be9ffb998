#pragma once
// One descriptor through which packets enter and leave the process.

#include <boost/asio/io_context.hpp>
#include <boost/asio/posix/stream_descriptor.hpp>
#include <boost/circular_buffer.hpp>
#include <cstdint>
#include <optional>
#include <span>
#include <system_error>
#include <vector>

#include "stack/base/packet.hpp"
#include "tun/packet_io.hpp"

namespace hop {

/// Packets, counted from the start; a super-packet is as many as it stands for. Every packet to be
/// written ends in exactly one of `writes`, `dropped`, `device_down`, `refused` and `failed`, or is
/// still queued.
struct PortStatistics {
  std::uint64_t reads = 0;
  std::uint64_t writes = 0;
  std::uint64_t write_queue_full = 0;  ///< had to wait: the kernel's queue was full
  std::uint64_t dropped = 0;           ///< too many were waiting, or one behind it was taken
  std::uint64_t device_down = 0;       ///< EIO: the device is not up
  std::uint64_t refused = 0;           ///< EINVAL: the kernel does not take this packet
  std::uint64_t failed = 0;            ///< any other error; the device may be gone

  PortStatistics& operator+=(const PortStatistics& other) noexcept;
};

/// Reads and writes packets on a non-blocking descriptor on which one read or write is one
/// packet, and keeps those that the kernel cannot take now. It waits for nothing: see Pump.
class Port {
 public:
  /// Packets that wait at most for a full queue. Its memory is allocated at once.
  static constexpr std::size_t kBacklog = 512;

  /// `fd` is number `number` of the descriptors of `packet_io`. Both stay the caller's and outlive
  /// the port. With `offload` there is a header in front of each packet (virtio_header.hpp).
  Port(boost::asio::io_context& io, PacketIo& packet_io, std::size_t number, int fd,
       bool offload = false);
  Port(Port&&) noexcept = default;
  Port& operator=(Port&&) = delete;
  Port(const Port&) = delete;
  Port& operator=(const Port&) = delete;
  ~Port();
  /// From now on it writes to `fd`, number `number` of the same descriptors, instead.
  void write_to(std::size_t number, int fd);

  /// Reads packets to the front of `into`, at most kBatch, and returns how many. None: there are no
  /// more now, or the device is gone, see lost().
  [[nodiscard]] std::size_t read(PacketPool& pool, std::span<Packet> into);
  /// May what is written have an offload, and may what is read?
  [[nodiscard]] bool offload() const noexcept { return offload_; }
  /// Keeps a packet for flush().
  void write(Packet packet);
  /// Writes what was given and what waits, as far as the kernel takes it. The rest waits, or is
  /// dropped; the statistics say which.
  void flush();

  /// Has a packet been given since the last flush()?
  [[nodiscard]] bool has_fresh() const noexcept { return !fresh_.empty(); }
  /// And so many that they are better written now?
  [[nodiscard]] bool has_batch() const noexcept { return fresh_.size() >= kBatch; }
  [[nodiscard]] bool has_backlog() const noexcept { return !backlog_.empty(); }
  /// Why nothing will ever be read again; no error while the port works.
  [[nodiscard]] std::error_code lost() const noexcept { return lost_; }
  [[nodiscard]] const PortStatistics& statistics() const noexcept { return statistics_; }
  /// To wait on for packets.
  [[nodiscard]] boost::asio::posix::stream_descriptor& descriptor() noexcept { return descriptor_; }
  /// To wait on for room.
  [[nodiscard]] boost::asio::posix::stream_descriptor& descriptor_to_write() noexcept {
    return writes_apart_ ? *writes_apart_ : descriptor_;
  }

 private:
  void write_backlog();
  void write_batch(std::span<Packet> packets);
  [[nodiscard]] bool count(int error, std::size_t packets);
  void keep(Packet packet);

  boost::asio::posix::stream_descriptor descriptor_;
  std::optional<boost::asio::posix::stream_descriptor> writes_apart_;
  PacketIo* packet_io_;
  std::size_t number_;
  std::size_t number_to_write_;
  bool offload_;
  std::vector<Packet> fresh_;  // not tried yet; it keeps its memory
  boost::circular_buffer<Packet> backlog_{kBacklog};
  std::error_code lost_;
  PortStatistics statistics_;
};

}  // namespace hop
