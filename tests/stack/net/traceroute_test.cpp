// Traceroute on a node of a network, in virtual time.

#include "stack/app/traceroute.hpp"

#include <gmock/gmock.h>

#include <string>

#include "stack/app/probe_options.hpp"
#include "tests/stack/net/lab.hpp"

namespace hop {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;
using ::testing::ElementsAre;

class Log : public TracerouteWatcher {
 public:
  void result(const ProbeResult& result) override {
    std::string line = std::to_string(result.ttl) + ":";
    if (result.answer) {
      line += to_string(result.answer->from);
      if (const auto& error = result.answer->error) {
        line +=
            " " + std::to_string(static_cast<int>(error->type)) + "/" + std::to_string(error->code);
      }
      if (result.answer->tcp_open) line += " open";
      if (result.mtu) line += " mtu " + std::to_string(*result.mtu);
      trips.push_back(result.answer->round_trip);
    } else {
      line += result.fault ? "!" : "*";
    }
    lines.push_back(line);
  }
  std::vector<std::string> lines;
  std::vector<Duration> trips;
};

/// tun0 - r1 - r2 - r3 - web, each link 5 ms, and a traceroute on r1.
struct Tracing {
  explicit Tracing(TracerouteOptions options, const Lab& lab = chain())
      : running(lab), traceroute(std::move(options), log) {
    Node& node = running.network.node(0);
    for (const EndpointKey key : traceroute.keys()) node.bind(key, traceroute);
    running.network.start(0, traceroute, kNow);
    running.finish();
    EXPECT_TRUE(traceroute.done());
  }
  static Lab chain() {
    Lab lab;
    lab.tun("tun0", "198.18.0.1/24").routers({"r1", "r2", "r3"}).host("web");
    lab.link({"tun0", "r1"});
    lab.link({"r1 10.0.1.1/24", "r2 10.0.1.2/24"}).last_link().delay = milliseconds{5};
    lab.link({"r2 10.0.2.1/24", "r3 10.0.2.2/24"}).last_link().delay = milliseconds{5};
    lab.link({"r3 10.0.3.1/24", "web 10.0.3.2/24"}).last_link().delay = milliseconds{5};
    return lab;
  }

