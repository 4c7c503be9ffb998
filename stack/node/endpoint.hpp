#pragma once
// The application side of a node: who takes what is addressed to it.

#include <utility>
#include <vector>

#include "stack/icmp/received_error.hpp"
#include "stack/node/outbox.hpp"

namespace hop {

class Node;

/// A UDP datagram or an ICMP reply as given to an endpoint. Views into the received packet, good
/// for the call only.
struct Delivery {
  Ipv4HeaderView ip;
  Options options{};              ///< of `ip`; reversed_route() makes an answer's of them
  Bytes data;                     ///< behind the UDP or ICMP header
  std::uint16_t remote_port = 0;  ///< of UDP
  std::uint16_t local_port = 0;   ///< of UDP
  Instant now{};
};

/// Takes the packets bound to it and learns of errors about the packets it sent. It may send from
/// within both calls through `node`. Owned by whoever bound it, for as long as it is bound.
class Endpoint {
 public:
  Endpoint() = default;
  Endpoint(const Endpoint&) = delete;
  Endpoint& operator=(const Endpoint&) = delete;
  virtual ~Endpoint() = default;

  virtual void receive(const Delivery& delivery, Node& node, Outbox& out) = 0;
  virtual void error(const ReceivedError& /*error*/, Node& /*node*/) {}
};

/// Sends back what it gets (RFC 862), but nothing to another echo service, with which it would go
/// on for ever, nor to port 0, which is nobody's (RFC 768).
class UdpEcho : public Endpoint {
 public:
  UdpEcho() = default;
  /// `others`: the ports of echo services besides the one a datagram came to.
  explicit UdpEcho(std::vector<std::uint16_t> others) : others_(std::move(others)) {}

  void receive(const Delivery& delivery, Node& node, Outbox& out) override;

 private:
  [[nodiscard]] bool may_answer(const Delivery& delivery) const;

  std::vector<std::uint16_t> others_;
};

/// Takes what it gets and says nothing (RFC 863).
class UdpSink : public Endpoint {
 public:
  void receive(const Delivery& /*delivery*/, Node& /*node*/, Outbox& /*out*/) override {}
};

}  // namespace hop
