// Filling in the subnets and addresses that a topology leaves out, and checking those it gives.

#include <algorithm>

#include "stack/ip/martian.hpp"
#include "stack/net/address_rules.hpp"
#include "stack/net/address_space.hpp"
#include "stack/net/naming.hpp"
#include "stack/net/nat_rules.hpp"
#include "stack/net/routing.hpp"
#include "stack/net/topology.hpp"
#include "stack/net/tunnel_rules.hpp"

namespace hop {
namespace {

using Fault = std::optional<TopologyError>;

std::vector<std::string> link_path(std::size_t link) { return {"links", std::to_string(link)}; }

std::vector<std::string> endpoint_path(std::size_t link, std::size_t endpoint) {
  return {"links", std::to_string(link), "endpoints", std::to_string(endpoint)};
}

std::vector<std::string> operator+(std::vector<std::string> path, std::string_view key) {
  path.emplace_back(key);
  return path;
}

class Addressing {
 public:
  explicit Addressing(Topology& topology) : topology_(topology) {}

  Fault run() {
    for (std::size_t i = 0; i < topology_.links.size(); ++i) {
      if (Fault bad = find_subnet(i)) return bad;
    }
    if (Fault bad = check_overlaps()) return bad;
    reserve_written_prefixes();
    for (std::size_t i = 0; i < topology_.links.size(); ++i) {
      if (Fault bad = take_subnet(i)) return bad;
      if (Fault bad = number_endpoints(i)) return bad;
    }
    return std::nullopt;
  }

 private:
  [[nodiscard]] const TunSpec* tun_of(const EndpointSpec& endpoint) const {
    const auto at = std::ranges::find(topology_.tuns, endpoint.name, &TunSpec::name);
    return at == topology_.tuns.end() ? nullptr : &*at;
  }

  // The subnet as far as the file says it: by `subnet`, by a TUN, by an endpoint's address.
  Fault find_subnet(std::size_t number) {
    LinkSpec& link = topology_.links[number];
    for (std::size_t i = 0; i < link.endpoints.size(); ++i) {
      EndpointSpec& endpoint = link.endpoints[i];
      if (const TunSpec* const tun = tun_of(endpoint)) endpoint.address = tun->address;
      if (!endpoint.address) continue;
      const Prefix subnet = endpoint.address->subnet();
      if (!link.subnet) link.subnet = subnet;
      if (*link.subnet != subnet && subnet.length() < 32) {
        return TopologyError{endpoint_path(number, i) + "address",
                             to_string(*endpoint.address) + " is not in the link's subnet " +
                                 to_string(*link.subnet)};
      }
    }
    // The rules of Linux are the laxer ones: a node's profile may be that.
    if (link.subnet &&
        source_fault(link.subnet->address(), MartianRules::linux_like) != DropReason::none) {
      return TopologyError{link_path(number) + "subnet",
                           to_string(*link.subnet) +
                               " is not for links: nobody forwards what comes from there (RFC 1812 "
                               "section 5.3.7)"};
    }
    return std::nullopt;
  }

  [[nodiscard]] Fault check_overlaps() const {
    AddressSpace subnets;
    for (std::size_t i = 0; i < topology_.links.size(); ++i) {
      const auto& subnet = topology_.links[i].subnet;
      if (!subnet) continue;
      if (subnets.overlaps(*subnet)) return overlap_of(i);
      subnets.take(*subnet);
    }
    return std::nullopt;
  }

  // The subnet of a link overlaps with that of one before it.
  [[nodiscard]] Fault overlap_of(std::size_t number) const {
    const Prefix& subnet = *topology_.links[number].subnet;
    const auto overlaps = [&](const LinkSpec& other) {
      return other.subnet && other.subnet->overlaps(subnet);
    };
    const auto first = std::ranges::find_if(topology_.links, overlaps);
    return TopologyError{link_path(number) + "subnet",
                         "subnet " + to_string(subnet) + " overlaps with " +
                             to_string(*first->subnet) + " of link " +
                             std::to_string(first - topology_.links.begin() + 1)};
  }

