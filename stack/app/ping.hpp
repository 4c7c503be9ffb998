#pragma once
// Ping: echo requests, and what comes back (RFC 792, RFC 1122 section 3.2.2.6).

#include <cstdint>
#include <optional>
#include <vector>

#include "stack/app/round_trips.hpp"
#include "stack/node/application.hpp"
#include "stack/node/node.hpp"

namespace hop {

/// When a request may not be fragmented, in the words of `ping -M`.
enum class PathMtuPolicy : std::uint8_t {
  want,   ///< DF on what fits the path, as far as that is known; fragments of the rest
  need,   ///< "do": DF on all; what is larger than the path is not sent
  probe,  ///< DF on all, whatever is known of the path
  dont,   ///< no DF
};

/// Between two requests but those of the preload: on links without delay time would stand still.
inline constexpr Duration kLeastPingInterval = std::chrono::milliseconds{1};

/// What ping is asked for; the defaults are those of iputils.
struct PingOptions {
  Ipv4Address destination{};
  std::optional<Ipv4Address> source{};
  std::uint16_t identifier = 1;
  std::optional<std::uint64_t> count{};  ///< requests; without it until the deadline, or stop()
  Duration interval = std::chrono::seconds{1};  ///< and never less than kLeastPingInterval
  std::uint64_t preload = 1;                    ///< requests that are sent at once at the start
  bool at_once = false;  ///< the next request follows a reply at once (adaptive, flood)
  /// How long replies are waited for after the last request when none has come at all; otherwise
  /// two of the longest round trips.
  Duration linger = std::chrono::seconds{10};
  /// Ends all, however many requests or replies there were; so does the first error. With it
  /// `count` is that of replies.
  std::optional<Duration> deadline{};
  std::size_t size = 56;             ///< of the data
  std::vector<std::byte> pattern{};  ///< repeated as data; without it 0, 1, 2 ...
  std::optional<std::uint8_t> ttl{};
  std::uint8_t tos = 0;
  PathMtuPolicy path_mtu = PathMtuPolicy::want;
  std::vector<std::byte> options{};  ///< of IP
};

/// A reply to one of the requests. Views are good for the call only.
struct PingReply {
  std::uint16_t sequence;
  Ipv4HeaderView ip;
  Options options;                        ///< of `ip`
  std::size_t bytes;                      ///< of ICMP
  Duration round_trip;                    ///< since the request
  bool duplicate;                         ///< not the first reply to this request
  bool shortened;                         ///< less data than was sent
  std::optional<std::size_t> wrong_byte;  ///< of the data: the first that is not as it was sent
};

/// Whoever watches a ping.
class PingWatcher {
 public:
  PingWatcher() = default;
  PingWatcher(const PingWatcher&) = delete;
  PingWatcher& operator=(const PingWatcher&) = delete;
  virtual ~PingWatcher() = default;

  virtual void sent(std::uint16_t /*sequence*/) {}
  virtual void replied(const PingReply& reply) = 0;
  virtual void reported(std::uint16_t sequence, const ErrorDelivery& delivery) = 0;
  /// A request could not be sent; `mtu` is that of the path.
  virtual void failed(std::uint16_t sequence, SendFault why, std::uint16_t mtu) = 0;
  /// The next request is due, and nothing has come for this one.
  virtual void waits(std::uint16_t /*sequence*/) {}
};

struct PingTotals {
  std::uint64_t sent = 0;
  std::uint64_t received = 0;    ///< first replies
  std::uint64_t duplicates = 0;  ///< further ones
  std::uint64_t corrupted = 0;   ///< of the received, those with wrong data
  std::uint64_t errors = 0;      ///< ICMP errors, and requests that could not be sent
  std::uint64_t pipe = 0;        ///< most requests that were under way when one was answered
  std::optional<Instant> begun{};
  Instant last{};  ///< when the last request was sent or reply came
};

/// Pings from the node it is started on. Bind it to its key(), which is the identifier of its
/// requests, and start it.
class Ping : public Application {
 public:
  /// `watcher` outlives it.
  Ping(PingOptions options, PingWatcher& watcher);

  [[nodiscard]] EndpointKey key() const;
  [[nodiscard]] bool done() const { return done_; }
  [[nodiscard]] const PingTotals& totals() const { return totals_; }
  [[nodiscard]] const RoundTrips& round_trips() const { return trips_; }

  [[nodiscard]] std::optional<Instant> next_deadline() const override;
  void act(Instant now, Node& node, Outbox& out) override;
  void receive(const Delivery& delivery, Node& node, Outbox& out) override;
  bool error(const ErrorDelivery& delivery, Node& node, Outbox& out) override;

 private:
  struct Request {
    Instant at{};
    bool answered = false;
  };

  [[nodiscard]] bool is_last_sent() const;
  [[nodiscard]] std::optional<Instant> end() const;
  [[nodiscard]] Request* find(std::uint16_t sequence);
  void tell_if_waiting(Instant now);
  void send(Instant now, Node& node, Outbox& out);
  [[nodiscard]] SendResult send_request(std::uint16_t sequence, std::uint16_t mtu, Instant now,
                                        Node& node, Outbox& out);
  void count_error();
  void note_pipe(std::uint16_t answered);
  void end_if_all_answered();

  PingOptions options_;
  PingWatcher& watcher_;
  std::vector<std::byte> data_;
  std::vector<Request> requests_;  // by sequence, which wraps
  PingTotals totals_;
  RoundTrips trips_;
  Instant next_{};  // request
  Instant last_request_{};
  bool done_ = false;
};

}  // namespace hop
