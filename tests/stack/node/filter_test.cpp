// Filters of what a router forwards (RFC 1812 sections 5.2.7.1, 5.3.3.3 and 5.3.9). The rules
// themselves are tested with ip/filter.hpp.

#include <gmock/gmock.h>

#include <array>

#include "tests/stack/node/bench.hpp"
#include "tests/support/matchers.hpp"

namespace hop {
namespace {

using ::testing::AllOf;
using testing::Dst;
using testing::icmp;
using testing::icmp_echo;
using testing::IcmpIs;
using ::testing::IsEmpty;
using testing::Quotes;
using testing::udp;

NodeConfig with_filter(Filter filter) {
  NodeConfig config = router_config();
  config.filter = std::move(filter);
  return config;
}

TEST(PacketFilter, TellsEveryCodeOfItsRule) {
  for (std::uint8_t code = 0; code < kUnreachableCodes; ++code) {
    Bench bench{with_filter({{.protocol = 17, .code = static_cast<UnreachableCode>(code)}})};
    const Wire packet = transit() / udp(1, 2);
    EXPECT_EQ(bench.receive(packet), dropped(DropReason::filtered));
    EXPECT_THAT(bench.answer(), AllOf(IcmpIs(3, code), Quotes(packet), Dst("10.0.1.2")));
    EXPECT_EQ(bench.receive(transit() / icmp_echo({})), kForwarded) << "another protocol";
  }
}

TEST(PacketFilter, SaysAdminProhibitedUnlessTold) {
  // Section 5.2.7.1: SHOULD use code 13.
  Bench bench{with_filter({{}})};
  EXPECT_EQ(bench.receive(transit() / udp(1, 2)), dropped(DropReason::filtered));
  EXPECT_THAT(bench.answer(), IcmpIs(3, 13));
}

TEST(PacketFilter, MayBeSilent) {
  // Section 5.3.9: MUST allow.
  Bench bench{with_filter({{.action = FilterAction::drop}})};
  EXPECT_EQ(bench.receive(transit() / udp(1, 2)), dropped(DropReason::filtered));
  bench.expect_counted(dropped(DropReason::filtered));
  EXPECT_THAT(bench.sent(), IsEmpty());
}

TEST(PacketFilter, MayBeAnIncludeList) {
  Bench bench{with_filter({{.protocol = 1, .action = FilterAction::accept}, {}})};
  EXPECT_EQ(bench.receive(transit() / icmp_echo({})), kForwarded);
  EXPECT_EQ(bench.receive(transit() / udp(1, 2)), dropped(DropReason::filtered));
}

TEST(PacketFilter, GoesByTheNextStopOfASourceRoute) {
  // RFC 1812 section 5.2.4: the address that decides how the packet is handled.
  NodeConfig config = with_filter({{.to = Prefix::parse("192.0.2.0/24").value()}});
  config.source_routing = true;
  Bench bench{config};
  const Wire around = to_router().options({131, 7, 4, 192, 0, 2, 1}) / udp(1, 2);
  EXPECT_EQ(bench.receive(around), dropped(DropReason::filtered));
  EXPECT_THAT(bench.answer(), AllOf(IcmpIs(3, 13), Quotes(around)));
}

TEST(PacketFilter, ThatAcceptsByPortLetsTheRestOfADatagramPass) {
  Bench bench{with_filter(
      {{.protocol = 17, .destination_ports = PortRange{53, 53}, .action = FilterAction::accept},
       {}})};
  for (const Wire& piece : testing::fragments(transit() / udp(1, 53, counting(100)), {32})) {
    EXPECT_EQ(bench.receive(piece), kForwarded);
  }
}

TEST(PacketFilter, IsNotForWhatIsForUs) {
  Bench bench{with_filter({{}})};
  EXPECT_EQ(bench.receive(to_router() / icmp_echo({})), kAnswered);
}

TEST(PacketFilter, ComesAfterTheRouteAndBeforeTheTtl) {
  // Section 5.2.1.2 (5), (6), (7).
  Bench bench{with_filter({{}})};
  EXPECT_EQ(bench.receive(transit().ttl(1) / udp(1, 2)), dropped(DropReason::filtered));
  EXPECT_EQ(bench.receive(transit().dst("8.8.8.8") / udp(1, 2)), dropped(DropReason::no_route));
}

TEST(PacketFilter, IsForDirectedBroadcastsToo) {
  NodeConfig config = with_filter({{.to = *Prefix::parse("10.0.2.0/24")}});
  config.directed_broadcast = true;
  Bench bench{config};
  UdpSink sink;
  bench.node.bind({17, 9}, sink);
  EXPECT_EQ(bench.receive(transit().dst("10.0.2.255") / udp(1, 9)), kDelivered);
  EXPECT_THAT(bench.sent(), IsEmpty());
}

TEST(PrecedenceCutoffOfARouter, TellsPrecedenceCutoff) {
  // Section 5.3.3.3 (3).
  NodeConfig config = router_config();
  config.precedence_cutoff = 3;
  for (const auto& [tos, passes] : {std::pair<int, bool>{0x00, false},
                                    {0x5c, false},
                                    {0x60, true},
                                    {0xc0, true},
                                    {0xe0, true}}) {
    Bench bench{config};
    const Wire packet = transit().tos(static_cast<std::uint8_t>(tos)) / udp(1, 2);
    EXPECT_EQ(bench.receive(packet), passes ? kForwarded : dropped(DropReason::precedence_cut_off))
        << tos;
    if (!passes) {
      EXPECT_THAT(bench.answer(), AllOf(IcmpIs(3, 15), Quotes(packet)));
    }
  }
}

TEST(PrecedenceCutoffOfARouter, LetsIcmpErrorsPass) {
  NodeConfig config = router_config();
  config.precedence_cutoff = 6;
  config.filter = {
      {.precedences = std::bitset<8>{0xff}, .code = UnreachableCode::host_precedence_violation}};
  for (const std::uint8_t type : std::to_array<std::uint8_t>({3, 5, 11, 12})) {
    Bench bench{config};
    EXPECT_EQ(bench.receive(transit() / icmp(type, 0, 0, counting(28))), kForwarded) << int{type};
  }
}

TEST(PrecedenceFilter, TellsHostPrecedenceViolation) {
  // Section 5.3.3.3 (2).
  Bench bench{with_filter({{.from = *Prefix::parse("10.0.1.2"),
                            .precedences = std::bitset<8>{0b11100000},
                            .code = UnreachableCode::host_precedence_violation}})};
  EXPECT_EQ(bench.receive(transit().tos(0xa0) / udp(1, 2)), dropped(DropReason::filtered));
  EXPECT_THAT(bench.answer(), IcmpIs(3, 14));
  EXPECT_EQ(bench.receive(transit().tos(0x80) / udp(1, 2)), kForwarded);
}

TEST(PrecedenceFilter, IsSilentWhenTheNodeIs) {
  // Section 5.2.7.1: MAY have an option that no code 14 and 15 are generated.
  NodeConfig config = router_config();
  config.precedence_cutoff = 6;
  config.icmp.silent.set(3);
  Bench bench{config};
  EXPECT_EQ(bench.receive(transit() / udp(1, 2)), dropped(DropReason::precedence_cut_off));
  EXPECT_THAT(bench.sent(), IsEmpty());
}

}  // namespace
}  // namespace hop
