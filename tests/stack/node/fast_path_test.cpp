// The fast path does what the walk does: the same packets into two nodes, of which one has
// something to look for that makes packets walk and changes nothing: a filter about what never
// comes, which looks at transit, and tiny fragments of TCP, for which it looks at all that is not
// TCP.

#include <gmock/gmock.h>

#include <functional>

#include "tests/stack/node/bench.hpp"
#include "tests/stack/node/mutator.hpp"

namespace hop {
namespace {

using testing::icmp_echo;
using testing::raw;
using testing::udp;

constexpr std::size_t kProtocolAt = 9;
constexpr std::uint8_t kTcp = 6;

NodeConfig filtering(NodeConfig config) {
  config.filter = {{.lengths = LengthRange{65535, 65535}, .action = FilterAction::accept}};
  return config;
}

NodeConfig walking(NodeConfig config) {
  config = filtering(std::move(config));
  config.drop_tiny_fragments = true;
  return config;
}

struct NodeCase {
  std::string_view name;
  NodeConfig (*config)();
};
std::ostream& operator<<(std::ostream& out, const NodeCase& row) { return out << row.name; }

/// What a node said and sent, and what it counted.
class Pair {
 public:
  explicit Pair(const NodeConfig& config, NodeConfig (*other)(NodeConfig) = walking)
      : fast_(config), walks_(other(config)) {}

  void receive(const Wire& packet, const Arrival& arrival = {.in = 0, .from = 1, .now = kNow}) {
    ASSERT_EQ(fast_.receive(packet, arrival), walks_.receive(packet, arrival)) << packet;
    ASSERT_EQ(fast_.sent().size(), walks_.sent().size()) << packet;
    for (std::size_t i = 0; i < fast_.sent().size(); ++i) {
      ASSERT_EQ(fast_.sent()[i].packet, walks_.sent()[i].packet) << packet;
      ASSERT_EQ(fast_.sent()[i].out, walks_.sent()[i].out) << packet;
      ASSERT_EQ(fast_.sent()[i].to, walks_.sent()[i].to) << packet;
    }
  }
  void expect_equal_counters() const {
    EXPECT_EQ(fast_.counters().snapshot(), walks_.counters().snapshot());
  }
  [[nodiscard]] const Counters& counters() const { return fast_.counters(); }
  void set_up(const std::function<void(Node&)>& change) {
    change(fast_.node);
    change(walks_.node);
  }
  void expect_equal_queues() {
    for (std::size_t i = 0; i < fast_.node.interfaces().size(); ++i) {
      const OutputQueue& one = fast_.node.interfaces()[i].queue;
      const OutputQueue& other = walks_.node.interfaces()[i].queue;
      EXPECT_EQ(one.length, other.length);
      EXPECT_EQ(one.marked, other.marked);
      EXPECT_EQ(one.full, other.full);
    }
  }

