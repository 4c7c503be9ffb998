// A network that has seen its traffic allocates nothing for more of it, and gives nothing away.

#include <gtest/gtest.h>

#include <vector>

#include "tests/stack/net/lab.hpp"
#include "tests/stack/node/allocations.hpp"

namespace hop {
namespace {

using testing::icmp;
using testing::icmp_echo;
using testing::ip;
using testing::udp;

Lab busy() {
  Lab lab = line();
  for (NodeSpec& node : lab.topology.nodes) node.icmp.rate = IcmpPolicy::kUnlimited;
  lab.topology.nodes[2].udp_echo = {7};
  lab.topology.links[1].mtu = 600;
  lab.topology.links[1].delay = std::chrono::microseconds{300};
  lab.topology.links[2].rate = 100'000'000;
  return lab.reject("r2", "192.0.2.0/24", UnreachableCode::admin_prohibited);
}

std::vector<Wire> traffic() {
  std::vector<Wire> packets{
      from_tun0("10.0.2.2") / icmp_echo({}, counting(56)),
      from_tun0("10.0.2.2") / icmp_echo({}, counting(1400)),  // in fragments over the narrow link
      from_tun0("10.0.2.2").df() / icmp_echo({}, counting(1400)),
      from_tun0("10.0.2.2").ttl(1) / udp(1, 33434),
      from_tun0("10.0.2.2").ttl(2) / udp(1, 33434),
      from_tun0("10.0.2.2") / udp(1, 33434),
      from_tun0("10.0.2.2") / udp(1, 7, counting(1000)),
      from_tun0("10.0.2.2") / testing::tcp_syn(1, 80),
      from_tun0("192.0.2.1") / udp(1, 2),
      from_tun0("8.8.8.8") / udp(1, 2),
      from_tun0("198.18.0.255") / udp(1, 2),
      from_tun0("198.18.0.77") / udp(1, 2),
      from_tun0("10.0.2.2").options({7, 11, 4, 0, 0, 0, 0, 0, 0, 0, 0}) / icmp_echo({}),
      from_tun0("10.0.2.2") / icmp(13, 0, 0, counting(12)),
      from_tun0("10.0.1.2").mf() / udp(1, 2, counting(8))};  // never completed
  return packets;
}

struct Totals {
  std::size_t departures = 0;
  std::size_t allocated = 0;
};

/// One round of all traffic each 100 ms.
Totals run(Network& network, Instant& now, int rounds, const std::vector<Wire>& packets) {
  Totals totals;
  const std::size_t before = allocations();
  for (int i = 0; i < rounds; ++i) {
    now += std::chrono::milliseconds{100};
    for (const Wire& packet : packets) network.receive(0, network.pool().copy_of(packet), now);
    network.run_until(now + std::chrono::milliseconds{50});
    totals.departures += network.departures().size();
    network.departures().clear();
  }
  totals.allocated = allocations() - before;
  return totals;
}

TEST(SteadyState, OfANetworkAllocatesNothing) {
  Network network{busy().resolved()};
  const auto packets = traffic();
  Instant now = kNow;
  const Totals first = run(network, now, 700, packets);  // 70 s: reassembly timeouts have begun
  EXPECT_GT(first.allocated, 0U);
  const std::size_t buffers = network.pool().buffers();
  const Totals then = run(network, now, 1000, packets);
  EXPECT_EQ(then.allocated, 0U);
  EXPECT_GT(then.departures, 13U * 1000U);
  EXPECT_EQ(network.pool().buffers(), buffers);
}

TEST(SteadyState, OfANetworkWithImpairmentsAllocatesNothing) {
  Lab lab = busy();
  lab.topology.links[1].impairment = {.jitter = std::chrono::microseconds{300},
                                      .loss = {.in_good = percent(10)},
                                      .duplicate = percent(10),
                                      .corrupt = percent(10),
                                      .reorder = percent(10),
                                      .drop = {{.packets = {.protocol = 17}, .every = 9}}};
  lab.topology.links[2].limit = {.bytes = 20'000};
  lab.topology.links[2].ecn = {.packets = 1};
  Network network{lab.resolved()};
  const auto packets = traffic();
  Instant now = kNow;
  std::ignore = run(network, now, 3000, packets);  // what corruption does to packets is varied
  EXPECT_EQ(run(network, now, 1000, packets).allocated, 0U);
}

TEST(SteadyState, HoldsNoPacketsOnceTheNetworkIsQuiet) {
  Running running{busy()};
  for (const Wire& packet : traffic()) running.send(packet);
  running.finish();
  for (std::size_t i = 0; i < running.network.node_count(); ++i) {
    const Counters& counters = running.network.node(i).counters();
    std::uint64_t sum = 0;
    for (const Action action :
         {Action::forwarded, Action::delivered, Action::answered, Action::held}) {
      sum += counters.get(action);
    }
    for (std::uint8_t why = 1; why < std::to_underlying(DropReason::count_); ++why) {
      sum += counters.get(static_cast<DropReason>(why));
    }
    EXPECT_EQ(counters.received(), sum) << "node " << i;
    for (const Interface& interface : running.network.node(i).interfaces()) {
      EXPECT_EQ(interface.queue.length, (QueueLength{0, 0})) << "node " << i;
    }
  }
}

}  // namespace
}  // namespace hop
