// hop's Node and routing table against the floor program, in memory, on one core. Names are
// work/contender, so that ratios come from one run of one program:
//
//     floor_bench --benchmark_repetitions=5 --benchmark_enable_random_interleaving=true

#include <benchmark/benchmark.h>

#include <algorithm>
#include <array>
#include <functional>
#include <memory>
#include <string>

#include "tests/bench/fixture.hpp"
#include "tests/bench/floor.hpp"
#include "tests/bench/heap.hpp"
#include "tests/bench/prefixes.hpp"

namespace hop::bench {
namespace {

constexpr std::size_t kManyRoutes = 1'000'000;
constexpr std::uint64_t kSeed = 5;
constexpr std::uint64_t kOtherSeed = 6;

// ---- contenders

/// The floor with the copy into a buffer that hop makes, too.
class FloorRouter {
 public:
  explicit FloorRouter(std::span<const Prefix> more = {}) {
    fib_.add({kOwn, 32}, Floor::kLocal);
    for (std::uint8_t i = 0; i < 8; ++i) fib_.add({{192, 0, i, 0}, 24}, 2);
    Dir24::NextHop hop = 2;
    for (const Prefix& to : more) {
      fib_.add(to, hop);
      hop = hop == 254 ? 2 : static_cast<Dir24::NextHop>(hop + 1);
    }
  }

  std::size_t pass(Bytes bytes) noexcept {
    copy_bytes(bytes, buffer_);
    return floor_.answer(buffer_, bytes.size());
  }
  // It waits for nothing: several packets are in the processor at a time.
  void prefetch(Bytes /*bytes*/) const noexcept {}
  [[nodiscard]] const Dir24& fib() const { return fib_; }

 private:
  static constexpr Ipv4Address kOwn{10, 0, 0, 1};

  Dir24 fib_;
  Floor floor_{fib_, kOwn};
  std::array<std::byte, 2048> buffer_{};
};

/// A table like that of the Internet, and routers that have it. Made when the first benchmark needs
/// it: it takes a second and some hundred megabytes.
struct Internet {
  std::vector<Prefix> prefixes = internet_like(kManyRoutes, kSeed);
  FloorRouter floor{prefixes};
  Router hop{prefixes};
};

Internet& internet() {
  static Internet internet;
  return internet;
}

// ---- packets through a router

/// Packets one behind the other in memory, so that fetching them costs both sides nothing.
class Load {
 public:
  Load(Work work, std::size_t size, const std::vector<Ipv4Address>& destinations) : size_(size) {
    for (const Ipv4Address to : destinations) {
      const auto packet = packet_for(work, size, to);
      bytes_.insert(bytes_.end(), packet.begin(), packet.end());
    }
  }
  [[nodiscard]] Bytes next() noexcept {
    if (at_ == bytes_.size()) at_ = 0;
    at_ += size_;
    return Bytes{bytes_}.subspan(at_ - size_, size_);
  }
  /// The one that comes so many after the next, or another one at the end.
  [[nodiscard]] Bytes ahead(std::size_t packets) const noexcept {
    const std::size_t at = at_ + packets * size_;
    return Bytes{bytes_}.subspan(at < bytes_.size() ? at : 0, size_);
  }

