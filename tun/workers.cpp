#include "tun/workers.hpp"

#include <boost/asio/post.hpp>
#include <exception>
#include <latch>
#include <utility>

namespace hop {
namespace {

PumpOptions with_queue(PumpOptions options, std::size_t queue) {
  options.queue = queue;
  return options;
}

Replica replica(std::size_t number, std::size_t of) {
  return {.number = static_cast<std::uint16_t>(number), .of = static_cast<std::uint16_t>(of)};
}

std::size_t queues_of(std::span<const TunDevice> devices) {
  return devices.empty() ? 1 : devices.front().queues();
}

// A happening with bytes of its own.
class Kept {
 public:
  explicit Kept(const Happening& happening) : happening_(happening) {
    const Bytes seen = std::visit([](const auto& one) { return one.packet; }, happening);
    bytes_.assign(seen.begin(), seen.end());
  }
  [[nodiscard]] Happening get() const {
    Happening happening = happening_;
    std::visit([this](auto& one) { one.packet = bytes_; }, happening);
    return happening;
  }

 private:
  Happening happening_;
  std::vector<std::byte> bytes_;
};

}  // namespace

struct Workers::Other {
  Other(const Topology& topology, Replica which) : worker{Network(topology, which), {}} {}

  boost::asio::io_context own_io{1};
  boost::asio::executor_work_guard<boost::asio::io_context::executor_type> stays{
      own_io.get_executor()};  // until it is told to end, even without packets to wait for
  Worker worker;
  std::exception_ptr error;  // that ended it
  std::thread thread;
};

Workers::Workers(boost::asio::io_context& io, Topology topology, std::span<const TunDevice> devices,
                 const WallClock& clock, const PumpOptions& options)
    : io_(io),
      clock_(clock),
      first_{Network(std::move(topology), replica(0, queues_of(devices))), {}} {
  const std::size_t count = queues_of(devices);
  first_.pump.emplace(io, first_.network, devices, clock, options);
  for (std::size_t i = 1; i < count; ++i) {
    Other& other = *others_.emplace_back(
        std::make_unique<Other>(first_.network.topology(), replica(i, count)));
    other.worker.pump.emplace(other.own_io, other.worker.network, devices, clock,
                              with_queue(options, i));
  }
}

Workers::~Workers() { stop(); }

template <class Act>
void Workers::for_each(Act act) {
  act(first_);
  for (const auto& other : others_) act(other->worker);
}

std::vector<Network*> Workers::networks() {
  std::vector<Network*> all;
  for_each([&all](Worker& worker) { all.push_back(&worker.network); });
  return all;
}

PortStatistics Workers::statistics(PortIndex port) const {
  PortStatistics sum = first_.pump->statistics(port);
  for (const auto& other : others_) sum += other->worker.pump->statistics(port);
  return sum;
}

void Workers::on_device_lost(DeviceLost callback) {
  const auto shared = std::make_shared<const DeviceLost>(std::move(callback));
  first_.pump->on_device_lost(
      [shared](PortIndex port, std::error_code why) { (*shared)(port, why); });
  for (const auto& other : others_) {
    other->worker.pump->on_device_lost([this, shared](PortIndex port, std::error_code why) {
      boost::asio::post(io_, [shared, port, why] { (*shared)(port, why); });
    });
  }
}

void Workers::observe(const Observer& observer, bool all) {
  first_.network.observe(observer);
  if (others_.empty()) return;
  observer_ = std::make_shared<const Observer>(observer);
  const Observer teller = observer ? Observer{[this, all](Instant at, const Happening& happening) {
    if (all || !got_on(happening)) show(at, happening);
  }}
                                   : Observer{};
  while_still([&] {
    for (const auto& other : others_) other->worker.network.observe(teller);
  });
}

void Workers::show(Instant at, const Happening& happening) {
  if (untold_.fetch_add(1) >= kMostUntold) {
    untold_.fetch_sub(1);
    ++unseen_;
    return;
  }
  boost::asio::post(io_, [this, at, kept = Kept(happening)] {
    untold_.fetch_sub(1);
    const std::shared_ptr<const Observer> observer = observer_;
    if (*observer) (*observer)(at, kept.get());
  });
}

void Workers::start() {
  const Instant beginning = clock_.now();
  for_each([beginning](Worker& worker) { worker.network.run_until(beginning); });
  started_ = true;
  first_.pump->start();
  for (const auto& other : others_) {
    other->worker.pump->start();
    other->thread = std::thread{[this, &other = *other] { run(other); }};
  }
}

// Whoever has failed moves no packets any more, but can still be asked to stand still.
void Workers::run(Other& other) {
  for (bool done = false; !done;) try {
      other.own_io.run();
      done = true;
    } catch (...) {
      other.worker.pump->stop();
      other.error = std::current_exception();
      boost::asio::post(io_, [error = other.error] { std::rethrow_exception(error); });
    }
}

void Workers::change(const Change& change) {
  while_still([&] {
    const Instant now = clock_.now();
    for_each([&](Worker& worker) { worker.network.change(change, now); });
  });
  first_.pump->attend();
  for (const auto& other : others_) {
    boost::asio::post(other->own_io, [&worker = other->worker] { worker.pump->attend(); });
  }
}

// Each is held in a handler of its own until the work is done.
void Workers::while_still(const std::function<void()>& work) {
  if (!started_ || others_.empty()) return work();
  struct Pause {
    std::latch all_stand;
    std::latch goes_on{1};
  };
  const auto count = static_cast<std::ptrdiff_t>(others_.size());
  const std::shared_ptr<Pause> pause{new Pause{.all_stand = std::latch{count}}};
  for (const auto& other : others_) {
    boost::asio::post(other->own_io, [pause] {
      pause->all_stand.count_down();
      pause->goes_on.wait();
    });
  }
  pause->all_stand.wait();
  try {
    work();
  } catch (...) {
    pause->goes_on.count_down();
    throw;
  }
  pause->goes_on.count_down();
}

void Workers::stop() {
  if (!std::exchange(started_, false)) return;
  first_.pump->stop();
  for (const auto& other : others_) {
    boost::asio::post(other->own_io, [&other = *other] {
      other.worker.pump->stop();
      other.stays.reset();
    });
  }
  for (const auto& other : others_) {
    if (other->thread.joinable()) other->thread.join();  // where start() has failed half-way
  }
}

void Workers::rethrow_error() const {
  for (const auto& other : others_) {
    if (other->error) std::rethrow_exception(other->error);
  }
}

void Workers::drain() {
  for_each([](Worker& worker) { worker.pump->drain(); });
}

void Workers::let_go() {
  for_each([](Worker& worker) { worker.pump.reset(); });
}

}  // namespace hop
