#pragma once
// Sending to and listening at a device from the side of the machine (packet(7)).

#include <linux/if_packet.h>

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "tests/bench/traffic.hpp"
#include "tun/unique_fd.hpp"

namespace hop::bench {

/// Of Ethernet devices, such as veth; a TUN has none.
using MacAddress = std::array<std::byte, 6>;

/// "02:00:00:00:00:01"
[[nodiscard]] std::optional<MacAddress> parse_mac(const std::string& text);

/// Sends packets of a traffic, past the queueing discipline, in batches of at most 64.
class Sender {
 public:
  static constexpr unsigned kBatch = 64;

  /// With a `gateway`, packets get an Ethernet header with it as destination. Throws Failure.
  Sender(const std::string& device, const Traffic& traffic,
         const std::optional<MacAddress>& gateway);

  /// Sends the next `count`, as far as the device takes them: how many it took.
  unsigned send(unsigned count);
  /// Of the packet that is sent next.
  [[nodiscard]] unsigned next_number() const noexcept { return next_ % Traffic::kNumbers; }
  /// Packets that the device refused as a whole: its queue was full.
  [[nodiscard]] std::uint64_t refused() const noexcept { return refused_; }

 private:
  UniqueFd socket_;
  std::vector<std::vector<std::byte>> frames_;
  unsigned next_ = 0;
  std::uint64_t refused_ = 0;
};

/// Sees what comes in at a device, in a ring that the kernel fills.
class Listener {
 public:
  /// Sees a random one in `sample`, a power of two; 1 for all. Throws Failure.
  Listener(const std::string& device, std::size_t largest, bool is_ethernet, unsigned sample = 1);
  Listener(const Listener&) = delete;
  Listener& operator=(const Listener&) = delete;
  ~Listener();

  /// Shows the next packet, from its IP header on, to `see`. False if there is none.
  template <typename See>
  bool next(See&& see) {
    tpacket2_hdr& frame = *reinterpret_cast<tpacket2_hdr*>(ring_ + at_ * frame_size_);
    if ((__atomic_load_n(&frame.tp_status, __ATOMIC_ACQUIRE) & TP_STATUS_USER) == 0) return false;
    const auto* const begin = reinterpret_cast<const std::byte*>(&frame) + frame.tp_mac;
    if (frame.tp_snaplen > in_front_) {
      see(std::span{begin + in_front_, frame.tp_snaplen - in_front_});
    }
    __atomic_store_n(&frame.tp_status, __u32{TP_STATUS_KERNEL}, __ATOMIC_RELEASE);
    at_ = (at_ + 1) % kFrames;
    return true;
  }

 private:
  static constexpr std::size_t kFrames = 8192;

  UniqueFd socket_;
  std::size_t in_front_;
  std::size_t frame_size_;
  std::byte* ring_ = nullptr;
  std::size_t at_ = 0;
};

/// A number from /sys/class/net/DEVICE/statistics. Throws Failure.
[[nodiscard]] std::uint64_t device_statistic(const std::string& device, const std::string& name);

}  // namespace hop::bench
