#pragma once
// What `hop ping --json` prints: one object.

#include <boost/json/array.hpp>
#include <string>

#include "stack/app/ping.hpp"
#include "tools/client/host.hpp"

namespace hop {

/// Keeps what comes, for one object at the end.
class PingJson : public PingWatcher {
 public:
  explicit PingJson(const ClientHost& host) : host_(host) {}

  void replied(const PingReply& reply) override;
  void reported(std::uint16_t sequence, const ErrorDelivery& delivery) override;
  void failed(std::uint16_t sequence, SendFault why, std::uint16_t mtu) override;

  /// Times are in milliseconds.
  [[nodiscard]] std::string object(const PingOptions& options, const Ping& ping) const;

 private:
  const ClientHost& host_;
  boost::json::array events_;
};

}  // namespace hop
