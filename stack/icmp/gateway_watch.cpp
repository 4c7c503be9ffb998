#include "stack/icmp/gateway_watch.hpp"

#include <algorithm>
#include <utility>

namespace hop {

void GatewayWatch::used(Ipv4Address gateway, InterfaceIndex out, Instant now) {
  Gateway& known = find_or_add(gateway, out, now);
  known.last_used = now;
  ask_if_doubtful(known, now);
  for (Gateway& other : gateways_) {
    if (other.dead) ask_if_doubtful(other, now);
  }
}

void GatewayWatch::heard(Ipv4Address gateway, Instant now) {
  Gateway* const known = find(gateway);
  if (known == nullptr) return;
  known->dead = false;
  known->sent = 0;
  known->next.reset();
  known->trusted_until = now + kTrust;
}

void GatewayWatch::doubted(Ipv4Address gateway, Instant now) {
  Gateway* const known = find(gateway);
  if (known != nullptr && !known->dead) known->trusted_until = now;
}

bool GatewayWatch::answered(Ipv4Address from, std::uint16_t sequence, Instant now) {
  const Gateway* const known = find(from);
  if (known == nullptr || known->sent == 0 || known->sequence != sequence) return false;
  heard(from, now);
  return true;
}

bool GatewayWatch::is_dead(Ipv4Address gateway) const {
  return std::ranges::any_of(
      gateways_, [&](const Gateway& known) { return known.dead && known.address == gateway; });
}

std::optional<Instant> GatewayWatch::next() const {
  std::optional<Instant> next;
  for (const Gateway& gateway : gateways_) {
    if (gateway.next && (!next || *gateway.next < *next)) next = gateway.next;
  }
  return next;
}

std::optional<GatewayWatch::Request> GatewayWatch::take_due(Instant now) {
  for (Gateway& gateway : gateways_) {
    if (!gateway.next || *gateway.next > now) continue;
    if (gateway.sent >= gateway.patience()) {
      lose(gateway, now);
      continue;
    }
    // One number for all of a series: a reply may take longer than the interval.
    if (gateway.sent++ == 0) gateway.sequence = ++sequence_;
    gateway.next = now + kInterval;
    return Request{.gateway = gateway.address, .out = gateway.out, .sequence = gateway.sequence};
  }
  return std::nullopt;
}

GatewayWatch::Gateway* GatewayWatch::find(Ipv4Address address) {
  const auto at = std::ranges::find(gateways_, address, &Gateway::address);
  return at == gateways_.end() ? nullptr : &*at;
}

// RFC 1122 section 3.3.1.4: "Initialize the timer to a value Tr". Of too many gateways the one that
// was used least lately is forgotten, but not that one is dead.
GatewayWatch::Gateway& GatewayWatch::find_or_add(Ipv4Address address, InterfaceIndex out,
                                                 Instant now) {
  if (Gateway* const known = find(address)) return *known;
  const Gateway added{
      .address = address, .out = out, .trusted_until = now + kTrust, .last_used = now};
  if (gateways_.size() < kMost) return gateways_.emplace_back(added);
  const auto worth = [](const Gateway& gateway) {
    return std::pair{gateway.dead || gateway.next.has_value(), gateway.last_used};
  };
  return *std::ranges::min_element(gateways_, {}, worth) = added;
}

void GatewayWatch::ask_if_doubtful(Gateway& gateway, Instant now) {
  if (gateway.next || now < gateway.trusted_until) return;
  gateway.sent = 0;
  gateway.next = now;
}

void GatewayWatch::lose(Gateway& gateway, Instant now) {
  gateway.dead = true;
  gateway.next.reset();
  gateway.trusted_until = now + kRevival;
}

}  // namespace hop
