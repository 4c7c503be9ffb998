#include "tun/pump.hpp"

#include <algorithm>
#include <boost/asio/post.hpp>
#include <cassert>
#include <utility>

#include "stack/ip/segmentation.hpp"

namespace hop {
namespace {

using boost::asio::posix::descriptor_base;
using Error = boost::system::error_code;

bool writes_apart(const TunDevice& device, std::size_t queue) {
  return device.fd_to_write(queue) != device.fd(queue);
}

// Those to read from, in the order of the devices, then those to write to, if they are others.
std::vector<int> descriptors_of(std::span<const TunDevice> devices, std::size_t queue) {
  std::vector<int> fds;
  for (const TunDevice& device : devices) fds.push_back(device.fd(queue));
  for (const TunDevice& device : devices) {
    if (writes_apart(device, queue)) fds.push_back(device.fd_to_write(queue));
  }
  return fds;
}

}  // namespace

Pump::Pump(boost::asio::io_context& io, Network& network, std::span<const TunDevice> devices,
           const WallClock& clock, PumpOptions options)
    : io_(io),
      network_(network),
      clock_(clock),
      options_(std::move(options)),
      packet_io_(make_packet_io(options_.engine, descriptors_of(devices, options_.queue))),
      timer_(io) {
  ports_.reserve(devices.size());
  const std::size_t queue = options_.queue;
  for (const TunDevice& device : devices) {
    const std::size_t number = ports_.size();
    Port& port = ports_.emplace_back(io, *packet_io_, number, device.fd(queue), device.offload());
    if (writes_apart(device, queue)) {
      port.write_to(devices.size() + number, device.fd_to_write(queue));
    }
  }
}

void Pump::start() {
  running_ = true;
  waits_writable_.assign(ports_.size(), false);
  network_.run_until(clock_.now());
  for (std::size_t i = 0; i < ports_.size(); ++i) {
    wait_readable(static_cast<PortIndex>(i));
    if (ports_[i].has_backlog()) wait_writable(static_cast<PortIndex>(i));
  }
  settle();
}

void Pump::drain() {
  constexpr std::size_t kMost = 1024;  // packets; a TUN queues 500 unless told otherwise
  for (std::size_t i = 0; i < ports_.size(); ++i) {
    const auto index = static_cast<PortIndex>(i);
    std::size_t count = 1;
    for (std::size_t done = 0; done < kMost && count > 0; done += count) {
      count = read_batch(index);
      settle();
    }
  }
}

void Pump::stop() {
  running_ = false;
  for (Port& port : ports_) {
    port.descriptor().cancel();
    port.descriptor_to_write().cancel();
  }
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

// One wait at a time; the backlog may have come and gone meanwhile.
void Pump::wait_writable(PortIndex index) {
  if (waits_writable_[index]) return;
  waits_writable_[index] = true;
  ports_[index].descriptor_to_write().async_wait(descriptor_base::wait_write,
                                                 [this, index](const Error& error) {
                                                   if (error || !running_) return;
                                                   waits_writable_[index] = false;
                                                   on_writable(index);
                                                 });
}

void Pump::on_readable(PortIndex index) {
  serve(index);
  if (running_ && !ports_[index].lost()) wait_readable(index);
}

// One batch and what comes of it.
void Pump::serve(PortIndex index) {
  if (ports_[index].lost()) return;
  const std::size_t count = read_batch(index);
  if (count > 0) settle();
  if (!running_) return;  // the tap stopped us
  if (const std::error_code why = ports_[index].lost(); why && device_lost_) {
    device_lost_(index, why);
  }
  if (count > 0 && options_.busy_poll > Duration{0} && !spinning_) {
    spinning_ = true;
    post_spin();
  }
}

std::size_t Pump::read_batch(PortIndex index) {
  const std::size_t count = ports_[index].read(network_.pool(), batch_);
  if (count == 0) return 0;
  last_read_ = clock_.now();
  constexpr std::size_t kAhead = 4;
  for (std::size_t i = 0; i < count; ++i) {
    if (i + kAhead < count) network_.prefetch(index, std::as_const(batch_[i + kAhead]).bytes());
    hand_in(index, std::move(batch_[i]));
    if (network_.departures().size() > kBatch) write_departures();  // of one that was cut
  }
  return count;
}

// A capture has single packets.
void Pump::hand_in(PortIndex index, Packet&& packet) {
  if (options_.tap && packet.has_offload()) {
    return take_apart(std::move(packet), network_.pool(),
                      [&](Packet&& single) { hand_in(index, std::move(single)); });
  }
  if (options_.tap) options_.tap(index, Direction::in, last_read_, packet.bytes());
  network_.receive(index, std::move(packet), last_read_);
}

// Spinning is beside waiting: what is waited for goes on, every kTurns turns, since asking for it
// costs as much as two turns.
void Pump::spin() {
  constexpr int kTurns = 32;
  if (!running_) {
    spinning_ = false;
    return;
  }
  for (int turn = 0; turn < kTurns; ++turn) {
    if (!spin_once()) {
      spinning_ = false;
      if (running_) arm_timer();
      return;
    }
  }
  post_spin();
}

void Pump::post_spin() {
  boost::asio::post(io_, [this] { spin(); });
}

// Is there reason to go on?
bool Pump::spin_once() {
  for (std::size_t i = 0; i < ports_.size(); ++i) serve(static_cast<PortIndex>(i));
  const Instant now = clock_.now();
  if (const std::optional<Instant> next = network_.next_event(); next && *next <= now) {
    network_.run_until(now);
    settle();
  }
  return running_ && now - last_read_ < options_.busy_poll;
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

// Who spins looks at the clock by himself.
void Pump::settle() {
  write_departures();
  if (running_ && !spinning_) arm_timer();
}

void Pump::write_departures() {
  std::vector<Departure>& departures = network_.departures();
  if (departures.empty()) return;
  // The time of writing, not the one it was due at: a capture's times do not go back.
  const Instant now = options_.tap ? clock_.now() : Instant{};
  for (Departure& departure : departures) {
    assert(departure.port < ports_.size() && "every TUN of the network has a device");
    write(departure.port, std::move(departure.packet), now);
  }
  for (const Departure& departure : departures) {
    if (ports_[departure.port].has_fresh()) flush(departure.port);
  }
  departures.clear();
}

void Pump::write(PortIndex index, Packet&& packet, Instant now) {
  if (packet.has_offload() && (options_.tap || !ports_[index].offload())) {
    return take_apart(std::move(packet), network_.pool(),
                      [&](Packet&& single) { write(index, std::move(single), now); });
  }
  if (options_.tap) options_.tap(index, Direction::out, now, packet.bytes());
  ports_[index].write(std::move(packet));
  if (ports_[index].has_batch()) flush(index);
}

void Pump::flush(PortIndex index) {
  ports_[index].flush();
  if (running_ && ports_[index].has_backlog()) wait_writable(index);
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
