#include "tools/client/traceroute_text.hpp"

#include <fmt/format.h>

#include <array>
#include <boost/json.hpp>
#include <cstdio>
#include <utility>

#include "tools/client/error_text.hpp"
#include "tools/client/extension_text.hpp"
#include "tools/client/json.hpp"

namespace hop {

namespace {

namespace json = boost::json;

// As traceroute(8) marks the codes; a closed port is what a probe looks for.
constexpr std::array<std::string_view, kUnreachableCodes> kMarks{
    "!N", "!H", "!P", "", "!F", "!S", "!N", "!H", "!N", "!X", "!X", "!N", "!H", "!X", "!V", "!C"};

std::string unreachable_mark(const IcmpMessage& error) {
  if (error.code >= kMarks.size()) return fmt::format("!<{}>", error.code);
  const std::string mark{kMarks[error.code]};
  const bool is_frag_needed = error.code == std::to_underlying(UnreachableCode::frag_needed);
  return is_frag_needed ? fmt::format("{}-{}", mark, error.rest & 0xffffU) : mark;
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

int hops_back(std::uint8_t ttl) {
  const int first = ttl <= 64 ? 64 : ttl <= 128 ? 128 : 255;
  return first - ttl + 1;
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
    back_ = 0;
  }
  if (result.answer) {
    print_answer(result);
  } else {
    fmt::print(" {}", result.fault == SendFault::too_big ? "!F" : result.fault ? "!" : "*");
  }
  std::fflush(stdout);
}

void TracerouteText::print_answer(const ProbeResult& result) {
  const ProbeAnswer& answer = *result.answer;
  if (speaker_ != answer.from) {
    fmt::print(" {}", speaker_text(answer.from, host_));
    speaker_ = answer.from;
    const auto extension = ExtensionView::parse(answer.extension);
    if (style_.extensions && extension) fmt::print(" <{}>", extension_text(*extension));
  }
  if (style_.back) print_way_back(answer);
  fmt::print("  {:.3f} ms", json_milliseconds(answer.round_trip));
  if (answer.tcp_open) fmt::print(" <open>");
  if (result.mtu) fmt::print(" F={}", *result.mtu);
  const std::string mark = answer.error ? mark_of(*answer.error) : "";
  if (!mark.empty()) fmt::print(" {}", mark);
}

void TracerouteText::print_way_back(const ProbeAnswer& answer) {
  const int back = hops_back(answer.ttl);
  if (back != *ttl_ && back != back_) fmt::print(" '-{}'", back);
  back_ = back;
}

void TracerouteText::end() { fmt::print("\n"); }

void TracerouteJson::result(const ProbeResult& result) {
  json::object probe{{"ttl", result.ttl}, {"query", result.query + 1}};
  if (result.mtu) probe["mtu"] = *result.mtu;
  if (result.fault) probe["not_sent"] = fault_name(*result.fault);
  if (result.answer) {
    const ProbeAnswer& answer = *result.answer;
    probe["from"] = json_host(answer.from, host_);
    probe["rtt_ms"] = json_milliseconds(answer.round_trip);
    probe["answer_ttl"] = answer.ttl;
    probe["hops_back"] = hops_back(answer.ttl);
    if (answer.error) probe["error"] = json_message(*answer.error);
    const auto extension = ExtensionView::parse(answer.extension);
    if (extension) probe["extensions"] = extension_json(*extension);
  }
  probes_.push_back(std::move(probe));
}

std::string TracerouteJson::object(const TracerouteOptions& options,
                                   const Traceroute& traceroute) const {
  return json::serialize(json::object{{"destination", json_host(options.destination, host_)},
                                      {"max_hops", options.max_ttl},
                                      {"probes", probes_},
                                      {"reached", traceroute.reached()},
                                      {"ended", traceroute.ended()}});
}

}  // namespace hop
