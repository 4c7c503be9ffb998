// Router discovery (RFC 1256): routers advertise themselves and answer, hosts ask and learn.

#include "stack/node/discovery.hpp"

#include <array>
#include <new>

#include "stack/node/node.hpp"

namespace hop {

std::optional<Instant> Discovery::next() const {
  std::optional<Instant> next;
  for (const Timers& timers : interfaces) {
    next = sooner(next, sooner(timers.advertisements.next(), timers.solicitations.next()));
  }
  return next;
}

std::optional<Instant> Discovery::next_passing() const {
  std::optional<Instant> next;
  for (const Timers& timers : interfaces) {
    next = sooner(next, timers.solicitations.next());
    if (timers.advertisements.is_awaited()) next = sooner(next, timers.advertisements.next());
  }
  return next;
}

void Node::begin(Instant now) {
  if (!discovery_) return;
  discovery_->interfaces.resize(interfaces_.size());
  for (std::size_t i = 0; i < interfaces_.size(); ++i) {
    const DiscoveryPolicy& policy = interfaces_[i].discovery;
    if (!policy.on) continue;
    Discovery::Timers& timers = discovery_->interfaces[i];
    if (config_.kind == NodeKind::router) {
      timers.advertisements.start(policy, now, random_);
    } else {
      timers.solicitations.start(now, random_);
    }
  }
}

void Node::discover(Instant now, Outbox& out) try {
  for (std::size_t i = 0; i < discovery_->interfaces.size(); ++i) {
    const auto index = static_cast<InterfaceIndex>(i);
    Discovery::Timers& timers = discovery_->interfaces[i];
    if (const auto at = timers.advertisements.next(); at && *at <= now) {
      timers.advertisements.sent(interfaces_[i].discovery, now, random_);
      advertise(index, now, out);
    }
    if (const auto at = timers.solicitations.next(); at && *at <= now) {
      timers.solicitations.sent(now);
      solicit(index, now, out);
    }
  }
} catch (const std::bad_alloc&) {
  counters_.count_not_told(NotTold::out_of_memory);  // the next message is due at its time
}

// RFC 1256 section 4.3: all addresses of the interface, in as many messages as its MTU wants.
void Node::advertise(InterfaceIndex index, Instant now, Outbox& out) {
  const Interface& interface = interfaces_[index];
  const DiscoveryPolicy& policy = interface.discovery;
  std::vector<AdvertisedRouter> routers;
  const auto add = [&](Ipv4Address address) {
    if (const auto preference = policy.preference_of(address)) {
      routers.push_back({.address = address, .preference = *preference});
    }
  };
  add(interface.address.address);
  for (const InterfaceAddress& more : interface.secondary) add(more.address);

  constexpr std::size_t kMost = 255;  // Num Addrs is one byte
  const std::size_t room = std::min<std::size_t>(
      kMost, (interface.mtu - kIpv4MinHeader - kIcmpHeader) / kAdvertisedRouterSize);
  std::array<std::byte, kMost * kAdvertisedRouterSize> data;
  for (std::size_t from = 0; from < routers.size(); from += room) {
    const auto some = std::span{routers}.subspan(from, std::min(room, routers.size() - from));
    write_routers(some, data);
    send_discovery(index, advertisement(some.size(), policy.advertised_lifetime()),
                   Bytes{data}.first(some.size() * kAdvertisedRouterSize), now, out);
  }
}

void Node::solicit(InterfaceIndex index, Instant now, Outbox& out) {
  send_discovery(index, {.type = IcmpType::router_solicitation}, {}, now, out);
}

// RFC 1256 section 3: from an address of the interface, with TTL 1 to a multicast address.
void Node::send_discovery(InterfaceIndex index, const IcmpMessage& message, Bytes data, Instant now,
                          Outbox& out) {
  if (config_.icmp.silent[std::to_underlying(message.type)]) return;
  const Interface& interface = interfaces_[index];
  const Ipv4Address to = message.type == IcmpType::router_solicitation
                             ? interface.discovery.solicitation_address()
                             : interface.discovery.advertisement_address();
  Packet icmp = pool_.acquire(kIcmpHeader + data.size());
  copy_bytes(data, icmp.bytes().subspan(kIcmpHeader));
  write_icmp(message, icmp.bytes());
  const Hop hop{.out = index, .to = kLinkBroadcast, .address = to, .mtu = interface.mtu};
  const Outgoing what{
      .destination = to, .source = interface.address.address, .ttl = std::uint8_t{1}, .now = now};
  if (send(what, IpProtocol::icmp, std::move(icmp), hop, out)) {
    counters_.count_icmp_out(message.type);
  }
}

// A router may ignore advertisements (RFC 1256 section 4.2), a host must ignore solicitations
// (section 5.2) and what comes where it does not discover (section 5.3).
Verdict Node::take_router_discovery(const Walk& walk, const IcmpView& icmp) {
  const Received& received = walk.received;
  const bool on = discovery_ && interfaces_[received.arrival.in].discovery.on;
  const bool is_router = config_.kind == NodeKind::router;
  if (!on || (icmp.type() == IcmpType::router_solicitation) != is_router) {
    return dropped(DropReason::icmp_not_answered);
  }
  return is_router ? take_solicitation(received, icmp) : take_advertisement(received, icmp);
}

// RFC 1256 sections 4.2 and 4.3: the answer is a multicast one, a little later.
Verdict Node::take_solicitation(const Received& received, const IcmpView& icmp) {
  const Ipv4Address source = received.ip.source();
  const InterfaceIndex in = received.arrival.in;
  const bool near =
      source == Ipv4Address{} || interfaces_[in].toward(source).subnet().contains(source);
  if (!near || !is_valid_solicitation(icmp)) return dropped(DropReason::router_discovery_invalid);
  if (in < discovery_->interfaces.size()) {
    discovery_->interfaces[in].advertisements.solicited(received.arrival.now, random_);
  }
  return {Action::delivered};
}

// RFC 1256 section 5.3: of neighbours. What has no host behind it, or ourselves, is no router.
Verdict Node::take_advertisement(const Received& received, const IcmpView& icmp) {
  const auto message = AdvertisementView::parse(icmp);
  if (!message) return dropped(DropReason::router_discovery_invalid);
  const Arrival& arrival = received.arrival;
  for (std::size_t i = 0; i < message->size(); ++i) {
    const AdvertisedRouter router = (*message)[i];
    if (!may_be_gateway(router.address, arrival.in)) continue;
    gateways_->defaults.learn(router, arrival.in, arrival.now + message->lifetime(), arrival.now);
    gateways_->watch.heard(router.address, arrival.now);
    if (router.preference != kNotADefaultRouter && arrival.in < discovery_->interfaces.size()) {
      discovery_->interfaces[arrival.in].solicitations.stop();
    }
  }
  return {Action::delivered};
}

}  // namespace hop
