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
  return fmt::format("{}(New nexthop: {})", what, to_string(Ipv4Address{message.rest}));
}

std::string time_exceeded_text(std::uint8_t code) {
  if (code == std::to_underlying(TimeExceededCode::in_transit)) return "Time to live exceeded";
  if (code == std::to_underlying(TimeExceededCode::reassembly)) {
    return "Frag reassembly time exceeded";
  }
  return fmt::format("Time exceeded, Bad Code: {}", code);
}

struct FaultWords {
  std::string_view name;
  std::string_view text;
};

FaultWords words_of(SendFault fault) {
  switch (fault) {
    case SendFault::no_way:
      return {"no-way", "no route to the destination"};
    case SendFault::not_our_address:
      return {"not-our-address", "the source is no address of the node"};
    case SendFault::too_big:
      return {"too-big", "message too long"};
    case SendFault::queue_full:
      return {"queue-full", "the queue of the first link is full"};
    case SendFault::out_of_memory:
      return {"out-of-memory", "out of memory"};
  }
  std::unreachable();
}

}  // namespace

std::string_view fault_name(SendFault fault) { return words_of(fault).name; }

std::string fault_text(SendFault fault, std::uint16_t mtu) {
  const std::string_view text = words_of(fault).text;
  return fault == SendFault::too_big ? fmt::format("{}, mtu={}", text, mtu) : std::string{text};
}

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
