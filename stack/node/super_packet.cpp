// Packets that pass whole: what stands for several, or has no checksum yet, and would be forwarded
// by the fast path in everyday transit. For everything else the single packets are needed: errors
// quote them, filters and NAT look into them, queues with a rate send them one by one.

#include <new>

#include "stack/node/node.hpp"

namespace hop {
// Where memory runs out, single packets are dropped and counted.
bool Node::forward_whole(Packet& packet, const Arrival& arrival, Outbox& out) try {
  const Way* const way = way_of_whole(packet, arrival);
  if (way == nullptr) return false;
  Packet& sent = out.emplace_back(std::move(packet), way->out, way->to).packet;
  counters_.count_forwarded(sent.packets());
  decrement_ttl(sent.bytes());
  interfaces_[way->out].queue.join_as_it_is(sent.size());
  return true;
} catch (const std::bad_alloc&) {
  return false;
}

// What take_fast_path() asks of a single packet, asked once for all of them.
const Way* Node::way_of_whole(const Packet& packet, const Arrival& arrival) {
  const auto ip = Ipv4View::parse_plain(packet.bytes());
  if (!passes_fast_ || !ip || arrival.broadcast || ip->ttl() <= 1) return nullptr;
  const Way* const way = way_to(ip->destination());
  if (way == nullptr || way->is_local() || way->out == arrival.in || !may_pass_from(ip->source())) {
    return nullptr;
  }
  const Interface& interface = interfaces_[way->out];
  // Without a rate each of them has left before the next one comes.
  const bool fits = packet.offload().largest() <= interface.mtu && interface.rate == 0 &&
                    interface.queue.takes_as_it_is(packet.offload().largest());
  return fits ? way : nullptr;
}

}  // namespace hop
