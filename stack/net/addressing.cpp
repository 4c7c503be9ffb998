// Filling in the subnets and addresses that a topology leaves out, and checking those it gives.

#include <algorithm>

#include "stack/ip/martian.hpp"
#include "stack/net/address_rules.hpp"
#include "stack/net/naming.hpp"
#include "stack/net/routing.hpp"
#include "stack/net/topology.hpp"

namespace hop {
namespace {

constexpr Prefix kPool{Ipv4Address{198, 18, 0, 0}, 15};  // RFC 2544

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
    const auto& links = topology_.links;
    for (std::size_t b = 0; b < links.size(); ++b) {
      for (std::size_t a = 0; a < b; ++a) {
        if (!links[a].subnet || !links[b].subnet) continue;
        if (!links[a].subnet->overlaps(*links[b].subnet)) continue;
        return TopologyError{link_path(b) + "subnet",
                             "subnet " + to_string(*links[b].subnet) + " overlaps with " +
                                 to_string(*links[a].subnet) + " of link " + std::to_string(a + 1)};
      }
    }
    return std::nullopt;
  }

  void reserve_written_prefixes() {
    for (const LinkSpec& link : topology_.links) {
      if (link.subnet) taken_.push_back(*link.subnet);
      for (const EndpointSpec& endpoint : link.endpoints) {
        if (endpoint.address) taken_.push_back(endpoint.address->subnet());
        for (const InterfaceAddress& address : endpoint.secondary) {
          taken_.push_back(address.subnet());
        }
      }
    }
    for (const NodeSpec& node : topology_.nodes) {
      if (node.router_id) taken_.emplace_back(*node.router_id, 32);
    }
    for (const RouteSpec& route : topology_.routes) {
      if (route.to.length() > 0) taken_.push_back(route.to);
    }
    for (const TunSpec& tun : topology_.tuns) {
      for (const Prefix& prefix : tun.routes) {
        if (prefix.length() > 0) taken_.push_back(prefix);
      }
    }
  }

  // The next free subnet of the pool that has room for all endpoints.
  Fault take_subnet(std::size_t number) {
    LinkSpec& link = topology_.links[number];
    if (link.subnet) return std::nullopt;
    unsigned length = 30;
    while ((std::uint64_t{1} << (32U - length)) < link.endpoints.size() + 2) --length;
    const std::uint32_t step = 1U << (32U - length);
    std::uint32_t at = (next_ + step - 1) / step * step;
    for (; kPool.contains(Ipv4Address{at}); at += step) {
      const Prefix candidate{Ipv4Address{at}, length};
      const auto overlaps = [&](const Prefix& taken) { return taken.overlaps(candidate); };
      if (std::ranges::any_of(taken_, overlaps)) continue;
      link.subnet = candidate;
      next_ = at + step;
      return std::nullopt;
    }
    return TopologyError{link_path(number),
                         "no subnet is left for this link in 198.18.0.0/15; give it a 'subnet'"};
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
  std::vector<Prefix> taken_;
  std::uint32_t next_ = kPool.address().value;
};

}  // namespace

std::expected<Topology, TopologyError> resolve(Topology topology) {
  if (Fault bad = Addressing{topology}.run()) return std::unexpected(std::move(*bad));
  if (Fault bad = name_interfaces(topology)) return std::unexpected(std::move(*bad));
  if (Fault bad = check_addresses(topology)) return std::unexpected(std::move(*bad));
  if (Fault bad = check_routes(topology)) return std::unexpected(std::move(*bad));
  if (topology.routing == Routing::shortest) add_shortest_paths(topology);
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
