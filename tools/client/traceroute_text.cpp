#include "tools/client/traceroute_text.hpp"

#include <fmt/format.h>

#include <boost/json.hpp>
#include <cstdio>
#include <utility>

#include "tools/client/error_text.hpp"
#include "tools/client/extension_text.hpp"
#include "tools/client/json.hpp"

namespace hop {

namespace {

namespace json = boost::json;

std::string unreachable_mark(const IcmpMessage& error) {
  switch (static_cast<UnreachableCode>(error.code)) {
    case UnreachableCode::net_unreachable:
      return "!N";
    case UnreachableCode::host_unreachable:
      return "!H";
    case UnreachableCode::protocol_unreachable:
      return "!P";
    case UnreachableCode::port_unreachable:
      return "";
    case UnreachableCode::frag_needed:
      return fmt::format("!F-{}", error.rest & 0xffffU);
    case UnreachableCode::source_route_failed:
      return "!S";
    case UnreachableCode::admin_prohibited:
      return "!X";
    case UnreachableCode::host_precedence_violation:
      return "!V";
    case UnreachableCode::precedence_cutoff:
      return "!C";
    case UnreachableCode::net_unknown:
    case UnreachableCode::host_unknown:
    case UnreachableCode::source_host_isolated:
    case UnreachableCode::net_prohibited:
    case UnreachableCode::host_prohibited:
    case UnreachableCode::net_unreachable_for_tos:
    case UnreachableCode::host_unreachable_for_tos:
      break;
  }
  return fmt::format("!<{}>", error.code);
}

std::string speaker_text(Ipv4Address address, const ClientHost& host) {
  const std::string text = host.text_of(address);
  return host.numeric() || text.ends_with(')') ? text : fmt::format("{0} ({0})", text);
}

}  // namespace

std::string mark_of(const IcmpMessage& error) {
  if (error.type == IcmpType::dest_unreachable) return unreachable_mark(error);
  if (error.type == IcmpType::time_exceeded && error.code == 0) return "";
  return fmt::format("!<{}-{}>", std::to_underlying(error.type), error.code);
}

void TracerouteText::begin(const std::string& asked, const TracerouteOptions& options) const {
  fmt::print("traceroute to {} ({}), {} hops max, {} byte packets", asked,
             to_string(options.destination), options.max_ttl, options.size);
  std::fflush(stdout);
}

void TracerouteText::result(const ProbeResult& result) {
  if (ttl_ != result.ttl) {
    fmt::print("\n{:2} ", result.ttl);
    ttl_ = result.ttl;
    speaker_.reset();
  }
  if (result.answer) {
    print_answer(*result.answer);
  } else {
    fmt::print(" {}", result.fault == SendFault::too_big ? "!F" : result.fault ? "!" : "*");
  }
  std::fflush(stdout);
}

void TracerouteText::print_answer(const ProbeAnswer& answer) {
  if (speaker_ != answer.from) {
    fmt::print(" {}", speaker_text(answer.from, host_));
    speaker_ = answer.from;
    const auto extension = ExtensionView::parse(answer.extension);
    if (extensions_ && extension) fmt::print(" <{}>", extension_text(*extension));
  }
  fmt::print("  {:.3f} ms", json_milliseconds(answer.round_trip));
  if (answer.tcp_open) fmt::print(" <open>");
  const std::string mark = answer.error ? mark_of(*answer.error) : "";
  if (!mark.empty()) fmt::print(" {}", mark);
}

void TracerouteText::end() { fmt::print("\n"); }

void TracerouteJson::result(const ProbeResult& result) {
  json::object probe{{"ttl", result.ttl}, {"query", result.query + 1}};
  if (result.fault) probe["not_sent"] = fault_name(*result.fault);
  if (result.answer) {
    const ProbeAnswer& answer = *result.answer;
    probe["from"] = json_host(answer.from, host_);
    probe["rtt_ms"] = json_milliseconds(answer.round_trip);
    probe["answer_ttl"] = answer.ttl;
    if (answer.error) probe["error"] = json_message(*answer.error);
    const auto extension = ExtensionView::parse(answer.extension);
    if (extension) probe["extensions"] = extension_json(*extension);
  }
  probes_.push_back(std::move(probe));
}

std::string TracerouteJson::object(const TracerouteOptions& options, bool reached) const {
  return json::serialize(json::object{{"destination", json_host(options.destination, host_)},
                                      {"max_hops", options.max_ttl},
                                      {"probes", probes_},
                                      {"reached", reached}});
}

}  // namespace hop
