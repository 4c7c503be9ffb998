#pragma once
// What `hop ping` prints, in the manner of iputils.

#include <string>

#include "stack/app/ping.hpp"
#include "tools/client/host.hpp"

namespace hop {

struct PingStyle {
  bool quiet = false;  ///< the first and the last lines only
  bool flood = false;  ///< a dot for a request, and none for a reply
  bool tell_missing = false;
};

/// "0.123", "1.23", "12.3", "123": milliseconds with three digits that count.
[[nodiscard]] std::string milliseconds_text(Duration duration);
/// What record route and timestamp options recorded; empty without one.
[[nodiscard]] std::string records_text(const Ipv4HeaderView& ip, const Options& options,
                                       const ClientHost& host);

/// Prints to standard output what comes, as it comes.
class PingText : public PingWatcher {
 public:
  /// `options` are those of the ping, and outlive this.
  PingText(const ClientHost& host, PingStyle style, const PingOptions& options)
      : host_(host), style_(style), options_(options) {}

  void begin(const std::string& asked) const;
  void end(const std::string& asked, const Ping& ping) const;

  void sent(std::uint16_t sequence) override;
  void replied(const PingReply& reply) override;
  void reported(std::uint16_t sequence, const ErrorDelivery& delivery) override;
  void failed(std::uint16_t sequence, SendFault why, std::uint16_t mtu) override;
  void waits(std::uint16_t sequence) override;

 private:
  const ClientHost& host_;
  [[nodiscard]] bool is_timed() const;
  void print_records(const PingReply& reply);
  void print_round_trips(const Ping& ping) const;

  PingStyle style_;
  const PingOptions& options_;
  std::vector<Ipv4Address> route_;  // that was recorded last
};

}  // namespace hop
