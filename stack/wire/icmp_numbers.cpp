#include "stack/wire/icmp_numbers.hpp"

#include <algorithm>
#include <span>
#include <utility>

namespace hop {
namespace {

struct TypeName {
  IcmpType type;
  std::string_view name;
  bool query;  // known not to be an error message
};

constexpr std::array kTypes{
    TypeName{IcmpType::echo_reply, "echo-reply", true},
    TypeName{IcmpType::dest_unreachable, "dest-unreachable", false},
    TypeName{IcmpType::source_quench, "source-quench", false},
    TypeName{IcmpType::redirect, "redirect", false},
    TypeName{IcmpType::alternate_host_address, "alternate-host-address", false},
    TypeName{IcmpType::echo, "echo-request", true},
    TypeName{IcmpType::router_advertisement, "router-advertisement", true},
    TypeName{IcmpType::router_solicitation, "router-solicitation", true},
    TypeName{IcmpType::time_exceeded, "time-exceeded", false},
    TypeName{IcmpType::parameter_problem, "parameter-problem", false},
    TypeName{IcmpType::timestamp, "timestamp-request", true},
    TypeName{IcmpType::timestamp_reply, "timestamp-reply", true},
    TypeName{IcmpType::information_request, "info-request", true},
    TypeName{IcmpType::information_reply, "info-reply", true},
    TypeName{IcmpType::address_mask_request, "address-mask-request", true},
    TypeName{IcmpType::address_mask_reply, "address-mask-reply", true},
    TypeName{IcmpType::traceroute, "traceroute", true},
    TypeName{IcmpType::conversion_error, "conversion-error", false},
    TypeName{IcmpType::mobile_host_redirect, "mobile-host-redirect", false},
    TypeName{IcmpType::ipv6_where_are_you, "ipv6-where-are-you", true},
    TypeName{IcmpType::ipv6_i_am_here, "ipv6-i-am-here", true},
    TypeName{IcmpType::mobile_registration_request, "mobile-registration-request", true},
    TypeName{IcmpType::mobile_registration_reply, "mobile-registration-reply", true},
    TypeName{IcmpType::domain_name_request, "domain-name-request", true},
    TypeName{IcmpType::domain_name_reply, "domain-name-reply", true},
    TypeName{IcmpType::skip, "skip", true},
    TypeName{IcmpType::photuris, "photuris", false},
    TypeName{IcmpType::experimental_mobility, "experimental-mobility", false},
    TypeName{IcmpType::extended_echo, "extended-echo-request", true},
    TypeName{IcmpType::extended_echo_reply, "extended-echo-reply", true},
    TypeName{IcmpType::experiment_1, "experiment-1", false},
    TypeName{IcmpType::experiment_2, "experiment-2", false},
};

constexpr std::array<std::string_view, kUnreachableCodes> kUnreachable{
    "net-unreachable",
    "host-unreachable",
    "prot-unreachable",
    "port-unreachable",
    "frag-needed",
    "source-route-failed",
    "net-unknown",
    "host-unknown",
    "source-host-isolated",
    "net-prohibited",
    "host-prohibited",
    "net-unreachable-for-tos",
    "host-unreachable-for-tos",
    "admin-prohibited",
    "host-precedence-violation",
    "precedence-cutoff",
};
constexpr std::array<std::string_view, 4> kRedirect{"net-redirect", "host-redirect",
                                                    "tos-net-redirect", "tos-host-redirect"};
constexpr std::array<std::string_view, 1> kAlternateAddress{"alternate-address"};
constexpr std::array<std::string_view, 1> kExtendedEcho{"no-error"};
constexpr std::array<std::string_view, 2> kTimeExceeded{"ttl-exceeded", "reassembly-timeout"};
constexpr std::array<std::string_view, 3> kParameterProblem{"pointer", "missing-required-option",
                                                            "bad-length"};
constexpr std::array<std::string_view, 6> kPhoturis{
    "bad-spi",           "authentication-failed", "decompression-failed",
    "decryption-failed", "need-authentication",   "need-authorization"};
constexpr std::array<std::string_view, 5> kExtendedEchoReply{
    "no-error", "malformed-query", "no-such-interface", "no-such-table-entry",
    "multiple-interfaces"};
constexpr std::array<std::string_view, 2> kTraceroute{"forwarded", "discarded"};
constexpr std::array<std::string_view, 12> kConversionError{"unspecified",
                                                            "dont-convert-option",
                                                            "unknown-mandatory-option",
                                                            "unsupported-option",
                                                            "unsupported-protocol",
                                                            "length-exceeded",
                                                            "header-length-exceeded",
                                                            "protocol-above-255",
                                                            "port-out-of-range",
                                                            "transport-header-length",
                                                            "rollover-missing",
                                                            "unknown-transport-option"};
constexpr std::array<std::string_view, 17> kRouterAdvertisement{
    "normal", "", "", "", "", "", "", "", "", "", "", "", "", "", "", "", "no-common-traffic"};

const TypeName* find(IcmpType type) {
  const auto* const at = std::ranges::find(kTypes, type, &TypeName::type);
  return at == kTypes.end() ? nullptr : at;
}

// Code names of a type, by code; types with code 0 alone have none.
std::span<const std::string_view> codes_of(IcmpType type) {
  struct Codes {
    IcmpType type;
    std::span<const std::string_view> names;
  };
  static constexpr std::array kCodes{
      Codes{IcmpType::dest_unreachable, kUnreachable},
      Codes{IcmpType::redirect, kRedirect},
      Codes{IcmpType::alternate_host_address, kAlternateAddress},
      Codes{IcmpType::router_advertisement, kRouterAdvertisement},
      Codes{IcmpType::extended_echo, kExtendedEcho},
      Codes{IcmpType::time_exceeded, kTimeExceeded},
      Codes{IcmpType::parameter_problem, kParameterProblem},
      Codes{IcmpType::traceroute, kTraceroute},
      Codes{IcmpType::conversion_error, kConversionError},
      Codes{IcmpType::photuris, kPhoturis},
      Codes{IcmpType::extended_echo_reply, kExtendedEchoReply},
  };
  const auto* const at = std::ranges::find(kCodes, type, &Codes::type);
  return at == kCodes.end() ? std::span<const std::string_view>{} : at->names;
}

}  // namespace

std::string_view name(IcmpType type) {
  const TypeName* const known = find(type);
  return known == nullptr ? std::string_view{} : known->name;
}

std::string_view name(UnreachableCode code) { return kUnreachable[std::to_underlying(code)]; }

std::string_view code_name(IcmpType type, std::uint8_t code) {
  const auto names = codes_of(type);
  return code < names.size() ? names[code] : std::string_view{};
}

std::optional<IcmpType> icmp_type_of(std::string_view name) {
  const auto* const at = std::ranges::find(kTypes, name, &TypeName::name);
  if (at == kTypes.end()) return std::nullopt;
  return at->type;
}

std::optional<UnreachableCode> unreachable_code_of(std::string_view name) {
  if (name == "protocol-unreachable") return UnreachableCode::protocol_unreachable;
  const auto* const at = std::ranges::find(kUnreachable, name);
  if (at == kUnreachable.end()) return std::nullopt;
  return static_cast<UnreachableCode>(at - kUnreachable.begin());
}

// Asked of every packet that is told of.
bool is_error_or_unknown(IcmpType type) {
  static constexpr auto kQueries = [] {
    std::array<bool, 256> queries{};
    for (const TypeName& known : kTypes) queries[std::to_underlying(known.type)] = known.query;
    return queries;
  }();
  return !kQueries[std::to_underlying(type)];
}

}  // namespace hop