  Log log;
  Running running;
  Traceroute traceroute;
};

const Ipv4Address kWeb = address("10.0.3.2");

TEST(Traceroute, NamesEveryHopWithUdp) {
  const Tracing run{{.destination = kWeb, .queries = 1}};
  EXPECT_THAT(run.log.lines, ElementsAre("1:10.0.1.2 11/0", "2:10.0.2.2 11/0", "3:10.0.3.2 3/3"));
  EXPECT_THAT(run.log.trips, ElementsAre(milliseconds{10}, milliseconds{20}, milliseconds{30}));
  EXPECT_TRUE(run.traceroute.reached());
}

TEST(Traceroute, NamesEveryHopWithIcmp) {
  const Tracing run{{.destination = kWeb, .kind = ProbeKind::icmp, .queries = 1}};
  EXPECT_THAT(run.log.lines, ElementsAre("1:10.0.1.2 11/0", "2:10.0.2.2 11/0", "3:10.0.3.2"));
}

TEST(Traceroute, NamesEveryHopWithTcp) {
  const Tracing run{{.destination = kWeb, .kind = ProbeKind::tcp, .queries = 1, .port = 80}};
  EXPECT_THAT(run.log.lines, ElementsAre("1:10.0.1.2 11/0", "2:10.0.2.2 11/0", "3:10.0.3.2"));
}

TEST(Traceroute, NamesEveryHopWithUdpToOnePort) {
  const Tracing run{{.destination = kWeb, .kind = ProbeKind::udp_port, .queries = 1, .port = 53}};
  EXPECT_THAT(run.log.lines, ElementsAre("1:10.0.1.2 11/0", "2:10.0.2.2 11/0", "3:10.0.3.2 3/3"));
}

TEST(Traceroute, EndsWhereAServiceAnswers) {
  Lab lab = Tracing::chain();
  lab.node().udp_echo = {53};
  const Tracing run{{.destination = kWeb, .kind = ProbeKind::udp_port, .queries = 1, .port = 53},
                    lab};
  EXPECT_EQ(run.log.lines.back(), "3:10.0.3.2");
}

TEST(Traceroute, AsksEachHopAsOftenAsItIsTold) {
  const Tracing run{{.destination = address("10.0.1.2")}};
  EXPECT_THAT(run.log.lines, ElementsAre("1:10.0.1.2 3/3", "1:10.0.1.2 3/3", "1:10.0.1.2 3/3"));
}

TEST(Traceroute, BeginsAndEndsAtTheTtlsOfTheUser) {
  const Tracing run{{.destination = kWeb, .first_ttl = 2, .max_ttl = 2, .queries = 1}};
  EXPECT_THAT(run.log.lines, ElementsAre("2:10.0.2.2 11/0"));
  EXPECT_FALSE(run.traceroute.ended());
  EXPECT_FALSE(run.traceroute.reached());
}

TEST(Traceroute, DoesNotHearSilentHops) {
  Lab lab = Tracing::chain();
  lab.topology.nodes[1].icmp.silent.set();
  const Tracing run{{.destination = kWeb, .queries = 1}, lab};
  EXPECT_THAT(run.log.lines, ElementsAre("1:*", "2:10.0.2.2 11/0", "3:10.0.3.2 3/3"));
}

TEST(Traceroute, EndsWhereNobodyGoesOn) {
  Lab lab = Tracing::chain();
  lab.reject("r2", "10.0.3.2/32", UnreachableCode::admin_prohibited);
  const Tracing run{{.destination = kWeb, .queries = 2}, lab};
  EXPECT_THAT(run.log.lines, ElementsAre("1:10.0.1.2 3/13", "1:10.0.1.2 3/13"));
  EXPECT_TRUE(run.traceroute.ended());
  EXPECT_FALSE(run.traceroute.reached());
}

TEST(Traceroute, WaitsNoLongerThanTenTimesALaterHop) {
  Lab lab = Tracing::chain();
  lab.topology.nodes[1].icmp.silent.set();
  Log log;
  Running running{lab};
  Traceroute traceroute{{.destination = kWeb, .queries = 1}, log};
  for (const EndpointKey key : traceroute.keys()) running.network.node(0).bind(key, traceroute);
  running.network.start(0, traceroute, kNow);
  running.run_until(kNow + milliseconds{200} - Duration{1});
  EXPECT_FALSE(traceroute.done());
  running.run_until(kNow + milliseconds{200});
  EXPECT_TRUE(traceroute.done());
}

TEST(Traceroute, SendsItsProbesOneAfterTheOtherWhenItIsTold) {
  const Tracing run{{.destination = kWeb, .queries = 1, .at_once = 1}};
  EXPECT_EQ(run.log.lines.size(), 3U);
  EXPECT_THAT(run.log.trips, ElementsAre(milliseconds{10}, milliseconds{20}, milliseconds{30}));
}

TEST(Traceroute, GoesByAGateway) {
  Lab lab = Tracing::chain();
  for (NodeSpec& node : lab.topology.nodes) node.source_routing = true;
  const std::vector stops{address("10.0.2.2")};
  const Tracing run{{.destination = kWeb,
                     .queries = 1,
                     .options = source_route_option(stops, kWeb),
                     .first_hop = stops.front()},
                    lab};
  EXPECT_THAT(run.log.lines, ElementsAre("1:10.0.1.2 11/0", "2:10.0.2.2 11/0", "3:10.0.3.2 3/3"));
}

TEST(Traceroute, SaysWhatCouldNotBeSent) {
  const Tracing run{
      {.destination = kWeb, .max_ttl = 1, .queries = 1, .size = 2000, .dont_fragment = true}};
  EXPECT_THAT(run.log.lines, ElementsAre("1:!"));
}

TEST(Traceroute, FindsThePathMtuOnTheWay) {
  // RFC 1191: what the first link takes is known, then each narrower one says so.
  Lab lab = Tracing::chain();
  lab.topology.links[2].mtu = 1400;
  lab.topology.links[3].mtu = 1000;
  for (const ProbeKind kind : {ProbeKind::udp, ProbeKind::icmp}) {
    const Tracing run{
        {.destination = kWeb, .kind = kind, .queries = 2, .size = 65000, .discover_mtu = true},
        lab};
    const std::string end = kind == ProbeKind::udp ? "3:10.0.3.2 3/3" : "3:10.0.3.2";
    EXPECT_THAT(run.log.lines,
                ElementsAre("1:10.0.1.2 11/0 mtu 1500", "1:10.0.1.2 11/0",
                            "2:10.0.2.2 11/0 mtu 1400", "2:10.0.2.2 11/0", end + " mtu 1000", end));
  }
}

TEST(Traceroute, FindsThePathMtuWhereRoutersDoNotSayIt) {
  // RFC 1191 section 7: the next plateau below 1400 is 1006.
  Lab lab = Tracing::chain();
  lab.topology.links[3].mtu = 1100;
  lab.topology.nodes[2].icmp.next_hop_mtu = 0;
  const Tracing run{{.destination = kWeb, .queries = 1, .size = 1400, .discover_mtu = true}, lab};
  EXPECT_EQ(run.log.lines.back(), "3:10.0.3.2 3/3 mtu 1006");
}

TEST(Traceroute, FindsItsProbesAlsoBehindTheLastPort) {
  const TracerouteOptions udp{.destination = kWeb, .queries = 1, .port = 65534};
  const Tracing to_port_1{udp};
  EXPECT_THAT(to_port_1.log.lines,
              ElementsAre("1:10.0.1.2 11/0", "2:10.0.2.2 11/0", "3:10.0.3.2 3/3"));
  const TracerouteOptions tcp{
      .destination = kWeb, .kind = ProbeKind::tcp, .queries = 1, .port = 80, .source_port = 65535};
  const Tracing from_port_2{tcp};
  EXPECT_THAT(from_port_2.log.lines,
              ElementsAre("1:10.0.1.2 11/0", "2:10.0.2.2 11/0", "3:10.0.3.2"));
}

TEST(Traceroute, TakesAnswersFromItsDestinationAlone) {
  Lab lab = Tracing::chain();
  lab.blackhole("r2", "10.0.3.2/32");
  Log log;
  Running running{lab};
  Traceroute traceroute{{.destination = kWeb, .kind = ProbeKind::icmp, .queries = 1}, log};
  for (const EndpointKey key : traceroute.keys()) running.network.node(0).bind(key, traceroute);
  running.network.start(0, traceroute, kNow);
  running.send(testing::ip().src("198.18.0.1").dst("198.18.0.2") /
               testing::icmp_echo_reply({.id = 40000, .seq = 1}, counting(32)));
  EXPECT_TRUE(log.lines.empty());
  EXPECT_FALSE(traceroute.reached());
}

TEST(Traceroute, BelievesErrorsAboutItsOwnProbesOnly) {
  // RFC 5927 section 4.
  Lab lab = Tracing::chain();
  Log log;
  Running running{lab};
  Traceroute traceroute{{.destination = kWeb, .queries = 1}, log};
  for (const EndpointKey key : traceroute.keys()) running.network.node(0).bind(key, traceroute);
  running.network.start(0, traceroute, kNow);
  for (const Wire& quote :
       {testing::ip().src("198.18.0.2").dst("10.0.3.9") / testing::udp(40000, 33434),
        testing::ip().src("198.18.0.2").dst("10.0.3.2") / testing::udp(40000, 33433),
        testing::ip().src("198.18.0.2").dst("10.0.3.2") / testing::udp(40000, 40001)}) {
    running.send(testing::ip().src("198.18.0.1").dst("198.18.0.2") / testing::icmp(3, 3, 0, quote));
  }
  EXPECT_EQ(running.counters("r1").get(DropReason::icmp_not_ours), 3U);
  EXPECT_TRUE(log.lines.empty());
}

}  // namespace
}  // namespace hop
