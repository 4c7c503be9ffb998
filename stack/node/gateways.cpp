// The gateways of a host: which is taken, and whether it lives (RFC 1122 section 3.3.1).

#include "stack/node/gateways.hpp"

#include <new>

#include "stack/node/node.hpp"

namespace hop {

// A host picks among its default gateways; a router has one way for each prefix and TOS.
void Node::add_route(const PrefixRoute& route, std::int32_t preference) {
  routes_to_change().add(route);
  const bool is_gateway = config_.kind == NodeKind::host && route.type == RouteType::via &&
                          route.to.length() == 0 && route.tos == 0;
  if (!is_gateway) return;
  know_gateways().defaults.configure({.address = route.via, .preference = preference}, route.out);
}

Gateways& Node::know_gateways() {
  if (!gateways_) {
    gateways_ = std::make_unique<Gateways>();
    find_fast_paths();
  }
  return *gateways_;
}

// Where a host was redirected to comes before its routes, and outlives those that it learned (RFC
// 1122 section 3.3.1.2, RFC 1256 section 5.3); on the interface that the redirect came by. Nothing
// if it goes by the route that it knows.
std::optional<Node::FirstHop> Node::gateway_toward(Ipv4Address destination, std::uint8_t tos,
                                                   const Route* known, Instant now) const {
  const auto by_default = default_gateway(known, now);
  const bool is_refused = !by_default && known != nullptr && !leads_out(*known);
  if (is_refused) return std::nullopt;
  const auto* const redirected = redirects_.find(destination, tos, now);
  if (redirected == nullptr || !is_there(redirected->out, redirected->gateway)) return by_default;
  if (gateways_->watch.is_dead(redirected->gateway)) {
    // What stands in for it is watched, too, and so the dead one is asked once in a while.
    std::optional<FirstHop> instead = by_default;
    const Route* const way = own_way(known, destination);
    if (!instead && way != nullptr) {
      instead = {.out = way->out, .next = next_hop(*way, destination)};
    }
    if (instead) instead->replaceable = true;
    return instead;
  }
  return FirstHop{.out = redirected->out,
                  .next = redirected->gateway,
                  .replaceable = by_default || known != nullptr};
}

// RFC 1122 section 3.3.1.2: of the gateways that live the most preferred one; if none does, the
// most preferred one of those that are there. A route that is more than a default comes first, and
// so does one for the very TOS of the packet. A default route that is not on the list has the
// preference 0 (RFC 1256 section 5.1).
std::optional<Node::FirstHop> Node::default_gateway(const Route* known, Instant now) const {
  if (known != nullptr && (!known->is_default || known->tos != 0)) return std::nullopt;
  const DefaultGateways& defaults = gateways_->defaults;
  const auto is_on_link = [this](const DefaultGateways::Entry& entry) {
    return is_there(entry.interface, entry.router.address);
  };
  const auto lives = [&](const DefaultGateways::Entry& entry) {
    return is_on_link(entry) && !gateways_->watch.is_dead(entry.router.address);
  };
  const auto* best = defaults.best(now, lives);
  if (best == nullptr) best = defaults.best(now, is_on_link);
  if (best == nullptr) return std::nullopt;
  const bool is_learned = best->until.has_value();
  if (is_learned && best->router.preference <= 0 && known != nullptr && leads_out(*known)) {
    const auto is_known = [&](const DefaultGateways::Entry& entry) {
      return !entry.until && entry.router.address == known->via;
    };
    if (defaults.best(now, is_known) == nullptr) return std::nullopt;
  }
  const Ipv4Address gateway = best->router.address;
  const auto is_another = [&](const DefaultGateways::Entry& entry) {
    return entry.router.address != gateway && is_on_link(entry);
  };
  return FirstHop{.out = best->interface,
                  .next = gateway,
                  .replaceable = defaults.best(now, is_another) != nullptr};
}

void Node::advise(Ipv4Address destination, WayAdvice advice, Instant now) {
  if (!gateways_) return;
  if (advice == WayAdvice::works) gateways_->watch.heard(destination, now);  // it may be one itself
  const auto hop = hop_toward(destination, now);
  if (!hop || !hop->replaceable) return;
  if (advice == WayAdvice::works) {
    gateways_->watch.heard(hop->address, now);
  } else {
    gateways_->watch.doubted(hop->address, now);
  }
}

// RFC 1122 section 3.3.1.4: where nothing else says that the gateway works, it is asked.
void Node::ask_gateways(Instant now, Outbox& out) try {
  while (const auto request = gateways_->watch.take_due(now)) {
    const Interface& interface = interfaces_[request->out];
    const LinkAddress to = interface.neighbours->resolve(request->gateway);
    if (to == kNobody) continue;
    const IcmpMessage echo{.type = IcmpType::echo,
                           .rest = std::uint32_t{own_identifier()} << 16U | request->sequence};
    Packet icmp = pool_.acquire(kIcmpHeader);
    write_icmp(echo, icmp.bytes());
    const Hop hop{.out = request->out, .to = to, .address = request->gateway, .mtu = interface.mtu};
    if (send({.destination = request->gateway, .now = now}, IpProtocol::icmp, std::move(icmp), hop,
             out)) {
      counters_.count_icmp_out(IcmpType::echo);
    }
  }
} catch (const std::bad_alloc&) {
  counters_.count_not_told(NotTold::out_of_memory);  // it counts as asked
}

// One that none of the node's endpoints has.
std::uint16_t Node::own_identifier() {
  std::uint16_t& identifier = gateways_->identifier;
  while (endpoint_of({static_cast<std::uint8_t>(IpProtocol::icmp), identifier}) != nullptr) {
    ++identifier;
  }
  return identifier;
}

bool Node::takes_gateway_reply(const Ipv4HeaderView& ip, const IcmpView& icmp, Instant now) {
  return gateways_ && icmp.type() == IcmpType::echo_reply &&
         icmp.identifier() == gateways_->identifier &&
         gateways_->watch.answered(ip.source(), icmp.sequence(), now);
}

}  // namespace hop
