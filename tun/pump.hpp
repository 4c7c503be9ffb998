#pragma once
// The loop between TUN devices and a network.

#include <array>
#include <boost/asio/io_context.hpp>
#include <boost/asio/steady_timer.hpp>
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <system_error>
#include <vector>

#include "stack/net/network.hpp"
#include "tun/device.hpp"
#include "tun/packet_io.hpp"
#include "tun/port.hpp"
#include "tun/wall_clock.hpp"

namespace hop {

enum class Direction : std::uint8_t { in, out };  ///< into the network, out of it

/// Sees every packet that passes a port, before it is handed on. Empty: none.
using Tap = std::function<void(PortIndex, Direction, Instant, Bytes)>;

/// Told once when a device is gone: somebody deleted it, or its namespace.
using DeviceLost = std::function<void(PortIndex, std::error_code)>;

struct PumpOptions {
  Tap tap{};
  IoEngine engine = IoEngine::automatic;
  /// For so long after a packet the next one is looked for without sleeping, which takes a core to
  /// itself and saves the time that waking up takes. 0: never.
  Duration busy_poll{0};
  std::size_t queue = 0;  ///< of each device
};

/// Reads packets from TUN devices into a network, writes what leaves it, and wakes it when it has
/// something to do. Device i is port i of the network. All of it happens in the io_context, on
/// the one thread that runs it. Packets are stamped with a moment after they were read, so that a
/// link never seems faster than it is.
///
/// Neither tap nor callback may destroy the pump; they may stop it. The network, the devices and
/// the clock outlive the pump. Destroy it before or with the io_context, or run that to the end
/// after stop().
class Pump {
 public:
  using Statistics = PortStatistics;

  /// Throws TunError if the engine that is asked for is not there.
  Pump(boost::asio::io_context& io, Network& network, std::span<const TunDevice> devices,
       const WallClock& clock, PumpOptions options = {});
  Pump(const Pump&) = delete;
  Pump& operator=(const Pump&) = delete;
  ~Pump() = default;

  void on_device_lost(DeviceLost callback) { device_lost_ = std::move(callback); }

  /// From here on packets flow whenever the io_context runs.
  void start();
  /// Writes what leaves the network, after somebody else has acted on it.
  void attend() { settle(); }
  /// Answers what the devices hold at the moment, while the io_context does not run; a sender that
  /// goes on is not waited for.
  void drain();
  /// Lets the io_context run out of work, as far as it is ours. Packets in the network stay there.
  void stop();

  [[nodiscard]] const Statistics& statistics(PortIndex port) const {
    return ports_[port].statistics();
  }
  /// Of all ports together.
  [[nodiscard]] Statistics statistics() const;

 private:
  void wait_readable(PortIndex index);
  void wait_writable(PortIndex index);
  void on_readable(PortIndex index);
  void on_writable(PortIndex index);
  void on_timer();

  void serve(PortIndex index);
  std::size_t read_batch(PortIndex index);
  void hand_in(PortIndex index, Packet&& packet);
  void post_spin();
  void spin();
  [[nodiscard]] bool spin_once();
  void settle();
  void write_departures();
  void write(PortIndex index, Packet&& packet, Instant now);
  void flush(PortIndex index);
  void arm_timer();

  boost::asio::io_context& io_;
  Network& network_;
  const WallClock& clock_;
  const PumpOptions options_;
  DeviceLost device_lost_;
  std::unique_ptr<PacketIo> packet_io_;
  std::array<Packet, kBatch> batch_;  // empty between two batches
  std::vector<Port> ports_;
  std::vector<bool> waits_writable_;  // of each port: is it waited for?
  boost::asio::steady_timer timer_;
  std::optional<Instant> armed_;  // when the timer fires; it may be earlier than needed, not later
  Instant last_read_{};
  bool running_ = false;
  bool spinning_ = false;
};

}  // namespace hop
