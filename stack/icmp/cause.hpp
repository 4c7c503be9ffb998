#pragma once
// Why an ICMP error is due, and the message it becomes.

#include <cstdint>
#include <variant>

#include "stack/icmp/policy.hpp"
#include "stack/wire/icmp.hpp"
#include "stack/wire/ipv4_options.hpp"

namespace hop {

struct TtlExpired {};
struct ReassemblyTimeout {};
struct Unreachable {
  UnreachableCode code;
};
/// Too big for the link of `mtu` bytes, and DF is set.
struct FragNeeded {
  std::uint16_t mtu;
};
/// The byte at `pointer` of the header is wrong.
struct BadParameter {
  std::uint8_t pointer;
  ParameterProblemCode code = ParameterProblemCode::pointer;
};
/// The packet lacks an option that it must have.
struct MissingOption {
  OptionType type;
};
struct QueueOverflow {};
/// The sender should have used `gateway`, on its own subnet.
struct BetterNextHop {
  Ipv4Address gateway;
  bool for_tos = false;  ///< for this TOS; another one may have another way
};

using Cause = std::variant<TtlExpired, ReassemblyTimeout, Unreachable, FragNeeded, BadParameter,
                           MissingOption, QueueOverflow, BetterNextHop>;

[[nodiscard]] IcmpMessage message_for(const Cause& cause, const IcmpPolicy& policy);

}  // namespace hop
