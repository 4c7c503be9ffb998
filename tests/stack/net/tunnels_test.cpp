// Tunnels of MPLS as a tracer sees them (RFC 3443, RFC 4950), and what becomes of them when links
// go down.

#include <gmock/gmock.h>

#include <ostream>
#include <string_view>
#include <vector>

#include "tests/stack/net/lab.hpp"
#include "tests/support/decode.hpp"
#include "tests/support/matchers.hpp"

namespace hop {
namespace {

using std::chrono::milliseconds;
using ::testing::ElementsAre;
using testing::icmp_echo;
using testing::IcmpIs;
using testing::udp;

/// tun0 - r1 - r2 - r3 - r4 - r5 - web in 10.0.1.0/24 ... 10.0.5.0/24, and a longer way r2 - r5.
Lab chain() {
  Lab lab;
  lab.tun("tun0", "198.18.0.1/24").routers({"r1", "r2", "r3", "r4", "r5"}).host("web");
  lab.link({"tun0", "r1"});
  lab.link({"r1", "r2"}).subnet("10.0.1.0/24");
  lab.link({"r2", "r3"}).subnet("10.0.2.0/24");
  lab.link({"r3", "r4"}).subnet("10.0.3.0/24");
  lab.link({"r4", "r5"}).subnet("10.0.4.0/24");
  lab.link({"r5", "web"}).subnet("10.0.5.0/24");
  lab.link({"r2", "r5"}).subnet("10.0.6.0/24");
  lab.last_link().cost = 10;
  return lab;
}

Lab tunnelled(const TunnelPolicy& policy = {}, bool pops_early = true) {
  Lab lab = chain();
  lab.topology.tunnels.push_back(
      {.path = {"r2", "r3", "r4", "r5"}, .policy = policy, .pops_early = pops_early});
  return lab;
}

constexpr TunnelPolicy kPipe{.propagates_ttl = false};
constexpr TunnelPolicy kMutePipe{.propagates_ttl = false, .tells_labels = false};
constexpr TunnelPolicy kMute{.tells_labels = false};

/// What a tracer is told of a hop: who answers, the TTL in the quote, the label and its TTL.
struct Seen {
  std::string from;
  int quoted_ttl = 0;
  std::uint32_t label = 0;
  int label_ttl = 0;