 private:
  std::size_t size_;
  std::size_t at_ = 0;
  std::vector<std::byte> bytes_;
};

/// In the eight routes of Router.
std::vector<Ipv4Address> few_destinations() {
  std::vector<Ipv4Address> destinations;
  for (std::uint8_t i = 0; i < 255; ++i) {
    destinations.emplace_back(std::uint8_t{192}, std::uint8_t{0}, static_cast<std::uint8_t>(i % 8),
                              static_cast<std::uint8_t>(i + 1));
  }
  return destinations;
}

// A router gets its packets in batches, so that it may look at what comes.
template <typename Contender>
void pass_all(benchmark::State& state, Contender& contender, Load load) {
  constexpr std::size_t kAhead = 4;
  for (auto _ : state) {
    contender.prefetch(load.ahead(kAhead));
    benchmark::DoNotOptimize(contender.pass(load.next()));
  }
  state.SetItemsProcessed(state.iterations());
}

template <typename Contender>
auto with_few_routes(Work work, std::size_t size) {
  return [work, size](benchmark::State& state) {
    Contender contender;
    pass_all(state, contender, Load{work, size, few_destinations()});
  };
}

void add_work(const std::string& name, Work work, std::size_t size) {
  benchmark::RegisterBenchmark((name + "/floor").c_str(), with_few_routes<FloorRouter>(work, size));
  benchmark::RegisterBenchmark((name + "/hop").c_str(), with_few_routes<Router>(work, size));
}

Load internet_load() {
  constexpr std::size_t kDestinations = 65'536;
  return {Work::forward, 64, addresses_in(internet().prefixes, kDestinations, kOtherSeed)};
}

/// Each thread has a router of its own, as each worker of hop has a network of its own. Items of
/// all threads count, by the clock: a processor more is worth what more gets done.
void add_workers(const std::string& name, Work work) {
  for (const int threads : {1, 2}) {
    benchmark::RegisterBenchmark(("workers " + name).c_str(), with_few_routes<Router>(work, 64))
        ->Threads(threads)
        ->UseRealTime();
  }
}

void add_forward_by_many_routes() {
  benchmark::RegisterBenchmark("forward 1M routes/floor", [](benchmark::State& state) {
    pass_all(state, internet().floor, internet_load());
  });
  benchmark::RegisterBenchmark("forward 1M routes/hop", [](benchmark::State& state) {
    pass_all(state, internet().hop, internet_load());
  });
}

// ---- lookups

constexpr std::size_t kBatch = 64;
using Addresses = std::vector<Ipv4Address>;

template <typename Found>
using Batch = std::array<Found, kBatch>;

void look_up(const Dir24& table, std::span<const Ipv4Address> to, Batch<Dir24::NextHop>& found) {
  for (std::size_t i = 0; i < kBatch; ++i) found[i] = table.look_up(to[i].value);
}

void look_up(const RouteTable& table, std::span<const Ipv4Address> to,
             Batch<RouteTable::RouteNumber>& found) {
  table.find_numbers(to.first(kBatch), found);
}

template <typename Found, typename Table>
void look_up_all(benchmark::State& state, const Table& table, const Addresses& addresses) {
  std::size_t at = 0;
  Batch<Found> found{};  // once: to clear it for each batch would be a quarter of the time
  for (auto _ : state) {
    look_up(table, std::span{addresses}.subspan(at, kBatch), found);
    benchmark::DoNotOptimize(found);
    at = at + kBatch == addresses.size() ? 0 : at + kBatch;
  }
  state.SetItemsProcessed(state.iterations() * static_cast<std::int64_t>(kBatch));
}

void add_lookup(const std::string& name, const std::function<Addresses()>& addresses) {
  benchmark::RegisterBenchmark((name + "/floor").c_str(), [=](benchmark::State& state) {
    look_up_all<Dir24::NextHop>(state, internet().floor.fib(), addresses());
  });
  benchmark::RegisterBenchmark((name + "/hop").c_str(), [=](benchmark::State& state) {
    look_up_all<RouteTable::RouteNumber>(state, internet().hop.routes(), addresses());
  });
}

void add_lookups() {
  constexpr std::size_t kAddresses = std::size_t{1} << 20U;
  constexpr std::size_t kHot = 4096;
  add_lookup("lookup random", [] { return random_addresses(kAddresses, kOtherSeed); });
  add_lookup("lookup in table",
             [] { return addresses_in(internet().prefixes, kAddresses, kOtherSeed); });
  add_lookup("lookup hot", [] {
    return hot_addresses(addresses_in(internet().prefixes, kHot, kOtherSeed), kHot, kAddresses,
                         kSeed);
  });
}

// ---- building and changing tables

void add_all(RouteTable& table, std::span<const Prefix> prefixes) {
  for (const Prefix& to : prefixes) table.add({.to = to, .via = {10, 0, 1, 2}});
}

// In the order of the prefixes, as Network adds those of a file; sorting counts.
void build_hop(benchmark::State& state) {
  for (auto _ : state) {
    std::vector<Prefix> prefixes = internet().prefixes;
    std::ranges::sort(prefixes);
    RouteTable table;
    add_all(table, prefixes);
    benchmark::DoNotOptimize(table);
  }
}

void build_floor(benchmark::State& state) {
  for (auto _ : state) {
    Dir24 table;
    for (const Prefix& to : internet().prefixes) table.add(to, 2);
    benchmark::DoNotOptimize(table);
  }
}

constexpr std::int64_t kUpdates = 1000;

/// A route more in a table of a million. The table grows from repetition to repetition, by a
/// thousandth.
void update_hop(benchmark::State& state) {
  static RouteTable table;
  static const auto more = internet_like(100 * static_cast<std::size_t>(kUpdates), kOtherSeed);
  static std::size_t next = 0;
  if (next == 0) add_all(table, internet().prefixes);
  for (auto _ : state) table.add({.to = more[next++ % more.size()], .via = {10, 0, 1, 2}});
}

/// What a table of ten routes takes; a network has 100,000 of them. The mean of many: a few come
/// from memory that the allocator has put by and counts as in use.
void small_table_hop(benchmark::State& state) {
  constexpr std::size_t kTables = 1000;
  const auto prefixes = internet_like(10, kSeed);
  for (auto _ : state) {
    std::vector<std::unique_ptr<RouteTable>> tables(kTables);
    const std::size_t before = bytes_on_heap();
    for (auto& table : tables) {
      table = std::make_unique<RouteTable>();
      add_all(*table, prefixes);
    }
    state.counters["bytes"] = static_cast<double>(bytes_on_heap() - before) / double{kTables};
  }
}

void add_building() {
  benchmark::RegisterBenchmark("build 1M routes/floor", build_floor)
      ->Iterations(1)
      ->Unit(benchmark::kMillisecond);
  benchmark::RegisterBenchmark("build 1M routes/hop", build_hop)
      ->Iterations(1)
      ->Unit(benchmark::kMillisecond);
  benchmark::RegisterBenchmark("update 1M routes/hop", update_hop)
      ->Iterations(kUpdates)
      ->Unit(benchmark::kMicrosecond);
  benchmark::RegisterBenchmark("ten routes/hop", small_table_hop)->Iterations(1);
}

}  // namespace
}  // namespace hop::bench

int main(int argc, char** argv) {
  using hop::bench::Work;
  hop::bench::add_work("forward", Work::forward, 64);
  hop::bench::add_work("echo", Work::echo, 64);
  hop::bench::add_work("echo 1400 B", Work::echo, 1400);
  hop::bench::add_work("time exceeded", Work::time_exceeded, 64);
  hop::bench::add_workers("forward", Work::forward);
  hop::bench::add_workers("echo", Work::echo);
  hop::bench::add_forward_by_many_routes();
  hop::bench::add_lookups();
  hop::bench::add_building();
  benchmark::Initialize(&argc, argv);
  if (benchmark::ReportUnrecognizedArguments(argc, argv)) return 2;
  benchmark::RunSpecifiedBenchmarks();
}
