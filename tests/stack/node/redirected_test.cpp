// Redirects as a host takes them (RFC 1122 sections 3.2.2.2 and 3.3.1.2).

#include <gmock/gmock.h>

#include <ostream>
#include <string_view>

#include "tests/stack/node/bench.hpp"
#include "tests/stack/node/recorder.hpp"
#include "tests/support/matchers.hpp"

namespace hop {
namespace {

using std::chrono::minutes;
using testing::icmp;
using testing::icmp_echo;
using testing::icmp_echo_reply;
using testing::ip;
using testing::udp;

constexpr Ipv4Address kServer{192, 0, 2, 9};
constexpr LinkAddress kFirstGateway = 1;  // 10.0.1.1, as the bench numbers its neighbours
constexpr LinkAddress kOtherGateway = 2;  // 10.0.1.3

/// Where the node sends what is for `destination`.
LinkAddress first_hop(Bench& bench, Ipv4Address destination = kServer, Instant now = kNow) {
  Outbox out;
  EXPECT_TRUE(bench.node.send_udp({.destination = destination, .now = now}, 5000, 9, {}, out));
  bench.collect(out);
  return bench.sent().front().to;
}

struct RedirectCase {
  std::string_view name;
  bool followed;
  std::uint8_t code = 1;
  std::string_view gateway = "10.0.1.3";
  std::string_view reporter = "10.0.1.1";
  std::string_view source = "10.0.1.2";  // of the quoted packet
};
std::ostream& operator<<(std::ostream& out, const RedirectCase& row) { return out << row.name; }

class RedirectOfAHost : public ::testing::TestWithParam<RedirectCase> {};

TEST_P(RedirectOfAHost, IsFollowedByTheRulesOfRfc1122Section3_2_2_2) {
  const RedirectCase& row = GetParam();
  Bench bench{host_config()};
  ASSERT_EQ(first_hop(bench), kFirstGateway);
  const Wire quote = ip().src(row.source).dst("192.0.2.9") / udp(5000, 9);
  const Wire redirect = ip().src(row.reporter).dst("10.0.1.2") /
                        icmp(5, row.code, testing::address_of(row.gateway), quote);
  const Verdict verdict = bench.receive(redirect);
  EXPECT_EQ(verdict.action, row.followed ? Action::delivered : Action::dropped);
  EXPECT_EQ(first_hop(bench), row.followed ? kOtherGateway : kFirstGateway);
  EXPECT_EQ(first_hop(bench, Ipv4Address{192, 0, 2, 10}), kFirstGateway) << "for that host alone";
}

INSTANTIATE_TEST_SUITE_P(
    Table, RedirectOfAHost,
    ::testing::Values(RedirectCase{"Network", true, 0}, RedirectCase{"Host", true, 1},
                      RedirectCase{"NetworkAndTos", true, 2}, RedirectCase{"HostAndTos", true, 3},
                      RedirectCase{"GatewayElsewhere", false, 1, "10.0.2.3"},
                      RedirectCase{"GatewayIsTheSubnetsBroadcast", false, 1, "10.0.1.255"},
                      RedirectCase{"GatewayIsOurselves", false, 1, "10.0.1.2"},
                      RedirectCase{"NotFromTheFirstHop", false, 1, "10.0.1.3", "10.0.1.3"},
                      RedirectCase{"FromFarAway", false, 1, "10.0.1.3", "192.0.2.9"},
                      RedirectCase{"NotAboutUs", false, 1, "10.0.1.3", "10.0.1.1", "10.0.1.9"}),
    kCaseName);

TEST(RedirectOfAHost, MayBeAboutItsReply) {
  Bench bench{host_config()};
  const Wire quote = ip().src("10.0.1.2").dst("192.0.2.9") / icmp_echo_reply({});
  EXPECT_EQ(bench.receive(ip().src("10.0.1.1").dst("10.0.1.2") / icmp(5, 1, 0x0a000103, quote)),
            kDelivered);
  EXPECT_EQ(bench.receive(ip().src("192.0.2.9").dst("10.0.1.2") / icmp_echo({})), kAnswered);
  EXPECT_EQ(bench.sent().front().to, kOtherGateway);
}

TEST(RedirectOfAHost, IsForgottenAfterAWhile) {
  Bench bench{host_config()};
  const Wire quote = ip().src("10.0.1.2").dst("192.0.2.9") / udp(5000, 9);
  EXPECT_EQ(bench.receive(ip().src("10.0.1.1").dst("10.0.1.2") / icmp(5, 1, 0x0a000103, quote)),
            kDelivered);
  EXPECT_EQ(first_hop(bench, kServer, kNow + minutes{9}), kOtherGateway);
  EXPECT_EQ(first_hop(bench, kServer, kNow + minutes{10}), kFirstGateway);
}

TEST(RedirectOfARouter, IsNotFollowed) {
  // RFC 1812 section 5.2.7.2: MUST NOT use paths learned from redirects.
  Bench bench;
  Recorder client;
  bench.node.bind({testing::kUdp, 5000}, client);
  const LinkAddress before = first_hop(bench);
  const Wire quote = ip().src("10.0.2.1").dst("192.0.2.9") / udp(5000, 9);
  EXPECT_EQ(bench.receive(ip().src("10.0.2.2").dst("10.0.2.1") / icmp(5, 1, 0x0a000263, quote), 1),
            kDelivered);
  EXPECT_EQ(first_hop(bench), before);
  EXPECT_EQ(client.errors.size(), 1U) << "whoever sent the packet may print it";
}

}  // namespace
}  // namespace hop
