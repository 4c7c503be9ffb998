// Which packets are one flow, and how flows spread over ways.

#include "stack/ip/flow_hash.hpp"

#include <gtest/gtest.h>

#include <array>
#include <ostream>
#include <string_view>

#include "tests/support/packet_dsl.hpp"

namespace hop {
namespace {

using testing::icmp_echo;
using testing::ip;
using testing::tcp;
using testing::udp;

std::uint32_t hash_of(const testing::Packet& packet, const FlowFields& fields = {},
                      std::uint32_t seed = 1) {
  const auto header = Ipv4HeaderView::parse(packet.bytes());
  EXPECT_TRUE(header.has_value());
  return flow_hash(*header, header->destination(), fields, seed);
}

testing::Ip flow() { return ip().src("192.0.2.1").dst("198.51.100.1"); }

// Worked out by hand from the description of flow_hash(), with the constants of MurmurHash3:
// mix(0, 0) = 0, and mix(0, 1) = 0x514e28b7.
TEST(FlowHash, IsAsItIsDescribed) {
  static_assert(mix(0, 0) == 0);
  static_assert(mix(0, 1) == 0x514e28b7U);
  const testing::Packet packet = flow() / udp(5000, 53);
  constexpr std::uint32_t kSource = 0xc0000201;
  constexpr std::uint32_t kDestination = 0xc6336401;
  constexpr std::uint32_t kPorts = 5000U << 16U | 53U;
  EXPECT_EQ(hash_of(packet), mix(mix(mix(mix(1, kSource), kDestination), 17), kPorts));
  EXPECT_EQ(hash_of(packet, {.source = false, .protocol = false, .ports = false, .tos = true}),
            mix(mix(1, kDestination), 0));
}

struct FlowCase {
  std::string_view name;
  testing::Packet one;
  testing::Packet other;
  FlowFields fields;
  bool same;
};
void PrintTo(const FlowCase& row, std::ostream* out) {  // NOLINT(*-identifier-naming)
  *out << row.name;
}

class Flow : public ::testing::TestWithParam<FlowCase> {};

TEST_P(Flow, IsWhatTheFieldsSay) {
  const FlowCase& row = GetParam();
  EXPECT_EQ(hash_of(row.one, row.fields) == hash_of(row.other, row.fields), row.same);
}

INSTANTIATE_TEST_SUITE_P(
    Fields, Flow,
    ::testing::Values(
        FlowCase{"Ttl", flow().ttl(1) / udp(1, 2), flow().ttl(9) / udp(1, 2), {}, true},
        FlowCase{"Id", flow().id(1) / udp(1, 2), flow().id(9) / udp(1, 2), {}, true},
        FlowCase{"Tos", flow().tos(8) / udp(1, 2), flow() / udp(1, 2), {}, true},
        FlowCase{"TosIfSaid", flow().tos(8) / udp(1, 2), flow() / udp(1, 2), {.tos = true}, false},
        FlowCase{"Source", flow().src("192.0.2.2") / udp(1, 2), flow() / udp(1, 2), {}, false},
        FlowCase{"NoSource",
                 flow().src("192.0.2.2") / udp(1, 2),
                 flow() / udp(1, 2),
                 {.source = false},
                 true},
        FlowCase{"Ports", flow() / udp(1, 2), flow() / udp(1, 3), {}, false},
        FlowCase{"TcpPorts",
                 flow() / tcp({.sport = 1, .dport = 2}),
                 flow() / tcp({.sport = 4, .dport = 2}),
                 {},
                 false},
        FlowCase{"NoPorts", flow() / udp(1, 2), flow() / udp(1, 3), {.ports = false}, true},
        FlowCase{"Protocol", flow() / udp(1, 2), flow() / tcp({.sport = 1, .dport = 2}), {}, false},
        FlowCase{"NoProtocol",
                 flow() / udp(1, 2),
                 flow() / tcp({.sport = 1, .dport = 2}),
                 {.protocol = false},
                 true},
        FlowCase{"FragmentsOfADatagram",
                 flow().mf() / udp(1, 2),
                 flow().offset(8) / udp(7, 7),
                 {},
                 true},
        FlowCase{"Ping",
                 flow() / icmp_echo({.id = 1, .seq = 1}),
                 flow() / icmp_echo({.id = 1, .seq = 2}),
                 {},
                 true},
        FlowCase{"PingByChecksum",
                 flow() / icmp_echo({.id = 1, .seq = 1}),
                 flow() / icmp_echo({.id = 1, .seq = 2}),
                 {.icmp = true},
                 false}),
    [](const auto& row) { return std::string{row.param.name}; });

TEST(FlowHash, SpreadsFlowsEvenly) {
  // 100,000 flows over 7 ways: none of them 2 % off, which chance alone does not make.
  std::array<int, 7> counts{};
  constexpr int kFlows = 100'000;
  for (int i = 0; i < kFlows; ++i) {
    const std::uint32_t hash = mix(mix(7, 0xc0000201), static_cast<std::uint32_t>(i));
    ++counts.at(way_of(hash, counts.size()));
  }
  for (const int count : counts) EXPECT_NEAR(count, kFlows / 7, kFlows / 7 / 50 + 1);
}

TEST(FlowHash, SpreadsOtherwiseWithAnotherSeed) {
  int same = 0;
  for (std::uint32_t i = 0; i < 1000; ++i) {
    if (way_of(mix(1, i), 2) == way_of(mix(2, i), 2)) ++same;
  }
  EXPECT_GT(same, 400);
  EXPECT_LT(same, 600);
}

}  // namespace
}  // namespace hop