  void reserve_written_prefixes() {
    for (const LinkSpec& link : topology_.links) {
      if (link.subnet) taken_.take(*link.subnet);
      for (const EndpointSpec& endpoint : link.endpoints) {
        if (endpoint.address) taken_.take(endpoint.address->subnet());
        for (const InterfaceAddress& address : endpoint.secondary) {
          taken_.take(address.subnet());
        }
      }
    }
    for (const NodeSpec& node : topology_.nodes) {
      if (node.router_id) taken_.take({*node.router_id, 32});
    }
    for (const RouteSpec& route : topology_.routes) {
      if (route.to.length() > 0) taken_.take(route.to);
    }
    for (const TunSpec& tun : topology_.tuns) {
      for (const Prefix& prefix : tun.routes) {
        if (prefix.length() > 0) taken_.take(prefix);
      }
    }
  }

  // The next free subnet of the pool that has room for all endpoints.
  Fault take_subnet(std::size_t number) {
    LinkSpec& link = topology_.links[number];
    if (link.subnet) return std::nullopt;
    unsigned length = 30;
    while ((std::uint64_t{1} << (32U - length)) < link.endpoints.size() + 2) --length;
    link.subnet = taken_.first_free(topology_.pool, length, next_);
    if (!link.subnet) {
      return TopologyError{link_path(number), "no subnet is left for this link in " +
                                                  to_string(topology_.pool) +
                                                  "; give it a 'subnet', or the file a larger "
                                                  "'pool', such as 10.0.0.0/8"};
    }
    next_ = Ipv4Address{link.subnet->address().value | ~link.subnet->mask()};
    taken_.take(*link.subnet);
    return std::nullopt;
  }

  Fault number_endpoints(std::size_t number) {
    LinkSpec& link = topology_.links[number];
    const Prefix& subnet = *link.subnet;
    for (std::size_t i = 0; i < link.endpoints.size(); ++i) {
      const auto& address = link.endpoints[i].address;
      if (!address || address->prefix_length == 32 || subnet.is_host(address->address)) continue;
      return TopologyError{endpoint_path(number, i) + "address",
                           to_string(address->address) +
                               " is the network or broadcast address of " + to_string(subnet)};
    }
    std::uint32_t next = subnet.address().value + (subnet.length() > 30 ? 0 : 1);
    for (std::size_t i = 0; i < link.endpoints.size(); ++i) {
      EndpointSpec& endpoint = link.endpoints[i];
      if (endpoint.address) continue;
      while (is_taken(link, Ipv4Address{next})) ++next;
      if (!subnet.is_host(Ipv4Address{next})) {
        return TopologyError{endpoint_path(number, i),
                             "no address is left for this end in " + to_string(subnet)};
      }
      endpoint.address = InterfaceAddress{Ipv4Address{next}, subnet.length()};
    }
    return std::nullopt;
  }

  static bool is_taken(const LinkSpec& link, Ipv4Address address) {
    return std::ranges::any_of(link.endpoints, [&](const EndpointSpec& endpoint) {
      return (endpoint.address && endpoint.address->address == address) ||
             std::ranges::count(endpoint.secondary, address, &InterfaceAddress::address) > 0;
    });
  }

  Topology& topology_;
  AddressSpace taken_;
  Ipv4Address next_{};  // below it all of the pool is taken
};

}  // namespace

std::expected<Topology, TopologyError> resolve(Topology topology) {
  if (Fault bad = Addressing{topology}.run()) return std::unexpected(std::move(*bad));
  if (Fault bad = name_interfaces(topology)) return std::unexpected(std::move(*bad));
  if (Fault bad = check_addresses(topology)) return std::unexpected(std::move(*bad));
  for (const NodeSpec& node : topology.nodes) {
    if (Fault bad = check_nat(topology, node)) return std::unexpected(std::move(*bad));
  }
  if (Fault bad = check_routes(topology)) return std::unexpected(std::move(*bad));
  if (Fault bad = check_tunnels(topology)) return std::unexpected(std::move(*bad));
  number_labels(topology);
  return topology;
}

std::uint16_t mtu_of(const Topology& topology, std::size_t tun) {
  const std::string& name = topology.tuns[tun].name;
  for (const LinkSpec& link : topology.links) {
    const auto end = std::ranges::find(link.endpoints, name, &EndpointSpec::name);
    if (end != link.endpoints.end()) return link.sent_by(*end).mtu;
  }
  return 1500;
}

}  // namespace hop
