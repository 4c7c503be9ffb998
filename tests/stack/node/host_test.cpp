// A host (RFC 1122 section 3.3.1): answers for itself, forwards nothing.

#include <gmock/gmock.h>

#include <array>
#include <ostream>
#include <string_view>

#include "tests/stack/node/bench.hpp"
#include "tests/support/matchers.hpp"

namespace hop {
namespace {

using ::testing::AllOf;
using testing::Dst;
using testing::icmp_echo;
using testing::IcmpIs;
using testing::Ip;
using testing::ip;
using ::testing::IsEmpty;
using testing::Quotes;
using testing::raw;
using testing::Src;
using testing::udp;

Ip to_host() { return ip().src("192.0.2.9").dst("10.0.1.2"); }

struct ForeignCase {
  std::string_view name;
  Wire packet;
};
std::ostream& operator<<(std::ostream& out, const ForeignCase& row) { return out << row.name; }

class NotForThisHost : public ::testing::TestWithParam<ForeignCase> {};

TEST_P(NotForThisHost, IsDroppedInSilence) {
  // RFC 1122 section 3.2.1.3: MUST silently discard a datagram not destined for the host.
  constexpr Verdict kForeign = dropped(DropReason::not_for_this_host);
  Bench bench{host_config()};
  EXPECT_EQ(bench.receive(GetParam().packet), kForeign);
  bench.expect_counted(kForeign);
  EXPECT_THAT(bench.sent(), IsEmpty());
}

INSTANTIATE_TEST_SUITE_P(
    Table, NotForThisHost,
    ::testing::Values(
        ForeignCase{"ByTheDefaultRoute", to_host().dst("8.8.8.8") / udp(1, 2)},
        ForeignCase{"OnTheLink", to_host().dst("10.0.1.1") / udp(1, 2)},
        ForeignCase{"NobodyOnTheLink", to_host().dst("10.0.1.77") / udp(1, 2)},
        ForeignCase{"TtlOne", to_host().dst("8.8.8.8").ttl(1) / udp(1, 2)},
        ForeignCase{"TooBigAndDf", to_host().dst("8.8.8.8").df() / udp(1, 2, counting(2000))},
        ForeignCase{"WouldBeRedirected", to_host().src("10.0.1.1").dst("8.8.8.8") / icmp_echo({})}),
    kCaseName);

// RFC 1122 section 3.1: the destination is looked at before options are.
TEST(NotForThisHostWithOptions, IsDroppedInSilence) {
  NodeConfig config = host_config();
  config.options.set(OptionType::record_route, OptionAction::reject);
  config.required_option = OptionType::security;
  Bench bench{config};
  const Ip elsewhere = to_host().dst("10.0.1.77");
  for (const Wire& packet : {Ip{elsewhere}.options({7, 7, 4, 0, 0, 0, 0}) / udp(1, 2),
                             Ip{elsewhere}.options({7, 7, 3, 0, 0, 0, 0}) / udp(1, 2),
                             Ip{elsewhere}.options({94, 99}) / udp(1, 2), elsewhere / udp(1, 2)}) {
    EXPECT_EQ(bench.receive(packet), dropped(DropReason::not_for_this_host)) << packet;
  }
  const Wire whole = elsewhere / udp(1, 2, counting(40));
  EXPECT_EQ(bench.receive(whole.bytes().first(40)), dropped(DropReason::ipv4_incomplete));
  EXPECT_THAT(bench.sent(), IsEmpty());
}

// RFC 1122 section 3.3.6: SHOULD recognize and accept the forms with zeros.
TEST(Host, TakesOldFormsOfBroadcasts) {
  for (const std::string_view destination : {"0.0.0.0", "10.0.1.0"}) {
    Bench bench{host_config()};
    UdpEcho echo;
    bench.node.bind({testing::kUdp, 7}, echo);
    const Ip to_all = to_host().dst(destination);
    EXPECT_EQ(bench.receive(to_all / udp(5000, 7)), kDelivered);
    EXPECT_THAT(bench.answer(), AllOf(Src("10.0.1.2"), Dst("192.0.2.9")));
    EXPECT_EQ(bench.receive(to_all / udp(5000, 9)), dropped(DropReason::port_unreachable));
    EXPECT_THAT(bench.sent(), IsEmpty()) << "no error about a broadcast";
  }
}

// RFC 2113 section 2.2: hosts shall ignore it.
TEST(Host, IgnoresRouterAlertOfAnyLength) {
  Bench bench{host_config()};
  for (const std::uint8_t length : std::to_array<std::uint8_t>({3, 4, 5, 6})) {
    const Wire packet = to_host().options({148, length, 0, 0, 0, 0}) / icmp_echo({});
    EXPECT_EQ(bench.receive(packet), kAnswered) << int{length};
  }
}

// The router-id belongs to no interface, or to all.
TEST(StrongModel, AnswersForTheRouterId) {
  NodeConfig config = router_config();
  config.host_model = HostModel::strong;
  config.router_id = Ipv4Address{10, 255, 0, 1};
  Bench bench{config};
  EXPECT_EQ(bench.receive(to_router().dst("10.255.0.1") / icmp_echo({})), kAnswered);
  EXPECT_THAT(bench.answer(), AllOf(Src("10.255.0.1"), Dst("10.0.1.2")));
}

TEST(Host, SendsErrorsFromTheAddressThatWasAsked) {
  // RFC 1122 section 3.3.4.2 (1).
  Bench bench{host_config()};
  bench.node.add_interface({.address = {Ipv4Address{10, 0, 9, 1}, 24},
                            .neighbours = bench.node.interfaces()[0].neighbours,
                            .queue = {}});
  EXPECT_EQ(bench.receive(to_host().dst("10.0.9.1") / udp(1, 33434)).action, Action::dropped);
  EXPECT_THAT(bench.answer(), AllOf(IcmpIs(3, 3), Src("10.0.9.1")));
}

TEST(Host, RefusesSourceRoutes) {
  // RFC 1122 section 3.3.5: SHOULD return code 5.
  Bench bench{host_config()};
  const Wire packet = to_host().options({131, 7, 4, 10, 0, 1, 1}) / udp(1, 2);
  EXPECT_EQ(bench.receive(packet), dropped(DropReason::source_route_refused));
  EXPECT_THAT(bench.answer(), AllOf(IcmpIs(3, 5), testing::Quotes(packet)));
}

TEST(Host, IsAStopOfASourceRouteIfItIsTold) {
  // RFC 1122 section 3.3.5: by the rules for routers.
  NodeConfig config = host_config();
  config.source_routing = true;
  Bench bench{config};
  const Wire packet = to_host().options({131, 7, 4, 10, 0, 1, 3}) / udp(1, 2);
  EXPECT_EQ(bench.receive(packet), kForwarded);
  EXPECT_THAT(bench.answer(), AllOf(Dst("10.0.1.3"), testing::Ttl(63)));
  const Wire expired = to_host().ttl(1).options({131, 7, 4, 10, 0, 1, 3}) / udp(1, 2);
  EXPECT_EQ(bench.receive(expired), dropped(DropReason::ttl_expired));
  EXPECT_THAT(bench.answer(), AllOf(IcmpIs(11, 0), Quotes(expired)));
  const Wire large = to_host().df().options({131, 7, 4, 10, 0, 1, 3}) / udp(1, 2, counting(1500));
  EXPECT_EQ(bench.receive(large), dropped(DropReason::frag_needed));
  EXPECT_THAT(bench.answer(), AllOf(IcmpIs(3, 4), Quotes(large)));
}

TEST(Host, AnswersEchoByItsDefaultRoute) {
  Bench bench{host_config()};
  EXPECT_EQ(bench.receive(to_host().ttl(1) / icmp_echo({}, "data")), kAnswered);
  EXPECT_THAT(bench.answer(), AllOf(IcmpIs(0, 0), Src("10.0.1.2"), Dst("192.0.2.9")));
  EXPECT_EQ(bench.sent().front().to, 1) << "10.0.1.1";
}

TEST(Host, AnswersWhatIsNotThereWithUnreachable) {
  for (const auto& [packet, code] : {std::pair{Wire{to_host() / udp(1, 33434)}, 3},
                                     std::pair{Wire{to_host() / raw("data")}, 2}}) {
    Bench bench{host_config()};
    EXPECT_EQ(bench.receive(packet).action, Action::dropped);
    EXPECT_THAT(bench.answer(), AllOf(IcmpIs(3, code), Src("10.0.1.2"), Quotes(packet)));
  }
}

TEST(Host, SendsErrorsWithANormalTosUnlessItIsTold) {
  // RFC 1122 section 3.2.2, SHOULD; precedence 6 as in all errors. The kernel keeps the TOS.
  NodeConfig told = host_config();
  told.icmp.error_tos = 0x10;
  NodeConfig linux_like = host_config();
  linux_like.icmp = IcmpPolicy::of(Profile::linux_like);
  for (const auto& [config, tos] :
       {std::pair{host_config(), 0xc0}, std::pair{told, 0xd0}, std::pair{linux_like, 0xde}}) {
    Bench bench{config};
    EXPECT_EQ(bench.receive(to_host().tos(0x3f) / udp(1, 33434)).action, Action::dropped);
    EXPECT_THAT(bench.answer(), AllOf(IcmpIs(3, 3), testing::Tos(tos)));
  }
}

TEST(Host, TakesUnknownOptionsAndIgnoresThem) {
  // RFC 1122 section 3.2.1.8.
  Bench bench{host_config()};
  EXPECT_EQ(bench.receive(to_host().options({0x9e, 4, 1, 2}) / icmp_echo({})), kAnswered);
}

TEST(Host, DoesNotAnswerBroadcastEcho) {
  for (const std::string_view destination : {"255.255.255.255", "10.0.1.255"}) {
    Bench bench{host_config()};
    EXPECT_EQ(bench.receive(to_host().src("10.0.1.1").dst(destination) / icmp_echo({})),
              dropped(DropReason::icmp_to_group));
    EXPECT_THAT(bench.sent(), IsEmpty());
  }
}

}  // namespace
}  // namespace hop
