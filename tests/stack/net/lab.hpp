#pragma once
// Networks for tests: topologies written in a few words, and a running network whose departures
// are kept.

#include <gtest/gtest.h>

#include <initializer_list>
#include <optional>
#include <ostream>
#include <string>
#include <string_view>
#include <vector>

#include "stack/net/network.hpp"
#include "stack/net/topology.hpp"
#include "tests/support/packet_dsl.hpp"

namespace hop {

using Wire = testing::Packet;

inline constexpr Instant kNow{std::chrono::seconds{1'735'689'600}};

/// The name of a test from the `name` of its row.
inline constexpr auto kCaseName = [](const auto& row) { return std::string{row.param.name}; };

[[nodiscard]] Ipv4Address address(std::string_view text);
[[nodiscard]] InterfaceAddress interface_address(std::string_view text);
[[nodiscard]] Prefix prefix(std::string_view text);

/// A topology in the making. An endpoint is "r1", or "r1 10.0.0.1/24" with its address.
class Lab {
 public:
  Lab& tun(std::string_view name, std::string_view address, std::string_view netns = "");
  Lab& router(std::string_view name);
  Lab& routers(std::initializer_list<std::string_view> names);
  Lab& host(std::string_view name);
  Lab& link(const std::vector<std::string>& endpoints);
  Lab& subnet(std::string_view prefix);  ///< of the last link
  Lab& via(std::string_view node, std::string_view to, std::string_view gateway);
  Lab& reject(std::string_view node, std::string_view to, UnreachableCode code);
  Lab& blackhole(std::string_view node, std::string_view to);

  NodeSpec& node() { return topology.nodes.back(); }       ///< the last one
  LinkSpec& last_link() { return topology.links.back(); }  ///< the last one

  /// With everything said; a failure and an empty topology if that cannot be.
  [[nodiscard]] Topology resolved() const;
  /// What is wrong with it; a failure and an empty error if nothing is.
  [[nodiscard]] TopologyError error() const;

  Topology topology;

 private:
  Lab& node(std::string_view name, NodeKind kind);
};

/// tun0 198.18.0.1/24 - r1 - r2 - web, a host, in 10.0.1.0/24 and 10.0.2.0/24.
[[nodiscard]] Lab line();

struct Left {
  PortIndex port;
  Instant at;
  Wire packet;
};

/// A running network.
class Running {
 public:
  explicit Running(const Lab& lab) : network(lab.resolved()) {}

  /// A packet enters; what left is in left().
  void send(Bytes packet, PortIndex port = 0) { send_at(now, packet, port); }
  void send_at(Instant at, Bytes packet, PortIndex port = 0);
  void run_until(Instant at);
  /// Runs until nothing is left to happen.
  void finish();

  [[nodiscard]] const std::vector<Left>& left() const { return left_; }
  /// The one packet that left since the last clear(); a failure if it is not one.
  [[nodiscard]] Left only() const;
  void clear() { left_.clear(); }
  [[nodiscard]] const Counters& counters(std::string_view node);

  Network network;
  Instant now = kNow;

 private:
  void collect();
  std::vector<Left> left_;
};

/// A packet from this machine's end of tun0.
[[nodiscard]] testing::Ip from_tun0(std::string_view destination);
[[nodiscard]] std::vector<std::byte> counting(std::size_t size);

}  // namespace hop
