#pragma once
// One descriptor through which packets enter and leave the process.

#include <boost/asio/io_context.hpp>
#include <boost/asio/posix/stream_descriptor.hpp>
#include <boost/circular_buffer.hpp>
#include <cstdint>
#include <system_error>
#include <vector>

#include "stack/base/packet.hpp"

namespace hop {

/// Packets, counted from the start. Every packet to be written ends in exactly one of `writes`,
/// `dropped`, `device_down`, `refused` and `failed`, or is still queued.
struct PortStatistics {
  std::uint64_t reads = 0;
  std::uint64_t writes = 0;
  std::uint64_t write_queue_full = 0;  ///< had to wait: the kernel's queue was full
  std::uint64_t dropped = 0;           ///< too many were waiting
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

  /// `fd` stays the caller's and outlives the port. Packets of up to `mtu` bytes are read in place;
  /// larger ones, after somebody has raised the MTU, are whole as well but copied.
  Port(boost::asio::io_context& io, int fd, std::size_t mtu);
  Port(Port&&) noexcept = default;
  Port& operator=(Port&&) = delete;
  Port(const Port&) = delete;
  Port& operator=(const Port&) = delete;
  ~Port();

  /// The next packet, or none: there is none now, or the device is gone, see lost().
  [[nodiscard]] Packet read(PacketPool& pool);
  /// Writes a packet, or keeps it until flush(), or drops it; the statistics say which.
  void write(Packet packet);
  /// Writes what waits, as far as the kernel takes it.
  void flush();

  [[nodiscard]] bool has_backlog() const noexcept { return !backlog_.empty(); }
  /// Why nothing will ever be read again; no error while the port works.
  [[nodiscard]] std::error_code lost() const noexcept { return lost_; }
  [[nodiscard]] const PortStatistics& statistics() const noexcept { return statistics_; }
  /// To wait on.
  [[nodiscard]] boost::asio::posix::stream_descriptor& descriptor() noexcept { return descriptor_; }

 private:
  enum class Written : std::uint8_t { done, queue_full };
  Written try_write(Bytes packet);
  void count_error(int error);

  [[nodiscard]] Packet join(const Packet& front, std::size_t size, PacketPool& pool) const;

  boost::asio::posix::stream_descriptor descriptor_;
  std::size_t read_size_;
  std::vector<std::byte> rest_;  // of a packet larger than that
  boost::circular_buffer<Packet> backlog_{kBacklog};
  std::error_code lost_;
  PortStatistics statistics_;
};

}  // namespace hop
