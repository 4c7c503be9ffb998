// What a network costs: a hop of a packet from one port to another through a chain of routers,
// alone and in a network of many more, and setting such a chain up.

#include <benchmark/benchmark.h>

#include <memory>

#include "stack/net/network.hpp"
#include "tests/bench/chain.hpp"
#include "tests/bench/heap.hpp"

namespace hop::bench {
namespace {

constexpr Instant kNow{std::chrono::seconds{1'800'000'000}};

std::unique_ptr<Network> network_of(Topology topology) {
  return std::make_unique<Network>(*resolve(std::move(topology)));
}

// Does a packet get from one end to the other?
bool passes(Network& network, Bytes bytes) {
  network.receive(0, network.pool().copy_of(bytes), kNow);
  const bool arrived = network.departures().size() == 1;
  network.departures().clear();
  return arrived;
}

// Items are hops, so the time of an item is what one of them costs.
void through_chain(benchmark::State& state) {
  const auto hops = static_cast<std::size_t>(state.range(0));
  const auto network = network_of(chain(hops, static_cast<std::size_t>(state.range(1))));
  const auto bytes = packet_along_chain();
  for (auto _ : state) {
    if (!passes(*network, bytes)) return state.SkipWithError("the packet did not arrive");
  }
  state.SetItemsProcessed(state.iterations() * static_cast<std::int64_t>(hops));
}

// From the description of a chain to a network that takes packets; `bytes` is what it takes then.
// Routes are worked out when packets need them, so that is another benchmark.
void set_up_chain(benchmark::State& state) {
  const auto routers = static_cast<std::size_t>(state.range(0));
  for (auto _ : state) {
    const std::size_t before = bytes_on_heap();
    const auto network = network_of(chain(routers, routers));
    state.counters["bytes"] = static_cast<double>(bytes_on_heap() - before);
  }
}

// The same with a first packet from end to end, for which every router on its way needs a route.
void set_up_chain_and_pass(benchmark::State& state) {
  const auto hops = static_cast<std::size_t>(state.range(0));
  const auto routers = static_cast<std::size_t>(state.range(1));
  const auto bytes = packet_along_chain();
  for (auto _ : state) {
    const std::size_t before = bytes_on_heap();
    const auto network = network_of(chain(hops, routers));
    if (!passes(*network, bytes)) return state.SkipWithError("the packet did not arrive");
    state.counters["bytes"] = static_cast<double>(bytes_on_heap() - before);
  }
}

BENCHMARK(through_chain)
    ->ArgNames({"hops", "routers"})
    ->Args({10, 10})
    ->Args({100, 100})
    ->Args({100, 10'000})
    ->Args({100, 100'000});
BENCHMARK(set_up_chain)->ArgName("routers")->Arg(1000)->Unit(benchmark::kMillisecond);
BENCHMARK(set_up_chain_and_pass)
    ->ArgNames({"hops", "routers"})
    ->Args({250, 1000})
    ->Unit(benchmark::kMillisecond);

}  // namespace
}  // namespace hop::bench
