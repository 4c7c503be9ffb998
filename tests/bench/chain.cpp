#include "tests/bench/chain.hpp"

#include <string>
#include <utility>

#include "stack/wire/ipv4.hpp"

namespace hop::bench {
namespace {

std::string router(std::size_t number) {
  std::string name{'r'};
  return name.append(std::to_string(number));
}

void join(Topology& topology, std::string one, std::string other) {
  LinkSpec& link = topology.links.emplace_back();
  link.endpoints = {{.name = std::move(one), .address = {}},
                    {.name = std::move(other), .address = {}}};
}

}  // namespace

Topology chain(std::size_t hops, std::size_t routers) {
  Topology topology;
  topology.pool = {{10, 0, 0, 0}, 8};
  topology.tuns = {{.name = "near", .address = {{198, 18, 0, 1}, 24}, .routes = {}, .netns = {}},
                   {.name = "far", .address = {{203, 0, 113, 1}, 24}, .routes = {}, .netns = {}}};
  for (std::size_t i = 0; i < routers; ++i) {
    NodeSpec spec;
    spec.name = router(i);
    topology.nodes.push_back(std::move(spec));
  }
  join(topology, "near", router(0));
  for (std::size_t i = 1; i < routers; ++i) {
    join(topology, router(i <= hops ? i - 1 : hops + (i - hops - 1) / 4), router(i));
  }
  join(topology, router(hops - 1), "far");
  return topology;
}

std::vector<std::byte> packet_along_chain() {
  std::vector<std::byte> bytes(64, std::byte{0x5a});
  write_ipv4_header({.source = {198, 18, 0, 1},
                     .destination = {203, 0, 113, 1},
                     .ttl = 255,
                     .protocol = static_cast<std::uint8_t>(IpProtocol::udp),
                     .options = {}},
                    bytes);
  return bytes;
}

}  // namespace hop::bench
