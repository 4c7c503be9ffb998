// Redirects (RFC 1812 sections 4.3.3.2 and 5.2.7.2): sent when all conditions hold, and beside the
// packet, which is forwarded anyway.

#include <gmock/gmock.h>

#include <ostream>
#include <string_view>

#include "tests/stack/node/bench.hpp"
#include "tests/support/matchers.hpp"

namespace hop {
namespace {

using ::testing::AllOf;
using testing::Dst;
using ::testing::ElementsAre;
using testing::icmp;
using testing::icmp_echo;
using testing::IcmpIs;
using testing::Ip;
using testing::Quotes;
using testing::RestOfHeader;
using testing::Src;
using testing::udp;
using testing::ValidChecksums;

/// From the host to a network that is behind the other router on the host's own link.
Ip roundabout() { return transit().dst("203.0.113.9"); }

TEST(Redirect, NamesTheBetterRouterBesideForwarding) {
  Bench bench;
  const Wire packet = roundabout() / udp(1, 2, "data");
  EXPECT_EQ(bench.receive(packet), kForwarded);
  bench.expect_counted(kForwarded);
  const auto redirect = AllOf(IcmpIs(5, 1), RestOfHeader(0x0a000103U), Src("10.0.1.1"),
                              Dst("10.0.1.2"), Quotes(packet), ValidChecksums());
  EXPECT_THAT(bench.sent_by(0), ::testing::UnorderedElementsAre(redirect, packet.with_ttl(63)));
  EXPECT_EQ(bench.counters().icmp_out(IcmpType::redirect), 1U);
}

TEST(Redirect, GoesToTheHostAndThePacketToTheRouter) {
  Bench bench;
  (void)bench.receive(roundabout() / udp(1, 2));
  ASSERT_EQ(bench.sent().size(), 2U);
  for (const Sent& sent : bench.sent()) {
    const bool is_redirect = testing::decode(sent.packet)->protocol == testing::kIcmp;
    EXPECT_EQ(sent.to, is_redirect ? 1 : 2);
  }
}

TEST(Redirect, NamesTheDestinationItselfWhenThatIsOnTheLink) {
  // RFC 1122 section 3.2.2.2: the gateway is the destination when it is on the same network.
  Bench bench;
  const Wire packet = roundabout().dst("10.0.1.3") / udp(1, 2);
  EXPECT_EQ(bench.receive(packet), kForwarded);
  EXPECT_THAT(bench.sent_by(0),
              ::testing::UnorderedElementsAre(AllOf(IcmpIs(5, 1), RestOfHeader(0x0a000103U)),
                                              packet.with_ttl(63)));
}

struct RedirectCase {
  std::string_view name;
  Wire packet;
  InterfaceIndex in = 0;
  bool redirects = true;
};
std::ostream& operator<<(std::ostream& out, const RedirectCase& row) { return out << row.name; }

class NoRedirect : public ::testing::TestWithParam<RedirectCase> {};

TEST_P(NoRedirect, UnlessAllConditionsHold) {
  NodeConfig config = router_config();
  config.source_routing = true;
  config.icmp.redirects = GetParam().redirects;
  Bench bench{config};
  EXPECT_EQ(bench.receive(GetParam().packet, GetParam().in), kForwarded);
  bench.expect_counted(kForwarded);
  EXPECT_EQ(bench.answer(), GetParam().packet.with_ttl(63)) << "the packet and nothing else";
  EXPECT_EQ(bench.counters().icmp_out(IcmpType::redirect), 0U);
}

INSTANTIATE_TEST_SUITE_P(
    Rfc1812Section5_2_7_2, NoRedirect,
    ::testing::Values(
        RedirectCase{"OtherInterface", transit() / udp(1, 2)},
        RedirectCase{"CameInElsewhere", roundabout() / udp(1, 2), 1},
        RedirectCase{"SourceBehindAnotherRouter", roundabout().src("192.0.2.9") / udp(1, 2)},
        RedirectCase{"SourceNextToTheSubnet", roundabout().src("10.0.2.2") / udp(1, 2)},
        RedirectCase{"NextHopOnAnotherSubnet", roundabout().dst("172.16.9.1") / udp(1, 2)},
        RedirectCase{"LooseSourceRoute",
                     roundabout().options({131, 7, 8, 192, 0, 2, 1}) / udp(1, 2)},
        RedirectCase{"SwitchedOff", roundabout() / udp(1, 2), 0, false}),
    kCaseName);

INSTANTIATE_TEST_SUITE_P(
    Veto, NoRedirect,
    ::testing::Values(RedirectCase{"IcmpError", roundabout() / icmp(3, 1, 0, counting(28))},
                      RedirectCase{"Redirect", roundabout() / icmp(5, 1, 0, counting(28))},
                      RedirectCase{"LaterFragment", roundabout().offset(8) / testing::raw("data")}),
    kCaseName);

// RFC 1812 section 5.2.7.2: a packet that contains the option, honoured or not.
TEST(Redirect, IsNotSentAboutASourceRouteThatIsIgnored) {
  NodeConfig config = router_config();
  config.options.set(OptionType::loose_source_route, OptionAction::ignore);
  Bench bench{config};
  const Wire packet = roundabout().options({131, 7, 4, 192, 0, 2, 1}) / udp(1, 2);
  EXPECT_EQ(bench.receive(packet), kForwarded);
  EXPECT_EQ(bench.answer(), packet.with_ttl(63));
}

TEST(Redirect, IsNotSentToTheNextHopItself) {
  // It would be told to send to itself (stack/README.md).
  Bench bench;
  const Wire packet = roundabout().src("10.0.1.3") / udp(1, 2);
  EXPECT_EQ(bench.receive(packet, Arrival{.from = 2, .now = kNow}), kForwarded);
  EXPECT_EQ(bench.answer(), packet.with_ttl(63));
}

TEST(Redirect, IsSentAboutEcho) {
  Bench bench;
  EXPECT_EQ(bench.receive(roundabout() / icmp_echo({})), kForwarded);
  EXPECT_EQ(bench.counters().icmp_out(IcmpType::redirect), 1U);
}

TEST(Redirect, IsNotSentAboutWhatIsNotForwarded) {
  Bench bench;
  EXPECT_EQ(bench.receive(roundabout().ttl(1) / udp(1, 2)), dropped(DropReason::ttl_expired));
  EXPECT_THAT(bench.answer(), IcmpIs(11, 0));
}

TEST(Redirect, IsNotSentByASilentNode) {
  IcmpPolicy policy;
  policy.silent.set(5);
  Bench bench{with_policy(policy)};
  const Wire packet = roundabout() / udp(1, 2);
  EXPECT_EQ(bench.receive(packet), kForwarded);
  EXPECT_THAT(bench.sent_by(0), ElementsAre(packet.with_ttl(63)));
  EXPECT_EQ(bench.counters().get(NotTold::silent), 1U);
}

TEST(Redirect, IsSentForEveryPacketUnlessTheNodeBacksOff) {
  for (const bool backs_off : {false, true}) {
    IcmpPolicy policy;
    policy.redirect_backoff = backs_off;
    Bench bench{with_policy(policy)};
    for (int ms = 0; ms < 300; ms += 10, bench.now += std::chrono::milliseconds{10}) {
      EXPECT_EQ(bench.receive(roundabout() / udp(1, 2)), kForwarded);
    }
    // At 0, 50 and 140 ms: the pauses are longer than 40, 80 and 160 ms.
    EXPECT_EQ(bench.counters().icmp_out(IcmpType::redirect), backs_off ? 3U : 30U);
    EXPECT_EQ(bench.counters().get(NotTold::redirected_before), backs_off ? 27U : 0U);
  }
}

TEST(Redirect, ComesFromTheSubnetOfItsReceiverWhateverThePolicySays) {
  // RFC 1812 section 5.2.7.2.
  IcmpPolicy policy;
  policy.source = SourcePolicy::fixed;
  policy.fixed_source = Ipv4Address{10, 255, 0, 1};
  Bench bench{with_policy(policy)};
  EXPECT_EQ(bench.receive(roundabout() / udp(1, 2)), kForwarded);
  EXPECT_THAT(bench.sent().front().packet, AllOf(IcmpIs(5, 1), Src("10.0.1.1")));
}

}  // namespace
}  // namespace hop
