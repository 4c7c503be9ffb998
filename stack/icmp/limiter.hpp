#pragma once
// Whether an ICMP message may be sent now: by its class, and by who gets it (RFC 1812 section
// 4.3.2.8).

#include <optional>
#include <vector>

#include "stack/icmp/peer_table.hpp"
#include "stack/icmp/policy.hpp"
#include "stack/icmp/rate_limit.hpp"
#include "stack/icmp/veto.hpp"

namespace hop {

/// The limits of a node. Each class of messages has a bucket: errors a common one, unless a type
/// has its own; replies none but those of extended echo, unless they have their own. In front of it
/// is one for each peer: the receiver of the message. Neither is used up by what the other does not
/// let pass.
///
/// Without a limit for peers, the last eighth of a bucket is a reserve for those who have been
/// told little lately, so that no flood of one peer silences the node for the others. Who gets
/// what is remembered from a quarter of the bucket down.
class IcmpLimiter {
 public:
  /// `key` is that of the PeerTable.
  IcmpLimiter(const IcmpPolicy& policy, std::uint64_t key);

  /// Is there any limit on messages of this type?
  [[nodiscard]] bool applies_to(IcmpType type) const noexcept;
  /// Takes the cost of a message of `type` to `peer`. NotTold::told if it may be sent; or else
  /// rate_limited or peer_limited, and nothing was taken.
  [[nodiscard]] NotTold take(IcmpType type, Ipv4Address peer, Instant now, Random& random);

 private:
  struct Class {
    IcmpType type;
    std::optional<TokenBucket> bucket;  // none: unlimited
  };

  [[nodiscard]] const Class* class_of(IcmpType type) const noexcept;
  [[nodiscard]] TokenBucket* bucket_of(IcmpType type) noexcept;
  [[nodiscard]] NotTold take_share(TokenBucket::Level level, Ipv4Address peer, Instant now);

  std::vector<Class> classes_;         // those with a limit of their own
  std::optional<TokenBucket> errors_;  // of all other errors; none: unlimited
  std::optional<PeerRate> peer_rate_;
  PeerTable<PeerBucket> peers_;
};

}  // namespace hop