  bool operator==(const Seen&) const = default;
};
std::ostream& operator<<(std::ostream& out, const Seen& seen) {
  return out << seen.from << " qTTL " << seen.quoted_ttl << " L=" << seen.label
             << " T=" << seen.label_ttl;
}

Seen seen_in(const Wire& answer) {
  const auto ip = testing::decode(answer);
  const auto icmp = testing::decode_icmp(answer);
  if (!ip || !icmp) return {};
  Seen seen{.from = testing::address_text(ip->src)};
  if (icmp->type != 11) return seen;
  seen.quoted_ttl = testing::decode(icmp->data)->ttl;
  const std::size_t field = (icmp->rest >> 16U & 0xffU) * 4;
  if (field == 0) return seen;
  const Bytes entry = icmp->data.subspan(field + 8, 4);
  seen.label = load_be<std::uint32_t>(entry, 0) >> 12U;
  seen.label_ttl = byte_at(entry, 3);
  return seen;
}

std::vector<Seen> trace(Running& running, std::string_view to = "10.0.5.2") {
  std::vector<Seen> path;
  for (std::uint8_t ttl = 1; ttl < 10; ++ttl) {
    running.clear();
    running.send(from_tun0(to).ttl(ttl) / icmp_echo({.id = 1, .seq = ttl}));
    running.finish();
    path.push_back(seen_in(running.only().packet));
    if (path.back().quoted_ttl == 0) break;
  }
  return path;
}

const Seen kR1{"198.18.0.2", 1}, kR2{"10.0.1.2", 1}, kR5{"10.0.4.2", 1}, kWeb{"10.0.5.2"};

struct KindCase {
  std::string_view name;
  TunnelPolicy policy;
  bool pops_early;
  std::vector<Seen> path;
};
std::ostream& operator<<(std::ostream& out, const KindCase& row) { return out << row.name; }

class TracedTunnel : public ::testing::TestWithParam<KindCase> {};

TEST_P(TracedTunnel, IsSeenAsItsKindHasIt) {
  Running running(tunnelled(GetParam().policy, GetParam().pops_early));
  EXPECT_EQ(trace(running), GetParam().path);
}

INSTANTIATE_TEST_SUITE_P(
    Table, TracedTunnel,
    ::testing::Values(
        KindCase{"Explicit",
                 {},
                 true,
                 {kR1, kR2, {"10.0.2.2", 1, 16, 1}, {"10.0.3.2", 2, 17, 1}, kR5, kWeb}},
        KindCase{"ExplicitToItsEnd",
                 {},
                 false,
                 {kR1,
                  kR2,
                  {"10.0.2.2", 1, 16, 1},
                  {"10.0.3.2", 2, 17, 1},
                  {"10.0.4.2", 1, 18, 1},
                  kWeb}},
        KindCase{"Implicit", kMute, true, {kR1, kR2, {"10.0.2.2", 1}, {"10.0.3.2", 2}, kR5, kWeb}},
        KindCase{"Opaque", kPipe, false, {kR1, kR2, {"10.0.4.2", 1, 18, 253}, kWeb}},
        KindCase{"Invisible", kMutePipe, true, {kR1, kR2, kR5, kWeb}}),
    kCaseName);

TEST(TracedTunnel, IsNotEnteredByWhatDoesNotComeToItsEnd) {
  Running running(tunnelled());
  EXPECT_THAT(trace(running, "10.0.3.2"),
              ElementsAre(kR1, kR2, Seen{"10.0.2.2", 1}, Seen{"10.0.3.2"}));
}

TEST(TracedTunnel, OfSeveralIsTheOneThatEndsNearest) {
  Lab lab = tunnelled();
  lab.topology.tunnels.push_back({.path = {"r2", "r3", "r4"}});
  Running running(lab);
  EXPECT_EQ(trace(running)[2], (Seen{"10.0.2.2", 1, 16, 1}));
  EXPECT_EQ(trace(running, "10.0.4.2")[2], (Seen{"10.0.2.2", 1, 18, 1}));
}

TEST(TracedTunnel, TakesWhatItIsToldAndNothingElse) {
  Lab lab = tunnelled();
  lab.topology.tunnels[0].to = {prefix("10.0.3.0/24")};
  lab.topology.tunnels[0].labels = {299776, 1048575};
  Running running(lab);
  EXPECT_EQ(trace(running)[2], (Seen{"10.0.2.2", 1}));
  // Past r4, which has the address, and back to it from the end.
  EXPECT_THAT(trace(running, "10.0.3.2"),
              ElementsAre(kR1, kR2, Seen{"10.0.2.2", 1, 299776, 1}, Seen{"10.0.3.2", 2, 1048575, 1},
                          kR5, Seen{"10.0.3.2"}));
}

TEST(TracedTunnel, NeedNotBeTheShortestPath) {
  Lab lab = chain();
  lab.last_link().cost = 1;  // r2 - r5
  lab.topology.tunnels.push_back({.path = {"r2", "r3", "r4", "r5"}});
  Running running(lab);
  EXPECT_EQ(trace(running).size(), 6U);
}

// To the end of the tunnel and back from there: 3 links there, 2 on, and 5 back by r3.
TEST(ErrorsOfATunnel, TakeTheTimeOfTheirWay) {
  for (const bool along : {true, false}) {
    Lab lab = tunnelled({.errors_along = along});
    for (LinkSpec& link : lab.topology.links) link.delay = milliseconds{1};
    Running running(lab);
    running.send(from_tun0("10.0.5.2").ttl(3) / udp(1, 2));
    running.finish();
    EXPECT_THAT(running.only().packet, IcmpIs(11, 0));
    EXPECT_EQ(running.only().at, kNow + milliseconds{along ? 10 : 6});
  }
}

TEST(ErrorsOfATunnel, TellTheMtuUnderLabels) {
  Running running(tunnelled());
  running.send(from_tun0("10.0.5.2").df() / udp(1, 2, counting(1472)));
  running.finish();
  EXPECT_THAT(running.only().packet, IcmpIs(3, 4));
  EXPECT_EQ(testing::decode_icmp(running.only().packet)->rest & 0xffffU, 1496U);
}

LinkChange state(std::uint32_t link, bool up) { return {.link = link, .up = up}; }

// At the last router but one the error goes on without a label, and not into the tunnel back.
TEST(ErrorsOfATunnel, DoNotTakeATunnelThatBeginsWhereTheyAreMade) {
  Lab lab = tunnelled();
  lab.topology.tunnels.push_back({.path = {"r4", "r3", "r2"}});
  Running running{lab};
  running.send(from_tun0("10.0.5.2").ttl(4) / udp(1, 33434));
  EXPECT_THAT(running.only().packet, IcmpIs(11, 0));
}

// They come by their sender again, to whom no way leads back.
TEST(ErrorsOfATunnel, ComeBackThroughALooseReversePathFilter) {
  Lab lab = tunnelled();
  for (NodeSpec& node : lab.topology.nodes) node.reverse_path = ReversePath::loose;
  Running running{lab};
  running.send(from_tun0("10.0.5.2").ttl(3) / udp(1, 33434));
  EXPECT_THAT(running.only().packet, IcmpIs(11, 0));
}

TEST(BrokenTunnel, IsNotUsed) {
  Running running(tunnelled());
  running.network.change({.of = state(3, false)}, kNow);  // r3 - r4
  EXPECT_THAT(trace(running), ElementsAre(kR1, kR2, Seen{"10.0.6.2", 1}, kWeb));
  running.network.change({.of = state(3, true)}, kNow);
  EXPECT_EQ(trace(running).size(), 6U);
}

TEST(BrokenTunnel, WithItsOwnDestinationsIsNotUsedEither) {
  Lab lab = tunnelled();
  lab.topology.tunnels[0].to = {prefix("10.0.5.0/24")};
  Running running(lab);
  NodeChange off{.node = 3};  // r4
  off.set = [](NodeSpec& node) { node.up = false; };
  running.network.change({.of = off}, kNow);
  EXPECT_THAT(trace(running), ElementsAre(kR1, kR2, Seen{"10.0.6.2", 1}, kWeb));
}

TEST(BrokenTunnel, LosesWhatIsInIt) {
  Lab lab = tunnelled();
  for (LinkSpec& link : lab.topology.links) link.delay = milliseconds{1};
  Running running(lab);
  running.send(from_tun0("10.0.5.2") / udp(1, 2));
  running.run_until(kNow + milliseconds{2});
  running.network.change({.of = state(4, false)}, kNow + milliseconds{2});  // r4 - r5
  running.finish();
  EXPECT_TRUE(running.left().empty());
  EXPECT_EQ(running.counters("r3").get(DropReason::label_unknown), 1U);
}

TEST(BrokenTunnel, TakesAnotherLinkBetweenTheSameRouters) {
  Lab lab = tunnelled();
  lab.link({"r3", "r4"}).subnet("10.0.7.0/24");
  Running running(lab);
  running.network.change({.of = state(3, false)}, kNow);
  EXPECT_EQ(trace(running)[3], (Seen{"10.0.7.2", 2, 17, 1}));
}

// What is seen on a link is the packet, and what is copied there has its label.
TEST(LabelledPackets, AreCopiedByALinkWithTheirLabels) {
  Lab lab = tunnelled();
  lab.topology.links[2].impairment.duplicate = percent(100);  // r2 - r3
  Running running(lab);
  std::vector<std::size_t> sizes;
  running.network.watch(3, [&](Instant, Bytes packet) { sizes.push_back(packet.size()); });  // r4
  running.send(from_tun0("10.0.5.2") / icmp_echo({.id = 1, .seq = 1}));
  running.finish();
  EXPECT_EQ(running.counters("r4").get(Action::forwarded), 4U);  // twice there, twice back
  EXPECT_THAT(sizes, ::testing::Each(28U));
  EXPECT_EQ(running.left().size(), 4U);
}

TEST(Tunnels, HaveTheirLabelsCounted) {
  Lab lab = tunnelled();
  lab.topology.tunnels[0].labels = {17, 16};
  lab.topology.tunnels.push_back({.path = {"r5", "r4", "r3"}, .pops_early = false});
  const Topology resolved = lab.resolved();
  EXPECT_THAT(resolved.tunnels[0].labels, ElementsAre(17, 16));
  EXPECT_THAT(resolved.tunnels[1].labels, ElementsAre(18, 19));
}

struct WrongTunnel {
  std::string_view name;
  TunnelSpec tunnel;
  std::vector<std::string> path;
  std::string_view message;
};
std::ostream& operator<<(std::ostream& out, const WrongTunnel& row) { return out << row.name; }

class WrongTunnels : public ::testing::TestWithParam<WrongTunnel> {};

TEST_P(WrongTunnels, AreNotLaid) {
  Lab lab = chain();
  lab.via("r2", "192.0.2.0/24", "10.0.2.2");
  lab.topology.tunnels = {{.path = {"r1", "r2", "r3"}, .labels = {20}}, GetParam().tunnel};
  const TopologyError error = lab.error();
  EXPECT_EQ(error.message, GetParam().message);
  EXPECT_EQ(error.path, GetParam().path);
}

INSTANTIATE_TEST_SUITE_P(
    Table, WrongTunnels,
    ::testing::Values(
        WrongTunnel{"TooShort",
                    {.path = {"r2", "r3"}},
                    {"tunnels", "1", "path"},
                    "a tunnel that pops its label before its end leads through three routers at "
                    "least"},
        WrongTunnel{"TooShortToItsEnd",
                    {.path = {"r2"}, .pops_early = false},
                    {"tunnels", "1", "path"},
                    "a tunnel leads through two routers at least"},
        WrongTunnel{"Unknown",
                    {.path = {"r2", "r3", "r9"}},
                    {"tunnels", "1", "path", "2"},
                    "no node is named 'r9'"},
        WrongTunnel{"Host",
                    {.path = {"r4", "r5", "web"}},
                    {"tunnels", "1", "path", "2"},
                    "'web' is a host; a tunnel leads through routers"},
        WrongTunnel{"Twice",
                    {.path = {"r2", "r3", "r2"}},
                    {"tunnels", "1", "path", "2"},
                    "'r2' stands here twice"},
        WrongTunnel{"NoLink",
                    {.path = {"r2", "r4", "r5"}},
                    {"tunnels", "1", "path", "1"},
                    "'r2' and 'r4' have no link in common"},
        WrongTunnel{"RoutedAlready",
                    {.path = {"r2", "r3", "r4"}, .to = {*Prefix::parse("192.0.2.0/24")}},
                    {"tunnels", "1", "to", "0"},
                    "'r2' has a route to 192.0.2.0/24 already"},
        WrongTunnel{"FewLabels",
                    {.path = {"r2", "r3", "r4", "r5"}, .labels = {30}},
                    {"tunnels", "1", "labels"},
                    "expected 2 labels, one for each link that is crossed under one, found 1"},
        WrongTunnel{"LabelOfAnother",
                    {.path = {"r3", "r2", "r1"}, .labels = {20}},
                    {"tunnels", "1", "labels", "0"},
                    "'r2' has the label 20 for another tunnel already"}),
    kCaseName);

TEST(WrongTunnels, SayNothingOfWhatGoesInWithoutComputedRoutes) {
  Lab lab = tunnelled();
  lab.topology.routing = Routing::static_only;
  EXPECT_EQ(lab.error().path, (std::vector<std::string>{"tunnels", "0"}));
}

}  // namespace
}  // namespace hop
