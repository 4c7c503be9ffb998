#include "stack/icmp/cause.hpp"

#include <utility>

namespace hop {
namespace {

struct ToMessage {
  const IcmpPolicy& policy;

  IcmpMessage operator()(const TtlExpired& /*cause*/) const {
    return {IcmpType::time_exceeded, std::to_underlying(TimeExceededCode::in_transit)};
  }
  IcmpMessage operator()(const ReassemblyTimeout& /*cause*/) const {
    return {IcmpType::time_exceeded, std::to_underlying(TimeExceededCode::reassembly)};
  }
  IcmpMessage operator()(const Unreachable& cause) const {
    return {IcmpType::dest_unreachable, std::to_underlying(cause.code)};
  }
  // RFC 1191 section 4: the next-hop MTU in the low 16 bits; before it they were unused.
  IcmpMessage operator()(const FragNeeded& cause) const {
    return {IcmpType::dest_unreachable, std::to_underlying(UnreachableCode::frag_needed),
            policy.next_hop_mtu.value_or(cause.mtu)};
  }
  // RFC 792: the pointer is the first byte of the second word.
  IcmpMessage operator()(const BadParameter& cause) const {
    return {IcmpType::parameter_problem, std::to_underlying(cause.code),
            std::uint32_t{cause.pointer} << 24U};
  }
  // RFC 1108 section 2.8.1: the pointer is the type of the missing option.
  IcmpMessage operator()(const MissingOption& cause) const {
    return {IcmpType::parameter_problem,
            std::to_underlying(ParameterProblemCode::missing_required_option),
            std::uint32_t{std::to_underlying(cause.type)} << 24U};
  }
  IcmpMessage operator()(const QueueOverflow& /*cause*/) const { return {IcmpType::source_quench}; }
  // RFC 1812 section 5.2.7.2: never a redirect for a network, and code 1 in place of 3 by default.
  IcmpMessage operator()(const BetterNextHop& cause) const {
    const bool for_tos = cause.for_tos && policy.tos_redirects;
    return {IcmpType::redirect,
            std::to_underlying(for_tos ? RedirectCode::tos_host : RedirectCode::host),
            cause.gateway.value};
  }
};

}  // namespace

IcmpMessage message_for(const Cause& cause, const IcmpPolicy& policy) {
  return std::visit(ToMessage{policy}, cause);
}

}  // namespace hop
