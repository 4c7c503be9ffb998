// What holds for every packet, tried with tens of thousands of random and mutated ones.

#include <gmock/gmock.h>

#include <algorithm>
#include <set>
#include <vector>

#include "stack/base/random.hpp"
#include "tests/stack/node/bench.hpp"
#include "tests/stack/node/mutator.hpp"
#include "tests/support/matchers.hpp"

namespace hop {
namespace {

NodeConfig talkative() {
  NodeConfig config = router_config();
  config.source_routing = true;
  config.icmp.rate = IcmpPolicy::kUnlimited;
  config.icmp.source_quench = true;
  return config;
}

/// A bench with an echo service, and what has to hold for everything it sends.
class Watched {
 public:
  explicit Watched(const NodeConfig& config = talkative()) : bench_(config) {
    bench_.node.bind({17, 7}, echo_);
    for (const Interface& interface : bench_.node.interfaces()) {
      own_.insert(interface.address.address.value);
    }
  }

  void receive(const Wire& packet, const Arrival& arrival) {
    const Verdict verdict = bench_.receive(packet, arrival);
    check_counters(verdict, packet);
    for (const Sent& sent : bench_.sent()) check(sent, packet);
  }
  void expire(Instant at) {
    bench_.expire(at);
    for (const Sent& sent : bench_.sent()) check(sent, {});
  }
  [[nodiscard]] const Counters& counters() const { return bench_.counters(); }
  [[nodiscard]] std::size_t interfaces() { return bench_.node.interfaces().size(); }

 private:
  void check_counters(const Verdict& verdict, const Wire& packet) {
    ASSERT_EQ(bench_.counters().received(), sum_of_verdicts(bench_.counters())) << packet;
    ASSERT_EQ(verdict.action == Action::dropped, verdict.why != DropReason::none) << packet;
  }

  void check(const Sent& sent, const Wire& cause) {
    ASSERT_LE(sent.packet.size(), bench_.node.interfaces()[sent.out].mtu) << cause;
    ASSERT_TRUE(Ipv4View::parse(sent.packet).has_value()) << sent.packet << " about " << cause;
    const auto packet = testing::decode(sent.packet);
    ASSERT_TRUE(packet && testing::header_checksum_valid(*packet)) << sent.packet;
    ASSERT_EQ(packet->total_length, sent.packet.size());
    if (!own_.contains(packet->src)) return check_transit(*packet, sent.packet, cause);
    ASSERT_TRUE(testing::payload_checksum_valid(*packet)) << sent.packet << " about " << cause;
    check_error(sent.packet, cause);
  }

  // Somebody else's packet, or a piece of it: nothing that must not be sent on, no byte invented.
  void check_transit(const testing::Decoded& packet, const Wire& sent, const Wire& cause) {
    const auto before = testing::decode(cause);
    ASSERT_TRUE(before.has_value()) << sent << " about " << cause;
    ASSERT_LT(packet.dst >> 24U, 224U) << sent << " about " << cause;
    ASSERT_FALSE(packet.dst >> 24U == 0 || packet.dst >> 24U == 127) << sent;
    ASSERT_EQ(packet.ttl + 1U, before->ttl) << sent << " about " << cause;
    ASSERT_GE(packet.offset, before->offset) << sent << " about " << cause;
    const std::size_t skipped = packet.offset - before->offset;
    ASSERT_LE(skipped + packet.payload.size(), before->payload.size())
        << sent << " about " << cause;
    ASSERT_TRUE(
        std::ranges::equal(packet.payload, before->payload.subspan(skipped, packet.payload.size())))
        << sent << " about " << cause;
  }

