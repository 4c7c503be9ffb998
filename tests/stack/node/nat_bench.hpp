#pragma once
// The router on the bench as a NAT: inside is if0 with 10.0.1.0/24, outside are if1 with the
// address 10.0.2.1 and if2 with 10.0.3.1 and MTU 600.

#include "tests/stack/node/bench.hpp"

namespace hop {

[[nodiscard]] inline NodeConfig nat_config(const NatPolicy& policy) {
  NodeConfig config = router_config();
  config.nat = std::make_shared<const NatPolicy>(policy);
  config.icmp.id = IdPolicy::zero;
  return config;
}

class NatBench : public Bench {
 public:
  static constexpr InterfaceIndex kInside = 0, kOutside = 1, kNarrow = 2;

  explicit NatBench(const NatPolicy& policy = {}) : Bench(nat_config(policy)) {
    node.interfaces()[kOutside].external = true;
    node.interfaces()[kNarrow].external = true;
    node.reconfigure(nat_config(policy));
  }
  Verdict from_outside(Bytes packet) { return receive(packet, kOutside); }
};

/// From a host outside, behind if1, to the NAT's address there.
[[nodiscard]] inline testing::Ip inward() {
  return testing::ip().src("192.0.2.9").dst("10.0.2.1").id(0x4321);
}

}  // namespace hop
