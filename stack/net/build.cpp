// From a resolved topology to a running network.

#include <algorithm>
#include <bit>
#include <utility>

#include "stack/app/tcp_server.hpp"
#include "stack/net/nat_rules.hpp"
#include "stack/net/network.hpp"

namespace hop {
namespace {

template <class Spec>
std::optional<std::uint32_t> index_of(const std::vector<Spec>& specs, std::string_view name) {
  const auto at = std::ranges::find(specs, name, &Spec::name);
  if (at == specs.end()) return std::nullopt;
  return static_cast<std::uint32_t>(at - specs.begin());
}

OutputQueue queue_for(const DirectionSpec& sends) {
  return {.limit = sends.limit, .ecn = sends.ecn};
}

// Nodes have the numbers from 0.
constexpr std::uint64_t kSeedOfLinks = std::uint64_t{1} << 63U;
constexpr std::uint64_t kSeedOfTcp = std::uint64_t{1} << 62U;

}  // namespace

Network::Network(Topology resolved, Replica replica)
    : topology_(std::move(resolved)),
      graph_(topology_),
      link_seed_(Random{topology_.seed}.split(kSeedOfLinks)),
      ports_(topology_.tuns.size()) {
  build_nodes(replica);
  for (const LinkSpec& spec : topology_.links) build_link(spec);
  for (std::uint32_t node = 0; node < nodes_.size(); ++node) introduce_strangers(node);
  add_written_routes();
  apply_states();
  compute_routes();
}

Network::~Network() = default;

void Network::build_nodes(Replica replica) {
  const Random seed{topology_.seed};
  states_.resize(topology_.nodes.size());
  std::vector<std::uint16_t> echo_ports;
  for (const NodeSpec& spec : topology_.nodes) {
    echo_ports.insert(echo_ports.end(), spec.udp_echo.begin(), spec.udp_echo.end());
  }
  const auto bind = [this](Node& node, const std::vector<std::uint16_t>& ports,
                           std::unique_ptr<Endpoint> service) {
    for (const std::uint16_t port : ports) {
      node.bind({static_cast<std::uint8_t>(IpProtocol::udp), port}, *service);
    }
    if (!ports.empty()) services_.push_back(std::move(service));
  };
  for (const NodeSpec& spec : topology_.nodes) {
    nodes_.push_back(std::make_unique<Node>(spec, pool_, seed.split(nodes_.size())));
    nodes_.back()->share_ids(replica.number, std::bit_ceil(replica.of));
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

void Network::build_link(const LinkSpec& spec) {
  const auto number = static_cast<std::uint32_t>(links_.size());
  Link& link = *links_.emplace_back(std::make_unique<Link>());
  link.subnets = subnets_of(spec);
  for (const EndpointSpec& endpoint : spec.endpoints) {
    const DirectionSpec& sends = spec.sent_by(endpoint);
    if (const auto port = index_of(topology_.tuns, endpoint.name)) {
      const Attachment here{number, static_cast<LinkAddress>(link.ends.size())};
      add_end(number, {.kind = LinkEnd::Kind::port, .index = *port}, sends);
      ports_[*port] = {.attachment = here, .counters = {}, .queue = queue_for(sends)};
    } else {
      const std::uint32_t node = *graph_.index_of(endpoint.name);
      attach_node(number, node, spec, endpoint,
                  endpoint.discovery.value_or(topology_.nodes[node].discovery));
    }
  }
  fill_neighbours(number);
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
                                   .external = is_external(spec, topology_.nodes[node]),
                                   .extended_echo = endpoint.extended_echo});
  states_[node].interfaces.push_back({link, static_cast<LinkAddress>(on.ends.size())});
  add_end(link, {.kind = LinkEnd::Kind::node, .index = node, .interface = interface}, sends);
}

void Network::add_end(std::uint32_t link, LinkEnd end, const DirectionSpec& sends) {
  std::vector<LinkEnd>& ends = links_[link]->ends;
  end.rate = sends.rate;
  end.delay = sends.delay;
  set_impairment(end, sends.impairment, {link, static_cast<LinkAddress>(ends.size())});
  ends.push_back(std::move(end));
}

// Each direction has random numbers of its own, which do not depend on what others do with theirs.
void Network::set_impairment(LinkEnd& end, const ImpairmentSpec& spec, Attachment at) {
  if (end.impairment) {
    end.impairment->change(spec);
  } else if (spec != ImpairmentSpec{}) {
    end.impairment = std::make_unique<Impairment>(spec, link_seed_.split(at.link).split(at.end));
  }
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

}  // namespace hop
