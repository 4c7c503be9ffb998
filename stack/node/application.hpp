#pragma once
// A program on a node that also acts by itself: ping, traceroute, a routing daemon.

#include <optional>

#include "stack/node/endpoint.hpp"

namespace hop {

/// An endpoint with a clock. Owned by whoever starts it, for as long as it runs.
class Application : public Endpoint {
 public:
  /// When it wants to act; nothing while it only listens. It may be in the past, and then means
  /// at once.
  [[nodiscard]] virtual std::optional<Instant> next_deadline() const = 0;
  /// It is time. Afterwards next_deadline() is later than `now`, or nothing.
  virtual void act(Instant now, Node& node, Outbox& out) = 0;
};

}  // namespace hop
