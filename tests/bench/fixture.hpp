#pragma once
// A router between two links, and the packets that the benchmarks send through it.

#include <vector>

#include "stack/node/node.hpp"

namespace hop::bench {

/// A router with 10.0.0.1/24 and 10.0.1.1/24, and one neighbour on each side that has everything
/// else. Time stands still.
class Router {
 public:
  Router();

  /// One packet through the router: copied in from `bytes`, and what comes out is thrown away.
  Verdict pass(Bytes bytes);

 private:
  PacketPool pool_;
  Neighbours left_;
  Neighbours right_;
  Node node_;
  Outbox out_;
  Instant now_{std::chrono::seconds{1'800'000'000}};
};

enum class Work { forward, echo, time_exceeded };

/// A datagram of `size` bytes that makes the router do that.
[[nodiscard]] std::vector<std::byte> packet_for(Work work, std::size_t size);

}  // namespace hop::bench
