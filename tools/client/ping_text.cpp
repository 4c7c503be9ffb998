#include "tools/client/ping_text.hpp"

#include <fmt/format.h>

#include <cstdio>

#include "tools/client/error_text.hpp"
#include "tools/client/numbers.hpp"
#include "tools/client/records.hpp"
#include "tools/say.hpp"

namespace hop {

namespace {

double milliseconds(Duration duration) {
  return std::chrono::duration<double, std::milli>(duration).count();
}

std::string route_text(const Ipv4HeaderView& ip, const Options& options, const ClientHost& host) {
  std::string text = "\nRR: ";
  for (const Ipv4Address address : recorded_route(ip, options)) {
    text += fmt::format("\t{}\n", host.text_of(address));
  }
  return text;
}

/// The first time in full, the others as what has passed since the one before.
std::string times_text(const Ipv4HeaderView& ip, const Options& options, const ClientHost& host) {
  std::string text = "\nTS: ";
  std::optional<std::uint32_t> before;
  for (const RecordedTime& time : recorded_times(ip, options)) {
    if (time.address) text += fmt::format("\t{}", host.text_of(*time.address));
    text += before ? fmt::format("\t{}\n", static_cast<std::int32_t>(time.milliseconds - *before))
                   : fmt::format("\t{} absolute\n", time.milliseconds);
    before = time.milliseconds;
  }
  const unsigned unrecorded = unrecorded_hops(ip, options);
  return unrecorded == 0 ? text : text + fmt::format("Unrecorded hops: {}\n", unrecorded);
}

/// Without so much data iputils has no room for the time of a request (a timeval), and tells none.
constexpr std::size_t kTimeSize = 16;

}  // namespace

std::string milliseconds_text(Duration duration) {
  const double value = milliseconds(duration);
  const int digits = value >= 99.95 ? 0 : value >= 9.995 ? 1 : value >= 0.9995 ? 2 : 3;
  return fmt::format("{:.{}f}", value, digits);
}

std::string records_text(const Ipv4HeaderView& ip, const Options& options, const ClientHost& host) {
  std::string text;
  if (options.record_route != 0) text += route_text(ip, options, host);
  if (options.timestamp != 0) text += times_text(ip, options, host);
  return text;
}

void PingText::begin(const std::string& asked) const {
  const std::size_t whole = kIpv4MinHeader + options_.options.size() + kIcmpHeader + options_.size;
  const std::string from =
      options_.source ? fmt::format("from {} : ", to_string(*options_.source)) : "";
  if (!options_.pattern.empty()) fmt::print("PATTERN: 0x{}\n", hex_text(options_.pattern));
  fmt::print("PING {} ({}) {}{}({}) bytes of data.\n", asked, to_string(options_.destination), from,
             options_.size, whole);
}

bool PingText::is_timed() const { return options_.size >= kTimeSize; }

void PingText::sent(std::uint16_t /*sequence*/) {
  if (!style_.flood || style_.quiet) return;
  fmt::print(".");
  std::fflush(stdout);
}

void PingText::replied(const PingReply& reply) {
  if (style_.quiet) return;
  if (style_.flood) {
    if (!reply.duplicate) fmt::print("\b \b");
    std::fflush(stdout);
    return;
  }
  fmt::print("{} bytes from {}: icmp_seq={} ttl={}", reply.bytes, host_.text_of(reply.ip.source()),
             reply.sequence, reply.ip.ttl());
  if (is_timed()) fmt::print(" time={} ms", milliseconds_text(reply.round_trip));
  if (reply.duplicate) fmt::print(" (DUP!)");
  if (reply.shortened) fmt::print(" (truncated)");
  if (reply.wrong_byte) fmt::print(" (wrong data byte #{})", *reply.wrong_byte);
  print_records(reply);
  fmt::print("\n");
  std::fflush(stdout);  // whoever reads a pipe sees it when it happens
}

/// A route that is that of the reply before is not told again.
void PingText::print_records(const PingReply& reply) {
  auto route = recorded_route(reply.ip, reply.options);
  if (!route.empty() && route == route_) {
    fmt::print("\t(same route)");
  } else {
    fmt::print("{}", records_text(reply.ip, reply.options, host_));
  }
  route_ = std::move(route);
}

void PingText::reported(std::uint16_t sequence, const ErrorDelivery& delivery) {
  const bool is_redirect = delivery.severity == Severity::other_way;  // no error
  if (style_.quiet || (style_.flood && is_redirect)) return;
  if (style_.flood) {
    fmt::print("\bE");
  } else {
    fmt::print("From {}{} icmp_seq={} {}\n", host_.text_of(delivery.error.reporter),
               is_redirect ? ":" : "", sequence, error_text(delivery.error.message));
  }
  std::fflush(stdout);
}

void PingText::failed(std::uint16_t /*sequence*/, SendFault why, std::uint16_t mtu) {
  std::fflush(stdout);
  say_error(fmt::format("local error: {}", fault_text(why, mtu)));
}

void PingText::waits(std::uint16_t sequence) {
  if (style_.tell_missing && !style_.quiet && !style_.flood) {
    fmt::print("no answer yet for icmp_seq={}\n", sequence);
  }
}

void PingText::end(const std::string& asked, const Ping& ping) const {
  const PingTotals& totals = ping.totals();
  const Duration time = totals.begun ? totals.last - *totals.begun : Duration{};
  fmt::print("\n--- {} ping statistics ---\n{} packets transmitted, {} received", asked,
             totals.sent, totals.received);
  if (totals.duplicates > 0) fmt::print(", +{} duplicates", totals.duplicates);
  if (totals.corrupted > 0) fmt::print(", +{} corrupted", totals.corrupted);
  if (totals.errors > 0) fmt::print(", +{} errors", totals.errors);
  if (totals.sent > 0) {
    const double lost = static_cast<double>(totals.sent - totals.received) * 100;
    fmt::print(", {:.6g}% packet loss, time {:.0f}ms", lost / static_cast<double>(totals.sent),
               std::floor(milliseconds(time)));
  }
  fmt::print("\n");
  print_round_trips(ping);
}

/// What there is of times, pipe and pace; an empty line if nothing is.
void PingText::print_round_trips(const Ping& ping) const {
  const PingTotals& totals = ping.totals();
  const RoundTrips& trips = ping.round_trips();
  std::vector<std::string> parts;
  if (trips.count() > 0 && is_timed()) {
    parts.push_back(fmt::format("rtt min/avg/max/mdev = {:.3f}/{:.3f}/{:.3f}/{:.3f} ms",
                                milliseconds(trips.least()), milliseconds(trips.mean()),
                                milliseconds(trips.most()), milliseconds(trips.deviation())));
  }
  if (totals.pipe > 1) parts.push_back(fmt::format("pipe {}", totals.pipe));
  const bool hurries = options_.at_once || options_.interval == Duration{};
  if (hurries && totals.received > 0 && totals.sent > 1) {
    const double gap = milliseconds(totals.last - *totals.begun);
    parts.push_back(fmt::format("ipg/ewma {:.3f}/{:.3f} ms",
                                gap / static_cast<double>(totals.sent - 1),
                                is_timed() ? milliseconds(trips.moving_average()) : 0));
  }
  fmt::print("{}\n", fmt::join(parts, ", "));
}

}  // namespace hop
