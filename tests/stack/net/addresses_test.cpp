// Addresses that are not the plain one of an interface: secondary ones (RFC 791 section 3.2), links
// of two (RFC 3021) and of single addresses, router-ids (RFC 1812 section 4.2.2.2).

#include <gmock/gmock.h>

#include <ostream>
#include <string_view>

#include "tests/stack/net/lab.hpp"
#include "tests/support/matchers.hpp"

namespace hop {
namespace {

using ::testing::AllOf;
using testing::Dst;
using ::testing::HasSubstr;
using testing::icmp_echo;
using testing::IcmpIs;
using testing::RestOfHeader;
using testing::Src;
using testing::udp;
using ::testing::UnorderedElementsAre;

/// tun0 - r1 - r2 - web; r2 and web have a second subnet, 10.9.0.0/24, on their link, and web an
/// address of its own there.
Lab with_secondaries() {
  Lab lab = line();
  auto& ends = lab.last_link().endpoints;
  ends[0].secondary = {interface_address("10.9.0.1/24")};
  ends[1].secondary = {interface_address("10.9.0.2/24"), interface_address("10.9.9.9/32")};
  return lab;
}

struct Asked {
  std::string_view name, destination;
};
std::ostream& operator<<(std::ostream& out, const Asked& row) { return out << row.name; }

class SecondaryAddress : public ::testing::TestWithParam<Asked> {};

TEST_P(SecondaryAddress, IsReachedAndAnswersAsItself) {
  Running running{with_secondaries()};
  running.send(from_tun0(GetParam().destination) / icmp_echo({}));
  EXPECT_THAT(running.only().packet,
              AllOf(IcmpIs(0, 0), Src(std::string{GetParam().destination}), Dst("198.18.0.1")));
}

INSTANTIATE_TEST_SUITE_P(Table, SecondaryAddress,
                         ::testing::Values(Asked{"OfTheRouter", "10.9.0.1"},
                                           Asked{"OfTheHost", "10.9.0.2"},
                                           Asked{"Alone", "10.9.9.9"}),
                         kCaseName);

TEST(SecondarySubnet, GivesTheSourceOfErrorsToItsHosts) {
  // RFC 1812 section 4.3.2.4: an address of the interface; the one in the receiver's subnet.
  Lab lab = with_secondaries();
  lab.tun("tun1", "10.7.0.1/24").link({"tun1", "r2"});
  auto& ends = lab.last_link().endpoints;
  ends[1].secondary = {interface_address("10.8.0.2/24")};
  Running running{lab};
  running.send(testing::ip().src("10.8.0.9").dst("10.0.2.2").ttl(1) / udp(1, 2), 1);
  EXPECT_THAT(running.only().packet, AllOf(IcmpIs(11, 0), Src("10.8.0.2"), Dst("10.8.0.9")));
  running.clear();
  running.send(testing::ip().src("10.7.0.1").dst("10.0.2.2").ttl(1) / udp(1, 2), 1);
  EXPECT_THAT(running.only().packet, AllOf(IcmpIs(11, 0), Src("10.7.0.2")));
}

TEST(SecondarySubnet, GivesTheSourceOfRedirectsAndTheirReason) {
  // RFC 1812 section 5.2.7.2: sender and next hop on the same logical subnet, and so the source.
  Lab lab;
  lab.tun("tun0", "198.18.0.1/24").routers({"r1", "r2"});
  lab.link({"tun0", "r1", "r2"});
  for (std::size_t i = 1; i < 3; ++i) {
    lab.last_link().endpoints[i].secondary = {
        InterfaceAddress{Ipv4Address{10, 9, 0, static_cast<std::uint8_t>(i)}, 24}};
  }
  lab.via("r1", "192.0.2.0/24", "10.9.0.2");
  lab.blackhole("r2", "192.0.2.0/24");
  Running running{lab};
  running.send(testing::ip().src("10.9.0.7").dst("192.0.2.1") / udp(1, 2));
  EXPECT_THAT(running.only().packet,
              AllOf(IcmpIs(5, 1), RestOfHeader(0x0a090002U), Src("10.9.0.1")));
  running.clear();
  running.send(from_tun0("192.0.2.1") / udp(1, 2));
  EXPECT_TRUE(running.left().empty()) << "the next hop is on another subnet than the sender";
}

TEST(SecondarySubnet, HasABroadcastOfItsOwn) {
  Lab lab;
  lab.tun("tun0", "198.18.0.1/24").routers({"r1", "r2"}).link({"tun0", "r1", "r2"});
  for (std::size_t i = 1; i < 3; ++i) {
    lab.topology.nodes[i - 1].udp_sink = {9};
    lab.last_link().endpoints[i].secondary = {
        InterfaceAddress{Ipv4Address{10, 9, 0, static_cast<std::uint8_t>(i)}, 24}};
  }
  Running running{lab};
  running.send(from_tun0("10.9.0.255") / udp(1, 9));
  EXPECT_EQ(running.counters("r1").get(Action::delivered), 1U);
  EXPECT_EQ(running.counters("r2").get(Action::delivered), 1U);
}

TEST(SecondaryAddress, IsKnownToTimestampsAndSourceRoutes) {
  // RFC 1812 section 5.3.13.6: any of the router's addresses.
  Lab lab = with_secondaries();
  lab.topology.nodes[1].source_routing = true;
  Running running{lab};
  running.send(from_tun0("10.9.0.1").options({131, 7, 4, 10, 0, 2, 2}) / icmp_echo({}));
  EXPECT_THAT(running.only().packet, AllOf(IcmpIs(0, 0), Src("10.0.2.2")));
  running.clear();
  running.send(from_tun0("10.0.2.2").options({68, 12, 5, 3, 10, 9, 0, 1, 0, 0, 0, 0}) / udp(1, 2));
  ASSERT_EQ(running.left().size(), 1U);
  const Wire error = running.only().packet;
  const auto quoted = testing::decode_icmp(error)->data;
  EXPECT_EQ(quoted[22], std::byte{13}) << "the pointer behind the slot of 10.9.0.1";
}

TEST(LinkOfTwo, IsCrossedRfc3021) {
  Lab lab;
  lab.tun("tun0", "198.18.0.1/24").routers({"r1", "r2"});
  lab.link({"tun0", "r1"}).link({"r1", "r2"}).subnet("10.0.0.4/31");
  Running running{lab};
  running.send(from_tun0("10.0.0.5") / icmp_echo({}));
  EXPECT_THAT(running.only().packet, AllOf(IcmpIs(0, 0), Src("10.0.0.5"), testing::Ttl(63)));
  running.clear();
  running.send(from_tun0("10.0.0.4") / icmp_echo({}));
  EXPECT_THAT(running.only().packet, AllOf(IcmpIs(0, 0), Src("10.0.0.4")));
}

TEST(LinkOfSingleAddresses, IsCrossed) {
  Lab lab;
  lab.tun("tun0", "198.18.0.1/24").routers({"r1", "r2"}).host("web");
  lab.link({"tun0", "r1"}).link({"r1 10.0.0.1/32", "r2 10.7.7.7/32"});
  lab.link({"r2", "web"}).subnet("10.0.2.0/24");
  Running running{lab};
  for (const std::string_view destination : {"10.0.0.1", "10.7.7.7", "10.0.2.2"}) {
    running.send(from_tun0(destination) / icmp_echo({}));
    EXPECT_THAT(running.only().packet, AllOf(IcmpIs(0, 0), Src(std::string{destination})));
    running.clear();
  }
  running.send(from_tun0("10.0.2.2").ttl(2) / udp(1, 2));
  EXPECT_THAT(running.only().packet, AllOf(IcmpIs(11, 0), Src("10.7.7.7")));
}

TEST(LinkOfSingleAddresses, MayHaveATun) {
  Lab lab;
  lab.tun("tun0", "10.0.0.1/32").router("r1").link({"tun0", "r1 10.7.7.7/32"});
  const Topology topology = lab.resolved();
  EXPECT_THAT(prefixes_behind(topology, 0), ::testing::ElementsAre(prefix("10.7.7.7/32")));
  Running running{lab};
  running.send(testing::ip().src("10.0.0.1").dst("10.7.7.7") / icmp_echo({}));
  EXPECT_THAT(running.only().packet, AllOf(IcmpIs(0, 0), Src("10.7.7.7"), Dst("10.0.0.1")));
}

Lab with_router_id() {
  Lab lab = line();
  lab.topology.nodes[1].router_id = address("192.0.2.1");
  return lab;
}

TEST(RouterIdInANetwork, IsReachedByComputedRoutes) {
  Running running{with_router_id()};
  running.send(from_tun0("192.0.2.1") / icmp_echo({}));
  EXPECT_THAT(running.only().packet, AllOf(IcmpIs(0, 0), Src("192.0.2.1"), testing::Ttl(63)));
  EXPECT_THAT(prefixes_behind(with_router_id().resolved(), 0),
              ::testing::Contains(prefix("192.0.2.1/32")));
}

TEST(RouterIdInANetwork, MayBeTheSourceOfErrors) {
  Lab lab = with_router_id();
  lab.topology.nodes[1].icmp.source = SourcePolicy::fixed;
  lab.topology.nodes[1].icmp.fixed_source = address("192.0.2.1");
  Running running{lab};
  running.send(from_tun0("10.0.2.2").ttl(2) / udp(1, 2));
  EXPECT_THAT(running.only().packet, AllOf(IcmpIs(11, 0), Src("192.0.2.1")));
}

TEST(TosRouteOfATopology, LeadsPacketsOfItsTos) {
  Lab lab = line();
  lab.reject("r1", "10.0.2.0/24", UnreachableCode::net_prohibited);
  lab.topology.routes.back().tos = 8;
  Running running{lab};
  running.send(from_tun0("10.0.2.2").tos(0x10) / icmp_echo({}));
  EXPECT_THAT(running.only().packet, IcmpIs(3, 9));
  running.clear();
  running.send(from_tun0("10.0.2.2") / icmp_echo({}));
  EXPECT_THAT(running.only().packet, IcmpIs(0, 0));
}

TEST(DirectedBroadcastInANetwork, ReachesAllOnItsLink) {
  Lab lab = line();
  lab.host("www").link({"r2", "web", "www"}).subnet("10.0.3.0/24");
  for (NodeSpec& node : lab.topology.nodes) {
    node.icmp.broadcast_echo = true;
    node.directed_broadcast = node.name == "r2";
  }
  Running running{lab};
  running.send(from_tun0("10.0.3.255") / icmp_echo({}));
  std::vector<Wire> answers;
  for (const Left& left : running.left()) answers.push_back(left.packet);
  EXPECT_THAT(answers, UnorderedElementsAre(AllOf(IcmpIs(0, 0), Src("10.0.1.2")),
                                            AllOf(IcmpIs(0, 0), Src("10.0.3.2")),
                                            AllOf(IcmpIs(0, 0), Src("10.0.3.3"))));
}

struct Wrong {
  std::string_view name;
  Lab lab;
  std::vector<std::string> path;
  std::string_view message;
};
std::ostream& operator<<(std::ostream& out, const Wrong& row) { return out << row.name; }
class AddressFault : public ::testing::TestWithParam<Wrong> {};

TEST_P(AddressFault, IsToldWithItsPlace) {
  const TopologyError error = GetParam().lab.error();
  EXPECT_EQ(error.path, GetParam().path);
  EXPECT_THAT(error.message, HasSubstr(std::string{GetParam().message}));
}

Lab with_secondary(std::string_view text) {
  Lab lab = line();
  lab.last_link().endpoints[0].secondary = {interface_address(text)};
  lab.last_link().endpoints[1].address = interface_address("10.0.2.2/24");
  return lab;
}
Lab with_id(std::string_view text) {
  Lab lab = line();
  lab.topology.nodes[0].router_id = address(text);
  return lab;
}
Lab with_source(std::string_view text) {
  Lab lab = with_router_id();
  lab.topology.nodes[0].icmp.source = SourcePolicy::fixed;
  lab.topology.nodes[0].icmp.fixed_source = address(text);
  return lab;
}
const std::vector<std::string> kSecondary{"links", "2", "endpoints", "0", "addresses"};
const std::vector<std::string> kId{"nodes", "r1", "router-id"};
const std::vector<std::string> kSource{"nodes", "r1", "icmp", "source"};

INSTANTIATE_TEST_SUITE_P(
    Table, AddressFault,
    ::testing::Values(
        Wrong{"SecondaryTaken",
              with_secondary("10.0.2.2/24"),
              {"links", "2", "endpoints", "1", "address"},
              "is the address of 'r2' already"},
        Wrong{"SecondaryOfAnotherLink", with_secondary("10.0.1.77/32"), kSecondary,
              "subnet 10.0.1.77/32 overlaps with 10.0.1.0/24 of link 2"},
        Wrong{"SecondaryOverlap", with_secondary("10.0.2.200/25"), kSecondary,
              "subnet 10.0.2.128/25 overlaps with 10.0.2.0/24 of link 3"},
        Wrong{"SecondaryBroadcast", with_secondary("10.9.0.255/24"), kSecondary,
              "is not an address that a node may have"},
        Wrong{"SecondaryMulticast", with_secondary("224.0.0.9/32"), kSecondary,
              "is not an address that a node may have"},
        Wrong{"IdOfAnother", with_id("10.0.1.2"), kId, "is the address of 'r2' already"},
        Wrong{"IdInASubnet", with_id("10.0.1.9"), kId, "overlaps with 10.0.1.0/24 of link 2"},
        Wrong{"IdLoopback", with_id("127.0.0.1"), kId, "is not an address that a node may have"},
        Wrong{"SourceOfNobody", with_source("203.0.113.1"), kSource,
              "203.0.113.1 is not an address of 'r1'"},
        Wrong{"SourceOfAnother", with_source("192.0.2.1"), kSource,
              "192.0.2.1 is not an address of 'r1'"}),
    kCaseName);

TEST(RouterId, MayBeAnAddressOfAnInterface) {
  // RFC 1812 section 4.2.2.2: one of the router's IP addresses.
  Running running{with_id("10.0.1.1")};
  running.send(from_tun0("10.0.1.1") / icmp_echo({}));
  EXPECT_THAT(running.only().packet, Src("10.0.1.1"));
}

}  // namespace
}  // namespace hop
