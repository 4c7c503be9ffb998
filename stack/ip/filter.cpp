#include "stack/ip/filter.hpp"

#include <algorithm>

namespace hop {
namespace {

// RFC 1812 section 5.3.3.3 (2): what a filter by precedence MUST NOT stop. A later fragment may be
// a part of it.
bool is_exempt_error(const Ipv4HeaderView& ip) {
  if (!ip.carries(IpProtocol::icmp)) return false;
  if (ip.fragment_offset() != 0) return true;
  if (ip.payload().empty()) return false;
  const auto type = static_cast<IcmpType>(byte_at(ip.payload(), 0));
  return type == IcmpType::dest_unreachable || type == IcmpType::redirect ||
         type == IcmpType::time_exceeded || type == IcmpType::parameter_problem;
}

// UDP and TCP begin with both ports (RFC 768, RFC 9293 section 3.1).
bool port_matches(const Ipv4HeaderView& ip, const std::optional<PortRange>& ports,
                  std::size_t offset) {
  if (!ports) return true;
  if (ip.payload().size() < offset + 2) return false;
  return ports->contains(load_be<std::uint16_t>(ip.payload(), offset));
}

// The type is the first byte of every ICMP message (RFC 792).
bool type_matches(const Ipv4HeaderView& ip, const std::optional<IcmpType>& type) {
  if (!type) return true;
  return !ip.payload().empty() && static_cast<IcmpType>(byte_at(ip.payload(), 0)) == *type;
}

}  // namespace

bool FilterRule::has_its_protocol(const Ipv4HeaderView& ip) const {
  return icmp_type ? ip.carries(IpProtocol::icmp)
                   : ip.carries(IpProtocol::udp) || ip.carries(IpProtocol::tcp);
}

bool FilterRule::payload_matches(const Ipv4HeaderView& ip) const {
  if (!source_ports && !destination_ports && !icmp_type) return true;
  if (!has_its_protocol(ip)) return false;
  if (ip.fragment_offset() != 0) return action == FilterAction::accept;
  return port_matches(ip, source_ports, 0) && port_matches(ip, destination_ports, 2) &&
         type_matches(ip, icmp_type);
}

bool FilterRule::matches(const Ipv4HeaderView& ip, Ipv4Address destination) const {
  if (!from.contains(ip.source()) || !to.contains(destination)) return false;
  if (protocol && *protocol != ip.protocol()) return false;
  if (lengths && !lengths->contains(ip.bytes().size())) return false;
  if (!payload_matches(ip)) return false;
  return !precedences || ((*precedences)[precedence_of(ip)] && !is_exempt_error(ip));
}

const FilterRule* first_match(const Filter& filter, const Ipv4HeaderView& ip,
                              Ipv4Address destination) {
  const auto rule =
      std::ranges::find_if(filter, [&](const FilterRule& r) { return r.matches(ip, destination); });
  return rule == filter.end() ? nullptr : &*rule;
}

bool is_cut_off(const Ipv4HeaderView& ip, std::uint8_t cutoff) {
  constexpr std::uint8_t kInternetworkControl = 6;
  const std::uint8_t precedence = precedence_of(ip);
  return precedence < std::min(cutoff, kInternetworkControl) && !is_exempt_error(ip);
}

}  // namespace hop
