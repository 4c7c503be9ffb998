// Where the packets of a capture enter.

#include "tools/replay/replay.hpp"

#include <gtest/gtest.h>

#include <array>

namespace hop {
namespace {

Topology two_tuns() {
  Topology topology;
  topology.tuns.push_back({"left", {Ipv4Address(198, 18, 1, 1), 24}, {}, {}});
  topology.tuns.push_back({"right", {Ipv4Address(198, 18, 2, 1), 24}, {}, {}});
  return topology;
}

/// The start of an IPv4 header, as far as the source address.
std::array<std::byte, 20> packet_from(Ipv4Address source) {
  std::array<std::byte, 20> packet{};
  store_be(packet, 12, source.value);
  return packet;
}

TEST(PortChooser, TakesTheTunInWhoseSubnetTheSourceIs) {
  const Topology topology = two_tuns();
  const PortChooser ports(topology, std::nullopt);
  EXPECT_EQ(ports.port_for(packet_from(Ipv4Address(198, 18, 1, 9))), 0);
  EXPECT_EQ(ports.port_for(packet_from(Ipv4Address(198, 18, 2, 9))), 1);
}

TEST(PortChooser, TakesTheFirstTunForOtherSourcesAndForPacketsWithoutOne) {
  const Topology topology = two_tuns();
  const PortChooser ports(topology, std::nullopt);
  EXPECT_EQ(ports.port_for(packet_from(Ipv4Address(203, 0, 113, 1))), 0);
  EXPECT_EQ(ports.port_for({}), 0);
}

TEST(PortChooser, TakesTheTunThatWasChosenForAll) {
  const Topology topology = two_tuns();
  const PortChooser ports(topology, PortIndex{1});
  EXPECT_EQ(ports.port_for(packet_from(Ipv4Address(198, 18, 1, 9))), 1);
}

}  // namespace
}  // namespace hop
