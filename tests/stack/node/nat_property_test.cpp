// What holds for every packet at a NAT, tried with random changes of some that go through.

#include <gtest/gtest.h>

#include "stack/base/random.hpp"
#include "tests/stack/node/nat_bench.hpp"
#include "tests/support/decode.hpp"

namespace hop {
namespace {

using testing::icmp;
using testing::icmp_echo;
using testing::icmp_echo_reply;
using testing::ip;
using testing::raw;
using testing::udp;

struct FromSide {
  InterfaceIndex in;
  Wire packet;
};

std::vector<FromSide> seeds() {
  const auto seen = [] { return ip().src("10.0.2.1").dst("192.0.2.9").ttl(9); };
  const Wire turned = ip().src("10.0.2.1").dst("10.0.1.2") / udp(5000, 8080, "hi");
  return {{0, transit() / udp(5000, 53, "hi")},
          {0, transit() / icmp_echo({.id = 7}, "hi")},
          {0, transit() / testing::tcp_syn(5000, 80)},
          {0, transit() / raw("hi")},
          {0, transit().mf() / udp(5000, 53, counting(32))},
          {0, transit().offset(40) / raw(counting(32))},
          {0, transit().dst("10.0.2.1") / udp(5000, 80, "hi")},
          {0, transit().dst("192.0.2.9") / icmp(3, 3, 0, inward().dst("10.0.1.2") / udp(53, 5000))},
          {0, transit().dst("10.0.2.1") / icmp(3, 3, 0, turned)},
          {1, inward() / udp(53, 5000, "hi")},
          {1, inward() / udp(53, 80, "hi")},
          {1, inward().mf() / udp(53, 5000, counting(32))},
          {1, inward() / icmp_echo_reply({.id = 7}, "hi")},
          {1, inward() / icmp_echo({.id = 7}, "hi")},
          {1, inward() / icmp(11, 0, 0, seen() / udp(5000, 53, "hi"))},
          {1, inward() / icmp(3, 4, 1280, seen() / icmp_echo({.id = 7}, "hi"))},
          {1, inward() / icmp(11, 0, 0, seen() / testing::tcp_syn(5000, 80))},
          {1, inward().options({131, 7, 4, 10, 0, 1, 2}) / udp(53, 5000)}};
}

class Changes {
 public:
  explicit Changes(std::uint64_t seed) : random_(seed) {}

  FromSide next() {
    FromSide one = seeds_[random_.below(static_cast<std::uint32_t>(seeds_.size()))];
    for (std::uint32_t left = random_.below(4); left > 0; --left) {
      const auto at = random_.below(static_cast<std::uint32_t>(one.packet.size()));
      one.packet = patched(one.packet, at, static_cast<std::uint8_t>(random_.below(256)));
    }
    if (random_.below(8) == 0) {
      const auto size = 20 + random_.below(static_cast<std::uint32_t>(one.packet.size() - 19));
      one.packet = one.packet.truncated(size).with_total_length(static_cast<std::uint16_t>(size));
    }
    if (random_.below(8) != 0) one.packet = one.packet.resummed();
    return one;
  }

 private:
  Random random_;
  std::vector<FromSide> seeds_ = seeds();
};

void try_out(const NatPolicy& policy, std::uint64_t seed) {
  NatBench bench{policy};
  Changes changes{seed};
  for (int i = 0; i < 5000 && !::testing::Test::HasFatalFailure(); ++i) {
    bench.now += std::chrono::milliseconds{50};
    const FromSide one = changes.next();
    const Verdict verdict = bench.receive(one.packet, one.in);
    ASSERT_EQ(bench.counters().received(), sum_of_verdicts(bench.counters())) << one.packet;
    ASSERT_EQ(verdict.action == Action::dropped, verdict.why != DropReason::none) << one.packet;
    for (const Sent& sent : bench.sent()) {
      ASSERT_TRUE(Ipv4View::parse(sent.packet)) << sent.packet << " about " << one.packet;
      const auto ip = testing::decode(sent.packet);
      ASSERT_FALSE(sent.out != 0 && ip->src >> 8U == 0x0a0001)
          << "an address of inside: " << sent.packet << " about " << one.packet;
    }
    bench.expire(bench.now);
  }
  EXPECT_GT(bench.counters().get(Action::forwarded), 500U);
}

TEST(NatEveryPacket, HasOneVerdictAndShowsNoInternalAddressOutside) {
  for (const NatErrors errors :
       {NatErrors::translate, NatErrors::stale_checksums, NatErrors::outer_only, NatErrors::drop}) {
    try_out({.errors = errors, .forward = {{17, 80, {Ipv4Address{10, 0, 1, 2}, 8080}}}},
            std::to_underlying(errors) + 1U);
  }
}

TEST(NatEveryPacket, HasOneVerdictWhereThereIsNoRoomAndNoPort) {
  try_out({.mapping = NatDependence::address_and_port_dependent,
           .filtering = NatDependence::endpoint_independent,
           .ports = {5000, 5007},
           .assignment = PortAssignment::random,
           .limit = 20},
          9);
}

}  // namespace
}  // namespace hop
