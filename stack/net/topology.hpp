#pragma once
// A network as data: what the topology file says, before anything runs.

#include <cstdint>
#include <expected>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "stack/base/clock.hpp"
#include "stack/base/rare.hpp"
#include "stack/icmp/policy.hpp"
#include "stack/ip/label_table.hpp"
#include "stack/ip/route.hpp"
#include "stack/net/change.hpp"
#include "stack/net/impairment.hpp"
#include "stack/node/node.hpp"
#include "stack/wire/ipv4_address.hpp"

namespace hop {

/// A port to the outside: this machine's end of a TUN device.
struct TunSpec {
  std::string name;
  InterfaceAddress address;    ///< this machine's address on the device
  std::vector<Prefix> routes;  ///< routed into the device besides the network's own subnets
  std::string netns;           ///< network namespace of the device; empty for the current one
};

/// A node with the services it runs.
struct NodeSpec : NodeConfig {
  bool up = true;                       ///< is it powered?
  std::vector<std::uint16_t> udp_echo;  ///< UDP ports that send back what they get (RFC 862)
  std::vector<std::uint16_t> udp_sink;  ///< UDP ports that take and say nothing (RFC 863)
  /// TCP ports that accept connections. One of the first closes them in order after the first data
  /// that come, one of the second takes all and closes after the peer (RFC 863).
  std::vector<PortRange> tcp_open, tcp_sink;
  DiscoveryPolicy discovery;  ///< of interfaces that do not say otherwise
};

/// How packets get from one end of a link to the others.
struct DirectionSpec {
  std::uint16_t mtu = 1500;  ///< bytes of IP, 68 to 65535 (RFC 791 section 3.2)
  QueueLength limit = OutputQueue::kDefaultLimit;  ///< what waits or is being sent
  QueueLength ecn{};                               ///< OutputQueue::ecn
  std::uint64_t rate = 0;                          ///< bits per second; 0 for unlimited
  Duration delay{};
  std::uint32_t cost = 1;  ///< what it adds to the length of a path: 1 to 65535
  ImpairmentSpec impairment{};

  bool operator==(const DirectionSpec&) const = default;
};

/// One end of a link: a TUN or a node, by name.
struct EndpointSpec {
  std::string name;
  /// For a TUN always its own. A /32 need not be in the link's subnet: then its neighbours are
  /// reached by their addresses, one by one.
  std::optional<InterfaceAddress> address;
  std::vector<InterfaceAddress> secondary{};  ///< more addresses of a node's interface
  std::string interface{};                    ///< what the node calls it: eth0, ge-0/0/1 ...
  std::vector<MplsLabel> labels{};            ///< that packets arrive there with
  InterfaceComponent component{};             ///< that packets arrive there by
  bool forwards = true;                       ///< Interface::forwards
  bool extended_echo = true;                  ///< Interface::extended_echo
  Rare<DiscoveryPolicy> discovery{};          ///< of a node's interface, if not that of the node
  Rare<DirectionSpec> sends{};                ///< if not as the link says
};

/// A link, with what holds for the directions of endpoints that do not say otherwise.
struct LinkSpec : DirectionSpec {
  std::string name{};  ///< empty for that of its endpoints: see link_name()
  bool up = true;
  std::vector<EndpointSpec> endpoints;  ///< two or more
  std::optional<Prefix> subnet;

  /// What holds for what an endpoint of the link sends.
  [[nodiscard]] const DirectionSpec& sent_by(const EndpointSpec& endpoint) const {
    return endpoint.sends ? *endpoint.sends : *this;
  }
};

struct RouteSpec {
  std::string node;
  Prefix to;
  std::uint8_t tos = 0;  ///< as tos_field() has it
  RouteType type = RouteType::via;
  Ipv4Address via;                    ///< for RouteType::via
  std::vector<Ipv4Address> others{};  ///< as good as `via`: the load is balanced among them
  /// Of a host's default routes, of which there may be several by `via`: the higher the better.
  std::optional<std::int32_t> preference{};
  UnreachableCode reject = UnreachableCode::net_unreachable;  ///< for RouteType::reject
};

/// A tunnel of MPLS: packets go from its first router to its last under labels. It leads one way.
struct TunnelSpec {
  std::vector<std::string> path;  ///< routers, each a neighbour of the one before
  /// What goes into it at the first router. Empty for all that would come to the last one anyway,
  /// by a computed route.
  std::vector<Prefix> to{};
  TunnelPolicy policy{};
  bool pops_early = true;  ///< does the last router but one take the label off?
  /// That packets have on the links of the path, in order; all of them when it is resolved.
  std::vector<std::uint32_t> labels{};

  /// How many links of the path packets cross under a label.
  [[nodiscard]] std::size_t labelled_links() const { return path.size() - (pops_early ? 2 : 1); }
};

enum class Routing : std::uint8_t { shortest, static_only };

/// Where subnets come from that the file leaves out: addresses for tests of networks (RFC 2544
/// section C.2.2), where nothing of the user's is shadowed.
inline constexpr Prefix kDefaultPool{Ipv4Address{198, 18, 0, 0}, 15};

struct Topology {
  std::string name;
  std::uint64_t seed = 1;
  Prefix pool = kDefaultPool;
  Routing routing = Routing::shortest;
  std::vector<TunSpec> tuns;
  std::vector<NodeSpec> nodes;
  std::vector<LinkSpec> links;
  std::vector<RouteSpec> routes;  ///< as written; others are computed when they are needed
  std::vector<TunnelSpec> tunnels{};
  std::vector<TimedChange> timeline{};
};

/// What a link is called: its name, or those of its endpoints, "r1-r2".
[[nodiscard]] std::string link_name(const LinkSpec& link);
/// Is that what it is called, or, of two ends, the same with the ends in the other order?
[[nodiscard]] bool is_called(const LinkSpec& link, std::string_view name);

/// What is wrong with a topology, and where: a path into the description whose parts are keys and
/// indices, such as {"links", "2", "endpoints", "0", "address"} or {"routes", "r1", "0", "via"}.
struct TopologyError {
  std::vector<std::string> path;
  std::string message;
};

/// The same topology with everything said: every link its subnet, every endpoint its address, and
/// the interfaces of nodes their names. Subnets that the file leaves out come from its pool;
/// addresses are the lowest free ones of their subnet, in the order of the file; interfaces are
/// called eth0, eth1 ... in that order; labels of tunnels count from 16.
[[nodiscard]] std::expected<Topology, TopologyError> resolve(Topology topology);

/// The subnets of a link of a resolved topology, its own first: those of secondary addresses and of
/// addresses that are alone (/32) follow.
[[nodiscard]] std::vector<Prefix> subnets_of(const LinkSpec& link);

/// What this machine has to route into TUN number `tun` of a resolved topology: subnets and
/// routed destinations of the network, without the TUN's own subnet and without default routes.
/// Of several TUNs in one namespace the first carries the network's prefixes.
[[nodiscard]] std::vector<Prefix> prefixes_behind(const Topology& resolved, std::size_t tun);

/// The MTU of TUN number `tun`: of what it sends into its link.
[[nodiscard]] std::uint16_t mtu_of(const Topology& topology, std::size_t tun);

}  // namespace hop
