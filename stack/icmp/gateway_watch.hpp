#pragma once
// Which gateways are alive, as far as a host can tell (RFC 1122 section 3.3.1.4).

#include <cstdint>
#include <optional>
#include <vector>

#include "stack/base/clock.hpp"
#include "stack/ip/route.hpp"
#include "stack/wire/ipv4_address.hpp"

namespace hop {

/// The algorithm that RFC 1122 section 3.3.1.4 suggests: each gateway in use has a reroute timer,
/// which good news about it sets anew. A packet that goes to a gateway whose timer has run out has
/// an echo request sent there, and again if there is no reply; after the last one it is dead. A
/// gateway that nothing is sent to is never asked, and neither is one that there is news of.
///
/// A dead gateway is asked once in a while, as long as there is traffic for those that stand in for
/// it (section 3.3.1.5), and is alive again when it answers.
class GatewayWatch {
 public:
  /// Tr: before a TCP connection gives up, after 100 s (RFC 1122 section 4.2.3.5), the gateway must
  /// have been found dead.
  static constexpr Duration kTrust = std::chrono::seconds{60};
  /// N requests, this far from each other.
  static constexpr int kRequests = 3;
  static constexpr Duration kInterval = std::chrono::seconds{1};
  /// "pinging is infrequent (e.g., every 3 minutes)": of the dead.
  static constexpr Duration kRevival = std::chrono::seconds{180};
  static constexpr std::size_t kMost = 16;

  /// An echo request that is due.
  struct Request {
    Ipv4Address gateway;
    InterfaceIndex out = 0;
    std::uint16_t sequence = 0;
  };

  /// A packet goes to `gateway`, and there is another way if that is dead.
  void used(Ipv4Address gateway, InterfaceIndex out, Instant now);
  /// Positive advice: it works.
  void heard(Ipv4Address gateway, Instant now);
  /// Negative advice: it may be dead; the next packet will have it asked.
  void doubted(Ipv4Address gateway, Instant now);
  /// A reply came; is it to a request of ours?
  bool answered(Ipv4Address from, std::uint16_t sequence, Instant now);
  [[nodiscard]] bool is_dead(Ipv4Address gateway) const;

  [[nodiscard]] std::optional<Instant> next() const;
  /// What is to be sent now, one after the other. A gateway that did not answer is dead.
  [[nodiscard]] std::optional<Request> take_due(Instant now);

 private:
  struct Gateway {
    Ipv4Address address;
    InterfaceIndex out = 0;
    bool dead = false;
    int sent = 0;  // requests without an answer
    std::uint16_t sequence = 0;
    Instant trusted_until;  // of the dead: when they are asked again
    Instant last_used;
    std::optional<Instant> next{};  // what is due then: a request, or the verdict

    [[nodiscard]] int patience() const { return dead ? 1 : kRequests; }
  };

  [[nodiscard]] Gateway* find(Ipv4Address address);
  Gateway& find_or_add(Ipv4Address address, InterfaceIndex out, Instant now);
  static void ask_if_doubtful(Gateway& gateway, Instant now);
  static void lose(Gateway& gateway, Instant now);

  std::vector<Gateway> gateways_;
  std::uint16_t sequence_ = 0;
};

}  // namespace hop
