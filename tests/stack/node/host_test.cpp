// A host (RFC 1122 section 3.3.1): answers for itself, forwards nothing.

#include <gmock/gmock.h>

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

TEST(Host, SendsErrorsFromTheAddressThatWasAsked) {
  // RFC 1122 section 3.3.4.2 (1).
  Bench bench{host_config()};
  bench.node.add_interface({.address = {Ipv4Address{10, 0, 9, 1}, 24},
                            .neighbours = bench.node.interfaces()[0].neighbours,
                            .queue = {}});
  EXPECT_EQ(bench.receive(to_host().dst("10.0.9.1") / udp(1, 33434)).action, Action::dropped);
  EXPECT_THAT(bench.answer(), AllOf(IcmpIs(3, 3), Src("10.0.9.1")));
}

TEST(Host, SendsErrorsWithNormalTosRfc1122Section3_2_2) {
  const Wire packet = to_host().tos(0xb8) / udp(1, 33434);
  Bench bench{host_config()};
  EXPECT_EQ(bench.receive(packet).action, Action::dropped);
  EXPECT_THAT(bench.answer(), AllOf(IcmpIs(3, 3), testing::Tos(0xc0)));

  NodeConfig told = host_config();
  told.icmp.error_tos = 0x1c;
  Bench other{told};
  EXPECT_EQ(other.receive(packet).action, Action::dropped);
  EXPECT_THAT(other.answer(), AllOf(IcmpIs(3, 3), testing::Tos(0xd8)));
}

TEST(Host, RefusesSourceRoutes) {
  // RFC 1122 section 3.3.5: SHOULD return code 5.
  Bench bench{host_config()};
  const Wire packet = to_host().options({131, 7, 4, 10, 0, 1, 1}) / udp(1, 2);
  EXPECT_EQ(bench.receive(packet), dropped(DropReason::source_route_refused));
  EXPECT_THAT(bench.answer(), AllOf(IcmpIs(3, 5), testing::Quotes(packet)));
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
