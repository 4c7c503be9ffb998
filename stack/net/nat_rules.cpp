#include "stack/net/nat_rules.hpp"

#include <algorithm>

namespace hop {
namespace {

using Fault = std::optional<TopologyError>;

class NatRules {
 public:
  NatRules(const Topology& topology, const NodeSpec& node)
      : topology_(topology), node_(node), policy_(*node.nat) {}

  [[nodiscard]] Fault run() const {
    if (Fault bad = check_links()) return bad;
    if (policy_.address) {
      if (Fault bad = check_external(*policy_.address, "address")) return bad;
    }
    for (const NatPair& pair : policy_.one_to_one) {
      if (Fault bad = check_pair(pair)) return bad;
    }
    for (const NatForward& forward : policy_.forward) {
      if (Fault bad = check_internal(forward.to.address, "forward")) return bad;
    }
    return std::nullopt;
  }

 private:
  [[nodiscard]] TopologyError fault(std::string_view key, std::string message) const {
    return {{"nodes", node_.name, "nat", std::string{key}}, std::move(message)};
  }
  [[nodiscard]] bool is_end(const LinkSpec& link) const {
    return std::ranges::count(link.endpoints, node_.name, &EndpointSpec::name) > 0;
  }
  // The end of a link that has this address.
  [[nodiscard]] const EndpointSpec* end_with(Ipv4Address address) const {
    for (const LinkSpec& link : topology_.links) {
      for (const EndpointSpec& end : link.endpoints) {
        if (end.address->address == address) return &end;
        if (std::ranges::count(end.secondary, address, &InterfaceAddress::address) > 0) return &end;
      }
    }
    return nullptr;
  }
  [[nodiscard]] bool has(Ipv4Address address) const {
    const EndpointSpec* const end = end_with(address);
    return end != nullptr && end->name == node_.name;
  }
  [[nodiscard]] bool is_primary(Ipv4Address address) const {
    return std::ranges::any_of(topology_.links, [&](const LinkSpec& link) {
      return is_external(link, node_) &&
             std::ranges::any_of(link.endpoints, [&](const EndpointSpec& end) {
               return end.name == node_.name && end.address->address == address;
             });
    });
  }
  [[nodiscard]] bool is_in_a_subnet(Ipv4Address address) const {
    return std::ranges::any_of(topology_.links, [&](const LinkSpec& link) {
      return std::ranges::any_of(subnets_of(link),
                                 [&](const Prefix& subnet) { return subnet.contains(address); });
    });
  }

  [[nodiscard]] Fault check_links() const {
    if (policy_.external.empty()) {
      return fault("external", "'nat' of '" + node_.name +
                                   "' lacks 'external': the link behind which the addresses that "
                                   "it translates are not known");
    }
    for (const std::string& name : policy_.external) {
      const bool is_there = std::ranges::any_of(topology_.links, [&](const LinkSpec& link) {
        return is_called(link, name) && is_end(link);
      });
      if (!is_there) {
        return fault("external", "no link is named '" + name + "' that '" + node_.name +
                                     "' is on; a link is called by its 'name', or its ends such "
                                     "as r1-r2");
      }
    }
    return std::nullopt;
  }

  // Of a subnet some addresses are no host's (RFC 1122 section 3.2.1.3).
  [[nodiscard]] Fault check_unicast(Ipv4Address address, std::string_view key) const {
    if (end_with(address) != nullptr) return std::nullopt;
    for (const LinkSpec& link : topology_.links) {
      for (const Prefix& subnet : subnets_of(link)) {
        if (!subnet.contains(address) || subnet.is_host(address)) continue;
        return fault(key, to_string(address) + " is the network or broadcast address of " +
                              to_string(subnet) + "; expected one that a host can have");
      }
    }
    return std::nullopt;
  }

  // An address of nobody has to be routed to the node; one in a subnet would be looked for there.
  [[nodiscard]] Fault check_external(Ipv4Address address, std::string_view key) const {
    if (Fault bad = check_unicast(address, key)) return bad;
    if (has(address) || !is_in_a_subnet(address)) return std::nullopt;
    return fault(key, to_string(address) + " is not an address of '" + node_.name +
                          "'; give it that one with 'addresses' of its end of the link");
  }

  [[nodiscard]] Fault check_pair(const NatPair& pair) const {
    if (Fault bad = check_internal(pair.internal, "one-to-one")) return bad;
    if (Fault bad = check_external(pair.external, "one-to-one")) return bad;
    const bool is_shared =
        policy_.address ? *policy_.address == pair.external : is_primary(pair.external);
    if (!is_shared) return std::nullopt;
    return fault("one-to-one", to_string(pair.external) + " is an address of '" + node_.name +
                                   "' that others share; give it one more with 'addresses' of "
                                   "its end of the link");
  }

  [[nodiscard]] Fault check_internal(Ipv4Address address, std::string_view key) const {
    if (Fault bad = check_unicast(address, key)) return bad;
    if (!has(address)) return std::nullopt;
    return fault(key, to_string(address) + " is an address of '" + node_.name +
                          "' itself, not of a host behind it");
  }

  const Topology& topology_;
  const NodeSpec& node_;
  const NatPolicy& policy_;
};

}  // namespace

bool is_external(const LinkSpec& link, const NodeSpec& node) {
  return node.nat && std::ranges::any_of(node.nat->external, [&](const std::string& name) {
           return is_called(link, name);
         });
}

std::optional<TopologyError> check_nat(const Topology& topology, const NodeSpec& node) {
  return node.nat ? NatRules{topology, node}.run() : std::nullopt;
}

}  // namespace hop
