#include "tools/session/session.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "tools/control/socket.hpp"
#include "tools/counters.hpp"
#include "tools/say.hpp"

namespace hop {

namespace {

// From the only TUN they lead to a node, and a capture has single packets: all would be cut at
// once.
bool wants_offload(const Topology& topology, const SessionOptions& options) {
  return options.offload.value_or(topology.tuns.size() > 1 && options.capture.empty());
}

// Why there is one worker, whatever was asked for; empty if there is no reason.
std::string why_one_worker(const Topology& topology, const SessionOptions& options) {
  if (!options.capture.empty()) return "--capture has packets in their order";
  const auto shared = shared_between_flows(topology);
  return shared ? *shared + ", which flows share" : "";
}

std::size_t count_workers(const Topology& topology, const SessionOptions& options) {
  if (options.workers == 1) return 1;
  const std::string why = why_one_worker(topology, options);
  if (why.empty()) return options.workers;
  if (!options.quiet) {
    say_error(fmt::format("one worker instead of {}: {}", options.workers, why));
  }
  return 1;
}

std::vector<TunDevice> open_devices(const Topology& topology, const Namespaces& namespaces,
                                    const SessionOptions& options, std::size_t workers) {
  std::vector<TunDevice> devices;
  for (std::size_t i = 0; i < topology.tuns.size(); ++i) {
    const TunSpec& tun = topology.tuns[i];
    const int network = namespaces.private_one(tun.netns);
    devices.emplace_back(TunOptions{.name = tun.name,
                                    .device_path = options.tun_device,
                                    .address = tun.address,
                                    .mtu = mtu_of(topology, i),
                                    .routes = prefixes_behind(topology, i),
                                    .netns = network < 0 ? tun.netns : std::string{},
                                    .network = network,
                                    .offload = wants_offload(topology, options),
                                    .queues = workers});
  }
  return devices;
}

std::unique_ptr<CaptureTap> open_capture(boost::asio::io_context& io, const std::string& path) {
  return path.empty() ? nullptr : std::make_unique<CaptureTap>(io, path);
}

std::optional<CountersFile> open_counters(const std::string& path) {
  return path.empty() ? std::nullopt : std::optional<CountersFile>{std::in_place, path};
}

/// Without a socket the network works as well, but cannot be asked, which is told.
std::unique_ptr<SessionControl> open_control(boost::asio::io_context& io, Session& session,
                                             const std::optional<std::string>& path) try {
  if (!path) return nullptr;
  return std::make_unique<SessionControl>(io, session, path->empty() ? default_socket() : *path);
} catch (const Failure& failure) {
  if (!path->empty()) throw;
  say_error(
      fmt::format("{}; without it 'hop set', 'hop stats', 'hop events' and 'hop exec' do not "
                  "find this network",
                  failure.what()));
  return nullptr;
}

// What the kernel took and what it did not.
NamedCounters counters_of(const PortStatistics& port) {
  return {{"written", port.writes},
          {"waited", port.write_queue_full},
          {"drop.backlog-full", port.dropped},
          {"drop.device-down", port.device_down},
          {"drop.refused", port.refused},
          {"drop.failed", port.failed}};
}

Tap tap_of(CaptureTap* capture) {
  if (capture == nullptr) return {};
  return [capture](PortIndex, Direction, Instant at, Bytes packet) { capture->see(at, packet); };
}

}  // namespace

Session::Session(boost::asio::io_context& io, Topology topology, const SessionOptions& options,
                 ReadyFd ready, Namespaces namespaces)
    : ready_(std::move(ready)),
      capture_(open_capture(io, options.capture)),
      counters_file_(open_counters(options.counters)),
      namespaces_(std::move(namespaces)) {
  const std::size_t workers = count_workers(topology, options);
  devices_ = open_devices(topology, namespaces_, options, workers);
  lost_.resize(devices_.size());
  control_ = open_control(io, *this, options.control);
  workers_.emplace(
      io, std::move(topology), devices_, clock_,
      PumpOptions{
          .tap = tap_of(capture_.get()), .engine = options.io, .busy_poll = options.busy_poll});
  workers_->network().observe_changes(
      [this](Instant at, const Change& change) { follow(at, change); });
}

void Session::change(const Change& change) {
  if (workers_->count() > 1) {
    Topology then = topology();
    if (const auto shared = shared_between_flows(change, then)) {
      throw Failure(kFailed, fmt::format("not with {} workers: {} then, which flows share; start "
                                         "the network with --workers 1",
                                         workers_->count(), *shared));
    }
  }
  workers_->change(change);
}

// What a TUN sends is as large as its device lets the kernel make it.
void Session::follow(Instant at, const Change& change) {
  for (std::size_t i = 0; i < devices_.size(); ++i) try {
      devices_[i].set_mtu(mtu_of(topology(), i));
    } catch (const TunError& error) {
      say_error(error.what());
      sound_ = false;
    }
  if (control_) control_->tell(at, change);
}

UniqueFd Session::open_network_of(const std::string& tun) const {
  const std::vector<TunSpec>& tuns = workers_->topology().tuns;
  const auto at = tun.empty() ? tuns.begin() : std::ranges::find(tuns, tun, &TunSpec::name);
  if (at != tuns.end()) return namespaces_.open(at->netns);
  throw Failure(kUsageError, fmt::format("the network has no TUN '{}'", tun));
}

std::string Session::counters_json() {
  std::string json;
  workers_->while_still([&] {
    const Tally tally(workers_->networks());
    json = hop::counters_json(tun_counters(tally), tally);
  });
  return json;
}

void Session::start(std::function<void()> on_lost) {
  workers_->on_device_lost(
      [this, on_lost = std::move(on_lost)](PortIndex port, std::error_code why) {
        if (lost_[port]) return;
        lost_[port] = true;
        report_lost(port, why);
        on_lost();
      });
  workers_->start();
  ready_.tell();
}

std::vector<NamedGroup> Session::tun_counters(const Tally& tally) const {
  std::vector<NamedGroup> tuns;
  for (std::size_t i = 0; i < devices_.size(); ++i) {
    const auto port = static_cast<PortIndex>(i);
    NamedCounters counters = counters_of(tally.port(port));
    for (auto& counter : counters_of(workers_->statistics(port))) counters.push_back(counter);
    tuns.emplace_back(devices_[i].name(), std::move(counters));
  }
  return tuns;
}

void Session::print_counters(std::FILE* to) {
  workers_->while_still([&] {
    const Tally tally(workers_->networks());
    for (const auto& [name, counters] : tun_counters(tally)) {
      hop::print_counters(to, name, counters);
    }
    print_links(to, tally);
    print_nodes(to, tally);
  });
}

// A worker that failed when all was over already has not been heard of.
void Session::stop_workers() try {
  workers_->stop();
  workers_->rethrow_error();
} catch (const std::exception& error) {
  say_error(error.what());
  sound_ = false;
}

bool Session::finish() {
  stop_workers();
  if (sound_) workers_->drain();
  if (counters_file_ && !counters_file_->write(counters_json())) sound_ = false;
  control_.reset();
  workers_->let_go();  // before the descriptors that it uses are closed
  if (capture_) {
    capture_->flush();
    sound_ = sound_ && !capture_->failed();
  }
  for (TunDevice& device : devices_) {
    for (const std::string& trouble : device.take_down()) {
      say_error(trouble);
      sound_ = false;
    }
  }
  return sound_;
}

void Session::report_lost(PortIndex port, std::error_code why) {
  sound_ = false;
  say_error(fmt::format("{} is gone: {}; was it deleted?", devices_[port].name(),
                        reason_of(why.value())));
}

}  // namespace hop
