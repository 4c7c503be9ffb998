#pragma once
// Where a client runs: a node of a network, in virtual or in real time.

#include <boost/asio/io_context.hpp>
#include <boost/asio/signal_set.hpp>
#include <functional>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "stack/net/network.hpp"
#include "tools/capture.hpp"
#include "tools/client/options.hpp"
#include "tools/session/session.hpp"

namespace hop {

/// A node of a topology that a client can be run on. What a user may get wrong throws Failure.
class ClientHost {
 public:
  /// Reads the topology, and with `live` sets up its TUN devices.
  explicit ClientHost(const ClientOptions& options);

  /// The address that `text` stands for: itself, or that of the node of this name.
  [[nodiscard]] Ipv4Address resolve(const std::string& text) const;
  /// The node that has `address`; empty when there is none.
  [[nodiscard]] std::string_view name_of(Ipv4Address address) const;
  /// "r2 (198.18.0.2)", or "198.18.0.2" when no node has it or names are not wanted.
  [[nodiscard]] std::string text_of(Ipv4Address address) const;
  /// Are names of nodes not wanted?
  [[nodiscard]] bool numeric() const noexcept { return numeric_; }
  /// The node of the client.
  [[nodiscard]] Node& node() { return network().node(node_); }
  /// Of a subnet of the node, or of all.
  [[nodiscard]] bool is_broadcast(Ipv4Address address);
  /// Throws Failure when it cannot send `what`: there is no way, or the source, which `option` of
  /// the command line gave, is not its own.
  void check_way(Outgoing what, std::string_view option);

  /// Runs `client`, which gets what comes for `keys`, until `done` or an interrupt.
  void run(Application& client, std::span<const EndpointKey> keys,
           const std::function<bool()>& done);

 private:
  [[nodiscard]] Instant now() const { return session_ ? session_->now() : Instant{}; }
  [[nodiscard]] Network& network() { return session_ ? session_->network() : *virtual_; }
  void capture_to(const std::string& path);
  void run_virtual(const std::function<bool()>& over);
  void run_live(const std::function<bool()>& over);

  Topology topology_;
  bool numeric_;
  std::size_t node_ = 0;
  boost::asio::io_context io_;
  boost::asio::signal_set interrupts_;
  bool interrupted_ = false;
  std::optional<CaptureWriter> capture_;
  std::optional<Network> virtual_;  // one of these two
  std::optional<Session> session_;
};

}  // namespace hop
