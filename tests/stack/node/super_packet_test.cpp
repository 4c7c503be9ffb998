// A super-packet does what the packets do that it stands for: one node gets these, another gets it.

#include "tests/support/super_packet.hpp"

#include <gmock/gmock.h>

#include "stack/base/random.hpp"
#include "tests/stack/node/bench.hpp"

namespace hop {
namespace {

using testing::kAck;
using testing::Sender;

struct NodeCase {
  std::string_view name;
  NodeConfig (*config)();
  bool passes_some;  ///< whole
};
std::ostream& operator<<(std::ostream& out, const NodeCase& row) { return out << row.name; }

class SuperPacket : public ::testing::TestWithParam<NodeCase> {
 protected:
  // Returns whether it passed whole.
  bool receive(const Sender& sender, std::size_t size, std::size_t segment_size,
               const Arrival& arrival) {
    const auto data = counting(size);
    std::vector<Sent> expected;
    for (const Wire& packet : sender.plain(data, segment_size)) {
      static_cast<void>(singles_.receive(packet, arrival));
      expected.insert(expected.end(), singles_.sent().begin(), singles_.sent().end());
    }
    const bool whole = whole_.receive_whole(sender.super_packet(data), segment_size, arrival);
    EXPECT_EQ(whole_.sent().size(), expected.size());
    for (std::size_t i = 0; i < std::min(expected.size(), whole_.sent().size()); ++i) {
      EXPECT_EQ(whole_.sent()[i].packet, expected[i].packet);
      EXPECT_EQ(whole_.sent()[i].out, expected[i].out);
      EXPECT_EQ(whole_.sent()[i].to, expected[i].to);
    }
    return whole;
  }

  Bench singles_{GetParam().config()};
  Bench whole_{GetParam().config()};
};

// The hosts and routers of bench.hpp, what is rejected, nobody, broadcasts, and who may not send.
constexpr std::array<std::string_view, 14> kAddresses{
    "10.0.1.2",     "10.0.1.1",   "10.0.2.2",    "192.0.2.9",   "192.0.2.200",
    "198.51.100.7", "100.64.1.1", "100.65.0.1",  "203.0.113.5", "10.0.2.255",
    "224.0.0.1",    "8.8.8.8",    "169.254.1.1", "10.0.3.2"};

TEST_P(SuperPacket, DoesWhatItsPacketsDo) {
  Random random{20'261'130};
  const auto one_of = [&](std::size_t n) { return random.below(static_cast<std::uint32_t>(n)); };
  int whole = 0;
  for (int i = 0; i < 1000 && !HasFailure(); ++i) {
    Sender sender{.header = testing::ip()
                                .src(one_of(2) == 0 ? "10.0.1.2" : kAddresses.at(one_of(14)))
                                .dst(one_of(2) == 0 ? "192.0.2.9" : kAddresses.at(one_of(14)))
                                .tos(static_cast<std::uint8_t>(one_of(4)))
                                .ttl(static_cast<std::uint8_t>(one_of(8) == 0 ? one_of(3) : 64)),
                  .id = static_cast<std::uint16_t>(random.next()),
                  .is_tcp = one_of(2) == 0,
                  .sport = 1,
                  .dport = 2};
    if (one_of(2) == 0) sender.header.df();
    if (one_of(16) == 0) sender.header.options({1, 1, 1, 0});
    sender.tcp = {.sport = 1, .dport = 2, .flags = kAck};
    const Arrival arrival{.in = static_cast<InterfaceIndex>(one_of(3)),
                          .from = 1,
                          .broadcast = one_of(16) == 0,
                          .now = kNow + std::chrono::milliseconds{i}};
    whole += receive(sender, 1 + one_of(6000), 100 + one_of(1500), arrival) ? 1 : 0;
  }
  EXPECT_EQ(whole > 0, GetParam().passes_some);
  EXPECT_EQ(whole_.counters().snapshot(), singles_.counters().snapshot());
}

INSTANTIATE_TEST_SUITE_P(
    Nodes, SuperPacket,
    ::testing::Values(NodeCase{"Router", router_config, true}, NodeCase{"Host", host_config, false},
                      NodeCase{"LikeLinux",
                               [] { return with_policy(IcmpPolicy::of(Profile::linux_like)); },
                               true},
                      NodeCase{"ThatIsHidden",
                               [] {
                                 NodeConfig config = router_config();
                                 config.decrements_ttl = false;
                                 return config;
                               },
                               false},
                      NodeCase{"ThatFilters",
                               [] {
                                 NodeConfig config = router_config();
                                 config.filter = {{.lengths = LengthRange{600, 700}}};
                                 return config;
                               },
                               false},
                      NodeCase{"ThatFiltersByReversePath",
                               [] {
                                 NodeConfig config = router_config();
                                 config.reverse_path = ReversePath::strict;
                                 return config;
                               },
                               false}),
    kCaseName);

class SuperPacketOfRouter : public SuperPacket {
 protected:
  bool passes_whole(std::size_t segment_size) {
    const Sender sender{.header = transit(), .tcp = {.sport = 1, .dport = 2, .flags = kAck}};
    const Arrival arrival{.in = 0, .from = 1, .now = kNow};
    return receive(sender, 4000, segment_size, arrival);
  }
  void change(void (*make)(Interface&)) {
    make(singles_.node.interfaces()[1]);
    make(whole_.node.interfaces()[1]);
  }
};

INSTANTIATE_TEST_SUITE_P(, SuperPacketOfRouter,
                         ::testing::Values(NodeCase{"Router", router_config, true}));

TEST_P(SuperPacketOfRouter, PassesWholeWhatFitsTheLinkInPieces) {
  EXPECT_TRUE(passes_whole(1460));
  EXPECT_FALSE(passes_whole(1461));
}

TEST_P(SuperPacketOfRouter, IsCutForALinkWithARate) {
  change([](Interface& interface) { interface.rate = 1'000'000; });
  EXPECT_FALSE(passes_whole(1000));
}

// Each has left before the next one comes.
TEST_P(SuperPacketOfRouter, PassesWholeAQueueThatTakesEachOfItsPackets) {
  change([](Interface& interface) { interface.queue.limit = {.packets = 1, .bytes = 1040}; });
  EXPECT_TRUE(passes_whole(1000));
  EXPECT_FALSE(passes_whole(1001));
}

// RFC 3168 section 5: each packet is told.
TEST_P(SuperPacketOfRouter, IsCutForAQueueThatMarks) {
  change([](Interface& interface) { interface.queue.ecn = {.packets = 0}; });
  EXPECT_FALSE(passes_whole(1000));
}

}  // namespace
}  // namespace hop
