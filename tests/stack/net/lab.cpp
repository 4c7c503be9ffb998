#include "tests/stack/net/lab.hpp"

#include <stdexcept>

namespace hop {

Ipv4Address address(std::string_view text) { return Ipv4Address::parse(text).value(); }
InterfaceAddress interface_address(std::string_view text) {
  return InterfaceAddress::parse(text).value();
}
Prefix prefix(std::string_view text) { return Prefix::parse(text).value(); }

Lab& Lab::tun(std::string_view name, std::string_view address, std::string_view netns) {
  topology.tuns.push_back({.name = std::string{name},
                           .address = interface_address(address),
                           .routes = {},
                           .netns = std::string{netns}});
  return *this;
}

Lab& Lab::node(std::string_view name, NodeKind kind) {
  NodeSpec spec;
  spec.name = name;
  spec.kind = kind;
  topology.nodes.push_back(spec);
  return *this;
}
Lab& Lab::router(std::string_view name) { return node(name, NodeKind::router); }
Lab& Lab::host(std::string_view name) { return node(name, NodeKind::host); }
Lab& Lab::routers(std::initializer_list<std::string_view> names) {
  for (const std::string_view name : names) router(name);
  return *this;
}

Lab& Lab::link(const std::vector<std::string>& endpoints) {
  LinkSpec spec;
  for (const std::string& text : endpoints) {
    const std::size_t space = text.find(' ');
    EndpointSpec& end = spec.endpoints.emplace_back();
    end.name = text.substr(0, space);
    if (space != std::string::npos) end.address = interface_address(text.substr(space + 1));
  }
  topology.links.push_back(spec);
  return *this;
}
Lab& Lab::subnet(std::string_view text) {
  last_link().subnet = prefix(text);
  return *this;
}

Lab& Lab::via(std::string_view node, std::string_view to, std::string_view gateway) {
  topology.routes.push_back({.node = std::string{node}, .to = prefix(to), .via = address(gateway)});
  return *this;
}
Lab& Lab::reject(std::string_view node, std::string_view to, UnreachableCode code) {
  topology.routes.push_back({.node = std::string{node},
                             .to = prefix(to),
                             .type = RouteType::reject,
                             .via = {},
                             .reject = code});
  return *this;
}
Lab& Lab::blackhole(std::string_view node, std::string_view to) {
  topology.routes.push_back(
      {.node = std::string{node}, .to = prefix(to), .type = RouteType::blackhole, .via = {}});
  return *this;
}

Topology Lab::resolved() const {
  auto result = resolve(topology);
  if (result) return *std::move(result);
  ADD_FAILURE() << result.error().message;
  return {};
}
TopologyError Lab::error() const {
  auto result = resolve(topology);
  if (!result) return std::move(result.error());
  ADD_FAILURE() << "nothing is wrong";
  return {};
}

Lab line() {
  Lab lab;
  lab.tun("tun0", "198.18.0.1/24").routers({"r1", "r2"}).host("web");
  lab.link({"tun0", "r1"});
  lab.link({"r1", "r2"}).subnet("10.0.1.0/24");
  lab.link({"r2", "web"}).subnet("10.0.2.0/24");
  return lab;
}

void Running::send_at(Instant at, Bytes packet, PortIndex port) {
  now = at;
  network.receive(port, network.pool().copy_of(packet), at);
  collect();
}

void Running::run_until(Instant at) {
  now = at;
  network.run_until(at);
  collect();
}

void Running::finish() {
  for (int i = 0; i < 1'000'000; ++i) {
    const auto next = network.next_event();
    if (!next) return;
    run_until(*next);
  }
  ADD_FAILURE() << "the network does not come to rest";
}

void Running::collect() {
  for (Departure& departure : network.departures()) {
    left_.push_back({departure.port, departure.at, Wire{Bytes{departure.packet.bytes()}}});
  }
  network.departures().clear();
}

Left Running::only() const {
  EXPECT_EQ(left_.size(), 1U) << "packets that left";
  return left_.size() == 1 ? left_.front() : Left{0, Instant{}, {}};
}

const Counters& Running::counters(std::string_view node) {
  const Node* const found = network.find_node(node);
  if (found == nullptr) throw std::invalid_argument{"no node " + std::string{node}};
  return found->counters();
}

testing::Ip from_tun0(std::string_view destination) {
  return testing::ip().src("198.18.0.1").dst(destination).id(0x1234);
}

std::vector<std::byte> counting(std::size_t size) {
  std::vector<std::byte> bytes(size);
  for (std::size_t i = 0; i < size; ++i) bytes[i] = static_cast<std::byte>(i);
  return bytes;
}

}  // namespace hop
