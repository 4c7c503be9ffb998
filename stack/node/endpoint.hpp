#pragma once
// The application side of a node: who takes what is addressed to it.

#include <utility>
#include <vector>

#include "stack/icmp/received_error.hpp"
#include "stack/icmp/severity.hpp"
#include "stack/node/outbox.hpp"

namespace hop {

class Node;

/// A UDP datagram, a TCP segment or an ICMP reply as given to an endpoint; its checksum is right.
/// Views into the received packet, good for the call only.
struct Delivery {
  Ipv4HeaderView ip;  ///< its payload begins with the UDP, TCP or ICMP header
  Options options{};  ///< of `ip`; reversed_route() makes an answer's of them
  /// Where an answer comes from: the destination, or for a broadcast or multicast an address of the
  /// interface that it came by (RFC 1122 sections 3.2.1.3 and 4.1.3.5).
  Ipv4Address specific_destination{};
  Bytes data;                     ///< behind the UDP, TCP or ICMP header
  std::uint16_t remote_port = 0;  ///< of UDP and TCP
  std::uint16_t local_port = 0;   ///< of UDP and TCP
  Instant now{};
};

/// An ICMP error as given to the endpoint whose packet it quotes. Views into the received packet,
/// good for the call only.
struct ErrorDelivery {
  Ipv4HeaderView ip;  ///< of the error, not of the packet that caused it
  const ReceivedError& error;
  Severity severity;
  Instant now;
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
  /// An error quotes a packet that was sent from here, as far as the node can tell. False if the
  /// endpoint sent no such packet (RFC 5927 section 4.1); then the node does not believe the error
  /// either.
  virtual bool error(const ErrorDelivery& delivery, Node& node, Outbox& out) = 0;
};

/// Sends back what it gets (RFC 862), but nothing to another echo service, with which it would go
/// on for ever, nor to port 0, which is nobody's (RFC 768).
class UdpEcho : public Endpoint {
 public:
  UdpEcho() = default;
  /// `others`: the ports of echo services besides the one a datagram came to.
  explicit UdpEcho(std::vector<std::uint16_t> others) : others_(std::move(others)) {}

  void receive(const Delivery& delivery, Node& node, Outbox& out) override;
  /// Its datagrams are not kept, but none of them forbids to be fragmented.
  bool error(const ErrorDelivery& delivery, Node& /*node*/, Outbox& /*out*/) override {
    return !delivery.error.quoted.dont_fragment();
  }

 private:
  [[nodiscard]] bool may_answer(const Delivery& delivery) const;

  std::vector<std::uint16_t> others_;
};

/// Takes what it gets and says nothing (RFC 863).
class UdpSink : public Endpoint {
 public:
  void receive(const Delivery& /*delivery*/, Node& /*node*/, Outbox& /*out*/) override {}
  bool error(const ErrorDelivery& /*delivery*/, Node& /*node*/, Outbox& /*out*/) override {
    return false;  // it never sends
  }
};

}  // namespace hop
