#include "stack/net/address_rules.hpp"

#include <algorithm>
#include <map>

#include "stack/ip/martian.hpp"
#include "stack/net/address_space.hpp"

namespace hop {
namespace {

using Fault = std::optional<TopologyError>;
using Path = std::vector<std::string>;

Path endpoint_path(std::size_t link, std::size_t endpoint, std::string_view key) {
  return {"links", std::to_string(link), "endpoints", std::to_string(endpoint), std::string{key}};
}

bool is_unusable(Ipv4Address address) {
  return source_fault(address, MartianRules::linux_like) != DropReason::none;
}

class AddressRules {
 public:
  explicit AddressRules(const Topology& topology) : topology_(topology) {
    for (const LinkSpec& link : topology.links) {
      for (const Prefix& subnet : subnets_of(link)) subnets_.take(subnet);
    }
  }

  Fault run() {
    for (std::size_t link = 0; link < topology_.links.size(); ++link) {
      const auto& endpoints = topology_.links[link].endpoints;
      for (std::size_t i = 0; i < endpoints.size(); ++i) {
        if (Fault bad = check_endpoint(link, i, endpoints[i])) return bad;
      }
    }
    for (const NodeSpec& node : topology_.nodes) {
      if (Fault bad = check_router_id(node)) return bad;
    }
    for (const NodeSpec& node : topology_.nodes) {
      if (Fault bad = check_source(node)) return bad;
      const Path path{"nodes", node.name, "router-discovery", "addresses"};
      if (Fault bad = check_advertised(node.discovery, node.name, path)) return bad;
    }
    return std::nullopt;
  }

 private:
  Fault check_endpoint(std::size_t link, std::size_t number, const EndpointSpec& endpoint) {
    const Path path = endpoint_path(link, number, "address");
    if (Fault bad = own(endpoint.address->address, endpoint.name, path)) return bad;
    for (const InterfaceAddress& address : endpoint.secondary) {
      const Path at = endpoint_path(link, number, "addresses");
      if (Fault bad = check_secondary(link, address, at)) return bad;
      if (Fault bad = own(address.address, endpoint.name, at)) return bad;
    }
    if (!endpoint.discovery) return std::nullopt;
    Path at = endpoint_path(link, number, "router-discovery");
    at.emplace_back("addresses");
    return check_advertised(*endpoint.discovery, endpoint.name, at);
  }

  // RFC 1256 section 3: a router advertises its own addresses.
  [[nodiscard]] Fault check_advertised(const DiscoveryPolicy& policy, const std::string& name,
                                       const Path& path) const {
    for (const DiscoveryPolicy::Advertised& advertised : policy.addresses) {
      const auto owner = owners_.find(advertised.address);
      if (owner != owners_.end() && owner->second == name) continue;
      return TopologyError{path,
                           to_string(advertised.address) + " is not an address of '" + name + "'"};
    }
    return std::nullopt;
  }

  // The address has one owner only.
  Fault own(Ipv4Address address, const std::string& name, const Path& path) {
    const auto [at, is_new] = owners_.emplace(address, name);
    if (is_new) return std::nullopt;
    return TopologyError{
        path, to_string(address) + " is the address of '" + std::string{at->second} + "' already"};
  }

  Fault check_secondary(std::size_t link, const InterfaceAddress& address, const Path& path) const {
    const Prefix subnet = address.subnet();
    if (is_unusable(address.address) || !subnet.is_host(address.address)) {
      return TopologyError{path, to_string(address) + " is not an address that a node may have"};
    }
    for (std::size_t i = 0; i < topology_.links.size(); ++i) {
      if (Fault bad = check_overlap(i, i == link, subnet, path)) return bad;
    }
    return std::nullopt;
  }

  // Subnets of different links have nothing in common; on one link two are the same or disjoint,
  // or one is a single address.
  [[nodiscard]] Fault check_overlap(std::size_t link, bool same_link, const Prefix& subnet,
                                    const Path& path) const {
    for (const Prefix& other : subnets_of(topology_.links[link])) {
      const bool may =
          same_link && (subnet == other || subnet.length() == 32 || other.length() == 32);
      if (may || !subnet.overlaps(other)) continue;
      return TopologyError{path, "subnet " + to_string(subnet) + " overlaps with " +
                                     to_string(other) + " of link " + std::to_string(link + 1)};
    }
    return std::nullopt;
  }

  Fault check_router_id(const NodeSpec& node) {
    if (!node.router_id) return std::nullopt;
    const Path path{"nodes", node.name, "router-id"};
    const Ipv4Address id = *node.router_id;
    const auto owner = owners_.find(id);
    if (owner != owners_.end() && owner->second == node.name) return std::nullopt;
    if (is_unusable(id)) {
      return TopologyError{path, to_string(id) + " is not an address that a node may have"};
    }
    if (Fault bad = own(id, node.name, path)) return bad;
    if (!subnets_.overlaps(Prefix{id, 32})) return std::nullopt;
    for (std::size_t link = 0; link < topology_.links.size(); ++link) {
      if (Fault bad = check_overlap(link, false, Prefix{id, 32}, path)) return bad;
    }
    return std::nullopt;
  }

  // RFC 1812 section 4.2.2.11: what a router sends comes from one of its own addresses.
  [[nodiscard]] Fault check_source(const NodeSpec& node) const {
    if (node.icmp.source != SourcePolicy::fixed) return std::nullopt;
    const auto owner = owners_.find(node.icmp.fixed_source);
    if (owner != owners_.end() && owner->second == node.name) return std::nullopt;
    return TopologyError{{"nodes", node.name, "icmp", "source"},
                         to_string(node.icmp.fixed_source) + " is not an address of '" + node.name +
                             "'; take one that it has, or give it this one with 'router-id: " +
                             to_string(node.icmp.fixed_source) + "'"};
  }

  const Topology& topology_;
  AddressSpace subnets_;  // of all links
  std::map<Ipv4Address, std::string_view> owners_;
};

}  // namespace

std::vector<Prefix> subnets_of(const LinkSpec& link) {
  std::vector<Prefix> subnets{*link.subnet};
  const auto add = [&](const Prefix& subnet) {
    if (std::ranges::find(subnets, subnet) == subnets.end()) subnets.push_back(subnet);
  };
  for (const EndpointSpec& endpoint : link.endpoints) {
    add(endpoint.address->subnet());
    for (const InterfaceAddress& address : endpoint.secondary) add(address.subnet());
  }
  return subnets;
}

std::optional<TopologyError> check_addresses(const Topology& topology) {
  return AddressRules{topology}.run();
}

}  // namespace hop
