// A packet through a node in memory, with copying it in; one core, small routing table.

#include <benchmark/benchmark.h>

#include "tests/bench/fixture.hpp"

namespace hop::bench {
namespace {

void run(benchmark::State& state, Work work) {
  Router router;
  const auto bytes = packet_for(work, static_cast<std::size_t>(state.range(0)));
  for (auto _ : state) benchmark::DoNotOptimize(router.pass(bytes));
  state.SetItemsProcessed(state.iterations());
}

void forward(benchmark::State& state) { run(state, Work::forward); }
void echo(benchmark::State& state) { run(state, Work::echo); }
void time_exceeded(benchmark::State& state) { run(state, Work::time_exceeded); }

// The baseline of the same run: the packet is copied in and nothing is done with it.
void copy_in_only(benchmark::State& state) {
  PacketPool pool;
  const auto bytes = packet_for(Work::forward, static_cast<std::size_t>(state.range(0)));
  for (auto _ : state) benchmark::DoNotOptimize(pool.copy_of(bytes));
  state.SetItemsProcessed(state.iterations());
}

BENCHMARK(copy_in_only)->Arg(64)->Arg(1400);
BENCHMARK(forward)->Arg(64)->Arg(1400);
BENCHMARK(echo)->Arg(64)->Arg(1400);
BENCHMARK(time_exceeded)->Arg(64)->Arg(1400);

}  // namespace
}  // namespace hop::bench
