#pragma once
// Every ICMP type and code of IANA's table, with its names.
// https://www.iana.org/assignments/icmp-parameters

#include <array>
#include <cstdint>
#include <optional>
#include <string_view>

namespace hop {

/// ICMP types, spelled as in packetdrill. The underlying value is the number on the wire; types
/// without a name here are unassigned.
enum class IcmpType : std::uint8_t {
  echo_reply = 0,                    // RFC 792
  dest_unreachable = 3,              // RFC 792
  source_quench = 4,                 // RFC 792, deprecated by RFC 6633
  redirect = 5,                      // RFC 792
  alternate_host_address = 6,        // deprecated by RFC 6918
  echo = 8,                          // RFC 792
  router_advertisement = 9,          // RFC 1256
  router_solicitation = 10,          // RFC 1256
  time_exceeded = 11,                // RFC 792
  parameter_problem = 12,            // RFC 792
  timestamp = 13,                    // RFC 792
  timestamp_reply = 14,              // RFC 792
  information_request = 15,          // RFC 792, deprecated by RFC 6918
  information_reply = 16,            // RFC 792, deprecated by RFC 6918
  address_mask_request = 17,         // RFC 950, deprecated by RFC 6918
  address_mask_reply = 18,           // RFC 950, deprecated by RFC 6918
  traceroute = 30,                   // RFC 1393, deprecated by RFC 6918
  conversion_error = 31,             // RFC 1475, deprecated by RFC 6918
  mobile_host_redirect = 32,         // deprecated by RFC 6918
  ipv6_where_are_you = 33,           // deprecated by RFC 6918
  ipv6_i_am_here = 34,               // deprecated by RFC 6918
  mobile_registration_request = 35,  // deprecated by RFC 6918
  mobile_registration_reply = 36,    // deprecated by RFC 6918
  domain_name_request = 37,          // RFC 1788, deprecated by RFC 6918
  domain_name_reply = 38,            // RFC 1788, deprecated by RFC 6918
  skip = 39,                         // deprecated by RFC 6918
  photuris = 40,                     // RFC 2521
  experimental_mobility = 41,        // RFC 4065
  extended_echo = 42,                // RFC 8335
  extended_echo_reply = 43,          // RFC 8335
  experiment_1 = 253,                // RFC 4727
  experiment_2 = 254,                // RFC 4727
};

/// Codes of type 3.
enum class UnreachableCode : std::uint8_t {
  net_unreachable = 0,             // RFC 792
  host_unreachable = 1,            // RFC 792
  protocol_unreachable = 2,        // RFC 792
  port_unreachable = 3,            // RFC 792
  frag_needed = 4,                 // RFC 792, next-hop MTU: RFC 1191
  source_route_failed = 5,         // RFC 792
  net_unknown = 6,                 // RFC 1122
  host_unknown = 7,                // RFC 1122
  source_host_isolated = 8,        // RFC 1122
  net_prohibited = 9,              // RFC 1122
  host_prohibited = 10,            // RFC 1122
  net_unreachable_for_tos = 11,    // RFC 1122
  host_unreachable_for_tos = 12,   // RFC 1122
  admin_prohibited = 13,           // RFC 1812
  host_precedence_violation = 14,  // RFC 1812
  precedence_cutoff = 15,          // RFC 1812
};
inline constexpr std::uint8_t kUnreachableCodes = 16;

/// Codes of type 5.
enum class RedirectCode : std::uint8_t { net = 0, host = 1, tos_net = 2, tos_host = 3 };

/// Codes of type 11.
enum class TimeExceededCode : std::uint8_t { in_transit = 0, reassembly = 1 };

/// Codes of type 12.
enum class ParameterProblemCode : std::uint8_t {
  pointer = 0,                  // RFC 792
  missing_required_option = 1,  // RFC 1108
  bad_length = 2,
};

/// "time-exceeded": nftables' and the topology file's spelling; empty for unassigned types.
[[nodiscard]] std::string_view name(IcmpType type);
/// "host-unreachable": the spelling of nftables and of `reject:` in the topology file.
[[nodiscard]] std::string_view name(UnreachableCode code);
/// The name of a code in its type ("ttl-exceeded"); empty where the type gives its codes no name.
[[nodiscard]] std::string_view code_name(IcmpType type, std::uint8_t code);

/// The type or code of that name, if there is one. "protocol-unreachable" is understood besides
/// nftables' "prot-unreachable".
[[nodiscard]] std::optional<IcmpType> icmp_type_of(std::string_view name);
[[nodiscard]] std::optional<UnreachableCode> unreachable_code_of(std::string_view name);

/// Is it an error message for the rule that no error is sent about an error (RFC 1122 section
/// 3.2.2)? Only the messages that are known not to be errors are excepted: an unknown type may be
/// one, so it counts as one.
[[nodiscard]] bool is_error_or_unknown(IcmpType type);

/// May an extension structure follow the quote (RFC 4884 section 4.6)?
[[nodiscard]] constexpr bool is_extensible(IcmpType type) {
  return type == IcmpType::dest_unreachable || type == IcmpType::time_exceeded ||
         type == IcmpType::parameter_problem;
}

/// Does it ask for a reply, and has an identifier that the reply repeats?
[[nodiscard]] constexpr bool is_query(IcmpType type) {
  return type == IcmpType::echo || type == IcmpType::timestamp ||
         type == IcmpType::information_request || type == IcmpType::address_mask_request ||
         type == IcmpType::extended_echo;
}
/// Is it a reply to one of these?
[[nodiscard]] constexpr bool is_reply(IcmpType type) {
  return type == IcmpType::echo_reply || type == IcmpType::timestamp_reply ||
         type == IcmpType::information_reply || type == IcmpType::address_mask_reply ||
         type == IcmpType::extended_echo_reply;
}

/// The error messages of RFC 792, which quote the datagram that caused them.
[[nodiscard]] constexpr bool is_error(IcmpType type) {
  return type == IcmpType::dest_unreachable || type == IcmpType::source_quench ||
         type == IcmpType::redirect || type == IcmpType::time_exceeded ||
         type == IcmpType::parameter_problem;
}

}  // namespace hop
