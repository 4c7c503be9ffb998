#pragma once
// A router between two links, and the packets that the benchmarks send through it.

#include <span>
#include <vector>

#include "stack/node/node.hpp"

namespace hop::bench {

/// A router with 10.0.0.1/24 and 10.0.1.1/24, and one neighbour on each side that has everything
/// else. It has eight routes, 192.0.0.0/24 to 192.0.7.0/24. Time stands still.
class Router {
 public:
  /// With more routes, which go to 253 next hops by turns.
  explicit Router(std::span<const Prefix> more = {});

  /// One packet through the router: copied in from `bytes`, and what comes out is thrown away.
  Verdict pass(Bytes bytes);
  /// This one comes soon.
  void prefetch(Bytes bytes) const { node_.prefetch(bytes); }
  /// As pass(), but what comes out is kept: the bytes of the last packet, or nothing.
  [[nodiscard]] std::vector<std::byte> answer(Bytes bytes);
  [[nodiscard]] const RouteTable& routes() const { return node_.routes(); }

 private:
  PacketPool pool_;
  Neighbours left_;
  Neighbours right_;
  Node node_;
  Outbox out_;
  Instant now_{std::chrono::seconds{1'800'000'000}};
};

enum class Work { forward, echo, time_exceeded };

/// A datagram of `size` bytes that makes the router do that; what is forwarded is for 192.0.2.9, if
/// nothing else is said.
[[nodiscard]] std::vector<std::byte> packet_for(Work work, std::size_t size,
                                                Ipv4Address destination = {192, 0, 2, 9});

}  // namespace hop::bench
