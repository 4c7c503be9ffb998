#pragma once
// The open TCP ports of a node: RFC 9293 section 3.10.7 around its connections.

#include <optional>
#include <vector>

#include "stack/app/tcp_connection.hpp"
#include "stack/base/random.hpp"
#include "stack/ip/filter.hpp"
#include "stack/ip/reply_options.hpp"
#include "stack/node/application.hpp"
#include "stack/node/node.hpp"

namespace hop {

/// Accepts connections at all ports that it is bound to. Start it, too: it has timers. It has at
/// most kMostConnections; then the one that is worth least gives way to a new one, so that a flood
/// of SYNs does not lock others out.
class TcpServer : public Application {
 public:
  static constexpr std::size_t kMostConnections = 1024;

  /// Connections to `sinks` stay open until the peer closes, others until data come.
  TcpServer(std::vector<PortRange> sinks, Random secret)
      : sinks_(std::move(sinks)), secret_(secret) {}

  [[nodiscard]] std::size_t connections() const { return entries_.size(); }

  [[nodiscard]] std::optional<Instant> next_deadline() const override { return next_; }
  void act(Instant now, Node& node, Outbox& out) override;
  void receive(const Delivery& delivery, Node& node, Outbox& out) override;
  bool error(const ErrorDelivery& delivery, Node& node, Outbox& out) override;

 private:
  struct Sockets {
    Ipv4Address local, remote;
    std::uint16_t local_port, remote_port;
    bool operator==(const Sockets&) const = default;
  };
  struct Entry {
    Sockets sockets;
    TcpConnection connection;
    std::uint64_t heard;   // which segment was the last of it: many come at one instant
    ReplyOptions route{};  // the return route (RFC 9293 section 3.9.2.1, MUST-53)
  };

  [[nodiscard]] Entry* find(const Sockets& sockets);
  void listen(const Delivery& delivery, const Sockets& sockets, Node& node, Outbox& out);
  void accept(const Delivery& delivery, const Sockets& sockets, std::uint32_t initial_sequence,
              Node& node, Outbox& out);
  void take(Entry& entry, const Delivery& delivery, Node& node, Outbox& out);
  void remove(Entry& entry, TcpState before, Node& node);
  void make_room();
  void wake_at(std::optional<Instant> deadline);
  [[nodiscard]] std::uint32_t initial_sequence(const Sockets& sockets, Instant now) const;
  [[nodiscard]] TcpService service_of(std::uint16_t port) const;
  static void send(const Entry& entry, const TcpControl& segment, Instant now, Node& node,
                   Outbox& out);

  std::vector<PortRange> sinks_;
  Random secret_;
  std::vector<Entry> entries_;
  std::uint64_t segments_ = 0;
  std::optional<Instant> next_;  // not later than the first deadline
};

}  // namespace hop
