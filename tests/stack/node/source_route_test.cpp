// Source routes in transit (RFC 791 section 3.1, RFC 1812 sections 5.2.4.1 and 5.3.13.4).

#include <gmock/gmock.h>

#include <array>
#include <string_view>

#include "tests/stack/node/bench.hpp"
#include "tests/support/matchers.hpp"

namespace hop {
namespace {

using ::testing::AllOf;
using testing::Dst;
using testing::icmp_echo;
using testing::IcmpIs;
using testing::Quotes;
using testing::RestOfHeader;
using testing::udp;
using testing::ValidChecksums;

NodeConfig routing_sources() {
  NodeConfig config = router_config();
  config.source_routing = true;
  return config;
}

Wire options_of(const Wire& packet) {
  return Wire{packet.bytes().subspan(
      20, std::to_integer<std::size_t>(packet.bytes()[0] & std::byte{15}) * 4 - 20)};
}

TEST(SourceRoute, IsRefusedByDefault) {
  Bench bench;
  const Wire packet = to_router().options({131, 7, 4, 192, 0, 2, 9}) / udp(1, 2);
  EXPECT_EQ(bench.receive(packet), dropped(DropReason::source_route_refused));
  bench.expect_counted(dropped(DropReason::source_route_refused));
  EXPECT_THAT(bench.answer(), AllOf(IcmpIs(3, 5), Quotes(packet)));
}

TEST(SourceRoute, IsFollowedAndOwnAddressRecorded) {
  for (const std::uint8_t type : std::to_array<std::uint8_t>({131, 137})) {
    Bench bench{routing_sources()};
    const Wire packet = to_router().options({type, 7, 4, 10, 0, 2, 2}) / udp(1, 2, "data");
    const Wire expected =
        to_router().dst("10.0.2.2").ttl(63).options({type, 7, 8, 10, 0, 2, 1}) / udp(1, 2, "data");
    EXPECT_EQ(bench.receive(packet), kForwarded);
    bench.expect_counted(kForwarded);
    // The UDP checksum covers the final destination, which the sender knew: only the header counts.
    const Wire sent = bench.answer();
    EXPECT_THAT(std::vector<std::byte>(sent.bytes().begin(), sent.bytes().begin() + 28),
                ::testing::ElementsAreArray(expected.bytes().first(28)));
    EXPECT_EQ(bench.sent().front().out, 1);
  }
}

TEST(SourceRoute, ThatIsLooseMayPassOtherRouters) {
  Bench bench{routing_sources()};
  EXPECT_EQ(bench.receive(to_router().options({131, 7, 4, 192, 0, 2, 9}) / udp(1, 2)), kForwarded);
  EXPECT_THAT(bench.answer(), testing::Dst("192.0.2.9"));
}

TEST(SourceRoute, ThatIsStrictFailsWhenTheNextHopIsNotAttached) {
  // RFC 1812 section 5.2.7.1 code 5.
  Bench bench{routing_sources()};
  const Wire packet = to_router().options({137, 7, 4, 192, 0, 2, 9}) / udp(1, 2);
  EXPECT_EQ(bench.receive(packet), dropped(DropReason::source_route_failed));
  bench.expect_counted(dropped(DropReason::source_route_failed));
  EXPECT_THAT(bench.answer(), AllOf(IcmpIs(3, 5), Quotes(packet)));
}

TEST(SourceRoute, ThatIsLooseFailsWithoutAWayToItsNextAddress) {
  Bench bench{routing_sources()};
  const Wire packet = to_router().options({131, 7, 4, 8, 8, 8, 8}) / udp(1, 2);
  EXPECT_EQ(bench.receive(packet), dropped(DropReason::source_route_failed));
  EXPECT_THAT(bench.answer(), AllOf(IcmpIs(3, 5), Quotes(packet)));
}

TEST(SourceRoute, ThatIsStrictMustNotCrossUs) {
  // RFC 1812 section 5.2.2: the pointer is at the destination address.
  Bench bench{routing_sources()};
  const Wire packet = transit().options({137, 7, 4, 192, 0, 2, 9}) / udp(1, 2);
  EXPECT_EQ(bench.receive(packet), dropped(DropReason::strict_route_elsewhere));
  bench.expect_counted(dropped(DropReason::strict_route_elsewhere));
  EXPECT_THAT(bench.answer(), AllOf(IcmpIs(12, 0), RestOfHeader(0x10000000U), Quotes(packet)));
}

TEST(SourceRoute, ThatIsLooseAndForSomebodyElseIsLeftAlone) {
  Bench bench{routing_sources()};
  const Wire packet = transit().options({131, 7, 4, 192, 0, 2, 77}) / udp(1, 2, "data");
  EXPECT_EQ(bench.receive(packet), kForwarded);
  EXPECT_EQ(bench.answer(), packet.with_ttl(63));
}

TEST(SourceRoute, EndsWhenTheTtlDoes) {
  // It is forwarded then, so the TTL counts though the packet is addressed to us.
  Bench bench{routing_sources()};
  const Wire packet = to_router().ttl(1).options({131, 7, 4, 192, 0, 2, 9}) / udp(1, 2);
  EXPECT_EQ(bench.receive(packet), dropped(DropReason::ttl_expired));
  EXPECT_THAT(bench.answer(), AllOf(IcmpIs(11, 0), Quotes(packet)));
}

class StopThatMayNotBe : public ::testing::TestWithParam<std::string_view> {};

TEST_P(StopThatMayNotBe, IsNotForwardedToRfc1812Section5_3_7) {
  // Not even by a default route.
  Bench bench{routing_sources()};
  bench.node.add_route({.to = {}, .out = 1, .via = {10, 0, 2, 2}});
  std::array option{std::byte{131}, std::byte{7}, std::byte{4}, std::byte{},
                    std::byte{},    std::byte{},  std::byte{}};
  store_be<std::uint32_t>(option, 3, Ipv4Address::parse(GetParam())->value);
  const Wire packet = to_router().options(option) / udp(1, 2);
  EXPECT_EQ(bench.receive(packet), dropped(DropReason::source_route_failed));
  EXPECT_THAT(bench.answer(), AllOf(IcmpIs(3, 5), Quotes(packet)));
}

INSTANTIATE_TEST_SUITE_P(Table, StopThatMayNotBe,
                         ::testing::Values("0.0.0.0", "0.0.0.5", "127.0.0.1", "224.0.0.5",
                                           "240.0.0.1", "255.255.255.255", "10.0.2.255",
                                           "10.0.2.0"));

TEST(SourceRoute, ThatNamesSomebodyWhoIsNotThereFails) {
  // RFC 1812 section 5.2.7.1: code 5, not 1.
  Bench bench{routing_sources()};
  const Wire packet = to_router().options({137, 7, 4, 10, 0, 2, 77}) / udp(1, 2);
  EXPECT_EQ(bench.receive(packet), dropped(DropReason::host_unreachable));
  EXPECT_THAT(bench.answer(), AllOf(IcmpIs(3, 5), Quotes(packet)));
}

TEST(SourceRoute, ThatNamesUsTwiceEndsHere) {
  // As Linux writes it for IP_OPTIONS. The quote is what was received.
  for (const NodeConfig& config : {router_config(), routing_sources()}) {
    Bench bench{config};
    const Wire packet = to_router().options({131, 7, 4, 10, 0, 1, 1}) / udp(1, 33434);
    EXPECT_EQ(bench.receive(packet), dropped(DropReason::port_unreachable));
    EXPECT_THAT(bench.answer(), AllOf(IcmpIs(3, 3), Quotes(packet)));
  }
}

TEST(SourceRoute, PassesOtherAddressesOfOursAtOnce) {
  Bench bench{routing_sources()};
  const Wire packet =
      to_router().options({131, 15, 4, 10, 0, 3, 1, 10, 0, 1, 1, 192, 0, 2, 9}) / udp(1, 2);
  EXPECT_EQ(bench.receive(packet), kForwarded);
  EXPECT_THAT(bench.answer(), AllOf(Dst("192.0.2.9"), testing::Ttl(63)));
  const Wire expected =
      to_router().options({131, 15, 16, 10, 0, 2, 1, 10, 0, 2, 1, 10, 0, 2, 1}) / udp(1, 2);
  EXPECT_EQ(options_of(bench.answer()), options_of(expected));
}

TEST(SourceRoute, IsUsedUpWhereNoWholeAddressIsLeft) {
  // RFC 1812 section 5.2.3: two bytes behind the last address are no address.
  Bench bench{routing_sources()};
  const Wire packet = to_router().options({131, 9, 4, 10, 0, 1, 1, 9, 9}) / icmp_echo({}, "data");
  EXPECT_EQ(bench.receive(packet), kAnswered);
  EXPECT_THAT(bench.answer(), AllOf(IcmpIs(0, 0), Dst("10.0.1.2"), ValidChecksums()));
}

}  // namespace
}  // namespace hop
