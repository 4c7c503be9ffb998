// A node that is asked about its interfaces and neighbours (RFC 8335 section 4).

#include <gmock/gmock.h>

#include <ostream>
#include <string_view>
#include <vector>

#include "tests/stack/node/bench.hpp"
#include "tests/stack/node/recorder.hpp"
#include "tests/support/hex_literal.hpp"
#include "tests/support/matchers.hpp"

namespace hop {
namespace {

using namespace testing::literals;
using ::testing::AllOf;
using testing::Dst;
using testing::icmp;
using testing::IcmpIs;
using ::testing::IsEmpty;
using testing::RestOfHeader;
using testing::Src;
using testing::Tos;
using testing::Ttl;
using testing::ValidChecksums;
using Memory = std::vector<std::byte>;

constexpr std::uint32_t kLocal = 0x12340501;
constexpr std::uint32_t kRemote = 0x12340500;

template <std::size_t n>
Memory memory(const std::array<std::byte, n>& bytes) {
  return {bytes.begin(), bytes.end()};
}

// Structures of one object (RFC 8335 section 2.1), without a checksum.
const Memory kEth1 = memory("20 00 00 00 00 08 03 01 65 74 68 31"_bytes);
const Memory kEth9 = memory("20 00 00 00 00 08 03 01 65 74 68 39"_bytes);
Memory index(std::uint8_t number) {
  Memory bytes = memory("20 00 00 00 00 08 03 02 00 00 00 00"_bytes);
  bytes.back() = std::byte{number};
  return bytes;
}
Memory address(std::uint8_t net, std::uint8_t host) {
  Memory bytes = memory("20 00 00 00 00 0c 03 03 00 01 04 00 0a 00 00 00"_bytes);
  bytes[14] = std::byte{net};
  bytes[15] = std::byte{host};
  return bytes;
}
const Memory kIpv6 = memory(
    "20 00 00 00 00 18 03 03 00 02 10 00"
    "fe 80 00 00 00 00 00 00 00 00 00 00 00 00 00 01"_bytes);
const Memory kMac = memory("20 00 00 00 00 10 03 03 40 05 06 00 02 00 5e 10 00 01 00 00"_bytes);
const Memory kBadChecksum = memory("20 00 00 01 00 08 03 01 65 74 68 31"_bytes);
const Memory kOtherObject = memory("20 00 00 00 00 08 01 01 03 e8 41 01"_bytes);

NodeConfig open() {
  NodeConfig config = router_config();
  config.icmp.answers.set(42);
  const std::vector<Prefix> all{Prefix{}};
  config.icmp.extended_echo = {
      .remote = all, .by_name = all, .by_index = all, .by_address = all, .rate = 1000};
  return config;
}

struct ProbeCase {
  std::string_view name;
  std::uint32_t rest;
  Memory data;
  std::uint8_t code;
  std::uint32_t low_byte;  // state, A, 4, 6
};
std::ostream& operator<<(std::ostream& out, const ProbeCase& row) { return out << row.name; }

class ExtendedEcho : public ::testing::TestWithParam<ProbeCase> {};

TEST_P(ExtendedEcho, IsAnsweredAsRfc8335Section4) {
  Bench bench{open()};
  bench.node.interfaces()[2].name = "up";
  const Wire request = to_router().tos(0x2e) / icmp(42, 7, GetParam().rest, GetParam().data);
  EXPECT_EQ(bench.receive(request), kAnswered);
  bench.expect_counted(kAnswered);
  const Wire reply = bench.answer();
  EXPECT_THAT(reply, AllOf(IcmpIs(43, GetParam().code), Src("10.0.1.1"), Dst("10.0.1.2"), Ttl(255),
                           Tos(0), ValidChecksums()));
  EXPECT_THAT(reply, RestOfHeader((GetParam().rest & 0xffffff00U) | GetParam().low_byte));
  EXPECT_EQ(reply.size(), 28U);
  EXPECT_EQ(reply.bytes()[6], std::byte{0x40});  // DF, and no fragment
  EXPECT_EQ(bench.counters().icmp_out(IcmpType::extended_echo_reply), 1U);
}

INSTANTIATE_TEST_SUITE_P(
    Local, ExtendedEcho,
    ::testing::Values(ProbeCase{"Name", kLocal, kEth1, 0, 0x06},
                      ProbeCase{"Index", kLocal, index(1), 0, 0x06},
                      ProbeCase{"LastIndex", kLocal, index(3), 0, 0x06},
                      ProbeCase{"Address", kLocal, address(2, 1), 0, 0x06},
                      ProbeCase{"UnknownName", kLocal, kEth9, 2, 0},
                      ProbeCase{"IndexZero", kLocal, index(0), 2, 0},
                      ProbeCase{"IndexBeyond", kLocal, index(4), 2, 0},
                      ProbeCase{"AddressOfANeighbour", kLocal, address(2, 2), 2, 0},
                      ProbeCase{"Ipv6", kLocal, kIpv6, 2, 0}, ProbeCase{"Mac", kLocal, kMac, 2, 0}),
    kCaseName);

INSTANTIATE_TEST_SUITE_P(Remote, ExtendedEcho,
                         ::testing::Values(ProbeCase{"Neighbour", kRemote, address(2, 2), 0, 0x40},
                                           ProbeCase{"Nobody", kRemote, address(2, 99), 3, 0},
                                           ProbeCase{"OwnAddress", kRemote, address(2, 1), 3, 0},
                                           ProbeCase{"Ipv6", kRemote, kIpv6, 3, 0},
                                           ProbeCase{"Mac", kRemote, kMac, 3, 0},
                                           ProbeCase{"ByName", kRemote, kEth1, 1, 0},
                                           ProbeCase{"ByIndex", kRemote, index(1), 1, 0}),
                         kCaseName);

INSTANTIATE_TEST_SUITE_P(
    Malformed, ExtendedEcho,
    ::testing::Values(ProbeCase{"NoStructure", kLocal, {}, 1, 0},
                      ProbeCase{"BadChecksum", kLocal, kBadChecksum, 1, 0},
                      ProbeCase{"NoIdentification", kLocal, kOtherObject, 1, 0},
                      ProbeCase{"Cut", kLocal, {kEth1.begin(), kEth1.begin() + 8}, 1, 0}),
    kCaseName);

TEST(ExtendedEcho, TellsWhenSeveralInterfacesFit) {
  Bench bench{open()};
  for (Interface& interface : bench.node.interfaces()) interface.name = "eth1";
  EXPECT_EQ(bench.receive(to_router() / icmp(42, 0, kLocal, kEth1)), kAnswered);
  EXPECT_THAT(bench.answer(), AllOf(IcmpIs(43, 4), RestOfHeader(0x12340500U)));
  // A neighbour that is on two links.
  bench.node.interfaces()[0].neighbours = bench.node.interfaces()[1].neighbours;
  const Wire request =
      testing::ip().src("10.0.2.2").dst("10.0.2.1") / icmp(42, 0, kRemote, address(2, 2));
  EXPECT_EQ(bench.receive(request, 1), kAnswered);
  EXPECT_THAT(bench.answer(), AllOf(IcmpIs(43, 4), RestOfHeader(0x12340500U)));
}

struct SilentCase {
  std::string_view name;
  void (*change)(NodeConfig&);
};
std::ostream& operator<<(std::ostream& out, const SilentCase& row) { return out << row.name; }

class ExtendedEchoOff : public ::testing::TestWithParam<SilentCase> {};

TEST_P(ExtendedEchoOff, IsSilentRfc8335Section8) {
  NodeConfig config = open();
  GetParam().change(config);
  Bench bench{config};
  EXPECT_EQ(bench.receive(to_router() / icmp(42, 0, kLocal, kEth1)),
            dropped(DropReason::icmp_not_answered));
  EXPECT_THAT(bench.sent(), IsEmpty());
}

INSTANTIATE_TEST_SUITE_P(
    Table, ExtendedEchoOff,
    ::testing::Values(
        SilentCase{"ByDefault", [](NodeConfig& config) { config.icmp = {}; }},
        SilentCase{"NotAmongTheAnswers", [](NodeConfig& config) { config.icmp.answers.reset(42); }},
        SilentCase{"SilentReply", [](NodeConfig& config) { config.icmp.silent.set(43); }},
        SilentCase{"LocalNotAllowed",
                   [](NodeConfig& config) { config.icmp.extended_echo.local.clear(); }},
        SilentCase{"TypeNotAllowed",
                   [](NodeConfig& config) { config.icmp.extended_echo.by_name.clear(); }},
        SilentCase{"SourceNotAllowed",
                   [](NodeConfig& config) {
                     config.icmp.extended_echo.by_name = {Prefix{Ipv4Address{10, 0, 1, 3}, 32}};
                   }}),
    kCaseName);

TEST(ExtendedEcho, IsSilentOnAnInterfaceWhereItIsOff) {
  Bench bench{open()};
  bench.node.interfaces()[0].extended_echo = false;
  EXPECT_EQ(bench.receive(to_router() / icmp(42, 0, kLocal, kEth1)),
            dropped(DropReason::icmp_not_answered));
}

TEST(ExtendedEcho, IsLimitedByDefault) {
  NodeConfig config = open();
  config.icmp.extended_echo.rate = 20;
  Bench bench{config};
  int answered = 0;
  for (int i = 0; i < 200; ++i) {
    const Verdict verdict = bench.receive(to_router() / icmp(42, 0, kLocal, kEth1));
    if (verdict == kAnswered) {
      ++answered;
    } else {
      EXPECT_EQ(verdict, dropped(DropReason::reply_rate_limited));
    }
  }
  EXPECT_GE(answered, 10);
  EXPECT_LE(answered, 60);
}

TEST(ExtendedEcho, IsLimitedByTheRateOfItsClassIfThatIsGiven) {
  NodeConfig config = open();
  config.icmp.class_limits = {
      {.type = IcmpType::extended_echo_reply, .rate = IcmpPolicy::kUnlimited}};
  config.icmp.extended_echo.rate = 1;
  Bench bench{config};
  for (int i = 0; i < 200; ++i) {
    ASSERT_EQ(bench.receive(to_router() / icmp(42, 0, kLocal, kEth1)), kAnswered);
  }
}

TEST(ExtendedEcho, GoesBackAlongTheSourceRoute) {
  Bench bench{open()};
  const Wire request = to_router().options({131, 7, 8, 10, 0, 1, 3}) / icmp(42, 0, kLocal, kEth1);
  EXPECT_EQ(bench.receive(request), kAnswered);
  EXPECT_THAT(bench.answer(), AllOf(Dst("10.0.1.3"), ValidChecksums()));
}

TEST(ExtendedEchoReply, IsGivenToTheEndpointThatAsked) {
  Bench bench;
  Recorder client;
  bench.node.bind({1, 0x1234}, client);
  EXPECT_EQ(bench.receive(to_router() / icmp(43, 0, 0x12340506)), kDelivered);
  EXPECT_EQ(bench.receive(to_router() / icmp(43, 0, 0x12350506)),
            dropped(DropReason::icmp_no_endpoint));
  EXPECT_EQ(client.heard.size(), 1U);
}

}  // namespace
}  // namespace hop
