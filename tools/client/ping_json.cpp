#include "tools/client/ping_json.hpp"

#include <boost/json.hpp>

#include "tools/client/error_text.hpp"
#include "tools/client/json.hpp"

namespace hop {

namespace {

namespace json = boost::json;

json::object statistics_of(const Ping& ping) {
  const PingTotals& totals = ping.totals();
  json::object statistics{{"sent", totals.sent},
                          {"received", totals.received},
                          {"duplicates", totals.duplicates},
                          {"corrupted", totals.corrupted},
                          {"errors", totals.errors}};
  const RoundTrips& trips = ping.round_trips();
  if (trips.count() > 0) {
    statistics["rtt_ms"] = {{"min", json_milliseconds(trips.least())},
                            {"avg", json_milliseconds(trips.mean())},
                            {"max", json_milliseconds(trips.most())},
                            {"mdev", json_milliseconds(trips.deviation())}};
  }
  return statistics;
}

}  // namespace

void PingJson::replied(const PingReply& reply) {
  json::object event{{"event", "reply"},
                     {"sequence", reply.sequence},
                     {"from", json_host(reply.ip.source(), host_)},
                     {"ttl", reply.ip.ttl()},
                     {"bytes", reply.bytes},
                     {"rtt_ms", json_milliseconds(reply.round_trip)},
                     {"duplicate", reply.duplicate}};
  if (reply.wrong_byte) event["wrong_byte"] = *reply.wrong_byte;
  if (reply.options.to_record()) event["records"] = json_records(reply.ip, reply.options);
  events_.push_back(std::move(event));
}

void PingJson::reported(std::uint16_t sequence, const ErrorDelivery& delivery) {
  events_.push_back({{"event", "error"},
                     {"sequence", sequence},
                     {"from", json_host(delivery.error.reporter, host_)},
                     {"ttl", delivery.ip.ttl()},
                     {"error", json_message(delivery.error.message)}});
}

void PingJson::failed(std::uint16_t sequence, SendFault why, std::uint16_t mtu) {
  events_.push_back(
      {{"event", "not-sent"}, {"sequence", sequence}, {"why", fault_name(why)}, {"mtu", mtu}});
}

std::string PingJson::object(const PingOptions& options, const Ping& ping) const {
  return json::serialize(json::object{{"destination", json_host(options.destination, host_)},
                                      {"size", options.size},
                                      {"events", events_},
                                      {"statistics", statistics_of(ping)}});
}

}  // namespace hop
