#include "stack/icmp/veto.hpp"

#include <array>
#include <utility>

#include "stack/ip/martian.hpp"
#include "stack/wire/icmp.hpp"

namespace hop {
namespace {

bool is_broadcast(Ipv4Address address, const RouteTable& addresses) {
  if (address.is_limited_broadcast()) return true;
  const Route* const route = addresses.special(address);
  return route != nullptr && route->type != RouteType::local;
}

// An error message, or something that may be one because its type is unknown or was cut off.
bool is_icmp_error(const Received& offending, const RouteTable& /*addresses*/) {
  if (!offending.ip.carries(IpProtocol::icmp) || offending.ip.fragment_offset() != 0) return false;
  const Bytes message = offending.ip.payload();
  return message.empty() || is_error_or_unknown(static_cast<IcmpType>(byte_at(message, 0)));
}

bool is_later_fragment(const Received& offending, const RouteTable& /*addresses*/) {
  return offending.ip.fragment_offset() != 0;
}

bool is_to_group(const Received& offending, const RouteTable& addresses) {
  const Ipv4Address destination = offending.ip.destination();
  return offending.to_group || destination.is_multicast() || is_broadcast(destination, addresses);
}

bool came_as_link_broadcast(const Received& offending, const RouteTable& /*addresses*/) {
  return offending.arrival.broadcast;
}

// A source that does not define a single host. What comes from ourselves has passed no link, or it
// would have been dropped as a martian.
bool is_from_no_host(const Received& offending, const RouteTable& addresses) {
  const Ipv4Address source = offending.ip.source();
  if (addresses.is_local(source)) return false;
  return source_fault(source, MartianRules::rfc1812) != DropReason::none ||
         is_broadcast(source, addresses);
}

struct Rule {
  NotTold why;
  bool (*applies)(const Received& offending, const RouteTable& addresses);
};

// RFC 1122 section 3.2.2, and RFC 1812 section 4.3.2.7 where the same list adds network zero.
// Packets that fail header validation never come here, but for the one case that RFC 1812
// section 5.2.2 permits.
constexpr std::array kRules{
    Rule{NotTold::about_icmp_error, is_icmp_error},
    Rule{NotTold::about_later_fragment, is_later_fragment},
    Rule{NotTold::about_group_destination, is_to_group},
    Rule{NotTold::about_link_broadcast, came_as_link_broadcast},
    Rule{NotTold::about_unusable_source, is_from_no_host},
};

constexpr std::array<std::string_view, std::to_underlying(NotTold::count_)> kNames{
    "told",
    "about-icmp-error",
    "about-later-fragment",
    "about-group-destination",
    "about-link-broadcast",
    "about-unusable-source",
    "silent",
    "rate-limited",
    "peer-limited",
    "redirected-before",
    "no-way-back",
    "queue-full",
    "out-of-memory",
};

}  // namespace

std::string_view name(NotTold why) { return kNames[std::to_underlying(why)]; }

NotTold veto(const Received& offending, const RouteTable& addresses) {
  for (const Rule& rule : kRules) {
    if (rule.applies(offending, addresses)) return rule.why;
  }
  return NotTold::told;
}

}  // namespace hop
