// What a hop costs inside a network: a packet from one port to another through a chain of routers,
// alone and in a network of many more.

#include <benchmark/benchmark.h>

#include <string>

#include "stack/net/network.hpp"
#include "stack/net/topology.hpp"
#include "stack/wire/ipv4.hpp"

namespace hop::bench {
namespace {

std::string router(std::size_t number) { return "r" + std::to_string(number); }

void join(Topology& topology, std::string one, std::string other) {
  LinkSpec& link = topology.links.emplace_back();
  link.endpoints = {{.name = std::move(one), .address = {}},
                    {.name = std::move(other), .address = {}}};
}

// The first `hops` of `routers` are a chain from near to far; the others are a tree below the last.
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

// Items are hops, so the time of an item is what one of them costs.
void through_chain(benchmark::State& state) {
  const auto hops = static_cast<std::size_t>(state.range(0));
  auto topology = resolve(chain(hops, static_cast<std::size_t>(state.range(1))));
  Network network(std::move(*topology));
  std::vector<std::byte> bytes(64, std::byte{0x5a});
  write_ipv4_header({.source = {198, 18, 0, 1},
                     .destination = {203, 0, 113, 1},
                     .ttl = 255,
                     .protocol = static_cast<std::uint8_t>(IpProtocol::udp),
                     .options = {}},
                    bytes);
  Instant now{std::chrono::seconds{1'800'000'000}};
  for (auto _ : state) {
    network.receive(0, network.pool().copy_of(bytes), now);
    if (network.departures().size() != 1) return state.SkipWithError("the packet did not arrive");
    network.departures().clear();
  }
  state.SetItemsProcessed(state.iterations() * static_cast<std::int64_t>(hops));
}

BENCHMARK(through_chain)
    ->ArgNames({"hops", "routers"})
    ->Args({10, 10})
    ->Args({100, 100})
    ->Args({100, 10'000})
    ->Args({100, 100'000});

}  // namespace
}  // namespace hop::bench