 private:
  Bench fast_;
  Bench walks_;
};

class FastPath : public ::testing::TestWithParam<NodeCase> {};

bool is_tcp(Bytes packet) {
  return packet.size() > kProtocolAt && byte_at(packet, kProtocolAt) == kTcp;
}

TEST_P(FastPath, DoesWhatTheWalkDoes) {
  Pair pair{GetParam().config()};
  Pair with_tcp{GetParam().config(), filtering};
  Mutator mutator{20'261'130};
  for (int i = 0; i < 20'000; ++i) {
    const Arrival arrival{.in = static_cast<InterfaceIndex>(mutator.below(3)),
                          .from = 1,
                          .broadcast = mutator.below(16) == 0,
                          .now = kNow + std::chrono::milliseconds{i}};
    const Wire packet = mutator.next();
    with_tcp.receive(packet, arrival);
    if (!is_tcp(packet)) pair.receive(packet, arrival);
    if (HasFatalFailure()) return;
  }
  pair.expect_equal_counters();
  with_tcp.expect_equal_counters();
  EXPECT_GT(pair.counters().received(), 0U);
}

INSTANTIATE_TEST_SUITE_P(
    Nodes, FastPath,
    ::testing::Values(NodeCase{"Router", router_config}, NodeCase{"Host", host_config},
                      NodeCase{"WithRandomIds",
                               [] {
                                 NodeConfig config = router_config();
                                 config.icmp.id = IdPolicy::random;
                                 return config;
                               }},
                      NodeCase{"ThatLimitsReplies",
                               [] {
                                 NodeConfig config = router_config();
                                 config.icmp.class_limits = {
                                     {.type = IcmpType::echo_reply, .rate = 10, .burst = 5}};
                                 return config;
                               }},
                      NodeCase{"ThatIsSilent",
                               [] {
                                 NodeConfig config = router_config();
                                 config.icmp.silent.set();
                                 return config;
                               }},
                      NodeCase{"ThatIsSlow",
                               [] {
                                 NodeConfig config = router_config();
                                 config.icmp.slow_path.delay = std::chrono::milliseconds{5};
                                 return config;
                               }},
                      NodeCase{"ThatAnswersNothing",
                               [] {
                                 NodeConfig config = router_config();
                                 config.icmp.answers.reset();
                                 return config;
                               }},
                      NodeCase{"ThatIsHidden",
                               [] {
                                 NodeConfig config = router_config();
                                 config.decrements_ttl = false;
                                 return config;
                               }},
                      NodeCase{"ThatFiltersByReversePath",
                               [] {
                                 NodeConfig config = router_config();
                                 config.reverse_path = ReversePath::strict;
                                 return config;
                               }},
                      NodeCase{"LikeLinux",
                               [] { return with_policy(IcmpPolicy::of(Profile::linux_like)); }}),
    kCaseName);

// RFC 3168 section 5, and what there is room for: the queue is the walk's and the fast path's
// alike.
TEST(FastPath, MarksAndOverflowsQueuesAlike) {
  const Wire packets[] = {
      transit().tos(1) / udp(1, 2, "data"), to_router().tos(1) / icmp_echo({.id = 1}, "data"),
      transit().tos(2).ttl(1) / udp(1, 2, "data"), transit().tos(1) / udp(1, 2, counting(200)),
      to_router().tos(0) / icmp_echo({.id = 1}, counting(200))};
  // On both sides of where marks begin, and of where there is no room.
  constexpr QueueLength kMarks{.packets = 2, .bytes = 200}, kRoom{.packets = 4, .bytes = 400};
  constexpr std::uint64_t kBytes[] = {0, 100, 168, 172, 199, 200, 367, 368, 369, 400};
  for (std::uint32_t length = 0; length <= kRoom.packets; ++length) {
    for (const std::uint64_t bytes : kBytes) {
      for (const Wire& packet : packets) {
        Pair pair{router_config()};
        pair.set_up([&](Node& node) {
          for (Interface& interface : node.interfaces()) {
            interface.queue.ecn = kMarks;
            interface.queue.limit = kRoom;
            interface.queue.length = {.packets = length, .bytes = bytes};
          }
        });
        pair.receive(packet);
        pair.expect_equal_queues();
        pair.expect_equal_counters();
        if (HasFailure()) FAIL() << length << " packets, " << bytes << " bytes; " << packet;
      }
    }
  }
}

// RFC 1624: an update of a checksum has to give what a computation would, for every TTL and every
// value of another field.
TEST(FastPath, KeepsEveryChecksumRight) {
  Pair pair{router_config()};
  for (unsigned i = 0; i <= 0xffff; ++i) {
    pair.receive(
        transit().id(static_cast<std::uint16_t>(i)).ttl(static_cast<std::uint8_t>(2 + i % 254)) /
        raw(""));
    if (HasFatalFailure()) return;
  }
}

// What is remembered of a destination does not outlive the routes.
TEST(FastPath, FollowsChangesOfRoutesAtOnce) {
  Pair pair{router_config()};
  const auto send = [&pair] {
    pair.receive(transit() / udp(1, 2, "data"));
    pair.receive(transit().ttl(1) / udp(1, 2, "data"));
    pair.receive(to_router() / icmp_echo({.id = 1}, "data"));
  };
  send();
  pair.set_up([](Node& node) {
    node.add_route({.to = {{192, 0, 2, 9}, 32}, .out = 2, .via = {10, 0, 3, 2}});
  });
  send();
  pair.set_up([](Node& node) { node.reset_routes(); });
  send();
  pair.set_up(
      [](Node& node) { node.add_route({.to = {{192, 0, 2, 0}, 24}, .type = RouteType::reject}); });
  send();
  pair.set_up([](Node& node) { node.add_tunnel({}); });
  send();
  EXPECT_EQ(pair.counters().get(Action::forwarded), 2U);
  pair.expect_equal_counters();
}

TEST(FastPath, FollowsChangesOfTheConfigurationAtOnce) {
  Pair pair{router_config()};
  pair.receive(to_router() / icmp_echo({.id = 1}, "data"));
  pair.set_up([](Node& node) {
    NodeConfig config = node.config();
    config.icmp.silent.set();
    node.reconfigure(config);
  });
  pair.receive(to_router() / icmp_echo({.id = 1}, "data"));
  pair.receive(transit().ttl(1) / udp(1, 2, "data"));
  pair.set_up([](Node& node) {
    NodeConfig config = node.config();
    config.icmp.silent.reset();
    config.icmp.slow_path.delay = std::chrono::milliseconds{5};
    node.reconfigure(config);
  });
  pair.receive(to_router() / icmp_echo({.id = 1}, "data"));
  pair.expect_equal_counters();
}

}  // namespace
}  // namespace hop
