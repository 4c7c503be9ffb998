#include "tun/pump.hpp"

#include <cassert>

namespace hop {
namespace {

using boost::asio::posix::descriptor_base;
using Error = boost::system::error_code;

}  // namespace

Pump::Pump(boost::asio::io_context& io, Network& network, std::span<const TunDevice> devices,
           const WallClock& clock, Tap tap)
    : network_(network), clock_(clock), tap_(std::move(tap)), timer_(io) {
  ports_.reserve(devices.size());
  for (const TunDevice& device : devices) ports_.emplace_back(io, device.fd(), device.mtu());
}

void Pump::start() {
  running_ = true;
  network_.run_until(clock_.now());
  for (std::size_t i = 0; i < ports_.size(); ++i) {
    wait_readable(static_cast<PortIndex>(i));
    if (ports_[i].has_backlog()) wait_writable(static_cast<PortIndex>(i));
  }
  settle();
}

void Pump::drain() {
  constexpr int kBatches = 16;  // a TUN queues 500 packets unless told otherwise
  for (std::size_t i = 0; i < ports_.size(); ++i) {
    const auto index = static_cast<PortIndex>(i);
    for (int batch = 0; batch < kBatches && read_batch(index); ++batch) settle();
    settle();
  }
}

void Pump::stop() {
  running_ = false;
  for (Port& port : ports_) port.descriptor().cancel();
  timer_.cancel();
  armed_.reset();
}

Pump::Statistics Pump::statistics() const {
  Statistics sum;
  for (const Port& port : ports_) sum += port.statistics();
  return sum;
}

// Waiting starts anew after each batch: a device that always has packets gets one batch, then the
// others and the timer have their turn.
void Pump::wait_readable(PortIndex index) {
  ports_[index].descriptor().async_wait(descriptor_base::wait_read,
                                        [this, index](const Error& error) {
                                          if (!error && running_) on_readable(index);
                                        });
}

void Pump::wait_writable(PortIndex index) {
  ports_[index].descriptor().async_wait(descriptor_base::wait_write,
                                        [this, index](const Error& error) {
                                          if (!error && running_) on_writable(index);
                                        });
}

void Pump::on_readable(PortIndex index) {
  read_batch(index);
  settle();
  if (!running_) return;  // the tap stopped us
  if (const std::error_code why = ports_[index].lost(); !why) {
    wait_readable(index);
  } else if (device_lost_) {
    device_lost_(index, why);
  }
}

// Was there more than one batch?
bool Pump::read_batch(PortIndex index) {
  for (int i = 0; i < kBatch && running_; ++i) {
    Packet packet = ports_[index].read(network_.pool());
    if (!packet) return false;
    const Instant now = clock_.now();
    if (tap_) tap_(index, Direction::in, now, packet.bytes());
    network_.receive(index, std::move(packet), now);
  }
  return true;
}

void Pump::on_writable(PortIndex index) {
  ports_[index].flush();
  if (ports_[index].has_backlog()) wait_writable(index);
}

void Pump::on_timer() {
  armed_.reset();
  network_.run_until(clock_.now());
  settle();
}

void Pump::settle() {
  write_departures();
  if (running_) arm_timer();
}

void Pump::write_departures() {
  for (Departure& departure : network_.departures()) {
    assert(departure.port < ports_.size() && "every TUN of the network has a device");
    Port& port = ports_[departure.port];
    const bool waits_already = port.has_backlog();
    // The time of writing, not the one it was due at: a capture's times do not go back.
    if (tap_) tap_(departure.port, Direction::out, clock_.now(), departure.packet.bytes());
    port.write(std::move(departure.packet));
    if (running_ && port.has_backlog() && !waits_already) wait_writable(departure.port);
  }
  network_.departures().clear();
}

// A timer that fires too early costs less than setting it anew for every packet: on_timer() finds
// nothing due and arms it again.
void Pump::arm_timer() {
  const std::optional<Instant> next = network_.next_event();
  if (!next || (armed_ && *armed_ <= *next)) return;
  armed_ = next;
  timer_.expires_at(clock_.steady_at(*next));
  timer_.async_wait([this](const Error& error) {
    if (!error && running_) on_timer();
  });
}

}  // namespace hop
