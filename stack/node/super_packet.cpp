// Packets that pass whole: what stands for several, or has no checksum yet, and would be forwarded
// by the fast path in everyday transit. For everything else the single packets are needed: errors
// quote them, filters and NAT look into them, queues with a rate send them one by one.

#include "stack/node/node.hpp"

namespace hop {
namespace {

bool is_everyday(const Ipv4View& ip) {
  return ip.source().is_ordinary() && !ip.source().is_link_local() &&
         ip.destination().is_ordinary() && !ip.destination().is_link_local();
}

}  // namespace

bool Node::forward_whole(Packet& packet, const Arrival& arrival, Outbox& out) {
  const auto way = way_of_whole(packet, arrival);
  if (!way) return false;
  counters_.count_forwarded(packet.packets());
  decrement_ttl(packet.bytes());
  Packet& sent = out.emplace_back(std::move(packet), way->out, way->to).packet;
  interfaces_[way->out].queue.join(sent);
  return true;
}

// What take_fast_path() asks of a single packet, asked once for all of them.
std::optional<Node::FastWay> Node::way_of_whole(const Packet& packet, const Arrival& arrival) {
  const auto ip = Ipv4View::parse_plain(packet.bytes());
  if (!passes_fast_ || !ip || arrival.broadcast || ip->ttl() <= 1 || !is_everyday(*ip) ||
      routes_.special(ip->source()) != nullptr) {
    return std::nullopt;
  }
  const Route* const route = routes_.lookup(ip->destination());
  const bool leads_on =
      route != nullptr && (route->type == RouteType::via || route->type == RouteType::connected);
  if (!leads_on || route->out == arrival.in) return std::nullopt;
  const Interface& interface = interfaces_[route->out];
  const Ipv4Address next = next_hop(*route, ip->destination());
  const LinkAddress to = interface.neighbours->resolve(next);
  const bool fits = packet.offload().largest() <= interface.mtu && interface.rate == 0 &&
                    interface.queue.takes_whole(packet);
  if (to == kNobody || !fits) return std::nullopt;
  return FastWay{.out = route->out, .to = to, .next = next};
}

}  // namespace hop
