#include "stack/node/node.hpp"

#include <cassert>
#include <new>
#include <utility>

namespace hop {
namespace {

constexpr std::uint16_t kLoopbackMtu = 65535;

}  // namespace

MartianRules NodeConfig::martian_rules() const {
  const bool linux_like = icmp.profile == Profile::linux_like;
  return martians.value_or(linux_like ? MartianRules::linux_like : MartianRules::rfc1812);
}

Duration NodeConfig::time_for_reassembly() const {
  constexpr std::chrono::seconds kRfc1122{60};
  constexpr std::chrono::seconds kLinux{30};  // ipfrag_time in ip-sysctl of the kernel
  return reassembly_timeout.value_or(icmp.profile == Profile::linux_like ? kLinux : kRfc1122);
}

Node::Node(NodeConfig config, PacketPool& pool, Random random)
    : config_(std::move(config)),
      pool_(pool),
      random_(random),
      reassembler_(pool, config_.reassembly()),
      limiter_(config_.icmp, random_.split(1).next()),
      redirect_backoff_(random_.split(2).next()),
      balance_seed_(
          config_.balance.seed.value_or(static_cast<std::uint32_t>(random_.split(3).next()))),
      id_(static_cast<std::uint16_t>(random_.next())) {
  build_slow_path();
  adopt_config();
  add_router_id();
}

InterfaceIndex Node::add_interface(const Interface& interface) {
  const auto index = static_cast<InterfaceIndex>(interfaces_.size());
  interfaces_.push_back(interface);
  if (interface.name.empty()) interfaces_.back().name = "eth" + std::to_string(index);
  adopt_config();
  if (interface.discovery.on) {
    if (!discovery_) discovery_ = std::make_unique<Discovery>();
    if (config_.kind == NodeKind::host) know_gateways();
  }
  add_own_routes(index);
  return index;
}

InterfaceIndex Node::add_loopback(const Neighbours& itself) {
  loopback_ = static_cast<InterfaceIndex>(interfaces_.size());
  const InterfaceAddress address{Ipv4Address{127, 0, 0, 1}, 8};
  interfaces_.push_back(
      {.address = address, .mtu = kLoopbackMtu, .neighbours = &itself, .queue = {}, .name = "lo"});
  add_own_routes(loopback_);
  return loopback_;
}

Verdict Node::receive(Packet packet, const Arrival& arrival, Outbox& out) {
  assert(!packet.has_offload() && "nobody on the walk completes a checksum");
  counters_.count_received();
  Verdict verdict{};
  try {
    const std::optional<Verdict> taken = take_fast_path(packet, arrival, out);
    verdict = taken ? *taken : walk(packet, arrival, out);
  } catch (const std::bad_alloc&) {
    // The packet, and what should have become of it, go back to their pool.
    verdict = dropped(DropReason::out_of_memory);
  }
  counters_.count(verdict);
  return verdict;
}

// The order of RFC 1812 section 5.2.1.1: validate, look at the options, then at the destination.
// Flattened, a packet that is forwarded costs a fifth less (stack/README.md has figures); what is
// rare stays out of it by `noinline` in node.hpp.
[[gnu::flatten]] Verdict Node::walk(Packet& packet, const Arrival& arrival, Outbox& out) {
  const auto ip = Ipv4View::parse(packet.bytes());
  if (!ip) return refuse(packet, ip.error(), arrival, out);
  if (packet.size() > ip->bytes().size()) packet.resize(ip->bytes().size());  // link padding
  if (const DropReason why = martian(*ip, arrival); why != DropReason::none) return dropped(why);

  Walk walk{.packet = packet, .received = {.ip = *ip, .arrival = arrival}, .out = out};
  if (ip->has_options() || inspects_all_) {
    if (const auto verdict = inspect(walk)) return *verdict;
  }
  return dispatch(walk);
}

// A packet that fails validation is discarded silently, except that one which was cut short on
// the way is reported with a pointer to its total length (RFC 1812 section 5.2.2, SHOULD).
Verdict Node::refuse(Packet& packet, DropReason why, const Arrival& arrival, Outbox& out) {
  if (why != DropReason::ipv4_incomplete || !config_.icmp.truncated) return dropped(why);
  const auto header = Ipv4HeaderView::parse(packet.bytes());
  if (!header || martian(*header, arrival) != DropReason::none) return dropped(why);
  if (!concerns(header->destination())) return dropped(why);
  Walk walk{.packet = packet, .received = {.ip = *header, .arrival = arrival}, .out = out};
  walk.received.options.source_route = sound_source_route(*header);
  return report(BadParameter{kTotalLengthOffset}, why, walk);
}

// RFC 1812 section 5.3.7 and RFC 1122 section 3.2.1.3; own and broadcast addresses as source are
// forgeries or mistakes, and the routing table knows them.
DropReason Node::martian(const Ipv4HeaderView& ip, const Arrival& arrival) const {
  if (arrival.in == loopback_) return DropReason::none;  // we sent it ourselves
  if (const DropReason why = source_fault(ip.source(), martian_rules()); why != DropReason::none) {
    return asks_from_nowhere(ip) ? DropReason::none : why;
  }
  if (const Route* const route = routes_.special(ip.source())) {
    if (route->type != RouteType::local) return DropReason::source_broadcast;
    if (!comes_back_from_tunnel(ip)) return DropReason::source_own_address;
  } else if (config_.reverse_path != ReversePath::off) {
    const DropReason why = off_reverse_path(ip, arrival);
    if (why != DropReason::none) return why;
  }
  const DropReason why = destination_fault(ip.destination(), martian_rules());
  return why == DropReason::none || is_old_broadcast(ip.destination()) ? DropReason::none : why;
}

// RFC 1122 section 3.3.6: hosts SHOULD take the forms with zeros for broadcasts, too.
bool Node::is_old_broadcast(Ipv4Address destination) const {
  return config_.kind == NodeKind::host && destination == Ipv4Address{};
}

// RFC 1812 section 5.3.8: silently, whether the packet is for us or to be forwarded. What leads
// nowhere is no way to the source (RFC 3704 section 2.4); a default route is one.
DropReason Node::off_reverse_path(const Ipv4HeaderView& ip, const Arrival& arrival) const {
  const std::uint8_t tos = tos_field(ip.tos());
  const Route* const route = routes_.lookup(ip.source(), tos);
  const auto way = first_hop_by(route, ip.source(), tos, arrival.now);
  const bool any_way = config_.reverse_path == ReversePath::loose;
  const bool passes = way && (any_way || way->out == arrival.in || may_leave(route, arrival.in));
  return passes ? DropReason::none : DropReason::source_by_wrong_way;
}

MartianRules Node::martian_rules() const { return config_.martian_rules(); }

// RFC 1812 section 5.2.3: is it ours, for all of us, or to be forwarded?
Verdict Node::dispatch(Walk& walk) {
  const Ipv4Address destination = walk.received.ip.destination();
  if (destination.is_multicast() || destination.is_limited_broadcast()) {
    return deliver_to_group(walk);
  }
  const Route* const route = routes_.lookup(destination);
  // Most of what is in transit goes to a gateway, and is spared the rest (9 instructions).
  if (route == nullptr || route->type == RouteType::via) return forward(walk, route);
  switch (route->type) {
    case RouteType::local:
      return arrive(walk);
    case RouteType::broadcast:
      return arrive_by_broadcast(walk, *route);
    case RouteType::network:
      return arrive_by_network_address(walk, *route);
    case RouteType::by_tos:
    case RouteType::multipath:
      return forward(walk, route_for(walk.received.ip, destination));
    case RouteType::connected:
    case RouteType::via:
    case RouteType::reject:
    case RouteType::blackhole:
    case RouteType::tunnel:
      break;
  }
  return forward(walk, route);
}

// At its destination, or at a stop of its source route.
Verdict Node::arrive(Walk& walk) {
  const Received& received = walk.received;
  // RFC 1122 section 3.3.6: a link broadcast that is for one host is discarded silently.
  if (received.arrival.broadcast) return dropped(DropReason::link_broadcast_of_unicast);
  if (!belongs_to(received.arrival.in, received.ip.destination())) {
    return dropped(DropReason::destination_of_other_interface);
  }
  if (received.options.source_route == 0) return deliver(walk);
  const SourceRoute ahead = route_ahead(received);
  return ahead.used_up() ? deliver(walk) : forward_source_routed(walk, ahead);
}

std::optional<Instant> Node::earliest(std::optional<Instant> discovery) const {
  auto next = sooner(reassembler_.next_deadline(), discovery);
  if (gateways_) next = sooner(next, gateways_->watch.next());
  for (const Application* const application : applications_) {
    next = sooner(next, application->next_deadline());
  }
  return next;
}

// RFC 1122 section 3.3.4.2: what the strong model asks of the destination of a packet that arrives
// (A) and of the source of one that leaves (B). The router-id belongs to all interfaces.
bool Node::belongs_to(InterfaceIndex index, Ipv4Address address) const {
  return config_.host_model == HostModel::weak || index == loopback_ ||
         interfaces_[index].has(address) || address == config_.router_id;
}

void Node::expire(Instant now, Outbox& out) {
  expire_fragments(now, out);
  if (discovery_) discover(now, out);
  if (gateways_) ask_gateways(now, out);
  // By index: an application may stop itself.
  for (std::size_t i = 0; i < applications_.size(); ++i) {
    const auto wanted = applications_[i]->next_deadline();
    if (wanted && *wanted <= now) applications_[i]->act(now, *this, out);
  }
}

void Node::expire_fragments(Instant now, Outbox& out) {
  while (const auto expired = reassembler_.expire(now)) {
    counters_.add(Mib::ip_reasm_timeout);
    counters_.add(Mib::ip_reasm_fails);
    const auto first = Ipv4HeaderView::parse(expired->first_fragment.bytes());
    // RFC 792: without fragment 0 no time exceeded need be sent at all.
    if (!first) continue;
    // A NAT does what the receiver would have done later, and says nothing in its place.
    if (nat_ && !routes_.is_local(first->destination())) continue;
    Received received{.ip = *first, .arrival = expired->arrival};
    received.arrival.now = now;
    received.options = check_options(*first, ignored_here()).value_or(Options{});
    tell(ReassemblyTimeout{}, received, out);
  }
}

}  // namespace hop
