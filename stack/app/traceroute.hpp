#pragma once
// Traceroute: probes whose TTL runs out one hop further each time (RFC 1812 section 5.3.1 makes
// every router on the way say so).

#include <cstdint>
#include <optional>
#include <vector>

#include "stack/node/application.hpp"
#include "stack/node/node.hpp"

namespace hop {

enum class ProbeKind : std::uint8_t {
  udp,       ///< to a port of its own each, from 33434 on, where nobody is expected
  udp_port,  ///< all to one port
  icmp,      ///< echo requests
  tcp,       ///< SYN, all to one port
};

/// What traceroute is asked for; the defaults are those of Linux's traceroute(8).
struct TracerouteOptions {
  Ipv4Address destination{};
  std::optional<Ipv4Address> source{};
  ProbeKind kind = ProbeKind::udp;
  std::uint8_t first_ttl = 1;
  std::uint8_t max_ttl = 30;
  unsigned queries = 3;               ///< for each hop
  unsigned at_once = 16;              ///< probes that may be waited for at a time
  std::uint16_t port = 33434;         ///< destination port, the first one of ProbeKind::udp
  std::uint16_t source_port = 40000;  ///< the first one where each probe has its own; identifier
  std::size_t size = 60;              ///< of a whole packet in bytes, if the headers leave room
  std::uint8_t tos = 0;
  bool dont_fragment = false;
  /// Finds the path MTU on the way (RFC 1191): DF, one probe at a time, and one that is too big is
  /// sent again as large as the path takes.
  bool discover_mtu = false;
  Duration wait = std::chrono::seconds{5};  ///< for an answer, at most
  double wait_here = 3;   ///< and no longer than so many times the answer to another of the hop
  double wait_near = 10;  ///< nor than so many times the answer of a later hop; 0 for neither
  Duration pause{};       ///< between probes
  bool old_extensions = false;             ///< looks for those of the layout before RFC 4884 too
  std::vector<std::byte> options{};        ///< of IP
  std::optional<Ipv4Address> first_hop{};  ///< with a source route among the options
};

/// The answer to a probe.
struct ProbeAnswer {
  Ipv4Address from;
  Duration round_trip;
  std::uint8_t ttl;                    ///< of the answer
  std::optional<IcmpMessage> error{};  ///< nothing when the destination itself replied
  bool tcp_open = false;               ///< SYN and ACK
  std::vector<std::byte> extension{};  ///< an ICMP extension structure that is right (RFC 4884)
};

/// What became of a probe.
struct ProbeResult {
  std::uint8_t ttl;
  unsigned query;                       ///< from 0
  std::optional<ProbeAnswer> answer{};  ///< nothing: no answer in time
  std::optional<SendFault> fault{};     ///< it could not be sent
  std::optional<std::uint16_t> mtu{};   ///< of the path, where this probe found it to be smaller
};

/// Whoever watches a traceroute.
class TracerouteWatcher {
 public:
  TracerouteWatcher() = default;
  TracerouteWatcher(const TracerouteWatcher&) = delete;
  TracerouteWatcher& operator=(const TracerouteWatcher&) = delete;
  virtual ~TracerouteWatcher() = default;

  /// In the order of the probes.
  virtual void result(const ProbeResult& result) = 0;
};

/// Traces the way from the node it is started on. Bind it to its keys(), and start it.
class Traceroute : public Application {
 public:
  /// `watcher` outlives it.
  Traceroute(TracerouteOptions options, TracerouteWatcher& watcher);

  [[nodiscard]] std::vector<EndpointKey> keys() const;
  [[nodiscard]] bool done() const { return told_ >= last_; }
  /// Did the destination answer?
  [[nodiscard]] bool reached() const { return reached_; }
  /// Did it, or somebody say that it cannot be reached?
  [[nodiscard]] bool ended() const { return ended_; }

  [[nodiscard]] std::optional<Instant> next_deadline() const override;
  void act(Instant now, Node& node, Outbox& out) override;
  void receive(const Delivery& delivery, Node& node, Outbox& out) override;
  bool error(const ErrorDelivery& delivery, Node& node, Outbox& out) override;

 private:
  struct Probe {
    Instant sent{};
    bool over = false;  // answered, or not waited for any more
    ProbeResult result;
    std::optional<ProbeAnswer> refusal{};  // too big, and not sent again yet
  };

  [[nodiscard]] bool may_send() const;
  [[nodiscard]] Instant expiry(std::size_t number) const;
  [[nodiscard]] Duration patience(std::size_t number) const;
  [[nodiscard]] std::uint16_t source_port(std::size_t number) const;
  [[nodiscard]] std::uint16_t destination_port(std::size_t number) const;
  [[nodiscard]] std::optional<std::size_t> number_of(const Ipv4HeaderView& quoted) const;
  void send(Instant now, Node& node, Outbox& out);
  void dispatch(std::size_t number, Instant now, Node& node, Outbox& out);
  void send_refused_again(Instant now, Node& node, Outbox& out);
  [[nodiscard]] bool shrink_to_path(std::size_t number, Instant now, const Node& node);
  [[nodiscard]] SendResult send_probe(std::size_t number, Instant now, Node& node, Outbox& out);
  [[nodiscard]] std::optional<ExtensionView> extension_of(const ReceivedError& error) const;
  void settle(std::size_t number, ProbeAnswer answer);
  void give_up(Instant now);
  void tell();

  TracerouteOptions options_;
  TracerouteWatcher& watcher_;
  std::vector<Probe> probes_;  // as sent, by number
  std::size_t told_ = 0;       // results that the watcher has
  std::size_t last_;           // probes in all: up to the hop that turned out to be the last
  Instant next_{};
  bool reached_ = false;
  bool ended_ = false;
};

}  // namespace hop
