#pragma once
// An endpoint that remembers what it was told.

#include <vector>

#include "stack/node/endpoint.hpp"
#include "tests/stack/node/bench.hpp"

namespace hop {

class Recorder : public Endpoint {
 public:
  struct Heard {
    std::vector<std::byte> data;
    std::uint16_t remote_port, local_port;
    Ipv4Address source;
    Instant now;
  };
  struct Error {
    IcmpMessage message;
    Ipv4Address reporter;
    Ipv4Address destination;  // of the quoted packet
    Severity severity;
    std::uint8_t ttl;  // of the error
    Instant now;
  };

  void receive(const Delivery& delivery, Node& /*node*/, Outbox& /*out*/) override {
    heard.push_back({.data = {delivery.data.begin(), delivery.data.end()},
                     .remote_port = delivery.remote_port,
                     .local_port = delivery.local_port,
                     .source = delivery.ip.source(),
                     .now = delivery.now});
  }
  bool error(const ErrorDelivery& delivery, Node& /*node*/, Outbox& /*out*/) override {
    errors.push_back({.message = delivery.error.message,
                      .reporter = delivery.error.reporter,
                      .destination = delivery.error.quoted.destination(),
                      .severity = delivery.severity,
                      .ttl = delivery.ip.ttl(),
                      .now = delivery.now});
    return believes;
  }

  bool believes = true;  // that it sent what errors quote

  std::vector<Heard> heard;
  std::vector<Error> errors;
};

}  // namespace hop
