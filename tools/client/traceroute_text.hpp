#pragma once
// What `hop traceroute` prints, in the manner of traceroute(8) and as JSON.

#include <boost/json/array.hpp>
#include <optional>
#include <string>

#include "stack/app/traceroute.hpp"
#include "tools/client/host.hpp"

namespace hop {

struct TracerouteStyle {
  bool extensions = false;  ///< show them
  bool back = false;        ///< show how long the way back is where it differs
};

/// "!H", "!N", "!F-1400", "!X", "!<16>": what ends the way early; empty for a TTL that ran out, and
/// for a closed port, which is what a probe looks for.
[[nodiscard]] std::string mark_of(const IcmpMessage& error);
/// How many hops the way back of an answer with this TTL has, if it began with 64, 128 or 255, as
/// most do.
[[nodiscard]] int hops_back(std::uint8_t ttl);

/// Prints each result as soon as it and all before it are there.
class TracerouteText : public TracerouteWatcher {
 public:
  TracerouteText(const ClientHost& host, TracerouteStyle style) : host_(host), style_(style) {}

  void begin(const std::string& asked, const TracerouteOptions& options) const;
  void result(const ProbeResult& result) override;
  static void end();

 private:
  void print_answer(const ProbeResult& result);
  void print_way_back(const ProbeAnswer& answer);

  const ClientHost& host_;
  TracerouteStyle style_;
  std::optional<std::uint8_t> ttl_;     // of the line that is being printed
  std::optional<Ipv4Address> speaker_;  // the last address on it
  int back_ = 0;  // hops back of the last answer, as far as they were looked at
};

/// Keeps the results, for one object at the end.
class TracerouteJson : public TracerouteWatcher {
 public:
  explicit TracerouteJson(const ClientHost& host) : host_(host) {}

  void result(const ProbeResult& result) override;
  /// Times are in milliseconds.
  [[nodiscard]] std::string object(const TracerouteOptions& options,
                                   const Traceroute& traceroute) const;

 private:
  const ClientHost& host_;
  boost::json::array probes_;
};

}  // namespace hop