  void check_error(const Wire& sent, const Wire& cause) {
    const auto error = testing::decode_icmp(sent);
    if (!error || !errors_.contains(error->type)) return;
    const auto quoted = testing::decode(error->data);
    ASSERT_TRUE(quoted.has_value()) << sent;
    ASSERT_EQ(quoted->offset, 0U) << "about a later fragment: " << sent;
    ASSERT_FALSE(is_group(quoted->dst)) << "about a group destination: " << sent;
    ASSERT_FALSE(is_group(quoted->src)) << "about an unusable source: " << sent;
    ASSERT_LE(sent.size(), 576U);
    if (quoted->protocol == testing::kIcmp) {
      ASSERT_FALSE(quoted->payload.empty()) << sent;
      const auto type = std::to_integer<std::uint8_t>(quoted->payload[0]);
      ASSERT_FALSE(errors_.contains(type)) << "an error about an error: " << sent;
    }
    if (reassembly_can_be_the_cause(cause)) return;
    ASSERT_TRUE(std::ranges::equal(error->data, cause.bytes().first(error->data.size())))
        << sent << " about " << cause;
  }
  static bool is_group(std::uint32_t address) {
    return address >> 28U == 0xeU || address == 0xffffffffU;
  }
  /// Then the quote is not of the packet that came last.
  static bool reassembly_can_be_the_cause(const Wire& cause) {
    const auto ip_header = testing::decode(cause);
    return !ip_header || ip_header->is_fragment();
  }

  Bench bench_;
  UdpEcho echo_;
  std::set<std::uint32_t> own_;
  std::set<std::uint8_t> errors_{3, 4, 5, 11, 12};
};

void run(Watched& node, Mutator& mutator, int packets) {
  Instant now = kNow;
  for (int i = 0; i < packets && !::testing::Test::HasFatalFailure(); ++i) {
    now += std::chrono::milliseconds{mutator.below(100)};
    const Wire packet = mutator.below(20) == 0 ? mutator.noise() : mutator.next();
    const auto in = static_cast<InterfaceIndex>(mutator.below(3) % node.interfaces());
    node.receive(packet, {.in = in, .from = 1, .broadcast = mutator.below(40) == 0, .now = now});
    if (mutator.below(50) == 0) node.expire(now);
  }
}

TEST(EveryPacket, HasOneVerdictAndMakesOnlyRightPackets) {
  for (std::uint64_t seed = 1; seed <= 4; ++seed) {
    Watched router;
    Mutator mutator{seed};
    run(router, mutator, 10'000);
    EXPECT_EQ(router.counters().received(), 10'000U);
  }
}

TEST(EveryPacket, HasOneVerdictAtAHost) {
  NodeConfig config = host_config();
  config.icmp.rate = IcmpPolicy::kUnlimited;
  Watched host{config};
  Mutator mutator{9};
  run(host, mutator, 10'000);
  EXPECT_EQ(host.counters().received(), 10'000U);
  EXPECT_EQ(host.counters().get(Action::forwarded), 0U);
}

TEST(EveryPacket, HasOneVerdictInEveryProfile) {
  for (const Profile profile : {Profile::linux_like, Profile::legacy}) {
    Watched router{with_policy(IcmpPolicy::of(profile))};
    Mutator mutator{5};
    run(router, mutator, 5'000);
    EXPECT_EQ(router.counters().received(), 5'000U);
  }
}

TEST(Mutations, ReachEveryVerdictAndMostReasons) {
  // Otherwise the properties above say little.
  Watched router;
  Mutator mutator{1};
  run(router, mutator, 20'000);
  for (const Action action :
       {Action::forwarded, Action::delivered, Action::answered, Action::held, Action::dropped}) {
    EXPECT_GT(router.counters().get(action), 50U) << static_cast<int>(action);
  }
  int reasons = 0;
  for (std::uint8_t why = 1; why < std::to_underlying(DropReason::count_); ++why) {
    reasons += router.counters().get(static_cast<DropReason>(why)) > 0 ? 1 : 0;
  }
  EXPECT_GE(reasons, 40);
}

TEST(SameSeedAndPackets, GiveTheSameBytes) {
  const auto bytes_sent = [] {
    Bench bench{talkative()};
    Mutator mutator{3};
    std::vector<Wire> sent;
    for (int i = 0; i < 2000; ++i) {
      (void)bench.receive(mutator.next());
      for (const Sent& one : bench.sent()) sent.push_back(one.packet);
    }
    return sent;
  };
  const auto once = bytes_sent();
  EXPECT_GT(once.size(), 500U);
  EXPECT_EQ(once, bytes_sent());
}

}  // namespace
}  // namespace hop
