#include "tools/client/error_text.hpp"

#include <fmt/format.h>

#include <array>
#include <utility>

#include "stack/wire/ipv4_address.hpp"

namespace hop {

namespace {

constexpr std::array<std::string_view, kUnreachableCodes> kUnreachable{
    "Destination Net Unreachable",
    "Destination Host Unreachable",
    "Destination Protocol Unreachable",
    "Destination Port Unreachable",
    "Frag needed and DF set",
    "Source Route Failed",
    "Destination Net Unknown",
    "Destination Host Unknown",
    "Source Host Isolated",
    "Destination Net Prohibited",
    "Destination Host Prohibited",
    "Destination Net Unreachable for Type of Service",
    "Destination Host Unreachable for Type of Service",
    "Packet filtered",
    "Precedence Violation",
    "Precedence Cutoff"};

std::string unreachable_text(const IcmpMessage& message) {
  if (message.code >= kUnreachable.size()) {
    return fmt::format("Dest Unreachable, Bad Code: {}", message.code);
  }
  const bool is_frag_needed = message.code == std::to_underlying(UnreachableCode::frag_needed);
  return is_frag_needed
             ? fmt::format("{} (mtu = {})", kUnreachable[message.code], message.rest & 0xffffU)
             : std::string{kUnreachable[message.code]};
}

std::string redirect_text(const IcmpMessage& message) {
  static constexpr std::array<std::string_view, 4> kWhat{"Redirect Network", "Redirect Host",
                                                         "Redirect Type of Service and Network",
                                                         "Redirect Type of Service and Host"};
  const std::string what = message.code < kWhat.size()
                               ? std::string{kWhat[message.code]}
                               : fmt::format("Redirect, Bad Code: {}", message.code);
  return fmt::format("{} (New nexthop: {})", what, to_string(Ipv4Address{message.rest}));
}

std::string time_exceeded_text(std::uint8_t code) {
  if (code == std::to_underlying(TimeExceededCode::in_transit)) return "Time to live exceeded";
  if (code == std::to_underlying(TimeExceededCode::reassembly)) {
    return "Frag reassembly time exceeded";
  }
  return fmt::format("Time exceeded, Bad Code: {}", code);
}

}  // namespace

std::string error_text(const IcmpMessage& message) {
  if (message.type == IcmpType::dest_unreachable) return unreachable_text(message);
  if (message.type == IcmpType::redirect) return redirect_text(message);
  if (message.type == IcmpType::time_exceeded) return time_exceeded_text(message.code);
  if (message.type == IcmpType::parameter_problem) {
    return fmt::format("Parameter problem: pointer = {}", message.rest >> 24U);
  }
  return fmt::format("ICMP type {} code {}", std::to_underlying(message.type), message.code);
}

}  // namespace hop
