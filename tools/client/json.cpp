#include "tools/client/json.hpp"

#include <boost/json.hpp>
#include <utility>

#include "tools/client/error_text.hpp"
#include "tools/client/records.hpp"

namespace hop {

namespace json = boost::json;

json::object json_host(Ipv4Address address, const ClientHost& host) {
  json::object object{{"address", to_string(address)}};
  if (const std::string_view name = host.name_of(address); !name.empty()) object["name"] = name;
  return object;
}

double json_milliseconds(Duration duration) {
  return std::chrono::duration<double, std::milli>(duration).count();
}

json::object json_message(const IcmpMessage& message) {
  json::object object{{"type", std::to_underlying(message.type)},
                      {"code", message.code},
                      {"name", name(message.type)},
                      {"text", error_text(message)}};
  if (severity_of(message) == Severity::too_big) object["mtu"] = message.rest & 0xffffU;
  if (message.type == IcmpType::parameter_problem) object["pointer"] = message.rest >> 24U;
  if (message.type == IcmpType::redirect) {
    object["gateway"] = to_string(Ipv4Address{message.rest});
  }
  return object;
}

json::object json_records(const Ipv4HeaderView& ip, const Options& options) {
  json::object records;
  if (options.record_route != 0) {
    json::array route;
    for (const Ipv4Address address : recorded_route(ip, options)) {
      route.emplace_back(to_string(address));
    }
    records["route"] = std::move(route);
  }
  if (options.timestamp != 0) {
    json::array times;
    for (const RecordedTime& time : recorded_times(ip, options)) {
      json::object entry{{"ms", time.milliseconds}};
      if (time.address) entry["address"] = to_string(*time.address);
      times.push_back(std::move(entry));
    }
    records["times"] = std::move(times);
    records["unrecorded"] = unrecorded_hops(ip, options);
  }
  return records;
}

}  // namespace hop
