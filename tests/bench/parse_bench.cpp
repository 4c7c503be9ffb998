// Reading headers.

#include <benchmark/benchmark.h>

#include "stack/wire/icmp.hpp"
#include "stack/wire/ipv4.hpp"
#include "tests/bench/fixture.hpp"

namespace hop::bench {
namespace {

void parse_ipv4(benchmark::State& state) {
  const auto bytes = packet_for(Work::echo, 64);
  for (auto _ : state) benchmark::DoNotOptimize(Ipv4View::parse(bytes));
}

void parse_icmp(benchmark::State& state) {
  const auto bytes = packet_for(Work::echo, 64);
  const Bytes message = Bytes{bytes}.subspan(kIpv4MinHeader);
  for (auto _ : state) benchmark::DoNotOptimize(IcmpView::parse(message));
}

BENCHMARK(parse_ipv4);
BENCHMARK(parse_icmp);

}  // namespace
}  // namespace hop::bench
