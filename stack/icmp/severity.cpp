#include "stack/icmp/severity.hpp"

namespace hop {
namespace {

Severity severity_of_unreachable(UnreachableCode code) {
  switch (code) {
    case UnreachableCode::net_unreachable:
    case UnreachableCode::host_unreachable:
    case UnreachableCode::source_route_failed:
    case UnreachableCode::net_unreachable_for_tos:
    case UnreachableCode::host_unreachable_for_tos:
      return Severity::hint;
    case UnreachableCode::frag_needed:
      return Severity::too_big;
    case UnreachableCode::protocol_unreachable:
    case UnreachableCode::port_unreachable:
    case UnreachableCode::net_unknown:
    case UnreachableCode::host_unknown:
    case UnreachableCode::source_host_isolated:
    case UnreachableCode::net_prohibited:
    case UnreachableCode::host_prohibited:
    case UnreachableCode::admin_prohibited:
    case UnreachableCode::host_precedence_violation:
    case UnreachableCode::precedence_cutoff:
      return Severity::final;
  }
  return Severity::hint;  // codes of the future
}

}  // namespace

Severity severity_of(const IcmpMessage& error) {
  if (error.type == IcmpType::dest_unreachable) {
    return severity_of_unreachable(static_cast<UnreachableCode>(error.code));
  }
  return error.type == IcmpType::redirect ? Severity::other_way : Severity::hint;
}

}  // namespace hop
