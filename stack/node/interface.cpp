#include "stack/node/interface.hpp"

#include "stack/wire/ipv4.hpp"

namespace hop {

void Neighbours::add(Ipv4Address address, LinkAddress at) {
  known_.insert(std::ranges::lower_bound(known_, address, {}, &Known::address), {address, at});
}

// What comes from a TUN may be anything.
void OutputQueue::mark(Packet& packet) {
  if (Ipv4HeaderView::parse(packet.bytes()) && mark_congestion(packet.bytes())) ++marked;
}

bool Interface::has(Ipv4Address own) const {
  return address.address == own ||
         std::ranges::find(secondary, own, &InterfaceAddress::address) != secondary.end();
}

const InterfaceAddress& Interface::secondary_toward(Ipv4Address peer) const {
  const auto at = std::ranges::find_if(
      secondary, [&](const InterfaceAddress& own) { return own.subnet().contains(peer); });
  return at == secondary.end() ? address : *at;
}

}  // namespace hop
