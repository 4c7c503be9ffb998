#include "stack/node/endpoint.hpp"

#include "stack/node/node.hpp"

namespace hop {

void UdpEcho::receive(const Delivery& delivery, Node& node, Outbox& out) {
  const bool to_us = node.routes().is_local(delivery.ip.destination());
  Outgoing back{.destination = delivery.ip.source(), .tos = delivery.ip.tos()};
  if (to_us) back.source = delivery.ip.destination();
  node.send_udp(back, delivery.local_port, delivery.remote_port, delivery.data, out);
}

}  // namespace hop
