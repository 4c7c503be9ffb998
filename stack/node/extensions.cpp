// What an error tells besides the quote: interfaces (RFC 5837) and labels (RFC 4950).

#include "stack/icmp/error_message.hpp"
#include "stack/node/node.hpp"

namespace hop {

// An extension structure in `room`, or nothing if there is nothing to tell.
Bytes Node::write_extension(IcmpType type, const Received& about, MutBytes room) const {
  const ExtensionPolicy& policy = config_.icmp.extensions;
  ExtensionWriter writer{room};
  const std::span<const MplsLabel> labels = told_labels(about);
  if (!labels.empty() && may_carry(type, ExtensionClass::mpls_label_stack, policy.layout)) {
    write_label_stack(writer, labels);
  }
  if (policy.interface && may_carry(type, ExtensionClass::interface_information, policy.layout)) {
    write_interfaces(writer, about);
  }
  return writer.finish();
}

// Those of the packet itself, if its tunnel has that; else those that all have that come in there.
std::span<const MplsLabel> Node::told_labels(const Received& about) const {
  if (labels_ && !labels_->arrived.empty()) {
    if (!labels_->route.policy.tells_labels) return {};
    return labels_->arrived.entries();
  }
  if (!config_.icmp.extensions.mpls) return {};
  return interfaces_[about.arrival.in].labels;
}

void Node::write_interfaces(ExtensionWriter& writer, const Received& about) const {
  const InterfaceDisclosure& policy = config_.icmp.extensions.disclosure;
  const auto tell = [&](const InterfaceInformation& what) {
    if (policy.roles[std::to_underlying(what.role)] && what.tells_something()) {
      write_interface_information(writer, what);
    }
  };
  tell(describe(InterfaceRole::incoming, about.arrival.in, about.ip.source()));
  tell(describe(interfaces_[about.arrival.in].component));
  const auto ahead = way_ahead(about);
  if (!ahead) return;
  tell(describe(InterfaceRole::outgoing, ahead->out, ahead->next));
  if (policy.address) tell({.role = InterfaceRole::next_hop, .address = ahead->next});
}

// Of its addresses the one that `peer` knows it by.
InterfaceInformation Node::describe(InterfaceRole role, InterfaceIndex at, Ipv4Address peer) const {
  const InterfaceDisclosure& policy = config_.icmp.extensions.disclosure;
  const Interface& interface = interfaces_[at];
  InterfaceInformation what{.role = role};
  if (policy.index) what.index = if_index(at);
  if (policy.address) what.address = interface.toward(peer).address;
  if (policy.name) what.name = interface.name;
  if (policy.mtu) what.mtu = interface.mtu;
  return what;
}

// It has no address and no MTU of its own. RFC 5837 section 4.1 knows it of the incoming interface
// only.
InterfaceInformation Node::describe(const InterfaceComponent& component) const {
  const InterfaceDisclosure& policy = config_.icmp.extensions.disclosure;
  InterfaceInformation what{.role = InterfaceRole::incoming_component};
  if (policy.index && component.index != 0) what.index = component.index;
  if (policy.name) what.name = component.name;
  return what;
}

// Where the datagram "would have been forwarded had it been forwardable" (RFC 5837 section 4.1).
// The routes say it, so that the walk need not remember it for the few packets that fail; whether
// anybody is there does not matter.
std::optional<Node::Ahead> Node::way_ahead(const Received& about) const {
  if (config_.kind == NodeKind::host) return std::nullopt;
  Ipv4Address destination = about.ip.destination();
  if (about.options.source_route != 0 && routes_.is_local(destination)) {
    const SourceRoute ahead = route_ahead(about);
    if (ahead.used_up()) return std::nullopt;
    destination = ahead.next();
  }
  const Route* const route =
      way_for(routes_.lookup(destination, tos_field(about.ip.tos())), about.ip, destination);
  if (route == nullptr || !leads_out(*route)) return std::nullopt;
  return Ahead{.out = route->out, .next = next_hop(*route, destination)};
}

}  // namespace hop
