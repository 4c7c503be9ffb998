// Filling in what the topology file leaves out: subnets and addresses.

#include <gmock/gmock.h>

#include <ostream>
#include <set>
#include <string_view>

#include "tests/stack/net/lab.hpp"

namespace hop {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;

/// The addresses of a link's ends, in order.
std::vector<std::string> addresses_of(const LinkSpec& link) {
  std::vector<std::string> texts;
  for (const EndpointSpec& end : link.endpoints) {
    texts.push_back(end.address ? to_string(*end.address) : "nothing");
  }
  return texts;
}

TEST(Resolve, GivesTheNeighbourOfATunTheNextFreeAddress) {
  const Topology topology =
      Lab{}.tun("tun0", "198.18.0.1/24").router("r1").link({"tun0", "r1"}).resolved();
  EXPECT_THAT(addresses_of(topology.links[0]), ElementsAre("198.18.0.1/24", "198.18.0.2/24"));
  EXPECT_EQ(topology.links[0].subnet, prefix("198.18.0.0/24"));
}

TEST(Resolve, GivesTheLowestFreeAddressWhateverTheTunHas) {
  const Topology topology = Lab{}
                                .tun("tun0", "198.18.0.2/24")
                                .routers({"r1", "r2"})
                                .link({"tun0", "r1", "r2"})
                                .resolved();
  EXPECT_THAT(addresses_of(topology.links[0]),
              ElementsAre("198.18.0.2/24", "198.18.0.1/24", "198.18.0.3/24"));
}

TEST(Resolve, NumbersTheEndsInTheOrderOfTheFile) {
  const Topology topology =
      Lab{}.routers({"a", "b", "c"}).link({"c", "a", "b"}).subnet("10.0.0.0/29").resolved();
  EXPECT_THAT(addresses_of(topology.links[0]),
              ElementsAre("10.0.0.1/29", "10.0.0.2/29", "10.0.0.3/29"));
}

TEST(Resolve, LeavesAddressesThatAreGivenAndGoesAroundThem) {
  const Topology topology = Lab{}
                                .routers({"a", "b", "c", "d"})
                                .link({"a", "b 10.0.0.1/24", "c", "d 10.0.0.3/24"})
                                .resolved();
  EXPECT_EQ(topology.links[0].subnet, prefix("10.0.0.0/24"));
  EXPECT_THAT(addresses_of(topology.links[0]),
              ElementsAre("10.0.0.2/24", "10.0.0.1/24", "10.0.0.4/24", "10.0.0.3/24"));
}

TEST(Resolve, UsesBothAddressesOfASubnetOfTwo) {
  // RFC 3021.
  const Topology topology =
      Lab{}.routers({"a", "b"}).link({"a", "b"}).subnet("10.0.0.4/31").resolved();
  EXPECT_THAT(addresses_of(topology.links[0]), ElementsAre("10.0.0.4/31", "10.0.0.5/31"));
}

TEST(Resolve, FillsASubnetToTheLastAddress) {
  const Topology topology =
      Lab{}.routers({"a", "b"}).link({"a", "b"}).subnet("10.0.0.0/30").resolved();
  EXPECT_THAT(addresses_of(topology.links[0]), ElementsAre("10.0.0.1/30", "10.0.0.2/30"));
}

TEST(Resolve, TakesSubnetsThatDoNotOverlapFromThePool) {
  Lab lab;
  lab.tun("tun0", "198.18.0.1/24").router("r0").link({"tun0", "r0"});
  lab.router("x").router("y").link({"x", "y"}).subnet("198.18.1.0/24");
  for (int i = 1; i < 200; ++i) {
    lab.router("r" + std::to_string(i));
    lab.link({"r" + std::to_string(i - 1), "r" + std::to_string(i)});
  }
  lab.routers({"p", "q", "s", "t", "u"}).link({"p", "q", "s", "t", "u", "r0"});
  const Topology topology = lab.resolved();
  std::set<Ipv4Address> seen;
  for (const LinkSpec& link : topology.links) {
    ASSERT_TRUE(link.subnet.has_value());
    EXPECT_TRUE(prefix("198.18.0.0/15").contains(*link.subnet)) << to_string(*link.subnet);
    for (const LinkSpec& other : topology.links) {
      EXPECT_TRUE(&link == &other || !link.subnet->overlaps(*other.subnet))
          << to_string(*link.subnet) << " and " << to_string(*other.subnet);
    }
    for (const EndpointSpec& end : link.endpoints) {
      EXPECT_TRUE(link.subnet->is_host(end.address->address)) << to_string(*end.address);
      EXPECT_EQ(end.address->subnet(), *link.subnet);
      EXPECT_TRUE(seen.insert(end.address->address).second) << to_string(*end.address);
    }
  }
}

TEST(Resolve, NamesTheInterfacesOfANodeInTheOrderOfTheFile) {
  Lab lab = line();
  lab.topology.links[1].endpoints[0].interface = "ge-0/0/1";
  lab.link({"r1", "web"});
  const Topology topology = lab.resolved();
  EXPECT_EQ(topology.links[0].endpoints[0].interface, "");  // a TUN has its own name
  EXPECT_EQ(topology.links[0].endpoints[1].interface, "eth0");
  EXPECT_EQ(topology.links[1].endpoints[0].interface, "ge-0/0/1");
  EXPECT_EQ(topology.links[1].endpoints[1].interface, "eth0");
  EXPECT_EQ(topology.links[3].endpoints[0].interface, "eth2");
  Network network{topology};
  EXPECT_EQ(network.find_node("r1")->interfaces()[1].name, "ge-0/0/1");
}

TEST(Resolve, TakesSubnetsFromThePool) {
  Lab lab = line();
  lab.link({"r1", "web"});
  lab.topology.pool = prefix("10.64.0.0/16");
  EXPECT_EQ(to_string(*lab.resolved().links[3].subnet), "10.64.0.0/30");
}

TEST(Resolve, LeavesANameThatTheFileGivesTwice) {
  Lab lab = line();
  lab.topology.links[0].endpoints[1].interface = "bond";
  lab.topology.links[1].endpoints[0].interface = "bond";
  lab.link({"r1", "web"});
  const Topology topology = lab.resolved();
  EXPECT_EQ(topology.links[1].endpoints[0].interface, "bond");
  EXPECT_EQ(topology.links[3].endpoints[0].interface, "eth2");
}

TEST(Resolve, RefusesANameThatAnotherInterfaceHasByItsPosition) {
  Lab lab = line();
  lab.topology.links[0].endpoints[1].interface = "eth1";
  const TopologyError error = lab.error();
  EXPECT_EQ(error.message, "'r1' has an interface 'eth1' already");
  EXPECT_THAT(error.path, ElementsAre("links", "1", "endpoints", "0", "name"));
}

TEST(Resolve, IsRepeatable) {
  const auto texts = [] {
    std::vector<std::string> all;
    for (const LinkSpec& link : line().link({"r1", "web"}).resolved().links) {
      for (std::string& text : addresses_of(link)) all.push_back(std::move(text));
    }
    return all;
  };
  EXPECT_EQ(texts(), texts());
}

TEST(Resolve, LeavesAResolvedTopologyAsItIs) {
  const Topology once = line().resolved();
  Topology again = once;
  again.routes.clear();
  const auto twice = resolve(again);
  ASSERT_TRUE(twice.has_value());
  for (std::size_t i = 0; i < once.links.size(); ++i) {
    EXPECT_EQ(addresses_of(twice->links[i]), addresses_of(once.links[i]));
  }
}

struct ErrorCase {
  std::string_view name;
  Lab lab;
  std::vector<std::string> path;
  std::string_view message;  // a part of it
};
std::ostream& operator<<(std::ostream& out, const ErrorCase& row) { return out << row.name; }

class TopologyErrors : public ::testing::TestWithParam<ErrorCase> {};

TEST_P(TopologyErrors, SayWhereAndWhat) {
  const TopologyError error = GetParam().lab.error();
  EXPECT_EQ(error.path, GetParam().path);
  EXPECT_THAT(error.message, HasSubstr(std::string{GetParam().message}));
}

Lab three() { return Lab{}.routers({"a", "b", "c"}); }
Lab with_tun() { return three().tun("tun0", "198.18.0.1/24"); }

INSTANTIATE_TEST_SUITE_P(
    Address, TopologyErrors,
    ::testing::Values(
        ErrorCase{"OutsideTheSubnet",
                  three().link({"a", "b"}).link({"a", "c 10.1.0.1/24"}).subnet("10.0.0.0/24"),
                  {"links", "1", "endpoints", "1", "address"},
                  "10.1.0.1"},
        ErrorCase{"OtherPrefixLength",
                  three().link({"a 10.0.0.1/24", "b 10.0.0.2/25"}),
                  {"links", "0", "endpoints", "1", "address"},
                  "10.0.0.2/25"},
        ErrorCase{"OutsideTheSubnetOfTheTun",
                  with_tun().link({"tun0", "a 10.0.0.1/24"}),
                  {"links", "0", "endpoints", "1", "address"},
                  "198.18.0.0/24"},
        ErrorCase{"NetworkAddress",
                  three().link({"a 10.0.0.0/24", "b"}),
                  {"links", "0", "endpoints", "0", "address"},
                  "10.0.0.0"},
        ErrorCase{"BroadcastAddress",
                  three().link({"a", "b 10.0.0.255/24"}),
                  {"links", "0", "endpoints", "1", "address"},
                  "10.0.0.255"},
        ErrorCase{"InUseOnTheLink",
                  three().link({"a 10.0.0.1/24", "b 10.0.0.1/24"}),
                  {"links", "0", "endpoints", "1", "address"},
                  "10.0.0.1"},
        ErrorCase{"InUseByTheTun",
                  with_tun().link({"tun0", "a 198.18.0.1/24"}),
                  {"links", "0", "endpoints", "1", "address"},
                  "tun0"},
        ErrorCase{"NoneLeft",
                  three().link({"a", "b", "c"}).subnet("10.0.0.0/30"),
                  {"links", "0", "endpoints", "2"},
                  "10.0.0.0/30"},
        ErrorCase{"NoneLeftOfTwo",
                  three().link({"a", "b", "c"}).subnet("10.0.0.0/31"),
                  {"links", "0", "endpoints", "2"},
                  "10.0.0.0/31"}),
    kCaseName);

INSTANTIATE_TEST_SUITE_P(
    Subnet, TopologyErrors,
    ::testing::Values(
        ErrorCase{
            "Twice",
            three().link({"a", "b"}).subnet("10.0.0.0/24").link({"b", "c"}).subnet("10.0.0.0/24"),
            {"links", "1", "subnet"},
            "10.0.0.0/24"},
        ErrorCase{
            "WithinAnother",
            three().link({"a", "b"}).subnet("10.0.0.0/16").link({"b", "c"}).subnet("10.0.5.0/24"),
            {"links", "1", "subnet"},
            "10.0.0.0/16"},
        ErrorCase{
            "AroundAnother",
            three().link({"a", "b"}).subnet("10.0.5.0/24").link({"b", "c"}).subnet("10.0.0.0/16"),
            {"links", "1", "subnet"},
            "10.0.5.0/24"},
        ErrorCase{"Loopback",
                  three().link({"a 127.0.0.1/24", "b"}),
                  {"links", "0", "subnet"},
                  "127.0.0.0/24"},
        ErrorCase{"Multicast",
                  three().link({"a", "b"}).subnet("224.0.1.0/24"),
                  {"links", "0", "subnet"},
                  "224.0.1.0/24"},
        ErrorCase{"ZeroNet",
                  three().link({"a", "b"}).subnet("0.0.0.0/24"),
                  {"links", "0", "subnet"},
                  "0.0.0.0/24"},
        ErrorCase{"OfTheTun",
                  with_tun().link({"tun0", "a"}).link({"a", "b"}).subnet("198.18.0.128/25"),
                  {"links", "1", "subnet"},
                  "198.18.0.0/24"},
        ErrorCase{"NoneLeft",
                  three().link({"a", "b"}).subnet("198.18.0.0/15").link({"b", "c"}),
                  {"links", "1"},
                  "198.18.0.0/15"}),
    kCaseName);

Lab routed() {
  return Lab{}
      .routers({"a", "b", "c"})
      .link({"a 10.0.0.1/24", "b 10.0.0.2/24"})
      .link({"b 10.0.1.1/24", "c 10.0.1.2/24"});
}

INSTANTIATE_TEST_SUITE_P(Route, TopologyErrors,
                         ::testing::Values(ErrorCase{"ViaNoNeighbour",
                                                     routed()
                                                         .via("b", "192.0.2.0/24", "10.0.0.1")
                                                         .via("a", "192.0.2.0/24", "10.0.1.2"),
                                                     {"routes", "a", "0", "via"},
                                                     "10.0.1.2"},
                                           ErrorCase{"ViaItself",
                                                     routed().via("a", "192.0.2.0/24", "10.0.0.1"),
                                                     {"routes", "a", "0", "via"},
                                                     "10.0.0.1"},
                                           ErrorCase{"Twice",
                                                     routed()
                                                         .via("a", "192.0.2.0/24", "10.0.0.2")
                                                         .blackhole("b", "192.0.2.0/24")
                                                         .blackhole("a", "192.0.2.0/24"),
                                                     {"routes", "a", "1", "to"},
                                                     "192.0.2.0/24"},
                                           ErrorCase{"IndexWithinTheNode",
                                                     routed()
                                                         .via("a", "192.0.2.0/24", "10.0.0.2")
                                                         .blackhole("b", "192.0.2.0/24")
                                                         .via("a", "192.0.3.0/24", "10.9.9.9"),
                                                     {"routes", "a", "1", "via"},
                                                     "10.9.9.9"}),
                         kCaseName);

TEST(TopologyErrors, AreFoundWithStaticRoutingToo) {
  Lab lab = routed().via("a", "192.0.2.0/24", "10.0.1.2");
  lab.topology.routing = Routing::static_only;
  EXPECT_EQ(lab.error().path, (std::vector<std::string>{"routes", "a", "0", "via"}));
}

TEST(MtuOf, IsThatOfTheLinkOfTheTun) {
  Lab lab = with_tun().tun("tun1", "10.7.0.1/24");
  lab.link({"a", "b"}).last_link().mtu = 900;
  lab.link({"b", "tun1"}).last_link().mtu = 1280;
  lab.link({"a", "tun0"}).last_link().mtu = 1400;
  const Topology topology = lab.resolved();
  EXPECT_EQ(mtu_of(topology, 0), 1400);
  EXPECT_EQ(mtu_of(topology, 1), 1280);
}

}  // namespace
}  // namespace hop
