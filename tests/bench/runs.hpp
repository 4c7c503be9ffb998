#pragma once
// The ways in which the generator measures.

#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include "tests/bench/packet_socket.hpp"
#include "tests/bench/traffic.hpp"

namespace hop::bench {

struct RunOptions {
  std::string device = "tun0";
  std::string answers;                ///< the device where answers come in
  std::optional<MacAddress> gateway;  ///< for Ethernet
  double seconds = 2;
  double rate = 0;  ///< packets a second of a flood; 0 for as many as can be sent
  bool verify = false;
};

/// Figures by name, in the order in which they are to be told.
using Figures = std::vector<std::pair<std::string, double>>;

/// Sends without looking at answers, which the device counts. `verify`: a random one in 64 is
/// looked at, so that looking costs the other side next to nothing.
[[nodiscard]] Figures flood(const Traffic& traffic, const RunOptions& options);

/// At most `window` packets under way: the rate at which nothing is lost. Every answer is seen.
[[nodiscard]] Figures keep_window(const Traffic& traffic, const RunOptions& options,
                                  std::uint64_t window);

/// Single packets, `pace` a second: their round trips.
[[nodiscard]] Figures probe(const Traffic& traffic, const RunOptions& options, double pace);

}  // namespace hop::bench
