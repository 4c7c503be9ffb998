#include "stack/node/endpoint.hpp"

#include <algorithm>
#include <tuple>

#include "stack/node/node.hpp"

namespace hop {

// A datagram from an echo port is the answer of an echo service, or pretends to be.
bool UdpEcho::may_answer(const Delivery& delivery) const {
  return delivery.remote_port != 0 && delivery.remote_port != delivery.local_port &&
         std::ranges::find(others_, delivery.remote_port) == others_.end();
}

void UdpEcho::receive(const Delivery& delivery, Node& node, Outbox& out) {
  if (!may_answer(delivery)) return;
  // RFC 1122 section 4.1.3.2: along the source route, if the datagram came by one.
  const ReplyOptions route = reversed_route(delivery.ip, delivery.options);
  const Outgoing back{.destination = delivery.ip.source(),
                      .source = delivery.specific_destination,
                      .tos = delivery.ip.tos(),
                      .options = route.bytes(),
                      .first_hop = route.first_hop,
                      .now = delivery.now};
  // An answer that cannot be sent is lost, as any other may be.
  std::ignore = node.send_udp(back, delivery.local_port, delivery.remote_port, delivery.data, out);
}

}  // namespace hop
