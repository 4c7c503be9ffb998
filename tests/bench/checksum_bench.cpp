// The Internet checksum against the loop of RFC 1071 section 4.1, word by word.

#include <benchmark/benchmark.h>

#include <vector>

#include "stack/base/checksum.hpp"

namespace hop::bench {
namespace {

void checksum(benchmark::State& state) {
  const std::vector<std::byte> bytes(static_cast<std::size_t>(state.range(0)), std::byte{0x5a});
  for (auto _ : state) benchmark::DoNotOptimize(internet_checksum(bytes));
  state.SetBytesProcessed(state.iterations() * state.range(0));
}

void checksum_by_word(benchmark::State& state) {
  const std::vector<std::byte> bytes(static_cast<std::size_t>(state.range(0)), std::byte{0x5a});
  for (auto _ : state) {
    std::uint32_t sum = 0;
    for (std::size_t i = 0; i + 1 < bytes.size(); i += 2) sum += load_be<std::uint16_t>(bytes, i);
    sum = (sum & 0xffffU) + (sum >> 16U);
    benchmark::DoNotOptimize(sum);
  }
  state.SetBytesProcessed(state.iterations() * state.range(0));
}

void adjust(benchmark::State& state) {
  std::uint16_t value = 1;
  for (auto _ : state) benchmark::DoNotOptimize(value = adjust_checksum(value, 0x4001, 0x3f01));
}

BENCHMARK(checksum)->Arg(20)->Arg(64)->Arg(1500)->Arg(65535);
BENCHMARK(checksum_by_word)->Arg(20)->Arg(64)->Arg(1500)->Arg(65535);
BENCHMARK(adjust);

}  // namespace
}  // namespace hop::bench
