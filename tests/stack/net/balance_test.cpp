// Load balancing over a diamond of equal paths.

#include <gmock/gmock.h>

#include <set>

#include "tests/stack/net/lab.hpp"
#include "tests/support/decode.hpp"
#include "tests/support/matchers.hpp"

namespace hop {
namespace {

using ::testing::AllOf;
using ::testing::ElementsAre;
using testing::IcmpIs;
using ::testing::SizeIs;
using testing::udp;

/// tun0 - a - b0 ... bN - z - web: two hops of the same length over each of the `width` in between.
Lab diamond(int width) {
  Lab lab;
  lab.tun("tun0", "198.18.0.1/24").routers({"a", "z"}).host("web");
  lab.link({"tun0", "a"}).link({"z 10.9.0.1/24", "web 10.9.0.2/24"});
  for (int i = 0; i < width; ++i) {
    const std::string name = "b" + std::to_string(i);
    const std::string net = "10.0." + std::to_string(i) + ".";
    lab.router(name).link({"a " + net + "1/30", name + " " + net + "2/30"});
    lab.link({name, "z"}).subnet(net + "4/30");
  }
  for (NodeSpec& node : lab.topology.nodes) node.icmp.rate = IcmpPolicy::kUnlimited;
  return lab;
}

/// Who says that the TTL of a packet to web is exceeded, at that distance.
std::string hop_of(Running& running, std::uint8_t ttl, std::uint16_t source_port,
                   std::string_view destination = "10.9.0.2") {
  running.clear();
  running.send(from_tun0(destination).ttl(ttl) / udp(source_port, 33434));
  return testing::address_text(testing::decode(running.only().packet)->src);
}

TEST(BalanceByFlow, KeepsAFlowOnOneWay) {
  Running running{diamond(4)};
  const std::string first = hop_of(running, 2, 5000);
  for (int i = 0; i < 20; ++i) EXPECT_EQ(hop_of(running, 2, 5000), first);
}

TEST(BalanceByFlow, SpreadsFlowsOverAllWays) {
  // 100 wide, as the widest that were measured in the Internet.
  Running running{diamond(100)};
  std::set<std::string> seen;
  for (std::uint16_t port = 1; port <= 1500; ++port) seen.insert(hop_of(running, 2, port));
  EXPECT_THAT(seen, SizeIs(100));
}

TEST(BalanceByFlow, IsRepeatable) {
  Running one{diamond(4)};
  Running other{diamond(4)};
  for (std::uint16_t port = 1; port < 50; ++port) {
    EXPECT_EQ(hop_of(one, 2, port), hop_of(other, 2, port));
  }
}

TEST(BalanceByDestination, LooksAtTheAddressAlone) {
  Lab lab = diamond(4);
  lab.topology.nodes[0].balance.by = Balance::destination;
  Running running{lab};
  std::set<std::string> by_port;
  std::set<std::string> by_address;
  for (std::uint16_t port = 1; port < 50; ++port) by_port.insert(hop_of(running, 2, port));
  for (int host = 2; host < 200; ++host) {
    by_address.insert(hop_of(running, 2, 1, "10.9.0." + std::to_string(host)));
  }
  EXPECT_THAT(by_port, SizeIs(1));
  EXPECT_THAT(by_address, SizeIs(4));
}

TEST(BalanceByPacket, TakesOneWayAfterTheOther) {
  Lab lab = diamond(3);
  lab.topology.nodes[0].balance.by = Balance::packet;
  Running running{lab};
  std::vector<std::string> seen;
  for (int i = 0; i < 6; ++i) seen.push_back(hop_of(running, 2, 5000));
  EXPECT_THAT(seen,
              ElementsAre("10.0.1.2", "10.0.2.2", "10.0.0.2", "10.0.1.2", "10.0.2.2", "10.0.0.2"));
}

TEST(BalanceOff, TakesTheFirstWay) {
  Lab lab = diamond(3);
  lab.topology.nodes[0].balance.by = Balance::off;
  Running running{lab};
  for (std::uint16_t port = 1; port < 20; ++port) EXPECT_EQ(hop_of(running, 2, port), "10.0.0.2");
}

TEST(BalanceBySelectedFields, LeavesOutTheOthers) {
  Lab lab = diamond(4);
  lab.topology.nodes[0].balance.fields.ports = false;
  Running running{lab};
  std::set<std::string> seen;
  for (std::uint16_t port = 1; port < 50; ++port) seen.insert(hop_of(running, 2, port));
  EXPECT_THAT(seen, SizeIs(1));
}

TEST(Balance, IsDecidedBySeedAtEachRouter) {
  // As the description of flow_hash() has it.
  Lab lab = diamond(2);
  lab.topology.nodes[0].balance.seed = 7;
  Running running{lab};
  for (std::uint32_t port = 1; port < 50; ++port) {
    const std::uint32_t hash =
        mix(mix(mix(mix(7, 0xc6120001), 0x0a090002), 17), port << 16U | 33434U);
    EXPECT_EQ(hop_of(running, 2, static_cast<std::uint16_t>(port)),
              hash < 0x80000000U ? "10.0.0.2" : "10.0.1.2");
  }
}

TEST(Balance, IsNotOfHosts) {
  // Of the strong model, with two links to the same router: its replies leave by the first, whose
  // address they have, wherever they go.
  for (int host = 1; host < 20; ++host) {
    Lab lab;
    lab.tun("tun0", "198.18.0.200/24").router("r").host("h");
    lab.node().host_model = HostModel::strong;
    lab.link({"tun0", "r"}).link({"r 10.0.1.1/24", "h 10.0.1.80/24"});
    lab.link({"r 10.0.2.1/24", "h 10.0.2.80/24"});
    Running running{lab};
    running.send(testing::ip().src("198.18.0." + std::to_string(host + 5)).dst("10.0.1.80") /
                 testing::icmp_echo({}));
    EXPECT_THAT(running.only().packet, AllOf(IcmpIs(0, 0), testing::Src("10.0.1.80"))) << host;
  }
}

TEST(Balance, BringsEverythingThere) {
  Running running{diamond(5)};
  for (std::uint16_t port = 1; port < 100; ++port) {
    EXPECT_EQ(hop_of(running, 64, port), "10.9.0.2");
    EXPECT_THAT(running.only().packet, IcmpIs(3, 3));
  }
}

}  // namespace
}  // namespace hop
