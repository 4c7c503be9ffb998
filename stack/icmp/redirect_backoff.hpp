#pragma once
// When to stop telling a host about a better router that it does not use.

#include <cstdint>

#include "stack/icmp/peer_table.hpp"

namespace hop {

/// Redirects to one source as Linux sends them: after each the pause doubles, from 40 ms on; after
/// 9 there are no more until the source has sent nothing to be redirected for 20.48 s. No RFC says
/// so; RFC 1812 section 4.3.2.8 only wants redirects to be limited.
class RedirectBackoff {
 public:
  /// `key` is that of the PeerTable.
  explicit RedirectBackoff(std::uint64_t key) noexcept : sources_(key) {}

  /// A packet of `source` is to be redirected: is it time to send one more? Counts it if so.
  [[nodiscard]] bool due(Ipv4Address source, Instant now);

 private:
  // ip_rt_redirect_load, _number and _silence of the kernel: 1/50 s, 9, and 1/50 s * 2^10.
  static constexpr Duration kLoad = std::chrono::milliseconds{20};
  static constexpr std::uint8_t kMost = 9;
  static constexpr Duration kSilence = kLoad * 1024;

  struct State {
    Instant until{};  // when the source is forgotten: kSilence after the last redirect
    std::uint8_t sent = 0;
  };

  PeerTable<State> sources_;
};

}  // namespace hop
