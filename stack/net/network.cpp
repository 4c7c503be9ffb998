#include "stack/net/network.hpp"

#include <algorithm>
#include <array>
#include <utility>

#include "stack/ip/segmentation.hpp"

namespace hop {

PortCounters& PortCounters::operator+=(const PortCounters& other) noexcept {
  received += other.received;
  queue_full += other.queue_full;
  nobody_there += other.nobody_there;
  link_down += other.link_down;
  return *this;
}

void Network::receive(PortIndex port, Packet packet, Instant now) {
  run_until(now);
  if (packet.has_offload()) [[unlikely]] {
    return receive_offload(ports_[port], std::move(packet), now);
  }
  enter(ports_[port], std::move(packet));
  run_until(now);
}

// By the gateway, as nearly all that comes is for others than the nodes on the link.
void Network::prefetch(PortIndex port, Bytes packet) const {
  const Link& link = *links_[ports_[port].attachment.link];
  if (link.gateway == kNobody) return;
  const LinkEnd& end = link.ends[link.gateway];
  if (end.kind == LinkEnd::Kind::node) nodes_[end.index]->prefetch(packet);
}

void Network::enter(Port& port, Packet packet) {
  ++port.counters.received;
  const auto [link, end] = port.attachment;
  const LinkAddress to = destination_on(*links_[link], end, packet);
  if (!links_[link]->ends[end].up) {
    ++port.counters.link_down;
    tell_lost(port.attachment, packet.bytes());
  } else if (to == kNobody) {
    ++port.counters.nobody_there;
    tell_lost(port.attachment, packet.bytes());
  } else if (!port.queue.admits({.packets = 1, .bytes = packet.size()})) {
    ++port.counters.queue_full;
    tell_lost(port.attachment, packet.bytes());
  } else {
    join_link(port, to, std::move(packet));
  }
}

void Network::join_link(Port& port, LinkAddress to, Packet&& packet) {
  port.queue.join(packet);
  put_on_link(port.attachment, to, std::move(packet));
}

// The first time that the network is told is when its nodes begin.
void Network::begin(Instant now) {
  begun_ = true;
  now_ = now;
  for (std::uint32_t node = 0; node < nodes_.size(); ++node) {
    nodes_[node]->begin(now);
    arm_timer(node);
  }
  schedule_timeline();
}

bool Network::is_quiet() const {
  return !scheduler_.has_passing_packets() && std::ranges::none_of(nodes_, [](const auto& node) {
    return node->next_passing_deadline().has_value();
  });
}

void Network::run_until(Instant now) {
  if (!begun_) begin(now);
  while (scheduler_.is_due(now)) {
    Event event = scheduler_.take();
    now_ = scheduler_.now();
    handle(std::move(event));
  }
  drop_stale_timers();
  now_ = std::max(now_, now);
}

void Network::start(std::size_t index, Application& application, Instant now) {
  const auto node = static_cast<std::uint32_t>(index);
  run_until(now);
  add_loopback(index);
  nodes_[node]->start(application);
  arm_timer(node);
  run_until(now);
}

std::optional<Instant> Network::next_event() const { return scheduler_.next(); }

Node* Network::find_node(std::string_view name) {
  const auto at = graph_.index_of(name);
  return at ? nodes_[*at].get() : nullptr;
}

void Network::handle(Event&& event) {
  switch (event.kind) {
    case Event::Kind::arrival:
      perpetual_ = event.perpetual;
      arrive(std::move(event));
      perpetual_ = false;
      return;
    case Event::Kind::transmitted:
      queue_of(links_[event.index]->ends[event.to]).leave(event.size);
      return;
    case Event::Kind::change:
      return make_due_change(event.index);
    case Event::Kind::timer:
      states_[event.index].timer.reset();
      perpetual_ = nodes_[event.index]->next_passing_deadline().value_or(Instant::max()) > now_;
      nodes_[event.index]->expire(now_, outbox_);
      transmit(event.index);
      arm_timer(event.index);
      perpetual_ = false;
      return;
  }
}

void Network::arrive(Event&& event) {
  const LinkEnd& end = links_[event.index]->ends[event.to];
  if (!end.up) return lose({event.index, event.from}, std::move(event.packet));
  if (end.kind == LinkEnd::Kind::port) {
    departures_.push_back(
        {.port = static_cast<PortIndex>(end.index), .at = now_, .packet = std::move(event.packet)});
    return;
  }
  if (end.index == watched_) watcher_(now_, event.packet.bytes());
  if (observer_) {
    receive_observed(event, end);
  } else {
    static_cast<void>(receive(event, end));
  }
  transmit(end.index);
  arm_timer(end.index);
}

// The verdict is counted by the node.
Verdict Network::receive(Event& event, const LinkEnd& at) {
  Node& node = *nodes_[at.index];
  const Arrival arrival{
      .in = at.interface, .from = event.from, .broadcast = event.broadcast, .now = now_};
  if (!event.packet.is_plain()) [[unlikely]] {
    return receive_special(event, at, arrival);
  }
  return node.receive(std::move(event.packet), arrival, outbox_);
}

// The node may keep the packet, or make another of it.
void Network::receive_observed(Event& event, const LinkEnd& at) {
  if (event.packet.has_offload()) {
    return take_apart(std::move(event.packet), pool_, [&](Packet&& single) {
      transmit(at.index);
      event.packet = std::move(single);
      receive_observed(event, at);
    });
  }
  std::array<std::byte, Judged::kSeenBytes> seen;
  const std::size_t size = std::min(event.packet.size(), seen.size());
  copy_bytes(std::as_const(event.packet).bytes().first(size), seen);
  const Verdict verdict = receive(event, at);
  observer_(now_, Judged{.node = at.index, .verdict = verdict, .packet = Bytes{seen}.first(size)});
}

void Network::tell_lost(Attachment from, Bytes packet) {
  if (observer_) observer_(now_, LostOnLink{.link = from.link, .end = from.end, .packet = packet});
}

// It was sent, but the link is down.
void Network::lose(Attachment from, Packet packet) {
  links_[from.link]->ends[from.end].link_down += packet.packets();
  if (!observer_) return;
  take_apart(std::move(packet), pool_,
             [&](const Packet& single) { tell_lost(from, single.bytes()); });
}

// Carries away what a node has put on its interfaces.
void Network::transmit(std::uint32_t node) {
  for (Emit& emit : outbox_) {
    if (node == watched_) watcher_(now_, emit.packet.bytes());
    put_on_link(states_[node].interfaces[emit.out], emit.to, std::move(emit.packet));
  }
  outbox_.clear();
}

// The packet is in the queue of its end already. On a link without a rate it leaves at once.
void Network::put_on_link(Attachment from, LinkAddress to, Packet&& packet) {
  LinkEnd& sender = links_[from.link]->ends[from.end];
  if (!sender.up) {
    queue_of(sender).leave(packet.size());
    return lose(from, std::move(packet));
  }
  const Instant sent = sender.transmit(packet.size(), now_);
  if (sent == now_) {
    queue_of(sender).leave(packet.size());
  } else {
    scheduler_.add(sent, {.kind = Event::Kind::transmitted,
                          .perpetual = perpetual_,
                          .to = from.end,
                          .index = from.link,
                          .size = static_cast<std::uint32_t>(packet.size())});
  }
  if (sender.impairment) return impair(from, to, std::move(packet), sent);
  carry(from, to, std::move(packet), sent + sender.delay);
}

// A packet that is lost was sent, and took its time. Its copy is as good as any other packet: it
// may be corrupted or delayed by itself.
void Network::impair(Attachment from, LinkAddress to, Packet&& packet, Instant sent) {
  if (packet.has_offload()) {
    return take_apart(std::move(packet), pool_,
                      [&](Packet&& single) { impair(from, to, std::move(single), sent); });
  }
  const LinkEnd& sender = links_[from.link]->ends[from.end];
  Impairment& impairment = *sender.impairment;
  if (!impairment.passes(packet.bytes())) return tell_lost(from, packet.bytes());
  const auto send = [&](Packet one) {
    impairment.corrupt(one.bytes());
    carry(from, to, std::move(one), impairment.arrival(sent, sender.delay));
  };
  Packet copy = impairment.duplicates() ? pool_.twin_of(packet) : Packet{};
  send(std::move(packet));
  if (copy) send(std::move(copy));
}

// Brings a packet to its end of the link.
void Network::carry(Attachment from, LinkAddress to, Packet&& packet, Instant at) {
  if (to == kLinkBroadcast) return flood(from, std::move(packet), at);
  scheduler_.add(at, {.kind = Event::Kind::arrival,
                      .perpetual = perpetual_,
                      .from = from.end,
                      .to = to,
                      .index = from.link,
                      .packet = std::move(packet)});
}

void Network::flood(Attachment from, Packet&& packet, Instant at) {
  const std::size_t ends = links_[from.link]->ends.size();
  for (std::size_t end = 0; end < ends; ++end) {
    if (end == from.end) continue;
    scheduler_.add(at, {.kind = Event::Kind::arrival,
                        .broadcast = true,
                        .perpetual = perpetual_,
                        .from = from.end,
                        .to = static_cast<LinkAddress>(end),
                        .index = from.link,
                        .packet = pool_.copy_of(packet.bytes())});
  }
}

// A TUN says nothing of the next hop, so the link finds out: whoever has the destination address,
// all for a broadcast, else the gateway, which also gets what cannot be read. Between two TUNs and
// nobody else it is the other one.
LinkAddress Network::destination_on(const Link& link, LinkAddress from, const Packet& packet) {
  const bool two_ports = link.gateway == kNobody && link.ends.size() == 2;
  const auto gateway = two_ports ? static_cast<LinkAddress>(1 - from) : link.gateway;
  const auto ip = Ipv4HeaderView::parse(packet.bytes());
  if (!ip) return gateway;
  const Ipv4Address destination = ip->destination();
  const auto is_its_broadcast = [&](const Prefix& subnet) {
    return destination == subnet.broadcast();
  };
  if (destination.is_limited_broadcast() || destination.is_multicast() ||
      std::ranges::any_of(link.subnets, is_its_broadcast)) {
    return kLinkBroadcast;
  }
  const LinkAddress found = link.neighbours.find(destination);
  if (found == from) return kNobody;
  return found == kNobody ? gateway : found;
}

OutputQueue& Network::queue_of(const LinkEnd& end) {
  if (end.kind == LinkEnd::Kind::port) return ports_[end.index].queue;
  return interface_of(end).queue;
}

const OutputQueue& Network::queue_of(const LinkEnd& end) const {
  if (end.kind == LinkEnd::Kind::port) return ports_[end.index].queue;
  return nodes_[end.index]->interfaces()[end.interface].queue;
}

DirectionCounters Network::direction_counters(std::size_t link, std::size_t end) const {
  const LinkEnd& sender = links_[link]->ends[end];
  DirectionCounters counters =
      sender.impairment ? sender.impairment->counters() : DirectionCounters{};
  counters.marked = queue_of(sender).marked;
  counters.queue_full = queue_of(sender).full;
  counters.link_down = sender.link_down;
  return counters;
}

// A datagram that is complete needs its timer no more, and then the network is quiet.
void Network::drop_stale_timers() {
  for (const Event* next = scheduler_.peek();
       next != nullptr && next->kind == Event::Kind::timer &&
       nodes_[next->index]->next_deadline() != states_[next->index].timer;
       next = scheduler_.peek()) {
    const std::uint32_t node = next->index;
    scheduler_.drop();
    states_[node].timer.reset();
    arm_timer(node);
  }
}

void Network::arm_timer(std::uint32_t node) {
  if (!nodes_[node]->keeps_time()) return;
  const auto deadline = nodes_[node]->next_deadline();
  std::optional<Instant>& timer = states_[node].timer;
  if (!deadline || (timer && *timer <= *deadline)) return;
  timer = deadline;
  scheduler_.add(std::max(*deadline, now_), {.kind = Event::Kind::timer, .index = node});
}

}  // namespace hop
