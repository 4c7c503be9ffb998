// The reverse path filter (RFC 1812 section 5.3.8, RFC 3704 sections 2.2 and 2.4) and the strong
// host model (RFC 1122 section 3.3.4.2).

#include <gmock/gmock.h>

#include <ostream>
#include <string_view>

#include "tests/stack/node/bench.hpp"
#include "tests/support/matchers.hpp"

namespace hop {
namespace {

using testing::icmp_echo;
using ::testing::IsEmpty;
using testing::Src;
using testing::udp;

struct SourceCase {
  std::string_view name, source;
  InterfaceIndex in;
  bool loose, strict;  ///< does it pass?
};
std::ostream& operator<<(std::ostream& out, const SourceCase& row) { return out << row.name; }

class ReversePathFilter : public ::testing::TestWithParam<SourceCase> {
 protected:
  static void expect(ReversePath mode, bool passes) {
    const SourceCase& row = GetParam();
    const Wire in_transit = transit().src(row.source) / udp(1, 2);
    const Wire to_us = to_router().src(row.source) / udp(1, 33434);
    const Wire to_all = transit().src(row.source).dst("255.255.255.255") / udp(1, 2);
    for (const Wire& packet : {in_transit, to_us, to_all}) {
      NodeConfig config = router_config();
      config.reverse_path = mode;
      Bench bench{config};
      const Verdict verdict = bench.receive(packet, row.in);
      EXPECT_EQ(verdict.why != DropReason::source_by_wrong_way, passes) << packet;
      EXPECT_TRUE(passes || bench.sent().empty()) << "MUST silently discard";
      bench.expect_counted(verdict);
    }
  }
};

TEST_P(ReversePathFilter, IsOffByDefault) { expect(router_config().reverse_path, true); }
TEST_P(ReversePathFilter, LooseWantsARoute) { expect(ReversePath::loose, GetParam().loose); }
TEST_P(ReversePathFilter, StrictWantsTheWayThere) {
  expect(ReversePath::strict, GetParam().strict);
}

INSTANTIATE_TEST_SUITE_P(
    Rfc3704Section2, ReversePathFilter,
    ::testing::Values(SourceCase{"Neighbour", "10.0.1.2", 0, true, true},
                      SourceCase{"NeighbourElsewhere", "10.0.1.2", 1, true, false},
                      SourceCase{"BehindARouter", "203.0.113.7", 0, true, true},
                      SourceCase{"BehindAnother", "203.0.113.7", 1, true, false},
                      SourceCase{"NoRoute", "8.8.8.8", 0, false, false},
                      SourceCase{"Rejected", "100.64.0.1", 0, false, false},
                      SourceCase{"Blackhole", "100.65.0.1", 0, false, false}),
    kCaseName);

TEST(ReversePathFilterTos, FollowsTheRouteForTheTos) {
  NodeConfig config = router_config();
  config.reverse_path = ReversePath::strict;
  Bench bench{config};
  bench.node.add_route({.to = *Prefix::parse("203.0.113.0/24"),
                        .out = 1,
                        .via = Ipv4Address{10, 0, 2, 2},
                        .tos = 8});
  const auto from = transit().src("203.0.113.7").dst("10.0.3.2");
  EXPECT_EQ(bench.receive(testing::Ip{from}.tos(0x10) / udp(1, 2), 1), kForwarded);
  EXPECT_EQ(bench.receive(testing::Ip{from} / udp(1, 2), 0), kForwarded);
  EXPECT_EQ(bench.receive(testing::Ip{from}.tos(0x10) / udp(1, 2), 0),
            dropped(DropReason::source_by_wrong_way));
}

/// The host of the bench with a second interface, 10.0.9.1/24.
class TwoLegged : public Bench {
 public:
  explicit TwoLegged(HostModel model) : Bench(with_model(model)) {
    link_.add(Ipv4Address{10, 0, 9, 1}, 0);
    link_.add(Ipv4Address{10, 0, 9, 2}, 1);
    node.add_interface(
        {.address = {Ipv4Address{10, 0, 9, 1}, 24}, .neighbours = &link_, .queue = {}});
  }

 private:
  static NodeConfig with_model(HostModel model) {
    NodeConfig config = host_config();
    config.host_model = model;
    config.router_id = Ipv4Address{192, 0, 2, 77};
    return config;
  }
  Neighbours link_;
};

TEST(HostModelWeak, TakesAnyAddressByAnyInterface) {
  TwoLegged bench{HostModel::weak};
  EXPECT_EQ(bench.receive(testing::ip().src("10.0.9.2").dst("10.0.1.2") / icmp_echo({}), 1),
            kAnswered);
  EXPECT_THAT(bench.answer(), Src("10.0.1.2"));
}

TEST(HostModelStrong, DropsWhatIsForAnotherInterface) {
  constexpr Verdict kRefused = dropped(DropReason::destination_of_other_interface);
  TwoLegged bench{HostModel::strong};
  EXPECT_EQ(bench.receive(testing::ip().src("10.0.9.2").dst("10.0.1.2") / icmp_echo({}), 1),
            kRefused);
  bench.expect_counted(kRefused);
  EXPECT_THAT(bench.sent(), IsEmpty());
  EXPECT_EQ(bench.receive(testing::ip().src("10.0.9.2").dst("10.0.9.1") / icmp_echo({}), 1),
            kAnswered);
}

TEST(HostModelStrong, DoesNotSendFromAnAddressOfAnotherInterface) {
  TwoLegged bench{HostModel::strong};
  const auto from_afar = testing::ip().src("192.0.2.9").dst("10.0.9.1");  // the way back is by if0
  EXPECT_EQ(bench.receive(testing::Ip{from_afar} / icmp_echo({}), 1),
            dropped(DropReason::reply_not_routable));
  EXPECT_EQ(bench.receive(testing::Ip{from_afar} / udp(1, 2), 1),
            dropped(DropReason::port_unreachable));
  EXPECT_EQ(bench.counters().get(NotTold::no_way_back), 1U);
  EXPECT_THAT(bench.sent(), IsEmpty());
  Outbox out;
  const Outgoing what{.destination = Ipv4Address{192, 0, 2, 9}, .source = Ipv4Address{10, 0, 9, 1}};
  EXPECT_EQ(bench.node.send_udp(what, 1, 2, {}, out).error(), SendFault::not_our_address);
}

TEST(HostModelStrong, TakesAnAddressOfNoInterface) {
  TwoLegged bench{HostModel::strong};
  UdpSink sink;
  bench.node.bind({17, 9}, sink);
  EXPECT_EQ(bench.receive(testing::ip().src("10.0.9.2").dst("192.0.2.77") / udp(1, 9), 1),
            kDelivered);
}

TEST(RouterId, IsAnsweredFromByAnyInterface) {
  NodeConfig config = router_config();
  config.router_id = Ipv4Address{192, 0, 2, 1};
  Bench bench{config};
  EXPECT_EQ(bench.receive(transit().dst("192.0.2.1") / icmp_echo({})), kAnswered);
  EXPECT_THAT(bench.answer(), Src("192.0.2.1"));
}

}  // namespace
}  // namespace hop
