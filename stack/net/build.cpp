// From a resolved topology to a running network.

#include <algorithm>
#include <map>
#include <utility>

#include "stack/app/tcp_server.hpp"
#include "stack/net/network.hpp"

namespace hop {
namespace {

template <class Spec>
std::optional<std::uint32_t> index_of(const std::vector<Spec>& specs, std::string_view name) {
  const auto at = std::ranges::find(specs, name, &Spec::name);
  if (at == specs.end()) return std::nullopt;
  return static_cast<std::uint32_t>(at - specs.begin());
}

// Where a neighbour with that address is.
InterfaceIndex interface_toward(Node& node, Ipv4Address via) {
  const auto interfaces = node.interfaces();
  auto out = std::ranges::find_if(interfaces, [&](const Interface& interface) {
    return interface.toward(via).subnet().contains(via);
  });
  if (out == interfaces.end()) {  // an address without a subnet
    out = std::ranges::find_if(interfaces, [&](const Interface& interface) {
      return interface.neighbours->find(via) != kNobody;
    });
  }
  return out == interfaces.end() ? InterfaceIndex{0}
                                 : static_cast<InterfaceIndex>(out - interfaces.begin());
}

OutputQueue queue_for(const DirectionSpec& sends) {
  return {.limit = sends.limit, .ecn = sends.ecn};
}

// Nodes have the numbers from 0.
constexpr std::uint64_t kSeedOfLinks = std::uint64_t{1} << 63U;
constexpr std::uint64_t kSeedOfTcp = std::uint64_t{1} << 62U;

}  // namespace

Network::Network(const Topology& resolved)
    : graph_(resolved),
      link_seed_(Random{resolved.seed}.split(kSeedOfLinks)),
      ports_(resolved.tuns.size()) {
  build_nodes(resolved);
  for (const LinkSpec& spec : resolved.links) build_link(resolved, spec);
  build_routes(resolved);
}

Network::~Network() = default;

void Network::build_nodes(const Topology& resolved) {
  const Random seed{resolved.seed};
  states_.resize(resolved.nodes.size());
  std::vector<std::uint16_t> echo_ports;
  for (const NodeSpec& spec : resolved.nodes) {
    echo_ports.insert(echo_ports.end(), spec.udp_echo.begin(), spec.udp_echo.end());
  }
  const auto bind = [this](Node& node, const std::vector<std::uint16_t>& ports,
                           std::unique_ptr<Endpoint> service) {
    for (const std::uint16_t port : ports) {
      node.bind({static_cast<std::uint8_t>(IpProtocol::udp), port}, *service);
    }
    if (!ports.empty()) services_.push_back(std::move(service));
  };
  for (const NodeSpec& spec : resolved.nodes) {
    nodes_.push_back(std::make_unique<Node>(spec, pool_, seed.split(nodes_.size())));
    bind(*nodes_.back(), spec.udp_echo, std::make_unique<UdpEcho>(echo_ports));
    bind(*nodes_.back(), spec.udp_sink, std::make_unique<UdpSink>());
    serve_tcp(spec, seed.split(kSeedOfTcp).split(nodes_.size()));
  }
}

void Network::serve_tcp(const NodeSpec& spec, Random secret) {
  if (spec.tcp_open.empty() && spec.tcp_sink.empty()) return;
  auto server = std::make_unique<TcpServer>(spec.tcp_sink, secret);
  Node& node = *nodes_.back();
  for (const auto* const ranges : {&spec.tcp_open, &spec.tcp_sink}) {
    for (const PortRange range : *ranges) {
      for (std::uint32_t port = range.first; port <= range.last; ++port) {
        node.bind({static_cast<std::uint8_t>(IpProtocol::tcp), static_cast<std::uint16_t>(port)},
                  *server);
      }
    }
  }
  node.start(*server);
  services_.push_back(std::move(server));
}

void Network::build_link(const Topology& resolved, const LinkSpec& spec) {
  const auto number = static_cast<std::uint32_t>(links_.size());
  Link& link = *links_.emplace_back(std::make_unique<Link>());
  link.subnets = subnets_of(spec);
  std::optional<LinkAddress> first_router;
  std::optional<LinkAddress> first_node;
  for (const EndpointSpec& endpoint : spec.endpoints) {
    const auto end = static_cast<LinkAddress>(link.ends.size());
    link.neighbours.add(endpoint.address->address, end);
    for (const InterfaceAddress& more : endpoint.secondary) link.neighbours.add(more.address, end);
    if (const auto port = index_of(resolved.tuns, endpoint.name)) {
      add_end(number, {.kind = LinkEnd::Kind::port, .index = *port}, spec.sent_by(endpoint));
      link.neighbours.set_outside(end);
      ports_[*port] = {
          .attachment = {number, end}, .counters = {}, .queue = queue_for(spec.sent_by(endpoint))};
      continue;
    }
    const std::uint32_t node = *graph_.index_of(endpoint.name);
    attach_node(number, node, spec, endpoint,
                endpoint.discovery.value_or(resolved.nodes[node].discovery));
    if (!first_node) first_node = end;
    if (!first_router && resolved.nodes[node].kind == NodeKind::router) first_router = end;
  }
  introduce_strangers(link, spec);
  link.gateway = first_router ? *first_router : first_node.value_or(kNobody);
}

void Network::attach_node(std::uint32_t link, std::uint32_t node, const LinkSpec& spec,
                          const EndpointSpec& endpoint, const DiscoveryPolicy& discovery) {
  const Link& on = *links_[link];
  const DirectionSpec& sends = spec.sent_by(endpoint);
  const InterfaceIndex interface =
      nodes_[node]->add_interface({.address = *endpoint.address,
                                   .mtu = sends.mtu,
                                   .rate = sends.rate,
                                   .neighbours = &on.neighbours,
                                   .queue = queue_for(sends),
                                   .discovery = discovery,
                                   .secondary = endpoint.secondary,
                                   .name = endpoint.interface,
                                   .labels = endpoint.labels,
                                   .component = endpoint.component,
                                   .forwards = endpoint.forwards,
                                   .extended_echo = endpoint.extended_echo});
  states_[node].interfaces.push_back({link, static_cast<LinkAddress>(on.ends.size())});
  add_end(link, {.kind = LinkEnd::Kind::node, .index = node, .interface = interface}, sends);
}

// Each direction has random numbers of its own, which do not depend on what others do with theirs.
void Network::add_end(std::uint32_t link, LinkEnd end, const DirectionSpec& sends) {
  std::vector<LinkEnd>& ends = links_[link]->ends;
  end.rate = sends.rate;
  end.delay = sends.delay;
  if (sends.impairment != ImpairmentSpec{}) {
    end.impairment =
        std::make_unique<Impairment>(sends.impairment, link_seed_.split(link).split(ends.size()));
  }
  ends.push_back(std::move(end));
}

// A link with one end: what a node sends to itself.
void Network::add_loopback(std::size_t index) {
  const auto node = static_cast<std::uint32_t>(index);
  if (nodes_[node]->has_loopback()) return;
  const auto number = static_cast<std::uint32_t>(links_.size());
  Link& link = *links_.emplace_back(std::make_unique<Link>());
  const InterfaceIndex interface = nodes_[node]->add_loopback(link.neighbours);
  states_[node].interfaces.push_back({number, 0});
  link.ends.push_back({.kind = LinkEnd::Kind::node, .index = node, .interface = interface});
}

// Who has an address in no subnet of a node's interface is on its link all the same: what
// `ip route add ADDRESS dev LINK` says for an address without a subnet (/32).
void Network::introduce_strangers(const Link& link, const LinkSpec& spec) {
  for (const LinkEnd& end : link.ends) {
    if (end.kind != LinkEnd::Kind::node) continue;
    Node& node = *nodes_[end.index];
    const Interface& interface = node.interfaces()[end.interface];
    const auto introduce = [&](Ipv4Address address) {
      if (interface.toward(address).subnet().contains(address)) return;
      node.add_route({.to = {address, 32}, .type = RouteType::connected, .out = end.interface});
    };
    for (const EndpointSpec& other : spec.endpoints) {
      introduce(other.address->address);
      for (const InterfaceAddress& more : other.secondary) introduce(more.address);
    }
  }
}

// Own addresses are in the tables already and win; static routes come before computed ones, and of
// the default gateways of a host the table has the most preferred.
void Network::build_routes(const Topology& resolved) {
  std::vector<const RouteSpec*> by_preference;
  for (const RouteSpec& spec : resolved.routes) by_preference.push_back(&spec);
  // Of equal ones, the order of the file: std::stable_sort would do, but clang with libstdc++ 12
  // warns of what it uses inside.
  std::ranges::sort(by_preference, {}, [](const RouteSpec* spec) {
    return std::pair{-std::int64_t{spec->preference.value_or(0)}, spec};
  });
  for (const RouteSpec* const written : by_preference) {
    const RouteSpec& spec = *written;
    Node& node = *nodes_[*graph_.index_of(spec.node)];
    Route route{
        .to = spec.to, .type = spec.type, .code = spec.reject, .via = spec.via, .tos = spec.tos};
    if (spec.others.empty()) {
      route.out = interface_toward(node, spec.via);
      node.add_route(route, spec.preference.value_or(0));
      continue;
    }
    std::vector<NextHop> ways{{.out = interface_toward(node, spec.via), .via = spec.via}};
    for (const Ipv4Address other : spec.others) {
      ways.push_back({.out = interface_toward(node, other), .via = other});
    }
    node.add_route(route, ways);
  }
  if (resolved.routing != Routing::shortest) return;
  paths_ = std::make_unique<ShortestPaths>(resolved, graph_);
  for (std::uint32_t i = 0; i < nodes_.size(); ++i) nodes_[i]->compute_routes_by(*paths_, i);
}

}  // namespace hop
