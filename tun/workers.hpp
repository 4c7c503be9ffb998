#pragma once
// Several threads at one network: each has a replica of it and a queue of every TUN device.

#include <atomic>
#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/io_context.hpp>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <thread>
#include <vector>

#include "stack/net/network.hpp"
#include "tun/device.hpp"
#include "tun/pump.hpp"
#include "tun/wall_clock.hpp"

namespace hop {

/// One worker: a network, and the pump between it and a queue of every device. Used by the thread
/// that runs its io_context, or while that thread stands still.
struct Worker {
  Network network;
  std::optional<Pump> pump;  // none any more after Workers::let_go()
};

/// The workers of a network. The first belongs to the io_context that is given and has no thread of
/// its own: one worker alone is as if there were none of this. The kernel keeps a flow on one
/// queue, so it is always the same worker's, which answers in order.
///
/// All functions are for the thread that runs that io_context, or is about to, and callbacks run
/// there. What a worker throws is thrown from there as well.
class Workers {
 public:
  /// As many as each device has queues. Throws TunError if the engine that is asked for is not
  /// there. The devices and the clock outlive this.
  Workers(boost::asio::io_context& io, Topology topology, std::span<const TunDevice> devices,
          const WallClock& clock, const PumpOptions& options);
  Workers(const Workers&) = delete;
  Workers& operator=(const Workers&) = delete;
  ~Workers();

  [[nodiscard]] std::size_t count() const noexcept { return 1 + others_.size(); }
  /// The network of the first, which speaks for all as to what it is.
  [[nodiscard]] Network& network() noexcept { return first_.network; }
  [[nodiscard]] const Topology& topology() const noexcept { return first_.network.topology(); }
  /// The networks of all; to be looked at only by while_still().
  [[nodiscard]] std::vector<Network*> networks();
  /// Of all workers; to be looked at only by while_still().
  [[nodiscard]] PortStatistics statistics(PortIndex port) const;

  /// `callback` may be told of a device by each worker.
  void on_device_lost(DeviceLost callback);
  /// As Network::observe(). What happens at other workers is seen a little later; what got on there
  /// only if `all` is to be seen.
  void observe(const Observer& observer, bool all = true);
  /// How many things were not shown since this was asked last: more came than could be told.
  [[nodiscard]] std::uint64_t take_unseen() noexcept { return unseen_.exchange(0); }

  /// All begin at the same moment, and packets flow whenever the io_context runs.
  void start();
  /// Makes a change everywhere at the same moment.
  void change(const Change& change);
  /// Does something while no worker does anything else.
  void while_still(const std::function<void()>& work);
  /// Ends the threads. What the devices hold is left for drain().
  void stop();
  /// Throws what ended a worker, after stop(): it may have come too late for that io_context.
  void rethrow_error() const;
  /// As Pump::drain(), after stop().
  void drain();
  /// The devices are not needed any more; the networks stay, to be looked at.
  void let_go();

 private:
  /// With a thread and an io_context of its own.
  struct Other;

  void run(Other& other);
  template <class Act>
  void for_each(Act act);
  void show(Instant at, const Happening& happening);

  static constexpr unsigned kMostUntold = 1024;

  boost::asio::io_context& io_;
  const WallClock& clock_;
  std::vector<std::unique_ptr<Other>> others_;
  Worker first_;
  std::shared_ptr<const Observer> observer_;
  std::atomic<unsigned> untold_{0};  // happenings on their way from other workers
  std::atomic<std::uint64_t> unseen_{0};
  bool started_ = false;
};

}  // namespace hop
