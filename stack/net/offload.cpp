// Packets with an offload in the network: whole where no single packets are needed.

#include <utility>

#include "stack/ip/segmentation.hpp"
#include "stack/net/network.hpp"

namespace hop {

void Network::receive_offload(Port& port, Packet packet, Instant now) {
  const auto [link, end] = port.attachment;
  const LinkAddress to = destination_on(*links_[link], end, packet);
  if (enters_whole(port, to, packet)) {
    port.counters.received += packet.packets();
    join_link(port, to, std::move(packet));
    return run_until(now);
  }
  take_apart(std::move(packet), pool_, [&](Packet&& single) {
    enter(port, std::move(single));
    run_until(now);
  });
}

// Who watches sees single packets. What a link is to lose is cut behind its queue, by impair().
bool Network::enters_whole(const Port& port, LinkAddress to, const Packet& packet) const {
  const LinkEnd& sender = links_[port.attachment.link]->ends[port.attachment.end];
  const bool is_watched = observer_ || watched_ < nodes_.size();
  return to != kNobody && to != kLinkBroadcast && sender.up && sender.rate == 0 && !is_watched &&
         port.queue.takes_as_it_is(packet.offload().largest());
}

// The link says whether there are labels, as the type field of Ethernet does. Of several packets
// each is carried on before the node receives the next, and the caller sees to the last.
Verdict Network::receive_special(Event& event, const LinkEnd& at, const Arrival& arrival) {
  Node& node = *nodes_[at.index];
  if (event.packet.label_depth() > 0) {
    return node.receive_labelled(std::move(event.packet), arrival, outbox_);
  }
  if (node.forward_whole(event.packet, arrival, outbox_)) return {Action::forwarded};
  Verdict verdict{};
  take_apart(std::move(event.packet), pool_, [&](Packet&& single) {
    transmit(at.index);
    verdict = node.receive(std::move(single), arrival, outbox_);
  });
  return verdict;
}

}  // namespace hop
