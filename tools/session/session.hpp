#pragma once
// A running network behind real TUN devices.

#include <boost/asio/io_context.hpp>
#include <cstdio>
#include <functional>
#include <memory>
#include <optional>
#include <vector>

#include "stack/net/topology.hpp"
#include "tools/counters.hpp"
#include "tools/session/capture_tap.hpp"
#include "tools/session/control.hpp"
#include "tools/session/counters_file.hpp"
#include "tools/session/namespaces.hpp"
#include "tools/session/options.hpp"
#include "tools/session/ready.hpp"
#include "tun/workers.hpp"

namespace hop {

/// The network of a topology, its TUN devices and the loop between them, and the socket by which it
/// is asked and changed. The devices are set up by the constructor (which throws TunError or
/// Failure) and taken down by finish() or the destructor.
class Session {
 public:
  Session(boost::asio::io_context& io, Topology topology, const SessionOptions& options,
          ReadyFd ready, Namespaces namespaces);

  /// Of several workers, that of the first.
  [[nodiscard]] Network& network() noexcept { return workers_->network(); }
  [[nodiscard]] const Topology& topology() noexcept { return network().topology(); }
  [[nodiscard]] Instant now() const noexcept { return clock_.now(); }

  /// Packets are answered whenever the io_context runs; whoever waits for --ready-fd is told.
  /// `on_lost` is called when a device is gone, which has been told by then.
  void start(std::function<void()> on_lost);
  /// Makes a change at once. Throws Failure if several workers cannot make it.
  void change(const Change& change);
  /// Shows `observer` what happens from now on; with none, nobody pays for it.
  void observe(const Observer& observer, bool all) { workers_->observe(observer, all); }
  /// How many things it was not shown since this was asked last.
  [[nodiscard]] std::uint64_t take_unseen() noexcept { return workers_->take_unseen(); }
  /// A descriptor of the network namespace of a TUN, of the first for an empty name. Throws Failure
  /// or TunError.
  [[nodiscard]] UniqueFd open_network_of(const std::string& tun) const;
  /// Where the control socket is; empty if there could be none.
  [[nodiscard]] std::string control_path() const { return control_ ? control_->path() : ""; }
  /// What became of all packets so far, on one line.
  [[nodiscard]] std::string counters_json();
  /// What became of all packets so far: a line for each TUN and node that had any.
  void print_counters(std::FILE* to);
  /// Answers what the devices still hold, writes the counters and takes everything down, once the
  /// io_context has returned from its last run. Was nothing wrong all along: no device lost,
  /// capture and counters complete, everything taken down?
  [[nodiscard]] bool finish();

 private:
  [[nodiscard]] std::vector<NamedGroup> tun_counters(const Tally& tally) const;
  void stop_workers();
  void report_lost(PortIndex port, std::error_code why);
  void follow(Instant at, const Change& change);

  ReadyFd ready_;
  std::unique_ptr<CaptureTap> capture_;        // null for none
  std::optional<CountersFile> counters_file_;  // none if nobody wants it
  Namespaces namespaces_;
  WallClock clock_;
  std::vector<TunDevice> devices_;
  std::vector<bool> lost_;  // of each device: has that been told?
  std::optional<Workers> workers_;
  std::unique_ptr<SessionControl> control_;  // null for none
  bool sound_ = true;
};

}  // namespace hop
